/** Measuring how far clocks are apart: the quickest exchange counts, and only what is sure is told. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Compared, compare, measure, steadyClock } from './skew.ts';

/** A clock that is moved by hand, and a node whose clock is ahead of it: each exchange takes so long there and back. */
function made(aheadUsec: number, ways: readonly (readonly [there: number, back: number])[]) {
  let now = 1_800_000_000_000_000;
  let at = 0;
  const exchange = async () => {
    const [there, back] = ways[at++ % ways.length] ?? [0, 0];
    now += there;
    const receiveUsec = now + aheadUsec;
    now += 40;
    const transmitUsec = now + aheadUsec;
    now += back;
    return { receiveUsec, transmitUsec };
  };
  return { exchange, clock: () => now, pause: async () => {} };
}

const near = (value: number, expected: number, within = 1e-9) =>
  assert.ok(Math.abs(value - expected) <= within, `${value} is not ${expected}`);

test('the exchange with the shortest round trip counts, and the first one does not', async () => {
  const { exchange, clock, pause } = made(310_000, [
    [10, 10],
    [900, 100],
    [200, 200],
    [5_000, 50],
  ]);
  const measured = await measure(exchange, 3, clock, pause);
  near(measured.offset, 0.31);
  near(measured.roundTrip, 0.0004);
  near(measured.error, 0.0002);
  assert.equal(measured.samples, 3);
});

test('the error is within the bound, however unlike the ways there and back are', async () => {
  for (const ways of [[[0, 4_000]], [[4_000, 0]], [[3_000, 1_000]]] as const) {
    const { exchange, clock, pause } = made(-7_000, ways);
    const { offset, error } = await measure(exchange, 2, clock, pause);
    assert.ok(Math.abs(offset + 0.007) <= error + 1e-9);
    near(error, 0.002);
  }
});

test('the clock of this machine is carried on by the monotonic one', () => {
  const clock = steadyClock();
  const first = clock();
  assert.ok(Math.abs(first / 1_000 - Date.now()) < 1_000);
  assert.ok(clock() >= first);
});

test('being held up between its two readings does not put that clock off', () => {
  let at = 0;
  let looks = 0;
  const steady = () => BigInt(at) * 1_000n;
  // What comes between is 4 ms at the first look and at one later on, before the wall clock is read and after it.
  const wall = () => {
    looks++;
    if (looks === 1) at += 4_000;
    const read = 1_800_000_000_000_000 + at;
    if (looks === 3) at += 4_000;
    return read;
  };
  const clock = steadyClock(wall, steady);
  at += 1_000;
  near(clock(), 1_800_000_000_000_000 + at, 1);
});

const node = (name: string, offset: number, error = 0.0005) => ({
  node: name,
  measured: { offset, error, roundTrip: 2 * error, samples: 8 },
});
const LIMITS = { warning: 0.05, critical: 1 };
const judged = (nodes: readonly Compared[]) =>
  nodes.map(({ node: name, judgement }) => `${name} ${judgement}`);

test('with three nodes or more each is held against their median, so that this machine may be off itself', () => {
  const { nodes, median, furthest } = compare(
    [node('a', 2), node('b', 2.001), node('c', 2.31), node('d', 2.002), node('e', 4)],
    LIMITS,
  );
  assert.deepEqual(judged(nodes), ['a ok', 'b ok', 'c warning', 'd ok', 'e critical']);
  near(median?.offset ?? 0, 2.002);
  near(nodes[2]?.deviation ?? 0, 0.308);
  near(nodes[2]?.bound ?? 0, 0.001);
  assert.deepEqual([furthest?.ahead, furthest?.behind], ['e', 'a']);
  near(furthest?.by ?? 0, 2);
});

test('with fewer, each is held against this machine', () => {
  const { nodes, median } = compare([node('a', 0.3), node('b', -0.01)], LIMITS);
  assert.deepEqual(judged(nodes), ['a warning', 'b ok']);
  assert.equal(median, undefined);
  const one = compare([node('a', -2)], LIMITS);
  assert.deepEqual(judged(one.nodes), ['a critical']);
  assert.equal(one.furthest, undefined);
  assert.deepEqual(compare([], LIMITS).nodes, []);
});

test('what the error bound leaves open is told to be so', () => {
  const { nodes } = compare(
    [node('a', 0.06, 0.02), node('b', 0.04, 0.02), node('c', 0.08, 0.02)].slice(0, 2),
    LIMITS,
  );
  assert.deepEqual(judged(nodes), ['a unsure', 'b unsure']);
  assert.deepEqual(judged(compare([node('c', 0.08, 0.02)], LIMITS).nodes), ['c warning']);
  assert.deepEqual(judged(compare([node('d', 1.01, 0.02)], LIMITS).nodes), ['d warning']);
});
