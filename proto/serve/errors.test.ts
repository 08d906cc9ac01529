import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../../test/support/serve.ts';
import { Failure } from '../failure.ts';
import type { ServerCall } from './call.ts';
import { errorsInterceptor } from './errors.ts';

/** What comes out of a handler that throws, and what is logged of it. */
async function thrown(error: unknown): Promise<{ failure: Failure; logged: string[] }> {
  const log = memoryLog();
  const call = { log, method: 'x.Y/Z', identity: { uri: 'nodectl://operator/alice/admin' } };
  try {
    await errorsInterceptor()(call as unknown as ServerCall, async () => {
      throw error;
    });
  } catch (failure) {
    assert.ok(failure instanceof Failure);
    return { failure, logged: log.lines.map(({ message }) => String(message)) };
  }
  return assert.fail('nothing was thrown');
}

test('a node whose disk is full says so, and does not speak of a defect', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    path: '/var/lib/nodectl/denylist.json',
  });
  const { failure, logged } = await thrown(full);
  assert.equal(failure.reason, 'DISK_UNUSABLE');
  assert.equal(failure.message, '/var/lib/nodectl/denylist.json: the disk is full');
  assert.deepEqual(logged, ['a call met a disk that cannot be used']);
});

test('a node too busy for its own programs names the one that did not answer, and does not speak of a defect', async () => {
  const message = 'systemctl show: systemctl did not end within 10000 ms';
  const { failure, logged } = await thrown(Object.assign(new Error(message), { name: 'Unavailable' }));
  assert.equal(failure.reason, 'HOST_UNREADABLE');
  assert.equal(failure.message, message);
  assert.deepEqual(logged, ['a call met something of the machine that cannot be read']);
});

test('failures pass, and everything else is a defect with an id', async () => {
  const known = new Failure('BAD_TIME', 'no time');
  assert.deepEqual(await thrown(known), { failure: known, logged: [] });
  const { failure, logged } = await thrown(new TypeError('a secret'));
  assert.equal(failure.reason, 'INTERNAL');
  assert.doesNotMatch(failure.message, /secret/);
  assert.deepEqual(logged, ['a call met a defect']);
});
