/** Failures as statuses: what travels, and the bounds on it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '../contract.ts';
import { Failure } from '../failure.ts';
import { statusOf } from './status.ts';

function details(failure: Failure) {
  const { metadata, ...status } = statusOf(failure, { 'nodectl-audit': '1:ab' });
  const [bytes] = metadata.get('grpc-status-details-bin');
  const decoded = decodeMessage('google.rpc.Status', bytes as Buffer) as { details: { value: Uint8Array }[] };
  const info = decodeMessage('google.rpc.ErrorInfo', decoded.details[0]?.value ?? new Uint8Array());
  return { ...status, trailer: metadata.get('nodectl-audit'), size: (bytes as Buffer).length, info };
}

test('reason, hint and facts travel as ErrorInfo beside the status, and trailers stay', () => {
  const failure = new Failure('UNKNOWN_SOURCE', 'there is no source "x"', {
    hint: 'list them',
    facts: { source: 'x' },
  });
  const found = details(failure);
  assert.deepEqual(found.info, {
    reason: 'UNKNOWN_SOURCE',
    domain: 'nodectl.dev',
    metadata: { source: 'x', hint: 'list them' },
  });
  assert.deepEqual([found.code, found.details, found.trailer], [5, 'there is no source "x"', ['1:ab']]);
});

test('what a failure says is cut to what fits in trailers, and is never what cannot be encoded', () => {
  const facts = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`fact-${at}`, 'y'.repeat(5_000)]));
  const found = details(
    new Failure('BAD_ARGUMENT', `\ud800${'é😀'.repeat(2_000)}`, { hint: 'z'.repeat(9_000), facts }),
  );
  assert.ok(found.size < 8_000, `${found.size} bytes of details`);
  assert.doesNotThrow(() => encodeURI(found.details));
});
