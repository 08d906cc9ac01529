/** Queries of the history: which series, which time, and how many samples become few points. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type HistoryQuery, matches, readSeries, type SeriesPoints } from './query.ts';
import { Ring } from './ring.ts';

const BOOT = 'ab'.repeat(16);
const MINUTE = 60_000;
const ROWS = 300;
const now = { wall: Date.UTC(2026, 5, 1), boot: { id: BOOT, sinceBoot: ROWS * MINUTE } };
const booted = now.wall - now.boot.sinceBoot;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-query-'));
  const ring = await Ring.open(folder, { maxBytes: 20 << 20, keepMs: 1e12 }, BOOT);
  for (let n = 1; n <= ROWS; n++)
    await ring.append({ boot: BOOT, sinceBoot: n * MINUTE, wall: booted + n * MINUTE }, [
      { series: 'nic/eth0/rx_errors', value: n < 200 ? n : n - 200 },
      { series: 'nic/eth1/rx_errors', value: 0 },
      { series: 'clock//offset_seconds', value: Math.sin(n) },
    ]);
  await ring.close();
});
after(() => rmSync(folder, { recursive: true }));

async function read(query: Partial<HistoryQuery>): Promise<SeriesPoints[]> {
  const whole = { series: [], sinceMs: booted, untilMs: now.wall + 1, maxPoints: 1_000, ...query };
  const all: SeriesPoints[] = [];
  for await (const one of readSeries({ folder, now: () => now }, whole, AbortSignal.timeout(10_000)))
    all.push(one);
  return all;
}

test('patterns mean what they say, in linear time', () => {
  for (const [pattern, name] of [
    ['*', ''],
    ['nic/*/rx_errors', 'nic/eth0/rx_errors'],
    ['*rx*', 'nic/eth0/rx_errors'],
    ['nic/eth?/*', 'nic/eth0/rx_errors'],
    ['a*b*c', 'aXbYbZc'],
  ] as const)
    assert.ok(matches(pattern, name), pattern);
  for (const [pattern, name] of [
    ['', 'a'],
    ['nic', 'nic/eth0'],
    ['nic/eth?', 'nic/eth'],
    ['a*b', 'abc'],
    ['a.c', 'abc'],
  ] as const)
    assert.ok(!matches(pattern, name), pattern);
  assert.ok(!matches(`${'*a'.repeat(120)}b`, 'a'.repeat(255)));
});

test('all samples where there is room for them, with growth over a reset', async () => {
  const all = await read({});
  assert.deepEqual(
    all.map(({ name, samples, falls }) => [name, samples, falls]),
    [
      ['clock//offset_seconds', 300, all[0]?.falls],
      ['nic/eth0/rx_errors', 300, 1],
      ['nic/eth1/rx_errors', 300, 0],
    ],
  );
  assert.equal(all[1]?.growth, 198 + 0 + 100);
  assert.deepEqual([all[1]?.times[0], all[1]?.times.at(-1)], [booted + MINUTE, now.wall]);
});

test('few points have the newest of each span, its lowest and its highest', async () => {
  const [errors, clock] = await read({ series: ['*/eth0/*', 'clock/*'], maxPoints: 3 }).then((all) =>
    all.toReversed(),
  );
  assert.deepEqual([...(errors?.values ?? [])], [100, 0, 100]);
  assert.deepEqual([...(errors?.lows ?? [])], [1, 0, 1]);
  assert.deepEqual([...(errors?.highs ?? [])], [100, 199, 100]);
  assert.ok((clock?.highs[1] ?? 0) > 0.99 && (clock?.lows[1] ?? 0) < -0.99);
});

test('only the time that is asked for', async () => {
  const sinceMs = now.wall - 10 * MINUTE;
  const [one] = await read({ series: ['nic/eth0/*'], sinceMs, untilMs: now.wall - 5 * MINUTE });
  assert.deepEqual([...(one?.values ?? [])], [90, 91, 92, 93, 94]);
  assert.deepEqual(await read({ sinceMs: booted - 20 * MINUTE, untilMs: booted }), []);
});

test('what would take too much is refused', async () => {
  for (const wrong of [
    { maxPoints: 0 },
    { maxPoints: 3_000 },
    { maxPoints: 1.5 },
    { sinceMs: now.wall, untilMs: booted },
    { series: ['x'.repeat(300)] },
    { series: Array.from({ length: 101 }, () => '*') },
  ])
    await assert.rejects(read(wrong), { reason: 'BAD_ARGUMENT' });
});
