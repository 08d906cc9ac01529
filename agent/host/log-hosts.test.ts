import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesInLog } from './hosts-in-texts.ts';
import { logHost } from './log-hosts.ts';

const MEDIUM = 'blk_update_request: critical medium error, dev sdb, sector 2 op 0x0:(READ)';
const BLOCKED = 'INFO: task postgres:1234 blocked for more than 120 seconds.';

for (const [what, line] of [
  ['syslog', (host) => `Nov 28 03:00:07 ${host} kernel: [1000.123456] ${MEDIUM}`],
  ['syslog without a time since boot', (host) => `Nov  8 03:00:07 ${host} kernel: ${MEDIUM}`],
  ['syslog with ISO times', (host) => `2026-11-28T03:00:07.123456+00:00 ${host} kernel: ${MEDIUM}`],
  ['journalctl -o short-iso', (host) => `2026-11-28T03:00:07+0100 ${host} kernel: ${MEDIUM}`],
  ['journalctl -o short-full', (host) => `Sat 2026-11-28 03:00:07 UTC ${host} kernel: ${MEDIUM}`],
  ['journalctl -o short-monotonic', (host) => `[ 1000.123456] ${host} kernel: ${MEDIUM}`],
  ['RFC 5424', (host) => `<3>1 2026-11-28T03:00:07Z ${host} kernel - - - ${MEDIUM}`],
  ['a relay', (host) => `Nov 28 03:00:08 loghost Nov 28 03:00:07 ${host} kernel: ${MEDIUM}`],
  ['nodectl dmesg --all', (host) => `${host}: [Nov 28 03:00:07] ${MEDIUM}`],
  ['what asked several for dmesg', (host) => `${host}: [ 1000.123456] ${MEDIUM}`],
  ['a name and a bar', (host) => `${host} | Nov 28 03:00:07 elsewhere kernel: ${MEDIUM}`],
  ['a name in brackets', (host) => `[${host}] Nov 28 03:00:07 elsewhere kernel: ${MEDIUM}`],
  ['talosctl', (host) => `${host}: kern: warning: [2026-11-28T03:00:07.1Z]: ${MEDIUM}`],
  [
    'journalctl -o json',
    (host) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1795834807000000',
        _HOSTNAME: host,
        _TRANSPORT: 'kernel',
        SYSLOG_IDENTIFIER: 'kernel',
        MESSAGE: MEDIUM,
      }),
  ],
] as [string, (host: string) => string][])
  test(`the machines of a log are told apart: ${what}`, () => {
    const text = ['web-1', 'db'].map(
      (host) => `${line(host).replace(MEDIUM, host === 'db' ? MEDIUM : BLOCKED)}\n`,
    );
    const texts = machinesInLog(text.join('').repeat(3))?.texts;
    assert.deepEqual([...(texts?.keys() ?? [])], ['web-1', 'db']);
    assert.ok(texts?.get('db')?.includes('medium') && !texts.get('db')?.includes('blocked'));
    assert.ok(texts?.get('web-1')?.includes('blocked') && !texts.get('web-1')?.includes('medium'));
  });

for (const [what, lines] of [
  [
    'before it has its name, and behind',
    [
      `Nov 28 03:00:07 localhost kernel: ${BLOCKED}`,
      `Nov 28 03:00:08 web-1 kernel: ${MEDIUM}`,
      `Nov 28 03:00:08 web-1 systemd[1]: Started x.`,
    ],
  ],
  [
    'by its short and its full name',
    [`Nov 28 03:00:07 web-1 kernel: ${BLOCKED}`, `Nov 28 03:00:08 web-1.example.org kernel: ${MEDIUM}`],
  ],
  [
    'with levels in the place of a host',
    [`2026-11-28 03:00:07 ERROR kernel: ${BLOCKED}`, `2026-11-28 03:00:08 WARN kernel: ${MEDIUM}`],
  ],
  ['without a host', [`Nov 28 03:00:07 kernel: ${BLOCKED}`, `Nov 28 03:00:08 kernel: ${MEDIUM}`]],
  ['with devices before a time', [`[ 1000.123456] ata3.00: failed`, `[ 1000.123457] sd 0:0:0:0: [sda] x`]],
  [
    'in several files',
    [`kern.log:Nov 28 03:00:07 web-1 kernel: ${BLOCKED}`, `syslog: Nov 28 03:00:08 web-1 kernel: ${MEDIUM}`],
  ],
] as [string, string[]][])
  test(`a log of one machine is one: ${what}`, () => {
    assert.equal(machinesInLog(`${lines.join('\n')}\n`.repeat(3)), undefined);
  });

test('a line that names no host is of the machine whose line stands before it, and what nothing is judged of is named', () => {
  const found = machinesInLog(
    `Nov 28 03:00:07 web-1 kernel: ${BLOCKED}\nCall Trace:\nNov 28 03:00:08 web-2 kernel: ${MEDIUM}\nNov 28 03:00:09 web-3 sshd[7]: Connection closed\n`,
  );
  assert.ok(found?.texts.get('web-1')?.includes('Call Trace'));
  assert.deepEqual(found?.others, ['web-3']);
});

test('outputs beside a log stay the text’s own', () => {
  const found = machinesInLog(
    `$ df -h\nFilesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        50G  49G   1G 98% /\n\nNov 28 03:00:07 web-1 kernel: ${BLOCKED}\nNov 28 03:00:08 web-2 kernel: ${MEDIUM}\n$ uptime\n 03:14:22 up 12 days,  1:02,  2 users,  load average: 0.42, 0.61, 0.70\n`,
  );
  assert.deepEqual([...(found?.texts.keys() ?? [])], ['', 'web-1', 'web-2']);
  assert.ok(found?.texts.get('')?.includes('98%') && found.texts.get('')?.includes('load average'));
});

test('a line that is of no log names no host', () => {
  for (const line of [
    'Reference time: Sat Nov 28 03:13:40 2026',
    '64 bytes from 10.0.0.9: icmp_seq=1 ttl=64 time=0.312 ms',
    '2026-11-28T03:00:07Z System clock wrong by 1.2 seconds',
    ' 03:14:22 up 12 days,  1:02,  2 users,  load average: 0.42, 0.61, 0.70',
    'Last login: Sat Nov 28 02:55:01 2026 from 10.0.0.5',
    'Time for kernel: 10:11:12.123456',
  ])
    assert.equal(logHost(line), undefined, line);
});
