import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage } from '../contract.ts';
import { ERROR_DOMAIN } from '../reasons.ts';
import { failureOfTrailers } from './status.ts';

/** A status with one ErrorInfo, as it stands in the trailer. */
function details(info: object): string {
  const value = encodeMessage('google.rpc.ErrorInfo', info);
  const any = { type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value };
  return Buffer.from(encodeMessage('google.rpc.Status', { code: 7, message: 'm', details: [any] })).toString(
    'base64',
  );
}

test('success is no failure', () => {
  assert.equal(failureOfTrailers({ 'grpc-status': '0' }), undefined);
});

test('a reason of ours comes back with its message, hint and facts', () => {
  const info = {
    reason: 'TOKEN_USED',
    domain: ERROR_DOMAIN,
    metadata: { hint: 'make a new one', node: 'web-1' },
  };
  const failure = failureOfTrailers({
    'grpc-status': '16',
    'grpc-message': 'the token was used%2C before',
    'grpc-status-details-bin': details(info),
  });
  assert.equal(failure?.reason, 'TOKEN_USED');
  assert.equal(failure?.message, 'the token was used, before');
  assert.equal(failure?.hint, 'make a new one');
  assert.deepEqual(failure?.facts, { node: 'web-1' });
});

test('a reason that we do not know, or of somebody else, is kept as a fact under the reason of its status', () => {
  for (const domain of [ERROR_DOMAIN, 'example.com']) {
    const info = { reason: 'BRAND_NEW', domain, metadata: {} };
    const failure = failureOfTrailers({ 'grpc-status': '7', 'grpc-status-details-bin': details(info) });
    assert.equal(failure?.reason, 'PERMISSION_DENIED');
    assert.equal(failure?.facts.reason, 'BRAND_NEW');
  }
});

test('a message that is too large is told apart from streams that are too many, also by an agent that gives no reason', () => {
  const reasonOf = (message: string) =>
    failureOfTrailers({ 'grpc-status': '8', 'grpc-message': message })?.reason;
  assert.equal(reasonOf('Received message larger than max (5242885 vs. 4194304)'), 'REQUEST_TOO_LARGE');
  assert.equal(reasonOf('no more streams'), 'TOO_MANY_STREAMS');
});

test('damaged details and odd statuses still give a failure', () => {
  for (const header of ['!!!', 'AAAA', Buffer.from('junk').toString('base64')])
    assert.equal(
      failureOfTrailers({ 'grpc-status': '14', 'grpc-status-details-bin': header })?.reason,
      'CONNECTION_LOST',
    );
  assert.equal(failureOfTrailers({ 'grpc-status': '99' })?.reason, 'INTERNAL');
  assert.equal(failureOfTrailers({ 'grpc-status': '3', 'grpc-message': '%zz' })?.message, '%zz');
});
