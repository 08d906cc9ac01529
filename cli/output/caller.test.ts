import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerText } from './caller.ts';

test('an operator is shown by name and role, a node as one, and what is neither as it is', () => {
  assert.equal(callerText('nodectl://operator/alice/admin'), 'alice/admin');
  assert.equal(callerText('nodectl://node/operator'), 'node/operator');
  assert.equal(callerText('someone'), 'someone');
});
