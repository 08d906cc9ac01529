import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUps } from './look-up.ts';

test('a name that nobody waits for any more is not looked up, and the others have their turn', () => {
  const asked: string[] = [];
  const answers = new Map<string, () => void>();
  const lookUp = lookUps((host, _options, done) => {
    asked.push(host);
    answers.set(host, () => done(null, '192.0.2.1', 4));
  });
  const found: string[] = [];
  const gone = new Set<string>();
  for (const host of ['a', 'b', 'c', 'd', 'e'])
    lookUp(
      host,
      {},
      () => !gone.has(host),
      () => void found.push(host),
    );
  assert.deepEqual(asked, ['a', 'b'], 'what the system would let wait waits here');
  for (const host of ['a', 'c', 'd']) gone.add(host);
  answers.get('b')?.();
  assert.deepEqual(asked, ['a', 'b', 'e']);
  answers.get('a')?.();
  answers.get('e')?.();
  assert.deepEqual(found, ['b', 'a', 'e']);
});
