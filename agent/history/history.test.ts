/** The history as a whole: ticks, restarts, clocks that are set, growth, and what its samplers may do wrong. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Unavailable } from '../host/unavailable.ts';
import { History } from './history.ts';
import type { Sampler } from './sample.ts';
import { ClockMachine, samplerOf } from './testing/machine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let folder: string;
let machine: ClockMachine;
let values: Record<string, number>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-history-'));
  machine = new ClockMachine();
  values = { 'nic/eth0/rx_errors': 0 };
});
const opened: History[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop();
  rmSync(folder, { recursive: true });
});

function history(more: { samplers?: Sampler[]; maxBytes?: number; keepMs?: number } = {}): History {
  const { samplers = [samplerOf(() => values)], maxBytes = 20 << 20, keepMs = 7 * 24 * HOUR } = more;
  const limits = { maxBytes, keepMs };
  const one = new History({ folder, machine, samplers: async () => samplers, everyMs: MINUTE, limits });
  opened.push(one);
  return one;
}

/** Samples so many times, a minute apart. */
async function ticks(of: History, count: number, each: (at: number) => void = () => undefined) {
  for (let at = 0; at < count; at++) {
    machine.pass(MINUTE);
    each(at);
    await of.tick();
  }
}

const series = 'nic/eth0/rx_errors';

test('what was sampled is there after a restart, in order, and goes on', async () => {
  const first = history();
  await ticks(first, 250, (at) => {
    values[series] = at;
  });
  const second = history();
  await ticks(second, 5, (at) => {
    values[series] = 250 + at;
  });
  for (const one of [first, second]) one.view.forget();
  const points = second.view.points(series, 24 * HOUR);
  assert.deepEqual(
    points.map(({ value }) => value),
    Array.from({ length: 255 }, (_, at) => at),
  );
  assert.deepEqual(
    points.map(({ at }) => at),
    Array.from({ length: 255 }, (_, at) => machine.wall - (254 - at) * MINUTE),
  );
  assert.deepEqual(readdirSync(folder), ['000000000001.seg', '000000000002.seg', '000000000003.head']);
  assert.deepEqual(second.warnings, []);
});

test('growth is counted over the window, and a counter that begins anew loses nothing but the reset', async () => {
  const one = history();
  const shown = [0, 5, 5, 9, 2, 3, 1_000_000, 999_990, 999_995];
  await ticks(one, shown.length, (at) => {
    values[series] = shown[at] ?? 0;
  });
  // 5 + 0 + 4, then 2 after the reset, 1, 999,997, a waver that is none, and 5.
  assert.deepEqual(one.view.growth(series, HOUR), { delta: 9 + 2 + 1 + 999_997 + 5, overMs: 8 * MINUTE });
  assert.deepEqual(one.view.growth(series, 2 * MINUTE), { delta: 5, overMs: 2 * MINUTE });
  assert.equal(one.view.growth(series, MINUTE / 2), undefined);
  assert.equal(one.view.growth('nic/eth1/rx_errors', HOUR), undefined);
  assert.equal(one.view.lastGrowth(series), machine.wall);
  await ticks(one, 400);
  assert.equal(one.view.lastGrowth(series), machine.wall - 400 * MINUTE);
});

test('series that never grew, came late or went are what they were', async () => {
  const one = history();
  await ticks(one, 130);
  values['nic/eth1/rx_errors'] = 7;
  await ticks(one, 3);
  delete values['nic/eth1/rx_errors'];
  await ticks(one, 2);
  assert.equal(one.view.lastGrowth(series), undefined);
  assert.equal(one.view.points('nic/eth1/rx_errors', HOUR).length, 3);
  assert.deepEqual(one.view.series('nic/'), [series, 'nic/eth1/rx_errors']);
  await ticks(one, 27 * 60);
  assert.deepEqual(one.view.series('nic/'), [series]);
  assert.equal(one.view.points('nic/eth1/rx_errors', 48 * HOUR).length, 3);
});

/** How many minutes ago the points of two days were sampled, oldest first. */
function minutesAgo(one: History): number[] {
  return one.view.points(series, 48 * HOUR).map(({ at }) => Math.round((machine.wall - at) / MINUTE));
}

test('a node that boots in 1970 has the times of now once its clock is set', async () => {
  machine = new ClockMachine(30_000);
  const one = history();
  await ticks(one, 3);
  assert.deepEqual(minutesAgo(one), [2, 1, 0]);
  machine.wall = Date.UTC(2026, 5, 1);
  await ticks(one, 3);
  assert.deepEqual(minutesAgo(one), [5, 4, 3, 2, 1, 0]);
});

test('a boot whose clock was never set is between its neighbours', async () => {
  const one = history();
  await ticks(one, 2);
  const before = machine.wall;
  machine.reboot(5_000);
  await ticks(one, 2);
  machine.reboot(before + 20 * MINUTE);
  await ticks(one, 2);
  assert.deepEqual(minutesAgo(one), [23, 22, 3, 2, 1, 0]);
  assert.deepEqual(one.warnings, []);
});

test('a clock that was ahead is set back: what was sampled meanwhile moves with it, also over a reboot', async () => {
  const one = history();
  await ticks(one, 2);
  machine.wall += 10 * 365 * 24 * HOUR;
  await ticks(one, 2);
  machine.wall -= 10 * 365 * 24 * HOUR;
  await ticks(one, 2);
  assert.deepEqual(minutesAgo(one), [5, 4, 3, 2, 1, 0]);
  machine.wall += 10 * 365 * 24 * HOUR;
  await ticks(one, 1);
  machine.reboot(machine.wall - 10 * 365 * 24 * HOUR + 10 * MINUTE);
  await ticks(one, 1);
  const ago = minutesAgo(one);
  assert.deepEqual(
    ago,
    ago.toSorted((a, b) => b - a),
  );
  assert.deepEqual(ago.slice(-2), [1, 0]);
  assert.equal(ago.length, 8);
});

test('a machine that was paused keeps the times from before', async () => {
  const one = history();
  await ticks(one, 2);
  machine.wall += 5 * HOUR;
  await ticks(one, 1);
  assert.deepEqual(minutesAgo(one), [302, 301, 0]);
});

test('a machine that is set back to a snapshot goes on from there', async () => {
  const one = history();
  await ticks(one, 5);
  machine.sinceBoot -= 4 * MINUTE;
  machine.wall += HOUR;
  await ticks(one, 3);
  const ago = minutesAgo(one);
  assert.equal(ago.length, 8);
  assert.deepEqual(ago.slice(-3), [2, 1, 0]);
  assert.deepEqual(
    ago,
    ago.toSorted((a, b) => b - a),
  );
});

test('more series than there is room for are told', async () => {
  const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`x/${at}/y`, at]));
  const one = history({ samplers: [samplerOf(() => many)] });
  await one.tick();
  assert.deepEqual(one.warnings, ['the history keeps no more series: 808 were left out']);
  assert.equal(one.view.series('').length, 8_192);
});

test('a clock that is set to another year for a while costs none of the past', async () => {
  const one = history({ keepMs: 24 * HOUR });
  await ticks(one, 300);
  machine.wall += 40 * 365 * 24 * HOUR;
  await ticks(one, 300);
  machine.wall -= 40 * 365 * 24 * HOUR;
  await ticks(one, 1);
  assert.equal(minutesAgo(one).length, 601);
  await ticks(one, 30 * 60);
  const kept = minutesAgo(one).length;
  assert.ok(kept > 24 * 60 && kept < 27 * 60, `${kept}`);
});

test('a sampler that hangs, throws or has nothing costs its own numbers alone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const hang = Promise.withResolvers<[]>();
  let asked = 0;
  const one = history({
    samplers: [
      samplerOf(() => values),
      {
        id: 'hangs',
        read: () => {
          asked++;
          return hang.promise;
        },
      },
      {
        id: 'fails',
        read: () => {
          throw new Unavailable('denied', 'x may not be read');
        },
      },
      {
        id: 'absent',
        read: () => {
          throw new Unavailable('absent', 'there is no such thing');
        },
      },
    ],
  });
  const running = one.tick();
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(20_000);
  await running;
  assert.deepEqual(one.warnings, [
    'not sampled for the history: fails (x may not be read), hangs (no answer within 10 s)',
  ]);
  machine.pass(MINUTE);
  await one.tick();
  assert.equal(asked, 1);
  assert.match(one.warnings.join(), /hangs \(it still hangs\)/);
  assert.equal(one.view.points(series, HOUR).length, 2);
  hang.resolve([]);
});
