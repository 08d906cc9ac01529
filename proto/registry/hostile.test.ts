/** Registries that lie, break off, drip, loop and flood: each costs bounded time and memory, and is told by its own reason. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Handler, startService } from '../../test/support/http-service.ts';
import { BlobSource, fetchBlob } from './blobs.ts';
import { type ClientOptions, RegistryClient } from './client.ts';
import type { RegistryLimits } from './limits.ts';
import { digestOf, fetchManifest, MANIFEST_TYPE } from './manifests.ts';

const LIMITS: RegistryLimits = {
  ...{ connectMs: 2_000, answerMs: 400, stallMs: 200, stallBytes: 2_000, attempts: 3, attemptsEach: 2 },
  ...{ backoff: { firstMs: 1, longestMs: 2 }, maxRetryAfterMs: 1_500 },
};
const BYTES = randomBytes(300_000);
const DIGEST = digestOf(BYTES);
const BLOB = { repository: 'os', digest: DIGEST, size: BYTES.length };
const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(Buffer.from('{}')), size: 2 },
    layers: [{ mediaType: 'application/octet-stream', digest: DIGEST, size: BYTES.length }],
  }),
);

/** A registry that answers as `handle` says, to everything but the first question whether TLS is spoken. */
async function registry(t: TestContext, handle: Handler, more: Partial<ClientOptions> = {}) {
  const service = await startService(handle);
  const warnings: string[] = [];
  const client = new RegistryClient({
    registry: service.host,
    limits: LIMITS,
    warn: (text) => warnings.push(text),
    ...more,
  });
  t.after(async () => {
    client.close();
    await service.stop();
  });
  return { ...service, client, warnings, source: new BlobSource(client, BLOB) };
}

/** Where bytes are kept, and how often they began anew. */
function memory() {
  const kept = Buffer.alloc(BYTES.length);
  return { kept, write: async (bytes: Buffer, offset: number) => void bytes.copy(kept, offset) };
}

/** Answers a range as it should be. */
function range(answer: ServerResponse, header: string | undefined, bytes = BYTES): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? [];
  if (first === undefined) return void answer.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  const part = bytes.subarray(Number(first), Number(last) + 1);
  answer.writeHead(206, {
    'content-length': part.length,
    'content-range': `bytes ${first}-${last}/${bytes.length}`,
  });
  answer.end(part);
}

test('a registry that ignores ranges: a small blob is read once, checked and kept', async (t) => {
  const { source, received } = await registry(t, (_, answer) => answer.end(BYTES));
  assert.deepEqual(await source.readRange(1_000, 5_000), BYTES.subarray(1_000, 6_000));
  assert.deepEqual(await source.readRange(0, 10), BYTES.subarray(0, 10));
  assert.equal(received.length, 1);
});

test('a registry that ignores ranges and sends other bytes', async (t) => {
  const { source } = await registry(t, (_, answer) => answer.end(randomBytes(BYTES.length)));
  await assert.rejects(source.readRange(1_000, 5_000), { reason: 'REGISTRY_DIGEST_MISMATCH' });
});

test('a registry that ignores ranges of a large blob is left alone', async (t) => {
  const { client } = await registry(t, (_, answer) => {
    answer.writeHead(200);
    const flood = () => {
      while (!answer.destroyed && answer.write(Buffer.alloc(65_536)));
      if (!answer.destroyed) answer.once('drain', flood);
    };
    flood();
  });
  const large = new BlobSource(client, { ...BLOB, size: 1e9 });
  await assert.rejects(large.readRange(0, 10), { reason: 'REGISTRY_NO_RANGES' });
});

test('answers to a range that are not that range', async (t) => {
  const part = BYTES.subarray(100, 200);
  const wrong: [name: string, headers: Record<string, string>, body: Buffer][] = [
    ['none named', {}, part],
    ['another one', { 'content-range': 'bytes 0-99/300000' }, part],
    ['a longer one', { 'content-range': 'bytes 100-299/300000' }, part],
    ['of another size', { 'content-range': 'bytes 100-199/300001' }, part],
    ['in words', { 'content-range': 'bytes from 100' }, part],
    ['too many bytes', { 'content-range': 'bytes 100-199/300000' }, BYTES.subarray(0, 101)],
    ['another length', { 'content-range': 'bytes 100-199/300000', 'content-length': '99' }, part.subarray(1)],
    ['packed', { 'content-range': 'bytes 100-199/300000', 'content-encoding': 'gzip' }, part],
  ];
  let headers: Record<string, string> = {};
  let body: Uint8Array = part;
  const { source } = await registry(t, (_, answer) => answer.writeHead(206, headers).end(body));
  for (const [name, head, bytes] of wrong) {
    [headers, body] = [head, bytes];
    await assert.rejects(source.readRange(100, 100), { reason: 'REGISTRY_BAD_ANSWER' }, name);
  }
  // Too few without a length is a connection that broke, and is tried again.
  [headers, body] = [{ 'content-range': 'bytes 100-199/*' }, part.subarray(1)];
  await assert.rejects(source.readRange(100, 100), {
    reason: 'REGISTRY_UNREACHABLE',
    message: /99 of 100 bytes \(tried 3 times\)/,
  });
});

test('a blob of another size than the manifest says', async (t) => {
  let bytes = BYTES.subarray(1);
  let headers: Record<string, string> = { 'content-length': String(bytes.length) };
  const { client } = await registry(t, (_, answer) => answer.writeHead(200, headers).end(bytes));
  await assert.rejects(fetchBlob(client, BLOB, memory()), {
    reason: 'REGISTRY_BAD_ANSWER',
    message: /299999 bytes there/,
  });
  headers = {};
  bytes = Buffer.concat([BYTES, BYTES]);
  await assert.rejects(fetchBlob(client, BLOB, memory()), {
    reason: 'REGISTRY_BAD_ANSWER',
    message: /more than/,
  });
});

test('a connection that breaks again and again: the blob goes on each time', async (t) => {
  const { client, received } = await registry(t, ({ headers }, answer) => {
    const first = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    if (first > 0)
      answer.writeHead(206, {
        'content-range': `bytes ${first}-${BYTES.length - 1}/${BYTES.length}`,
        'content-length': BYTES.length - first,
      });
    else answer.writeHead(200, { 'content-length': BYTES.length });
    if (received.length >= 3) return void answer.end(BYTES.subarray(first));
    answer.write(BYTES.subarray(first, first + 100_000), () => setImmediate(() => answer.destroy()));
  });
  const { kept, write } = memory();
  await fetchBlob(client, BLOB, { write });
  assert.ok(kept.equals(BYTES));
  assert.deepEqual(
    received.map(({ headers }) => headers.range),
    [undefined, 'bytes=100000-299999', 'bytes=200000-299999'],
  );
});

test('the same where ranges are ignored: what is there is passed over', async (t) => {
  const { client, received } = await registry(t, (_, answer) => {
    answer.writeHead(200, { 'content-length': BYTES.length });
    if (received.length === 2) return void answer.end(BYTES);
    answer.write(BYTES.subarray(0, 100_000), () => setImmediate(() => answer.destroy()));
  });
  const { kept, write } = memory();
  await fetchBlob(client, BLOB, { write });
  assert.ok(kept.equals(BYTES));
});

test('a body without end, one that drips, one that stops, and a head that never comes', async (t) => {
  let answerIt: (answer: ServerResponse) => void = () => undefined;
  const { client } = await registry(t, (_, answer) => answerIt(answer));
  const timers: NodeJS.Timeout[] = [];
  t.after(() => timers.forEach(clearInterval));
  const fails = (reason: string, message: RegExp) =>
    assert.rejects(fetchBlob(client, BLOB, memory()), { reason, message });
  answerIt = (answer) => {
    const flood = () => {
      while (!answer.destroyed && answer.write(Buffer.alloc(65_536)));
      if (!answer.destroyed) answer.once('drain', flood);
    };
    flood();
  };
  await fails('REGISTRY_BAD_ANSWER', /more than the 300000 bytes/);
  answerIt = (answer) => void timers.push(setInterval(() => answer.write('x'), 20));
  await fails('REGISTRY_UNREACHABLE', /next to nothing for 200 ms \(tried 3 times\)/);
  answerIt = (answer) => void answer.write('x');
  await fails('REGISTRY_UNREACHABLE', /next to nothing for 200 ms \(tried 3 times\)/);
  answerIt = () => undefined;
  await fails('REGISTRY_UNREACHABLE', /did not answer within 400 ms \(tried 3 times\)/);
});

test('heads and manifests without measure', async (t) => {
  let answerIt: (answer: ServerResponse) => void = () => undefined;
  const { client } = await registry(t, (_, answer) => answerIt(answer));
  const fails = (message: RegExp) =>
    assert.rejects(fetchManifest(client, { registry: client.registry, repository: 'os', tag: '1' }), {
      reason: 'REGISTRY_BAD_ANSWER',
      message,
    });
  answerIt = (answer) => answer.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end(MANIFEST);
  await fails(/head that is too long/);
  answerIt = (answer) => answer.end(Buffer.alloc(5 * 1024 * 1024, ' '));
  await fails(/more than the 4194304 bytes/);
  answerIt = (answer) => answer.end('['.repeat(1_000_000));
  await fails(/no JSON/);
  answerIt = (answer) => answer.end('null');
  await fails(/no JSON object/);
  const layer = { mediaType: 'a', digest: DIGEST, size: 1 };
  const bad: [manifest: object, why: RegExp][] = [
    [{ schemaVersion: 1 }, /its type is schema 1/],
    [
      { schemaVersion: 2, mediaType: 'application/vnd.docker.distribution.manifest.v2+json' },
      /its type is application\/vnd.docker/,
    ],
    [{ schemaVersion: 2, manifests: [{ digest: DIGEST }] }, /lists several/],
    [{ schemaVersion: 2, config: layer, layers: [] }, /no layers/],
    [{ schemaVersion: 2, config: layer, layers: Array(1_000).fill(layer) }, /more than 512/],
    [
      { schemaVersion: 2, config: layer, layers: [{ ...layer, digest: 'sha256:../../etc/passwd' }] },
      /no digest/,
    ],
    [
      { schemaVersion: 2, config: layer, layers: [{ ...layer, digest: `sha512:${'0'.repeat(128)}` }] },
      /no digest/,
    ],
    [{ schemaVersion: 2, config: layer, layers: [{ ...layer, size: -1 }] }, /no size/],
    [{ schemaVersion: 2, config: layer, layers: [{ ...layer, size: 1e300 }] }, /no size/],
    [{ schemaVersion: 2, config: layer, layers: [{ ...layer, size: 2 }] }, /two sizes/],
    [{ schemaVersion: 2, config: null, layers: [layer] }, /a descriptor/],
  ];
  for (const [manifest, message] of bad) {
    answerIt = (answer) => answer.end(JSON.stringify(manifest));
    await fails(message);
  }
});

test('a manifest with other bytes than its digest, by the reference or by the registry’s own word', async (t) => {
  const { client } = await registry(t, (_, answer) => {
    answer.setHeader('docker-content-digest', DIGEST);
    answer.end(MANIFEST);
  });
  const name = { registry: client.registry, repository: 'os' };
  for (const reference of [
    { ...name, digest: DIGEST },
    { ...name, tag: '1' },
  ])
    await assert.rejects(fetchManifest(client, reference), { reason: 'REGISTRY_DIGEST_MISMATCH' });
});

test('429 and 503 are waited out as Retry-After says, and not beyond measure', async (t) => {
  const answers = [429, 503, 200];
  let retryAfter = '1';
  const { source, received } = await registry(t, ({ headers }, answer) => {
    const status = answers[Math.min(received.length, answers.length) - 1] ?? 200;
    if (status === 200) range(answer, headers.range);
    else
      answer
        .writeHead(status, { 'retry-after': retryAfter })
        .end('{"errors":[{"code":"TOOMANYREQUESTS","message":"slow\\ndown"}]}');
  });
  const began = performance.now();
  assert.deepEqual(await source.readRange(5, 5), BYTES.subarray(5, 10));
  assert.ok(performance.now() - began >= 1_900);
  answers.push(429);
  answers.splice(0, answers.length, ...Array(20).fill(429));
  retryAfter = '3600';
  const before = received.length;
  await assert.rejects(source.readRange(5, 5), {
    reason: 'REGISTRY_BUSY',
    message: /429: TOOMANYREQUESTS, slow down$/,
  });
  assert.equal(received.length, before + 1);
  retryAfter = '0';
  await assert.rejects(source.readRange(5, 5), { reason: 'REGISTRY_BUSY', message: /tried 3 times/ });
});

test('statuses by their reasons; those that a repetition does not help are not repeated', async (t) => {
  let status = 0;
  const { source, received } = await registry(t, (_, answer) => answer.writeHead(status).end('<html>'));
  for (const [code, reason, times] of [
    [404, 'REGISTRY_NOT_FOUND', 1],
    [403, 'REGISTRY_DENIED', 1],
    [400, 'REGISTRY_REFUSED', 1],
    [416, 'REGISTRY_BAD_ANSWER', 1],
    [304, 'REGISTRY_BAD_ANSWER', 1],
    [500, 'REGISTRY_UNREACHABLE', 3],
  ] as const) {
    status = code;
    received.length = 0;
    await assert.rejects(source.readRange(0, 5), { reason }, String(code));
    assert.equal(received.length, times, String(code));
  }
});

test('redirects: followed without the login, and not for ever, and not to what is no address', async (t) => {
  const store = await startService(({ headers }, answer) => range(answer, headers.range));
  t.after(() => store.stop());
  let location: string | undefined = `http://${store.host}/elsewhere?signature=x`;
  const { source, received } = await registry(
    t,
    ({ headers }, answer) => {
      if (!headers.authorization)
        return void answer.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      answer.writeHead(307, location === undefined ? {} : { location }).end();
    },
    { credentials: async () => ({ username: 'alice', password: 'sesame' }) },
  );
  assert.deepEqual(await source.readRange(7, 9), BYTES.subarray(7, 16));
  assert.equal(received.at(-1)?.headers.authorization, `Basic ${btoa('alice:sesame')}`);
  assert.equal(store.received.length, 1);
  assert.equal(store.received[0]?.headers.authorization, undefined);
  assert.equal(store.received[0]?.headers.range, 'bytes=7-15');
  location = '/again';
  received.length = 0;
  await assert.rejects(source.readRange(0, 5), {
    reason: 'REGISTRY_BAD_ANSWER',
    message: /more than 5 times/,
  });
  assert.equal(received.length, 6);
  for (location of [undefined, 'ftp://x/y', 'file:///etc/passwd', 'http://user:secret@x/', 'http://['])
    await assert.rejects(source.readRange(0, 5), { reason: 'REGISTRY_BAD_ANSWER' }, String(location));
});

test('tokens: asked for where the registry says, with its scope, kept while they are good', async (t) => {
  let token: object | string = { token: 'abc', expires_in: 300 };
  const issuer = await startService((_, answer) =>
    answer.end(typeof token === 'string' ? token : JSON.stringify(token)),
  );
  t.after(() => issuer.stop());
  let good = 'abc';
  let realm = `http://${issuer.host}/token?x=1`;
  const { client, source } = await registry(
    t,
    ({ headers }, answer) => {
      if (headers.authorization === `Bearer ${good}`) return range(answer, headers.range);
      const challenge = `Bearer realm="${realm}",service="the registry",scope="repository:os:pull"`;
      answer.writeHead(401, { 'www-authenticate': challenge }).end();
    },
    { credentials: async () => ({ username: 'alice', password: 'ses:ame' }) },
  );
  await source.readRange(0, 5);
  await source.readRange(5, 5);
  assert.equal(issuer.received.length, 1);
  assert.equal(issuer.received[0]?.url, '/token?x=1&service=the+registry&scope=repository%3Aos%3Apull');
  assert.equal(issuer.received[0]?.headers.authorization, `Basic ${btoa('alice:ses:ame')}`);
  // One that is no longer taken is replaced, once.
  good = 'def';
  await assert.rejects(source.readRange(0, 5), { reason: 'REGISTRY_DENIED' });
  token = { access_token: 'def' };
  await source.readRange(0, 5);
  for (token of ['', '{}', '{"token":"a\\r\\nb"}', '{"token":1}', 'x'.repeat(1e6)]) {
    good = 'ghi';
    await assert.rejects(source.readRange(0, 5), { reason: 'REGISTRY_BAD_ANSWER' });
  }
  for (realm of ['', 'ftp://x/', 'not an address', 'http://user:secret@x/'])
    await assert.rejects(source.readRange(0, 5), { reason: 'REGISTRY_BAD_ANSWER' });
  client.close();
});

test('a refresh token goes in the body of a POST', async (t) => {
  const issuer = await startService((_, answer) => answer.end('{"access_token":"abc"}'));
  t.after(() => issuer.stop());
  const { source } = await registry(
    t,
    ({ headers }, answer) =>
      headers.authorization === 'Bearer abc'
        ? range(answer, headers.range)
        : answer.writeHead(401, { 'www-authenticate': `Bearer realm="http://${issuer.host}/"` }).end(),
    { credentials: async () => ({ identityToken: 'long lived' }) },
  );
  await source.readRange(0, 5);
  const [{ method, body, url } = { method: '', body: '', url: '' }] = issuer.received;
  assert.deepEqual([method, url], ['POST', '/']);
  assert.equal(
    String(body),
    'scope=repository%3Aos%3Apull&grant_type=refresh_token&client_id=nodectl&refresh_token=long+lived',
  );
});

test('a login that is unknown, or missing', async (t) => {
  let challenge = 'Negotiate';
  const { source } = await registry(t, (_, answer) =>
    answer.writeHead(401, { 'www-authenticate': challenge }).end(),
  );
  await assert.rejects(source.readRange(0, 5), { reason: 'REGISTRY_BAD_ANSWER' });
  challenge = 'Basic realm="x"';
  await assert.rejects(source.readRange(0, 5), {
    reason: 'REGISTRY_DENIED',
    message: /there are no credentials/,
  });
});

test('mirrors: one that is down, one that lacks it, one that lies; then the registry itself', async (t) => {
  const gone = await startService(() => undefined);
  await gone.stop();
  const empty = await startService((_, answer) => answer.writeHead(404).end());
  const liar = await startService(({ headers }, answer) =>
    range(answer, headers.range, randomBytes(BYTES.length)),
  );
  t.after(() => empty.stop());
  t.after(() => liar.stop());
  const { client, warnings, received } = await registry(
    t,
    ({ headers }, answer) => range(answer, headers.range),
    {
      mirrors: [gone.host, `${empty.host}/proxy`, liar.host],
    },
  );
  const { kept, write } = memory();
  await fetchBlob(client, BLOB, { write });
  assert.ok(kept.equals(BYTES));
  assert.equal(empty.received[0]?.url, `/v2/proxy/os/blobs/${DIGEST}`);
  assert.deepEqual(warnings, [`${liar.host} sent other bytes than ${DIGEST}`]);
  assert.equal(received.length, 1);
});

test('a broken mirror is gone on from at the next place, and where all fail, all are told', async (t) => {
  const mirror = await startService((_, answer) => {
    answer.writeHead(200, { 'content-length': BYTES.length });
    answer.write(BYTES.subarray(0, 50_000), () => setImmediate(() => answer.destroy()));
  });
  t.after(() => mirror.stop());
  let works = true;
  const { client, received } = await registry(
    t,
    ({ headers }, answer) => (works ? range(answer, headers.range) : answer.writeHead(500).end()),
    { mirrors: [mirror.host] },
  );
  const { kept, write } = memory();
  await fetchBlob(client, BLOB, { write });
  assert.ok(kept.equals(BYTES));
  assert.equal(received[0]?.headers.range, 'bytes=50000-299999');
  works = false;
  await assert.rejects(fetchBlob(client, BLOB, memory()), {
    reason: 'REGISTRY_UNREACHABLE',
    message: new RegExp(
      `^${client.registry} answers .* with 500 \\(tried 2 times\\); mirror ${mirror.host}: .*broke off`,
    ),
  });
});

test('a tag is asked of the registry; of a mirror only where that cannot be reached, with a warning', async (t) => {
  const mirror = await startService((_, answer) => answer.end(MANIFEST));
  t.after(() => mirror.stop());
  let status = 200;
  const { client, warnings } = await registry(t, (_, answer) => answer.writeHead(status).end(MANIFEST), {
    mirrors: [mirror.host],
  });
  const reference = { registry: client.registry, repository: 'os', tag: '1' };
  await fetchManifest(client, reference);
  status = 404;
  await assert.rejects(fetchManifest(client, reference), { reason: 'REGISTRY_NOT_FOUND' });
  assert.equal(mirror.received.length, 0);
  status = 503;
  const { digest } = await fetchManifest(client, reference);
  assert.equal(digest, digestOf(MANIFEST));
  assert.match(warnings.join(), /may be behind/);
});

test('everything ends with the signal', async (t) => {
  const abort = new AbortController();
  const { source, received } = await registry(
    t,
    (_, answer) => void answer.writeHead(503, { 'retry-after': '1' }).end(),
    {
      signal: abort.signal,
    },
  );
  const reading = source.readRange(0, 5);
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  abort.abort();
  await assert.rejects(reading, { reason: 'CANCELLED' });
});

test('something that is no registry, and plain http where TLS must be', async (t) => {
  const { client, host } = await registry(t, (_, answer) => answer.end());
  await assert.rejects(new BlobSource(client, BLOB).readRange(0, 5), { reason: 'REGISTRY_BAD_ANSWER' });
  assert.throws(() => new RegistryClient({ registry: host, mirrors: ['http://x'] }), {
    reason: 'BAD_ARGUMENT',
  });
  // By another name than one of this machine it would not be spoken to without TLS.
  const { connectionFailure } = await import('./refusals.ts');
  const failure = connectionFailure(
    Object.assign(new Error('wrong version number'), { code: 'EPROTO' }),
    'far',
  );
  assert.equal(failure.reason, 'REGISTRY_INSECURE');
});
