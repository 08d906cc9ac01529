/** Several texts of one machine: what single lines of one tell hides nothing of another's. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot } from './saved-testing.ts';
import { found } from './testing.ts';

const AT = 'Feb  3 10:00:00 n1';

for (const [what, first, second, expected] of [
  [
    'lines of the kernel',
    '[  100.123456] usb 1-1: new high-speed USB device number 5 using xhci_hcd\n[  100.223456] usb 1-1: New USB device found\n',
    '[  200.123456] EXT4-fs error (device sda1): ext4_lookup:1590: inode #2: comm ls: deleted inode referenced: 12\n',
    ['critical kernel-log.ext4-error sda1'],
  ],
  [
    'lines of daemons',
    `${AT} systemd[1]: Started Web.\n`,
    `${AT} smartd[812]: Device: /dev/sda [SAT], FAILED SMART self-check. BACK UP DATA NOW!\n`,
    ['critical disk.log-smart-failed sda'],
  ],
  [
    'what programs could not do',
    'df: /mnt: Stale file handle\n',
    'ls: reading directory /x: Input/output error\n',
    ['critical disk.tool-errors', 'warning disk.tool-errors'],
  ],
] as const)
  test(`in several texts: ${what}`, async () => {
    for (const [a, b] of [
      [first, second],
      [second, first],
    ]) {
      const root = newRoot();
      writeFileSync(join(root, 'morning.txt'), a ?? '');
      writeFileSync(join(root, 'remarks.txt'), b ?? '');
      const told = (await found(CHECKS, new CapturedMachine(root))).map((one) => one.replace('/dev/', ''));
      assert.deepEqual(told, expected);
    }
  });
