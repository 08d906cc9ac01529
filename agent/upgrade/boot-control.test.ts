import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LiveMachine } from '../host/live-machine.ts';
import { bootControl } from './boot-control.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-pstore-'));
after(() => rmSync(root, { recursive: true }));
/** Crashes as systemd-pstore 252 left them: at 1795844280 and at 1795844298 of the clock. */
for (const [name, words] of [
  ['179584428', 'an older one'],
  ['179584429', 'sysrq triggered crash'],
] as const) {
  mkdirSync(join(root, 'var/lib/systemd/pstore', name), { recursive: true });
  writeFileSync(
    join(root, 'var/lib/systemd/pstore', name, 'dmesg.txt'),
    `dmesg-efi-${name}802001:\nPanic#1 Part2\n<0>[    4.831767] Kernel panic - not syncing: ${words}\n` +
      `dmesg-efi-${name}801001:\nPanic#1 Part1\n<4>[    4.834967] Call \x1b[31mTrace:\n\n`,
  );
}
const machine = new LiveMachine(root);
// The journal of the machine that runs the test is none of this one's.
machine.run = () => Promise.reject(new Error('there is no journalctl'));
const log = (sinceMs: number, most = 50) => bootControl(machine).previousLog(most, '', sinceMs);

test('the newest crash is the end of a failed boot’s log, without the marks of its records', async () => {
  assert.deepEqual(await log(1_795_844_250_000), [
    '[    4.831767] Kernel panic - not syncing: sysrq triggered crash',
    '[    4.834967] Call  [31mTrace:',
  ]);
  assert.deepEqual(await log(0, 1), ['[    4.834967] Call  [31mTrace:']);
});

test('a crash before the upgrade was started is none of it', async () => {
  assert.equal((await log(1_795_844_299_000)).length, 2);
  assert.match((await log(1_795_844_301_000)).join(), /left no log/);
});
