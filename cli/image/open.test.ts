/** Images are read from wherever they are: an archive, a folder, a web server. What is damaged or something else is told. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { readKeyring } from '../../proto/image/keyring.ts';
import { manifestSha256, parseManifest, partOf, rootOf } from '../../proto/image/manifest.ts';
import type { Session } from '../session.ts';
import { imageOfArtifact } from './artifact.ts';
import { FramesContent } from './content.ts';
import { Layout } from './layout/read.ts';
import { openImage } from './open.ts';
import { type ImageSource, readBlob, readIndex } from './source.ts';
import { buildSample, sampleKey, sampleParts } from './testing-images.ts';
import { verifyImage } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-open-'));
const parts = sampleParts(1);
const key = sampleKey();
let path = '';
const session = { options: {}, env: {}, signal: new AbortController().signal } as unknown as Session;
before(async () => {
  path = (await buildSample(folder, 'image', parts, { key })).path;
  mkdirSync(join(folder, 'unpacked'));
  execFileSync('tar', ['-xf', path, '-C', join(folder, 'unpacked')]);
});
after(() => rmSync(folder, { recursive: true }));

/** Reads all of an image through its ranges. */
async function readAll(image: ImageSource): Promise<void> {
  const manifest = parseManifest(image.manifestBytes);
  for (const role of ['root', 'kernel', 'initrd'] as const) {
    const part = partOf(manifest, role);
    assert.ok(part);
    const content = await FramesContent.open(image, part);
    assert.deepEqual(await content.readRange(0, part.size), parts[role]);
    assert.deepEqual(await content.readRange(5_000, 10_000), parts[role].subarray(5_000, 15_000));
    assert.equal((await readIndex(image, part)).size, part.size);
  }
}

interface WebOptions {
  ranges?: boolean;
  change?: (bytes: Buffer) => Buffer;
}

/** Serves the folder over HTTP while something is done with it; gives how often it was asked. */
async function served(
  use: (origin: string) => Promise<void>,
  { ranges = true, change = (bytes) => bytes }: WebOptions = {},
): Promise<number> {
  let count = 0;
  const server: Server = createServer((request, response) => {
    count += 1;
    const file = resolve(folder, `.${new URL(request.url ?? '/', 'http://x').pathname}`);
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch {
      response.writeHead(404).end();
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (request.method === 'HEAD') response.writeHead(200, { 'content-length': bytes.length }).end();
    else if (first === undefined || !ranges) response.writeHead(200).end(bytes);
    else {
      const piece = change(bytes.subarray(Number(first), Number(last) + 1));
      response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${bytes.length}` }).end(piece);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  return count;
}

async function opened(
  reference: string,
  use: (image: ImageSource) => Promise<void> = readAll,
): Promise<void> {
  const image = await openImage(reference, session);
  try {
    await use(image);
  } finally {
    await image.close();
  }
}

test('an archive and a folder are read', async () => {
  await opened(path);
  await opened(join(folder, 'unpacked'));
});

test('an archive and a folder are read from a web server, in a few requests', async () => {
  assert.ok((await served((origin) => opened(`${origin}/image.oci.tar`))) < 40);
  await served((origin) => opened(`${origin}/unpacked`));
});

test('a web server that does not know ranges, or not the file, is told', async () => {
  await served(
    (origin) => assert.rejects(opened(`${origin}/image.oci.tar`), { reason: 'IMAGE_UNREADABLE' }),
    { ranges: false },
  );
  await served((origin) => assert.rejects(opened(`${origin}/none.tar`), { reason: 'IMAGE_UNREADABLE' }));
  await served((origin) => assert.rejects(opened(`${origin}/none/`), { reason: 'IMAGE_LAYOUT_INVALID' }));
  await assert.rejects(opened('https://'), { reason: 'BAD_ARGUMENT' });
});

test('a web server that sends other bytes is found out', async () => {
  const change = (bytes: Buffer) => Buffer.from(bytes).fill(0x5a, Math.max(0, bytes.length - 40));
  await served((origin) => assert.rejects(opened(`${origin}/unpacked/`), { name: 'Failure' }), { change });
});

test('a web server leads elsewhere, asks to wait, or has a page in the place of the file', async () => {
  const asked: (string | undefined)[] = [];
  let busy = 2;
  await served(async (origin) => {
    const other = createServer((request, response) => {
      asked.push(request.url);
      if (request.url === '/page.tar')
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': 5 }).end();
      else if (request.url === '/round.tar') response.writeHead(302, { location: '/round.tar' }).end();
      else if (request.url === '/late.tar') response.writeHead(429, { 'retry-after': '9999' }).end();
      else if (busy-- > 0) response.writeHead(busy === 1 ? 503 : 429, { 'retry-after': '0' }).end();
      else response.writeHead(307, { location: `${origin}/image.oci.tar` }).end();
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const at = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      await opened(`${at}/any.tar`);
      const unreadable = (message: RegExp) => ({ reason: 'IMAGE_UNREADABLE', message });
      await assert.rejects(opened(`${at}/page.tar`), unreadable(/answers with a web page/));
      await assert.rejects(opened(`${at}/round.tar`), unreadable(/redirects more than 5 times/));
      // Nobody waits for hours without having been told.
      await assert.rejects(opened(`${at}/late.tar`), { reason: 'REGISTRY_BUSY' });
      assert.equal(asked.filter((one) => one === '/late.tar').length, 1);
    } finally {
      other.closeAllConnections();
      await new Promise((done) => other.close(done));
    }
  });
});

const skopeo = spawnSync('skopeo', ['--version']).status === 0;
test('skopeo carries an image to a folder', { skip: !skopeo && 'skopeo is not installed' }, async () => {
  const to = join(folder, 'copied');
  execFileSync('skopeo', ['--insecure-policy', 'copy', '--quiet', `oci-archive:${path}`, `oci:${to}:one`]);
  await opened(to);
});

test('what is no image is told', async () => {
  writeFileSync(join(folder, 'other.tar'), 'something else'.repeat(1_000));
  await assert.rejects(opened(join(folder, 'other.tar')), { reason: 'IMAGE_LAYOUT_INVALID' });
  await assert.rejects(opened(join(folder, 'nothing.tar')), { reason: 'BAD_ARGUMENT' });
  writeFileSync(join(folder, 'cut.tar'), readFileSync(path).subarray(0, 100_000));
  await assert.rejects(opened(join(folder, 'cut.tar')), { reason: 'IMAGE_LAYOUT_INVALID' });
  const layout = await Layout.open(path);
  const stored = await layout.manifest();
  const blobs = { name: 'made up', open: layout.blob.bind(layout), close: () => layout.close() };
  await assert.rejects(imageOfArtifact({ ...blobs, stored: { ...stored, artifactType: 'text/plain' } }), {
    reason: 'IMAGE_LAYOUT_INVALID',
  });
  await assert.rejects(imageOfArtifact({ ...blobs, stored: { ...stored, blobs: [] } }), {
    reason: 'IMAGE_LAYOUT_INVALID',
  });
  await layout.close();
});

test('a blob of another size or other bytes is refused', async () => {
  await opened(path, async (image) => {
    const { index } = rootOf(parseManifest(image.manifestBytes));
    await assert.rejects(image.blob({ ...index, size: index.size - 16 }), { reason: 'IMAGE_TRUNCATED' });
    await assert.rejects(image.blob({ ...index, digest: `sha256:${'0'.repeat(64)}` }), {
      reason: 'IMAGE_LAYOUT_INVALID',
    });
    await assert.rejects(readBlob(image, { ...index, size: 2 ** 40 }), { reason: 'IMAGE_MANIFEST_INVALID' });
  });
  const bytes = readFileSync(path);
  const at = bytes.indexOf('NDINDEX1') + 100;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(join(folder, 'flipped.oci.tar'), bytes);
  await assert.rejects(opened(join(folder, 'flipped.oci.tar')), { reason: 'IMAGE_DIGEST_MISMATCH' });
});

test('the same inputs give the same bytes', async () => {
  const key = sampleKey();
  const one = await buildSample(folder, 'one', parts, { key });
  const two = await buildSample(folder, 'two', parts, { key });
  assert.deepEqual(readFileSync(one.path), readFileSync(two.path));
  assert.equal(one.digest, two.digest);
  assert.equal(one.manifestSha256.length, 64);
});

test('parts that are equal are kept once', async () => {
  const same = { ...parts, initrd: parts.kernel };
  const { path: archive } = await buildSample(folder, 'same', same, { key: sampleKey() });
  assert.doesNotMatch(
    execFileSync('tar', ['-tf', archive]).toString(),
    /(blobs\/sha256\/[0-9a-f]+)\n(?:.*\n)*\1/,
  );
  await opened(archive, async (image) => {
    const manifest = parseManifest(image.manifestBytes);
    assert.equal(partOf(manifest, 'initrd')?.sha256, partOf(manifest, 'kernel')?.sha256);
  });
});

test('a bit that flips in any file of a folder, and a file that is cut or missing, is found out by verifying', async () => {
  const at = join(folder, 'damaged');
  const small = await buildSample(folder, 'small', sampleParts(1, 30), { key });
  mkdirSync(at);
  execFileSync('tar', ['-xf', small.path, '-C', at]);
  const text = createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
  const keyring = readKeyring([{ name: 'test.pem', text }]);
  const digest = await verified();
  async function verified(): Promise<string> {
    const image = await openImage(at, session);
    try {
      await verifyImage(image, { keyring, threshold: 1, found: () => undefined });
      return manifestSha256(image.manifestBytes);
    } finally {
      await image.close();
    }
  }
  const files = readdirSync(at, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
  assert.ok(files.length > 8, files.join());
  const refused: string[] = [];
  const damaged = async (file: string, bytes: Buffer | undefined, what: string) => {
    const whole = readFileSync(file);
    if (bytes) writeFileSync(file, bytes);
    else rmSync(file);
    try {
      // Names and white space of the layout's own files are not signed: what comes of them is the image that is, or none.
      assert.equal(await verified(), digest);
      assert.match(file, /index\.json|oci-layout|blobs/, what);
      return 'same';
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assert.match(error.reason, /^IMAGE_|^BAD_ARGUMENT$/, `${what}: ${error.message}`);
      refused.push(error.reason);
      return error.reason;
    } finally {
      writeFileSync(file, whole);
    }
  };
  for (const file of files) {
    const whole = readFileSync(file);
    // The empty config of OCI 1.1 says nothing, and nobody reads it.
    const blob = /blobs/.test(file) && whole.toString() !== '{}';
    for (const share of [0, 0.13, 0.37, 0.5, 0.71, 0.99]) {
      const flipped = Buffer.from(whole);
      const byte = Math.min(whole.length - 1, Math.floor(whole.length * share));
      flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (byte % 8));
      const what = `${file} byte ${byte} of ${whole.length}`;
      const came = await damaged(file, flipped, what);
      if (blob) assert.notEqual(came, 'same', what);
    }
    if (blob)
      for (const bytes of [
        whole.subarray(0, whole.length - 1),
        Buffer.concat([whole, Buffer.alloc(1)]),
        undefined,
      ])
        assert.notEqual(await damaged(file, bytes, `${file} ${bytes?.length ?? 'gone'}`), 'same', file);
  }
  assert.deepEqual([...new Set(refused)].sort(), ['IMAGE_DIGEST_MISMATCH', 'IMAGE_LAYOUT_INVALID']);
  assert.equal(await verified(), digest);
});
