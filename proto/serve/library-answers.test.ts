/** What grpc-js answers by itself carries a reason, for callers that are not ours. */

import assert from 'node:assert/strict';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { test } from 'node:test';
import { testPki } from '../../test/support/pki.ts';
import { startServer } from '../../test/support/serve.ts';
import { decodeMessage } from '../contract.ts';
import { STATUS_NAMES } from '../reasons.ts';

/** The status and the ErrorInfo of headers or trailers. */
function told(headers: IncomingHttpHeaders): {
  status: string | undefined;
  reason: unknown;
  domain: unknown;
} {
  const bytes = Buffer.from(String(headers['grpc-status-details-bin'] ?? ''), 'base64');
  const { details } = decodeMessage('google.rpc.Status', bytes) as { details: { value: Uint8Array }[] };
  const { reason, domain } = decodeMessage('google.rpc.ErrorInfo', details[0]?.value ?? new Uint8Array());
  return { status: STATUS_NAMES[Number(headers['grpc-status'])], reason, domain };
}

test('an unknown method, a deadline that ends and a request that is too large have reasons', async () => {
  const pki = testPki();
  const served = await startServer(pki, 'node-1');
  served.behaviour.read = async function* () {
    yield { start: { source: 'test', node: 'node-1' } };
    await new Promise(() => undefined);
  };
  const operator = await pki.operator('bob', 'reader');
  const session = connect(`https://${served.address}`, {
    ca: pki.trust,
    key: operator.key,
    cert: operator.chain,
    checkServerIdentity: () => undefined,
  });
  const call = (path: string, body: Buffer, more: Record<string, string> = {}) =>
    new Promise<IncomingHttpHeaders>((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...more,
      });
      const end = (headers: IncomingHttpHeaders) => headers['grpc-status'] !== undefined && resolve(headers);
      stream.on('response', end).on('trailers', end).on('error', reject);
      stream.resume().end(body);
    });
  const empty = Buffer.alloc(5);
  const domain = 'nodectl.dev';
  try {
    for (const path of ['/nodectl.v1.SystemService/NoSuchMethod', '/no.such.Service/Method'])
      assert.deepEqual(told(await call(path, empty)), {
        status: 'UNIMPLEMENTED',
        reason: 'UNKNOWN_METHOD',
        domain,
      });
    const late = await call('/nodectl.v1.LogsService/ReadLogs', empty, { 'grpc-timeout': '50m' });
    assert.deepEqual(told(late), { status: 'DEADLINE_EXCEEDED', reason: 'DEADLINE_EXCEEDED', domain });
    const large = Buffer.alloc(64);
    large.writeUInt32BE(512 * 1024 * 1024, 1);
    assert.deepEqual(told(await call('/nodectl.v1.SystemService/GetVersion', large)), {
      status: 'RESOURCE_EXHAUSTED',
      reason: 'REQUEST_TOO_LARGE',
      domain,
    });
  } finally {
    session.destroy();
    await served.server.drain(100);
    pki.remove();
  }
});
