/** Priorities as --priority and --level take them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { parsePriorities } from './priority.ts';

test('priorities by name, number, list, range and sign', () => {
  const severe = (text: string) => parsePriorities(text, 'andMoreSevere').join('');
  const exact = (text: string) => parsePriorities(text, 'exactly').join('');
  assert.equal(severe('err'), '0123');
  assert.equal(severe('WARN'), '01234');
  assert.equal(severe('0'), '0');
  assert.equal(severe('err..warning'), '34');
  assert.equal(severe('7..5'), '567');
  assert.equal(severe('err,info'), '36');
  assert.equal(exact('err'), '3');
  assert.equal(exact('err+'), '0123');
  assert.equal(exact('+notice'), '567');
  assert.equal(exact('crit,debug'), '27');
  for (const text of ['', 'loud', '8', '-1', 'err..', 'a..b..c', 'err,', '+', 'constructor', '__proto__'])
    assert.throws(
      () => severe(text),
      (error) => error instanceof Failure && error.reason === 'BAD_ARGUMENT',
      text,
    );
});
