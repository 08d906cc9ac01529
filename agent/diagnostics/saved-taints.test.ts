/** How people and programs tell of the kernel's taint when they print neither the file nor an oops; and notes that somebody put beside a line. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const LOOP = '$ for i in $(seq 18); do echo $(($i-1)) $(($(cat /proc/sys/kernel/tainted)>>($i-1)&1)); done\n';
const BITS = (...set: number[]) =>
  Array.from({ length: 18 }, (_, bit) => `${bit} ${set.includes(bit) ? 1 : 0}\n`).join('');
const DIED = 'critical kernel.died-before';

for (const [what, text, expected] of [
  ['the loop of the kernel’s documentation', `${LOOP}${BITS(5, 7, 14)}`, true],
  ['the loop in a document', `~~~sh\n${LOOP.slice(2)}~~~\n~~~log\n${BITS(7)}~~~\n`, true],
  ['the loop, of a kernel that is well', `${LOOP}${BITS()}`, false],
  ['the loop, with modules alone', `${LOOP}${BITS(0, 12, 13)}`, false],
  [
    'abrt',
    'A kernel problem occurred, but your kernel has been tainted (flags:GBDL). Explanation:\nB - Bad page referenced or some unexpected page flags.\nD - Kernel has oopsed before.\nL - A soft lockup has previously occurred.\n',
    true,
  ],
  ['abrt, of modules alone', 'Your kernel has been tainted (flags:POE). Explanation:\n', false],
  ['a test’s value', 'Kernel taint value is 128\nTaint bit value: 7 (kernel died recently)\n', true],
  ['a test’s value of none', 'Kernel taint value is 0\n', false],
  [
    'kernel-chktaint',
    'Kernel is "tainted" for the following reasons:\n * kernel died recently, i.e. there was an OOPS or BUG (#7)\n * kernel issued warning (#9)\nRaw taint value as int/string:\n 640/\'G      D W        \'\n',
    true,
  ],
  [
    'kernel-chktaint, of modules alone',
    'Kernel is "tainted" for the following reasons:\n * externally-built (\'out-of-tree\') module was loaded  (#12)\n',
    false,
  ],
  ['abrt’s file', 'kernel_tainted: 129\nkernel_tainted_short: PD\n', true],
] as [string, string, boolean][])
  test(`The kernel’s taint is known by what tells of it: ${what}`, async () => {
    assert.equal(
      (await troubles(text)).some((one) => one.startsWith(DIED)),
      expected,
    );
  });

test('A file that a command reads within a sum is none whose value is below', async () => {
  assert.deepEqual(await troubles('$ echo $(( $(cat /proc/sys/kernel/tainted) & 512 ))\n128\n'), []);
});

const UDP = (note: string) =>
  `netstat -su\n\nUdp:\n    559933412 packets received\n    33861296 packet receive errors${note}\n    7516291 packets sent\n`;

test('A note beside a line is none of it', async () => {
  for (const note of ['', '    <---- HERE', '   <=== this', ' <<<', '\t← what is this?', '  <-- grows'])
    assert.deepEqual(await troubles(UDP(note)), ['warning nic.udp-lost'], note);
  assert.deepEqual(
    await troubles(
      '$ ethtool eno1\nSettings for eno1:\n\tSpeed: 1000Mb/s\n\tDuplex: Half  <--- !!\n\tLink detected: yes\n',
    ),
    ['warning nic.half-duplex eno1'],
  );
});
