/** A server over real TLS: who is let in, what each refusal says, and how calls end. */

import assert from 'node:assert/strict';
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { after, before, test } from 'node:test';
import { issueLeaf } from '../../pki/certificate.ts';
import { keyPem, newKey } from '../../pki/csr.ts';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { memoryLog, startServer, type TestServer, until } from '../../test/support/serve.ts';
import type { Channel } from '../call/channel.ts';
import { contractMethod } from '../contract.ts';
import { Failure } from '../failure.ts';
import { encoded } from './handlers.ts';
import { Server } from './server.ts';

const HOUR_MS = 3_600_000;
let pki: TestPki;
let served: TestServer;
let admin: TestCredential;
let reader: TestCredential;
const channels: Channel[] = [];

before(async () => {
  pki = testPki();
  served = await startServer(pki, 'node-1');
  admin = await pki.operator('alice', 'admin');
  reader = await pki.operator('bob', 'reader');
});

after(async () => {
  for (const channel of channels) channel.close();
  await served.server.drain(100);
  pki.remove();
});

async function open(credential: TestCredential, to = served): Promise<Channel> {
  const channel = await to.open(credential);
  channels.push(channel);
  return channel;
}

function reason(expected: string, text = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.reason, expected, error.message);
    assert.match(error.message, text);
    return true;
  };
}

test('an operator is answered, and known by the certificate', async () => {
  const channel = await open(reader);
  assert.equal((await channel.unary('nodectl.v1.SystemService/GetVersion', {})).node, 'node-1');
  assert.equal((await channel.unary('nodectl.v1.AccessService/WhoAmI', {})).name, 'bob');
  const line = served.log.lines.findLast(({ method }) => method === 'nodectl.v1.AccessService/WhoAmI');
  assert.equal(line?.caller, 'nodectl://operator/bob/reader');
  assert.equal(line?.status, 'OK');
  assert.match(String(line?.peer), /^127\.0\.0\.1:\d+$/);
});

test('a reader who calls a mutation is refused with the role that it needs', async () => {
  const channel = await open(reader);
  const call = channel.unary('nodectl.v1.AccessService/Deny', { subject: 'nodectl://operator/x' });
  await assert.rejects(call, reason('PERMISSION_DENIED', /role admin; bob has the role reader/));
});

test('a node is refused what operators may, but may ask for its own health', async () => {
  const channel = await open(await pki.node('node-1'));
  await assert.rejects(channel.unary('nodectl.v1.SystemService/GetVersion', {}), reason('PERMISSION_DENIED'));
  assert.equal((await channel.unary('grpc.health.v1.Health/Check', {})).status, 'SERVING');
  const other = await open(await pki.node('node-2'));
  await assert.rejects(other.unary('grpc.health.v1.Health/Check', {}), reason('PERMISSION_DENIED'));
});

test('an unforeseen error tells its id and not its text, and the log has both', async () => {
  const channel = await open(reader);
  const error = await channel
    .unary('nodectl.v1.SystemService/GetNode', {})
    .catch((thrown: Failure) => thrown);
  assert.ok(error instanceof Failure);
  assert.equal(error.reason, 'INTERNAL');
  assert.doesNotMatch(JSON.stringify([error.message, error.hint, error.facts]), /secret/);
  const line = served.log.lines.find(({ id }) => id === error.facts.id);
  assert.match(String((line?.err as Error | undefined)?.message), /secret/);
});

test('an expired certificate, one that is not valid yet and one of another authority do not get in', async () => {
  const other = testPki();
  const [past, future] = [Date.now() - 2 * HOUR_MS, Date.now() + HOUR_MS];
  const cases = [
    ['CERTIFICATE_EXPIRED', await pki.operator('late', 'admin', HOUR_MS, past), /expired/, 'late'],
    [
      'CERTIFICATE_NOT_YET_VALID',
      await pki.operator('soon', 'admin', HOUR_MS, future),
      /not valid yet/,
      'soon',
    ],
    ['WRONG_CA', await other.operator('carol', 'admin'), /another authority/, 'carol'],
    // The constraint in the nodes' authority makes OpenSSL itself refuse it; the caller can only guess why.
    ['CERTIFICATE_REFUSED', await mintedByNodes(), /may not issue such names/, 'mallory'],
  ] as const;
  for (const [expected, credential, cause, name] of cases) {
    const channel = await open(credential);
    await assert.rejects(channel.unary('nodectl.v1.SystemService/GetVersion', {}), reason(expected));
    const logged = () =>
      served.log.lines.find((line) => line.message === 'handshake refused' && cause.test(String(line.cause)));
    await until(() => logged() !== undefined, `the log says ${cause}`);
    assert.match(String(logged()?.peer), /^127\.0\.0\.1:\d+$/);
    assert.equal(logged()?.reason, expected === 'CERTIFICATE_REFUSED' ? 'WRONG_ISSUER' : expected);
    const leaf = new X509Certificate(credential.chain);
    assert.deepEqual(logged()?.certificate, {
      ...{ names: `URI:nodectl://operator/${name}/admin`, issuer: leaf.issuer.replaceAll('\n', ', ') },
      ...{
        serial: leaf.serialNumber,
        from: leaf.validFromDate.toISOString(),
        to: leaf.validToDate.toISOString(),
      },
    });
  }
  other.remove();
});

/** An admin's certificate that somebody minted who got hold of the nodes' authority. */
async function mintedByNodes(): Promise<TestCredential> {
  const authority = await pki.store.signer('nodes', () => '');
  const key = newKey();
  const subject = { kind: 'operator', name: 'mallory', role: 'admin' } as const;
  const leaf = issueLeaf(subject, authority, createPublicKey(key), Date.now(), HOUR_MS);
  return { key: keyPem(key), chain: leaf.toString() + authority.certificate.toString() };
}

test('answers that are encoded already travel as they are', async () => {
  const bytes = contractMethod('nodectl.v1.SystemService/GetVersion').response.encode({ node: 'raw' });
  served.behaviour.version = async () => encoded(bytes);
  const channel = await open(reader);
  assert.equal((await channel.unary('nodectl.v1.SystemService/GetVersion', {})).node, 'raw');
  served.behaviour.version = async () => ({ node: 'node-1' });
});

test('a mutating call is recorded with the digest of its request before it is answered', async () => {
  const channel = await open(admin);
  const request = { subject: 'nodectl://operator/mallory', reason: 'left' };
  await channel.unary('nodectl.v1.AccessService/Deny', request);
  const bytes = contractMethod('nodectl.v1.AccessService/Deny').request.encode(request);
  assert.deepEqual(
    { ...served.audit.entries.at(-1), peer: '' },
    {
      caller: 'nodectl://operator/alice/admin',
      serial: served.audit.entries.at(-1)?.serial,
      peer: '',
      method: 'nodectl.v1.AccessService/Deny',
      requestSha256: createHash('sha256').update(bytes).digest('hex'),
      status: 'OK',
      reason: '',
    },
  );
});

test('the answer to a mutating call says how far the audit log has come', async () => {
  const session = connect(`https://${served.address}`, {
    ...{ ca: pki.trust, cert: admin.chain, key: admin.key, checkServerIdentity: () => undefined },
  });
  const stream = session.request({
    ...{ ':method': 'POST', ':path': '/nodectl.v1.AccessService/Deny' },
    ...{ 'content-type': 'application/grpc', te: 'trailers' },
  });
  stream.end(Buffer.alloc(5));
  stream.resume();
  const [trailers] = (await once(stream, 'trailers')) as [Record<string, string>];
  assert.equal(trailers['grpc-status'], '0');
  assert.equal(trailers['nodectl-audit'], `${served.audit.entries.length}:${'c'.repeat(64)}`);
  session.destroy();
});

test('without an audit log mutating calls are refused, reading ones are not', async () => {
  const bare = await startServer(pki, 'node-b', {
    audit: {
      ready: () => {
        throw new Failure('AUDIT_UNAVAILABLE', 'the disk is full');
      },
      append: async () => assert.fail('nothing is to be recorded'),
    },
  });
  let ran = false;
  bare.behaviour.deny = async () => {
    ran = true;
    return {};
  };
  const channel = await open(admin, bare);
  const call = channel.unary('nodectl.v1.AccessService/Deny', { subject: 'nodectl://operator/x' });
  await assert.rejects(call, reason('AUDIT_UNAVAILABLE', /disk is full/));
  assert.equal(ran, false);
  await channel.unary('nodectl.v1.SystemService/GetVersion', {});
  await bare.server.drain(100);
});

test('a slow reader holds the handler back, and leaving ends it', async () => {
  let made = 0;
  let ended = false;
  served.behaviour.read = async function* () {
    try {
      for (;;) {
        made++;
        yield { batch: { text: Buffer.alloc(256 * 1024) } };
      }
    } finally {
      ended = true;
    }
  };
  const channel = await open(reader);
  let taken = 0;
  for await (const _event of channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})) {
    if (++taken === 1) await new Promise((resolve) => setTimeout(resolve, 300));
    if (taken === 4) break;
  }
  // 4 MiB of window, what node:http2 buffers on both sides, and 512 KiB of ours.
  assert.ok(made < 60, `${made} batches of 256 KiB were made for a reader that took ${taken}`);
  await until(() => ended, 'the handler was ended');
});

test('a denied caller’s open stream is ended at once, with the reason, and its connection soon after', async () => {
  let aborted = false;
  served.behaviour.read = async function* (signal) {
    yield { start: { source: 'x' } };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    aborted = true;
  };
  const channel = await open(await pki.operator('eve', 'reader'));
  const stream = channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})[Symbol.asyncIterator]();
  await stream.next();
  const failure = new Failure('CERTIFICATE_DENIED', 'eve is denied here');
  assert.equal(
    served.server.calls.end(({ name }) => name === 'eve', failure),
    1,
  );
  await assert.rejects(stream.next(), reason('CERTIFICATE_DENIED', /eve is denied/));
  await until(() => aborted, 'the handler saw it');
});

test('a stream is ended when its caller’s certificate ends', async () => {
  served.behaviour.read = async function* (signal) {
    yield { start: { source: 'x' } };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  // Certificates count in whole seconds.
  const channel = await open(await pki.operator('brief', 'reader', 2_000));
  const stream = channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})[Symbol.asyncIterator]();
  await stream.next();
  await assert.rejects(stream.next(), reason('CERTIFICATE_EXPIRED'));
  await assert.rejects(
    channel.unary('nodectl.v1.SystemService/GetVersion', {}),
    reason('CERTIFICATE_EXPIRED'),
  );
});

test('a reader who stalls is cut off when the certificate ends, although it never takes the status', async () => {
  const own = await startServer(pki, 'node-c');
  own.behaviour.read = async function* () {
    for (;;) yield { batch: { text: Buffer.alloc(256 * 1024) } };
  };
  const channel = await open(await pki.operator('stalled', 'reader', 2_000), own);
  const stream = channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})[Symbol.asyncIterator]();
  await stream.next();
  assert.deepEqual([own.server.connections, own.server.calls.size], [1, 1]);
  await until(() => own.server.connections === 0, 'the connection is cut');
  assert.equal(own.server.calls.size, 0);
  await own.server.drain(100);
});

test('a denied identity is refused on its next call on the same connection', async () => {
  const denied = new Set<string>();
  const strict = await startServer(pki, 'node-d', {
    denied: ({ name }) => (denied.has(name) ? 'left the team' : undefined),
  });
  const channel = await open(reader, strict);
  await channel.unary('nodectl.v1.SystemService/GetVersion', {});
  denied.add('bob');
  const call = channel.unary('nodectl.v1.SystemService/GetVersion', {});
  await assert.rejects(call, reason('CERTIFICATE_DENIED', /left the team/));
  await strict.server.drain(100);
});

test('a method without a permission is not served', async () => {
  const { key, chain } = await pki.node('node-x');
  const make = (policy: object) =>
    new Server({
      material: { key, chain, trust: pki.trust },
      log: memoryLog(),
      services: [
        {
          name: 'nodectl.v1.SystemService',
          handlers: { GetVersion: async () => ({}), GetNode: async () => ({}) },
        },
      ],
      policy: policy as never,
    });
  assert.throws(() => make({}), reason('INTERNAL', /GetVersion has no permission/));
  assert.ok(
    make({
      'nodectl.v1.SystemService/GetVersion': { permission: 'read', mutates: false },
      'nodectl.v1.SystemService/GetNode': { permission: 'read', mutates: false },
    }),
  );
});
