/** The time of day in microseconds. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { wallUsec } from './wall-clock.ts';

test('it goes on within a millisecond', () => {
  const times = new Set(Array.from({ length: 50 }, wallUsec));
  assert.ok(times.size > 10);
});

const skip = spawnSync('faketime', ['--version']).error ? 'faketime is not installed' : false;

test('it follows a clock that is off', { skip }, () => {
  const code = `import { wallUsec } from ${JSON.stringify(join(import.meta.dirname, 'wall-clock.ts'))}; console.log(wallUsec());`;
  const args = ['-f', '+100s', process.execPath, '--input-type=module-typescript', '-e', code];
  const before = wallUsec();
  const shown = Number(execFileSync('faketime', args, { encoding: 'utf8' }));
  assert.ok(shown > before + 99e6 && shown < wallUsec() + 101e6);
});
