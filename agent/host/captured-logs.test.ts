/** Which files that are named as logs of the kernel are none. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from './captured-machine.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-logs-'));
after(() => rmSync(top, { recursive: true }));

/** A machine of which one file was saved. */
function machineOf(name: string, text: string): CapturedMachine {
  const root = mkdtempSync(join(top, 'case-'));
  writeFileSync(join(root, name), text);
  return new CapturedMachine(root);
}

for (const [what, text] of [
  ['a word', 'x\n'],
  ['why there is none', 'dmesg: read kernel buffer failed: Operation not permitted\n'],
  ['a shell’s word', '-bash: dmesg: command not found\n'],
  ['an empty journal', '-- No entries --\n'],
] as const)
  test(`a file "dmesg" is no log with ${what} alone`, () => {
    const machine = machineOf('dmesg', text);
    assert.throws(() => machine.kernelLogs(), /no log of the kernel/);
    assert.match(machine.savedFiles().reasons.get('dmesg') ?? '', /no line of it/);
    assert.deepEqual(machine.savedFiles().unused, ['dmesg']);
  });

for (const [what, text] of [
  ['with the time since boot', '[    0.000000] Linux version 6.1.0\n'],
  ['without times', 'Linux version 6.1.0\n'],
  ['without times, a driver’s line', 'e1000e 0000:00:1f.6 eno1: NIC Link is Down\n'],
  ['with levels', '<6>usb 1-1: new device\n'],
  ['in fields', '{"MESSAGE":"usb 1-1: new device","_TRANSPORT":"kernel"}\n'],
  ['of syslog', 'Mar  4 10:00:00 web1 sshd[12]: Server listening\n'],
] as const)
  test(`a file "dmesg" is a log ${what}`, () => {
    const machine = machineOf('dmesg.txt', text);
    assert.deepEqual(
      machine.kernelLogs().map((log) => {
        log.close();
        return log.name;
      }),
      ['dmesg.txt'],
    );
  });
