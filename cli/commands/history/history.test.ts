/** `nodectl history`: what it asks, and what it makes of answers, for people and for programs. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FakeFleet } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';
import { course, rates, shortNumber } from './course.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;

/** A series of an answer, with a point an hour. */
function answer(name: string, values: number[], more: Record<string, unknown> = {}) {
  const first = NOW - (values.length - 1) * HOUR;
  const timeDeltas = values.map((_, at) => (at === 0 ? first : HOUR));
  return {
    name,
    timeDeltas,
    values,
    lows: [],
    highs: [],
    samples: values.length,
    growth: 0,
    falls: 0,
    ...more,
  };
}

const common = {
  ...{ node: 'web-1', nowUsec: NOW * 1_000 },
  ...{ sinceUsec: (NOW - 4 * HOUR) * 1_000, untilUsec: NOW * 1_000 },
};
const asked: Record<string, unknown>[] = [];
const fleet = new FakeFleet({
  'web-1': {
    answers: {
      ReadHistory: (request) => {
        asked.push(request);
        return [
          { ...common, series: [] },
          {
            ...common,
            series: [
              answer('clock//offset_seconds', [0.000_012, -0.000_004, 0.000_031], { falls: 1 }),
              answer('nic/eth0/rx_errors', [0, 0, 1_200, 1_200], { growth: 1_200 }),
              answer('nic/eth1/rx_errors', [7, 7, 7]),
            ],
          },
        ];
      },
    },
  },
});
after(() => fleet.remove());

const run = (args: string[], columns?: number) =>
  runCli(['history', ...args], { env: fleet.env, open: fleet.connect, ...(columns ? { columns } : {}) });

test('on a terminal a row a series that changed, with its course', async () => {
  const { stdout, stderr, status } = await run([], 80);
  assert.equal(status, 0);
  assert.deepEqual(stdout.replaceAll(/\x1b\[\d*m/g, '').split('\n'), [
    'NODE   SERIES                   NEWEST  CHANGE                COURSE',
    'web-1  clock//offset_seconds  0.000031  -0.000004 … 0.000031   ▁█',
    'web-1  nic/eth0/rx_errors         1200  +1200, 400/h            ▁█',
    '',
  ]);
  assert.match(stderr, /1 series did not change/);
});

test('what has been sampled for a moment has no rate an hour, and what is large and moves little has by how much', async () => {
  const minutes = (name: string, values: number[], growth: number) => ({
    ...answer(name, values, { growth }),
    timeDeltas: values.map((_, at) => (at === 0 ? NOW - 5 * 60_000 : 60_000)),
  });
  const series = [
    minutes('a/x/count', [5, 5, 48_005], 48_000),
    { ...minutes('a/y/count', [5, 12], 7), timeDeltas: [NOW - 600_000, 600_000] },
    minutes('clock//boot_time_seconds', [1_790_000_000.5, 1_790_000_001.5], 0),
  ];
  const young = new FakeFleet({ 'web-1': { answers: { ReadHistory: () => [{ ...common, series }] } } });
  const { stdout } = await runCli(['history', '-o', 'table'], { env: young.env, open: young.connect });
  young.remove();
  assert.match(stdout, /a\/x\/count +48005 {2}\+48000 in 2m\n/);
  assert.match(stdout, /a\/y\/count +12 {2}\+7, 42\/h\n/);
  assert.match(stdout, /boot_time_seconds +1\.79G {2}1\.79G … \+1\n/);
});

test('for programs every point', async () => {
  const { stdout } = await run(['nic/*', '-o', 'json']);
  const [first] = JSON.parse(stdout).items;
  assert.deepEqual(first.points[0], { time: '2026-11-28T10:00:00.000Z', value: 0.000_012 });
  assert.deepEqual(asked.at(-1), { series: ['nic/*'], sinceUsec: 0, untilUsec: 0, maxPoints: 120 });
});

test('point by point with --values', async () => {
  const { stdout } = await run(['nic/eth0/*', '--values', '--since', '@1700000000', '--points', '7']);
  assert.match(stdout, /2026-11-28T11:00:00Z {2}web-1 {2}nic\/eth0\/rx_errors {2,}1200\n/);
  assert.deepEqual(asked.at(-1), {
    ...{ series: ['nic/eth0/*'], sinceUsec: 1_700_000_000_000_000, untilUsec: 0, maxPoints: 7 },
  });
});

test('courses are as wide as they are asked to be, and have gaps where nothing was sampled', () => {
  const points = [0, 1, 2, 3, 6, 7].map((time) => ({ time, value: time }));
  assert.equal(course(points, 0, 8, 8, true), '▁▂▃▄  ▇█');
  assert.equal(course(points, 0, 8, 4, true), '▂▄ █');
  assert.equal(course([{ time: 1, value: 5 }], 0, 2, 4, false), '  ▁');
  assert.equal(course([], 0, 2, 4, false), '');
  assert.deepEqual(
    rates([4, 6, 6, 1].map((value, time) => ({ time, value }))).map(({ value }) => value),
    [2, 0, 1],
  );
});

test('numbers are short', () => {
  for (const [value, text] of [
    [0, '0'],
    [-12, '-12'],
    [99_999, '99999'],
    [1_234_567, '1.235M'],
    [12.345, '12.35'],
    [0.000_012, '0.000012'],
    [0.123_456, '0.123'],
    [-0.000_000_004_2, '-4.2e-9'],
    [1e21, '1000E'],
  ] as const)
    assert.equal(shortNumber(value), text);
});

test('a number of points that no node gives is refused', async () => {
  for (const points of ['0', '2001']) {
    const { status, stderr } = await run(['--points', points]);
    assert.equal(status, 2);
    assert.match(stderr, /is not from 1 to 2000/);
  }
});
