import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import { exitOf, exitOfAll } from './exit-codes.ts';

const failure = (reason: Reason) => new Failure(reason, 'it failed');

test('5 is of what was not reached, and not of a node that has answered and could not', () => {
  for (const reason of ['CONNECTION_REFUSED', 'DNS_FAILED', 'DRAINING', 'REGISTRY_UNREACHABLE'] as const)
    assert.equal(exitOf(failure(reason)), 5, reason);
  for (const reason of [
    'AUDIT_UNAVAILABLE',
    'HOST_TOOL_FAILED',
    'HOST_UNREADABLE',
    'KUBECTL_FAILED',
    'UPGRADE_REBOOT_FAILED',
  ] as const)
    assert.equal(exitOf(failure(reason)), 1, reason);
});

test('over several nodes: what all have in common, 3 where some succeeded, 1 where they differ', () => {
  const refused = failure('CONNECTION_REFUSED');
  assert.equal(exitOfAll([], 0), 0);
  assert.equal(exitOfAll([refused], 1), 3);
  assert.equal(exitOfAll([refused, failure('CONNECT_TIMEOUT')], 0), 5);
  assert.equal(exitOfAll([refused, failure('PERMISSION_DENIED')], 0), 1);
});
