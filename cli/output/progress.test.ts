import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemorySink } from '../testing/run.ts';
import { Progress, type ProgressChoice } from './progress.ts';
import { Terminal } from './terminal.ts';

const MIB = 1024 * 1024;

/** Progress on a terminal of so many columns, or a pipe, with a clock that the test sets. */
function progress(choice: ProgressChoice, columns?: number) {
  const stderr = new MemorySink(columns);
  const clock = { ms: 0 };
  const terminal = new Terminal({ stdout: new MemorySink(), stderr, env: { NO_COLOR: '1' } });
  return { stderr, clock, told: new Progress(terminal, choice, () => clock.ms) };
}

test('a line that is drawn anew, with rate and time left, within the width', () => {
  for (const columns of [80, 40]) {
    const { stderr, clock, told } = progress('auto', columns);
    for (let second = 0; second <= 10; second++) {
      clock.ms = second * 1_000;
      told.update('push', second * MIB, 20 * MIB);
      // Too soon to be drawn.
      clock.ms += 10;
      told.update('push', second * MIB + 1, 20 * MIB);
    }
    const lines = stderr.text.split('\r\x1b[K').slice(1);
    assert.equal(lines.length, 11);
    const last = 'push [##########..........]  50 %  10.0 MiB of 20.0 MiB  1.0 MiB/s  10s left';
    assert.equal(lines.at(-1), last.slice(0, columns - 1));
    told.warn('something');
    told.clear();
    assert.ok(stderr.text.endsWith('\r\x1b[Kwarning: something\n'));
  }
});

test('JSON lines on a pipe: the beginning, one a second, and the end', () => {
  const { stderr, clock, told } = progress('auto');
  for (; clock.ms <= 3_000; clock.ms += 50) told.update('pull', clock.ms * 1_000, 3_000_000);
  const lines = stderr.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    { progress: 'pull', bytes: 0, total: 3_000_000 },
    { progress: 'pull', bytes: 1_000_000, total: 3_000_000, bytesPerSecond: 1_000_000, secondsLeft: 2 },
    { progress: 'pull', bytes: 2_000_000, total: 3_000_000, bytesPerSecond: 1_000_000, secondsLeft: 1 },
    { progress: 'pull', bytes: 3_000_000, total: 3_000_000, bytesPerSecond: 1_000_000, secondsLeft: 0 },
  ]);
});

test('a new piece of work, and one that begins again, have a rate of their own', () => {
  const { stderr, clock, told } = progress('json');
  told.update('one', 0, 100);
  clock.ms = 1_000;
  told.update('one', 50, 100);
  told.update('two', 0, 0);
  clock.ms = 3_000;
  told.update('one', 10, 100);
  const lines = stderr.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ bytesPerSecond }) => bytesPerSecond),
    [undefined, 50, undefined, undefined],
  );
});

test('nothing where nothing is wanted', () => {
  const { stderr, told } = progress('none', 80);
  told.update('push', 1, 2);
  told.clear();
  assert.equal(stderr.text, '');
});
