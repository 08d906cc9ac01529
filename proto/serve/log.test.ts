import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedLog } from './log.ts';

/** A log of 8 lines a minute, two of them of a kind, and a clock that the test sets. */
function bounded() {
  const lines: string[] = [];
  const clock = { now: 1_000_000 };
  const write = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  return { log: new BoundedLog(write, 8, 60_000, () => clock.now), lines, clock };
}

test('who floods the log hides no other, and what was held back is told with its count', () => {
  const { log, lines, clock } = bounded();
  for (let i = 0; i < 100; i++) log.write({ i }, 'flood', 'one');
  log.write({}, 'other', 'two');
  assert.deepEqual(lines, ['flood {"i":0}', 'flood {"i":1}', 'other {}']);
  clock.now += 60_000;
  log.write({}, 'later', 'two');
  assert.deepEqual(lines.slice(3), ['flood {"i":99,"unlogged":97}', 'later {}']);
});

test('what was held back last is told when the time is over, though nothing more comes', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { log, lines, clock } = bounded();
  for (let i = 0; i < 10; i++) log.write({ i }, 'line');
  assert.equal(lines.length, 8);
  clock.now += 60_000;
  t.mock.timers.tick(60_000);
  assert.deepEqual(lines.slice(8), ['line {"i":9,"unlogged":1}']);
  t.mock.timers.tick(600_000);
  assert.equal(lines.length, 9);
});

test('a clock that is set back by a year silences nothing', () => {
  const { log, lines, clock } = bounded();
  for (let i = 0; i < 8; i++) log.write({ i }, 'line');
  clock.now -= 365 * 86_400_000;
  log.write({}, 'after');
  assert.equal(lines.at(-1), 'after {}');
});
