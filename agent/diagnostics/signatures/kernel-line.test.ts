/** Every format of a line, each with the same message in it, and lines that are none. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineClock } from '../../logs/line-time.ts';
import { type KernelLine, kernelLine } from './kernel-line.ts';
import { FORMATS, MESSAGE } from './testing/line-formats.ts';

function parse(line: string): KernelLine {
  const clock = new LineClock();
  clock.referenceMs = Date.UTC(2026, 5, 1);
  const bytes = Buffer.from(line);
  return kernelLine(bytes, 0, bytes.length, clock);
}

test('every format: message, wall clock, the kernel’s clock', () => {
  for (const [line, timeMs, uptime] of FORMATS) {
    const { text, program, ...rest } = parse(line);
    assert.deepEqual([text, program], [MESSAGE, undefined], line);
    assert.deepEqual([rest.timeMs, rest.uptime], [timeMs, uptime], line);
  }
});

test('the host, where a line names it, is told from what else stands there', () => {
  for (const [line] of FORMATS) {
    const named = /(?<![@/|])\b(?:web-1|vm-1|10\.0\.0\.\d|2001:db8::7)(?= \S*kern|: kern| \[| \|)/.exec(
      line,
    )?.[0];
    assert.equal(parse(line).host, named, line);
  }
  for (const [line, host] of [
    [`Jan  2 15:04:05 web-1 sshd[123]: ${MESSAGE}`, 'web-1'],
    [`[   12.345678] web-1 chronyd[77]: ${MESSAGE}`, 'web-1'],
    [`Jan  2 15:04:05 kern.err web-1 kernel: ${MESSAGE}`, 'web-1'],
    [`Jan  2 15:04:05 kern.err kernel: ${MESSAGE}`, undefined],
    [`2026-01-02T15:04:05.1+00:00 ntpd[9]: ${MESSAGE}`, undefined],
    [`Jan  2 15:04:05 web-1: kernel: ${MESSAGE}`, 'web-1'],
    [
      `<3>1 2026-01-02T15:04:05.1Z web-1 kernel - - [timeQuality tzKnown="1" isSynced="0"] ${MESSAGE}`,
      'web-1',
    ],
    [`Jan  2 15:04:05 src@relay/web-1 kernel: ${MESSAGE}`, 'src@relay/web-1'],
    [`Jan  2 15:04:05 [10.0.0.7] kernel: ${MESSAGE}`, '[10.0.0.7]'],
    [`Jan  2 15:04:05 kern/err kernel: ${MESSAGE}`, undefined],
    // What nodectl dmesg and others that ask several machines write before each line.
    [`web-1: [Jan  2 15:04:05] ${MESSAGE}`, 'web-1'],
    [`web-1: [Jan 2 15:04:05] ${MESSAGE}`, 'web-1'],
    [`2001:db8::7: [Jan  2 15:04:05] ${MESSAGE}`, '2001:db8::7'],
    [`web-1: [   12.345678] ${MESSAGE}`, 'web-1'],
    [`web-1  | Jan  2 15:04:05 inner kernel: ${MESSAGE}`, 'web-1'],
    [`nvme nvme0: [   12.345678] ${MESSAGE}`, undefined],
    // Relays and containers have a time of their own.
    [`Jan  2 15:04:06 10.0.0.9 Jan  2 15:04:05 web-1 kernel: ${MESSAGE}`, 'web-1'],
    [`2026-01-02T15:04:06Z relay <3>Jan  2 15:04:05 web-1 kernel: ${MESSAGE}`, 'web-1'],
    [`2026-01-02T15:04:06.1Z stdout F Jan  2 15:04:05 web-1 kernel: ${MESSAGE}`, 'web-1'],
    [`2026-01-02T15:04:06.1Z stderr F kernel: ${MESSAGE}`, undefined],
  ] as const)
    assert.equal(parse(line).host, host, line);
});

test('lines of other programs name them', () => {
  const lines: [string, string][] = [
    [`Jan  2 15:04:05 web-1 sshd[123]: ${MESSAGE}`, 'sshd'],
    [`2026-01-02T15:04:05.1+00:00 web-1 systemd-journald[1]: ${MESSAGE}`, 'systemd-journald'],
    [`[   12.345678] web-1 chronyd[77]: ${MESSAGE}`, 'chronyd'],
    [`Fri 2026-01-02 15:04:05 UTC web-1 ntpd[9]: ${MESSAGE}`, 'ntpd'],
    [` 1月 27 15:04:05 web-1 chronyd[9]: ${MESSAGE}`, 'chronyd'],
    [`janv. 27 15:04:05 web-1 chronyd[9]: ${MESSAGE}`, 'chronyd'],
    [`Jan  2 15:04:05 web-1 ptp4l[8]: [1234.567] port 1: ${MESSAGE}`, 'ptp4l'],
    ['Jan  2 15:04:05 web-1 healthdog[20]: 2026-01-02T15:04:05Z Backward time jump detected!', 'chronyd'],
  ];
  for (const [line, program] of lines) assert.equal(parse(line).program, program, line);
  assert.notEqual(parse(`Jan  2 15:04:05 web-1 ${MESSAGE}`).program, undefined);
});

test('a driver and its address behind a date are the kernel’s', () => {
  const message = 'e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang';
  for (const before of ['Jan  2 15:04:05 ', '2026-01-02T15:04:05.1+00:00 web-1 ']) {
    const { text, program } = parse(before + message);
    assert.deepEqual([text, program], [message, undefined], before);
  }
  assert.equal(parse(`Jan  2 15:04:05 web-1 agent[7]: ${message}`).program, 'agent');
});

test('what a syslog daemon says was repeated counts so often', () => {
  const line = parse(`Jan  2 15:04:05 web-1 kernel: message repeated 4 times: [ [   12.345678] ${MESSAGE}]`);
  assert.deepEqual([line.text, line.times, line.uptime], [MESSAGE, 4, 12.345678]);
});

test('escapes of /dev/kmsg are undone', () => {
  assert.equal(parse('4,1,1,-;a\\x09b \\x5c').text, 'a\tb \\');
  assert.equal(parse('[ 1.000000] a\\x09b').text, 'a\\x09b');
});

test('messages that look like prefixes stay whole', () => {
  for (const message of [
    'ata1.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x0',
    '[Hardware Error]: event severity: corrected',
    'traps: nginx[123] general protection fault ip:0',
    'nginx[123]: segfault at 0 ip 0000',
    'systemd-journald[1]: Time jumped backwards, rotating.',
    'sd 0:0:0:0: [sda] tag#3 FAILED Result',
    '[0000:83:00.2]:[qedf_eh_abort:677]:3: Aborting a command',
  ])
    for (const before of ['', '[    1.000000] ', 'Jan  2 15:04:05 web-1 kernel: [    1.000000] '])
      assert.equal(parse(before + message).text, message, before + message);
});

test('a line behind the time of a relay, or behind a name, is the kernel’s, unless a program quotes it', () => {
  for (const line of [
    `Jan  2 15:04:06 relay Jan  2 15:04:05 web-1 kernel: ${MESSAGE}`,
    `2026-01-02T15:04:06.1Z stdout F Jan  2 15:04:05 web-1 kernel: ${MESSAGE}`,
    `Jan  2 15:04:05 web-1: kernel: ${MESSAGE}`,
    `web-1: [Jan  2 15:04:05] ${MESSAGE}`,
    `<3>1 2026-01-02T15:04:05.1Z web-1 kernel - - [timeQuality tzKnown="1" isSynced="0"] ${MESSAGE}`,
  ]) {
    assert.deepEqual([parse(line).program, parse(line).text], [undefined, MESSAGE], line);
    assert.notEqual(parse(line).timeMs, undefined, line);
  }
  assert.equal(
    parse(`Jan  2 15:04:06 web-1 app[9]: Jan  2 15:04:05 web-1 kernel: ${MESSAGE}`).program,
    'app',
  );
});

test('columns of several blanks, as tables of logs are pasted, are read like single ones', () => {
  for (const line of [
    `Jan  2 15:04:05   web-1   kernel:  ${MESSAGE}`,
    `2026-01-02T15:04:05+00:00   web-1  kernel:  [   12.345678] ${MESSAGE}`,
    `2026-01-02T15:04:05+00:00    2026-01-02T15:04:05+00:00   web-1  kernel: ${MESSAGE}`,
  ]) {
    const { text, program, host } = parse(line);
    assert.deepEqual([text, program, host], [MESSAGE, undefined, 'web-1'], line);
  }
  assert.notEqual(parse(`Jan  2 15:04:05   web-1   app[7]:  ${MESSAGE}`).program, undefined);
});
