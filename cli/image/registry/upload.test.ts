/** Uploads to a registry that keeps chunks as the specification says, and to ones that break off, forget, lie or ask for more. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { RegistryClient } from '../../../proto/registry/client.ts';
import { REGISTRY_LIMITS } from '../../../proto/registry/limits.ts';
import { digestOf } from '../../../proto/registry/manifests.ts';
import { type Received, startService } from '../../../test/support/http-service.ts';
import { uploadBlob } from './upload.ts';

const LIMITS = { ...REGISTRY_LIMITS, backoff: { firstMs: 1, longestMs: 2 }, answerMs: 2_000, attempts: 3 };
const BYTES = randomBytes(1_000_000);
const DIGEST = digestOf(BYTES);
const BLOB = { repository: 'os', digest: DIGEST, size: BYTES.length };

/** Decides an answer in the place of the registry; true where it did. */
type Meddle = (received: Received, answer: ServerResponse, kept: () => number) => boolean;

/** A registry that keeps one upload in memory and takes chunks in their order alone. */
async function registry(t: TestContext, meddle: Meddle = () => false) {
  let open: Buffer | undefined;
  let sessions = 0;
  const stored = new Map<string, Buffer>();
  const service = await startService((received, answer) => {
    const { method, url, headers, body } = received;
    const take = () => {
      open = Buffer.concat([open ?? Buffer.alloc(0), body]);
      return open.length;
    };
    if (meddle(received, answer, take)) return;
    const there = stored.get(url.split('/').at(-1) ?? '');
    const location = `/upload/${sessions}?state=${open?.length ?? 0}`;
    if (method === 'HEAD')
      answer.writeHead(there ? 200 : 404, there ? { 'content-length': there.length } : {}).end();
    else if (method === 'POST') {
      sessions++;
      open = Buffer.alloc(0);
      answer.writeHead(202, { location: `/upload/${sessions}?state=0`, range: '0-0' }).end();
    } else if (!url.startsWith(`/upload/${sessions}?`) || !open) answer.writeHead(404).end();
    else if (method === 'GET')
      answer.writeHead(204, { location, range: `0-${Math.max(0, open.length - 1)}` }).end();
    else if (method === 'PATCH') {
      if (headers['content-range'] !== `${open.length}-${open.length + body.length - 1}`)
        return void answer.writeHead(416).end();
      const length = take();
      answer
        .writeHead(202, { location: `/upload/${sessions}?state=${length}`, range: `0-${length - 1}` })
        .end();
    } else {
      take();
      const digest = new URL(url, 'http://x').searchParams.get('digest') ?? '';
      if (digestOf(open) !== digest)
        return void answer.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
      stored.set(digest, open);
      open = undefined;
      answer.writeHead(201).end();
    }
  });
  const client = new RegistryClient({ registry: service.host, limits: LIMITS });
  t.after(async () => {
    client.close();
    await service.stop();
  });
  const read: [offset: number, length: number][] = [];
  const source = {
    size: BYTES.length,
    readRange: async (offset: number, length: number) => {
      read.push([offset, length]);
      return BYTES.subarray(offset, offset + length);
    },
  };
  const upload = (chunkBytes?: number) =>
    uploadBlob(client, BLOB, source, chunkBytes === undefined ? {} : { chunkBytes });
  const methods = () => service.received.map(({ method }) => method).join(' ');
  return { ...service, stored, upload, methods, read };
}

test('in one piece, in chunks, and not at all where it is there', async (t) => {
  const one = await registry(t);
  assert.equal(await one.upload(), 'sent');
  assert.equal(one.methods(), 'HEAD POST PUT');
  assert.equal(await one.upload(), 'there');
  const many = await registry(t);
  assert.equal(await many.upload(300_000), 'sent');
  assert.equal(many.methods(), 'HEAD POST PATCH PATCH PATCH PATCH PUT');
  for (const { stored } of [one, many]) assert.deepEqual(stored.get(DIGEST), BYTES);
});

test('a chunk that breaks off: the upload goes on at the last one that is there', async (t) => {
  let breaks = 1;
  const { upload, methods, stored, read } = await registry(t, ({ method, headers }, answer) => {
    if (method !== 'PATCH' || !headers['content-range']?.startsWith('600000-') || breaks-- <= 0) return false;
    answer.destroy();
    return true;
  });
  assert.equal(await upload(300_000), 'sent');
  assert.equal(methods(), 'HEAD POST PATCH PATCH PATCH GET PATCH PATCH PUT');
  assert.deepEqual(
    read.map(([offset]) => offset),
    [0, 300_000, 600_000, 600_000, 900_000],
  );
  assert.deepEqual(stored.get(DIGEST), BYTES);
});

test('only the answer to a chunk is lost: it is not sent again', async (t) => {
  let breaks = 1;
  const { upload, read, stored } = await registry(t, ({ method, headers }, answer, take) => {
    if (method !== 'PATCH' || !headers['content-range']?.startsWith('300000-') || breaks-- <= 0) return false;
    take();
    answer.destroy();
    return true;
  });
  assert.equal(await upload(300_000), 'sent');
  assert.deepEqual(
    read.map(([offset]) => offset),
    [0, 300_000, 600_000, 900_000],
  );
  assert.deepEqual(stored.get(DIGEST), BYTES);
});

test('only the answer to the end is lost: the blob is found to be there', async (t) => {
  const { upload, methods } = await registry(t, ({ method }, answer) => {
    if (method !== 'PUT') return false;
    // What the registry would have done, it does now.
    return answer.destroy() && false;
  });
  assert.equal(await upload(500_000), 'there');
  assert.equal(methods(), 'HEAD POST PATCH PATCH PUT GET HEAD');
});

test('an upload that the registry forgets begins anew, and not for ever', async (t) => {
  let forgets: 'not yet' | 'now' | 'done' = 'not yet';
  const { upload, methods, stored } = await registry(t, ({ method, headers }, answer) => {
    const third = method === 'PATCH' && headers['content-range']?.startsWith('600000-');
    if (third && forgets === 'not yet') forgets = 'now';
    else if (method === 'GET' && forgets === 'now') forgets = 'done';
    else return false;
    answer.writeHead(404).end();
    return true;
  });
  assert.equal(await upload(300_000), 'sent');
  assert.deepEqual(stored.get(DIGEST), BYTES);
  assert.equal(
    methods()
      .split(' ')
      .filter((one) => one === 'PATCH').length,
    7,
  );
  const never = await registry(t, ({ method }, answer) => {
    if (method !== 'PATCH') return false;
    answer.writeHead(404).end();
    return true;
  });
  await assert.rejects(never.upload(300_000), {
    reason: 'REGISTRY_UNREACHABLE',
    message: /has lost the upload.*tried 3 times/,
  });
});

test('a registry that takes less of a chunk than was sent', async (t) => {
  const { upload, stored } = await registry(t, (received, answer, take) => {
    if (received.method !== 'PATCH' || !received.headers['content-range']?.startsWith('300000-599999'))
      return false;
    Object.assign(received, { body: received.body.subarray(0, 100_000) });
    const length = take();
    answer.writeHead(202, { location: `/upload/1?state=${length}`, range: `0-${length - 1}` }).end();
    return true;
  });
  assert.equal(await upload(300_000), 'sent');
  assert.deepEqual(stored.get(DIGEST), BYTES);
});

test('a registry that has more than was sent, or leads nowhere, or asks for too much', async (t) => {
  const wrong: [name: string, method: string, status: number, headers: Record<string, string>][] = [
    ['more than was sent', 'PATCH', 202, { location: '/upload/1?x', range: '0-999999' }],
    ['nothing of it', 'PATCH', 202, { location: '/upload/1?x', range: '0-0' }],
    ['no place to go on', 'PATCH', 202, {}],
    ['no place to begin', 'POST', 202, {}],
    ['a place that is none', 'POST', 202, { location: 'file:///etc/shadow' }],
    ['large chunks', 'POST', 202, { location: '/upload/1?x', 'oci-chunk-min-length': '9999999999' }],
    ['a blob of another size', 'HEAD', 200, { 'content-length': '3' }],
    ['a redirect', 'POST', 307, { location: '/elsewhere' }],
  ];
  for (const [name, method, status, headers] of wrong) {
    const { upload } = await registry(t, (received, answer) => {
      if (received.method !== method) return false;
      answer.writeHead(status, headers).end();
      return true;
    });
    await assert.rejects(upload(300_000), { reason: 'REGISTRY_BAD_ANSWER' }, name);
  }
});

test('larger chunks are sent where the registry wants them', async (t) => {
  const { upload, methods } = await registry(t, ({ method }, answer) => {
    if (method === 'POST') answer.setHeader('oci-chunk-min-length', '600000');
    return false;
  });
  await upload(300_000);
  assert.equal(methods(), 'HEAD POST PATCH PATCH PUT');
});

test('what a registry does not want is not sent again', async (t) => {
  const { upload, methods } = await registry(t, ({ method }, answer) => {
    if (method !== 'POST') return false;
    answer
      .writeHead(405)
      .end('{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}');
    return true;
  });
  await assert.rejects(upload(), {
    reason: 'REGISTRY_REFUSED',
    message: /405: UNSUPPORTED, The operation is unsupported\.$/,
  });
  assert.equal(methods(), 'HEAD POST');
});
