/** Logs whose records have fields: the journal's forms and those of what collects logs, each sick beside well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const KERNEL =
  'EXT4-fs error (device sdx2): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0';
const DAEMON = 'Device: /dev/sdx [SAT], 8 Currently unreadable (pending) sectors';
const WELL = 'usb 1-1: new high-speed USB device number 2 using xhci_hcd';
const SICK_KERNEL = 'critical kernel-log.ext4-error sdx2';
const SICK_DAEMON = 'warning disk.log-smart-sectors sdx';

const journal = (message: string, program = 'kernel') => ({
  __REALTIME_TIMESTAMP: '1772600000000000',
  ...(program === 'kernel' ? { _TRANSPORT: 'kernel' } : { _PID: '732' }),
  ...{ SYSLOG_IDENTIFIER: program, _HOSTNAME: 'n7', PRIORITY: '3', MESSAGE: message },
});
const fields = (entry: Readonly<Record<string, string>>) =>
  Object.entries(entry).map(([key, value]) => `${key}=${value}`);
const json = (value: unknown, indent?: number) => `${JSON.stringify(value, undefined, indent)}\n`;
const syslog = (message: string) => `Mar  4 05:33:20 n7 kernel: ${message}`;
const elastic = (message: string) => ({
  _index: 'syslog',
  _source: {
    '@timestamp': '2026-03-04T05:33:20.000Z',
    host: { name: 'n7' },
    process: { name: 'kernel' },
    message,
  },
});

const FORMS: readonly (readonly [string, (message: string) => string])[] = [
  ['journalctl -o json', (message) => json(journal(message)) + json(journal(WELL))],
  ['journalctl -o json-pretty', (message) => json(journal(message), 8) + json(journal(WELL), 8)],
  ['an array of entries', (message) => json([journal(message), journal(WELL)], 2)],
  ['an array of entries on one line', (message) => json([journal(message), journal(WELL)])],
  ['journalctl -o export', (message) => `__CURSOR=s=1\n${fields(journal(message)).join('\n')}\n\n`],
  [
    'journalctl -o verbose',
    (message) =>
      `Wed 2026-03-04 05:33:20.000000 UTC [s=abc;i=1]\n${fields(journal(message))
        .map((one) => `    ${one}`)
        .join('\n')}\n`,
  ],
  ['Elasticsearch, one a line', (message) => json(elastic(message)) + json(elastic(WELL))],
  ['Elasticsearch, an answer', (message) => json({ hits: { hits: [elastic(message)] } }, 2)],
  ['CloudWatch', (message) => json({ events: [{ timestamp: 1772600000000, message: syslog(message) }] }, 4)],
  [
    'Loki, an answer',
    (message) =>
      json({
        data: { result: [{ stream: { host: 'n7' }, values: [['1772600000000000000', syslog(message)]] }] },
      }),
  ],
  ['Loki, lines', (message) => json({ labels: {}, line: message, timestamp: '2026-03-04T05:33:20Z' })],
  ['Fluent Bit', (message) => json({ time: '2026-03-04T05:33:20Z', ident: 'kernel', host: 'n7', message })],
];

for (const [what, form] of FORMS)
  test(`records of a log: ${what}`, async () => {
    assert.deepEqual(await troubles(form(KERNEL), 'log.json'), [SICK_KERNEL]);
    assert.deepEqual(await troubles(form(WELL), 'log.json'), []);
  });

test('records of a log: daemons', async () => {
  const of = (program: string) => journal(DAEMON, program) as Readonly<Record<string, string>>;
  for (const text of [json(of('smartd')), json([of('smartd')], 2), `${fields(of('smartd')).join('\n')}\n\n`])
    assert.deepEqual(await troubles(text, 'log.json'), [SICK_DAEMON]);
  // What another program says of the same is no word of the daemon.
  assert.deepEqual(await troubles(json(of('notes')), 'log.json'), []);
});

test('records of a log: a program that says what the kernel would', async () => {
  assert.deepEqual(await troubles(json(journal(KERNEL, 'notes')), 'log.json'), []);
  assert.deepEqual(await troubles(json({ message: KERNEL }), 'log.json'), []);
});
