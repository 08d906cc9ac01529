import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { StartWatch } from './start-watch.ts';

const FIRMWARE = 'BdsDxe: starting Boot0001 "UEFI QEMU NVMe Ctrl d0 1"';
const GRUB = 'Welcome to GRUB!\r';
const KERNEL = '\r[    3.787145] watchdog: watchdog0: watchdog did not stop!\r';
let spent = 0;
let now = 0;
let watch: StartWatch;

/** Time passes, of which so much is spent. */
function passes(seconds: number, busy: number): void {
  now += seconds * 1_000;
  spent += busy * 1_000;
}

beforeEach(() => {
  [spent, now] = [0, 0];
  watch = new StartWatch({ spentMs: () => spent, nowMs: () => now });
});

test('a machine that runs in a circle behind its boot loader’s first words is stuck', () => {
  passes(10, 10);
  watch.heard(FIRMWARE);
  watch.heard(GRUB);
  passes(80, 80);
  assert.equal(watch.stuck, undefined);
  passes(10, 10);
  assert.equal(
    watch.stuck,
    'its start stands still before the kernel: no word for 90 s, in which it spent 90 s of processor time',
  );
});

test('one that waits for what never comes is stuck after five minutes, and one on a busy host is not after four', () => {
  watch.heard(GRUB);
  passes(240, 20);
  assert.equal(watch.stuck, undefined);
  passes(60, 0);
  assert.match(watch.stuck ?? '', /no word for 300 s, in which it spent 20 s/);
});

test('each word of a start begins the wait anew', () => {
  for (const line of [FIRMWARE, GRUB, 'error: no suitable video mode found.']) {
    passes(200, 60);
    assert.equal(watch.stuck, undefined);
    watch.heard(line);
  }
  passes(200, 60);
  assert.equal(watch.stuck, undefined);
});

test('a kernel that has spoken is not watched, until it goes down', () => {
  for (const last of [
    '[   56.314941] reboot: Restarting system',
    '[    2.092166] Rebooting in 10 seconds..',
    '[   50.000001] softdog: Initiating system reboot',
    FIRMWARE,
  ]) {
    watch.heard(KERNEL);
    passes(3_600, 3_600);
    assert.equal(watch.stuck, undefined);
    watch.heard(last);
    assert.equal(watch.stuck, undefined);
    passes(300, 90);
    assert.match(watch.stuck ?? '', /stands still/);
  }
});

test('a machine that was reset is watched anew', () => {
  passes(300, 90);
  watch.restarted();
  assert.equal(watch.stuck, undefined);
  watch.heard(KERNEL);
  watch.restarted();
  passes(300, 0);
  assert.match(watch.stuck ?? '', /stands still/);
});
