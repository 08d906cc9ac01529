/** Layouts that are damaged, cut short or made to do harm. What is whole is read in docker-registry.test.ts. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOf, parseManifest } from '../../../proto/registry/manifests.ts';
import { makeImage } from '../../../test/support/image-layout.ts';
import { tarEnd, tarEntry } from '../../bundle/tar.ts';
import { Layout } from './read.ts';
import { layoutWriter } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-layout-'));
after(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

/** Opens a layout, reads its manifest and all blobs, and closes it. */
async function readAll(path: string, name?: string): Promise<void> {
  const layout = await Layout.open(path);
  try {
    const { blobs } = await layout.manifest(name);
    for (const blob of blobs) await (await layout.blob(blob)).readRange(0, blob.size);
  } finally {
    await layout.close();
  }
}

/** Writes an image as a folder and as an archive by a writer. */
async function written(path: string, image: ReturnType<typeof makeImage>, name: string): Promise<void> {
  const writer = await layoutWriter(path, false);
  const manifest = parseManifest(image.manifest, 'test');
  for (const blob of manifest.blobs)
    await writer.blob(blob, (sink) => sink.write(image.blobs.get(blob.digest) ?? Buffer.alloc(0), 0));
  await writer.finish(manifest, name);
}

const image = makeImage(at('image'), [100_000, 0, 513]);

test('an archive that is cut anywhere, or has a flipped bit in its heads, is refused', async () => {
  await written(at('whole.tar'), image, '1');
  await readAll(at('whole.tar'));
  const whole = readFileSync(at('whole.tar'));
  for (let length = 0; length < whole.length - 1024; length += 997) {
    writeFileSync(at('cut.tar'), whole.subarray(0, length));
    await assert.rejects(readAll(at('cut.tar')), { reason: 'IMAGE_LAYOUT_INVALID' }, String(length));
  }
  // The first head, every bit of its fields that are used.
  for (let byte = 0; byte < 512; byte++) {
    // The blank behind the checksum says nothing.
    if (byte === 155) continue;
    const flipped = Buffer.from(whole);
    flipped[byte] = (flipped[byte] ?? 0) ^ 1;
    writeFileSync(at('flipped.tar'), flipped);
    await assert.rejects(readAll(at('flipped.tar')), { reason: 'IMAGE_LAYOUT_INVALID' }, String(byte));
  }
});

test('archives made to do harm', async () => {
  const entry = (path: string, bytes = Buffer.alloc(0)) => tarEntry({ path, bytes, modifiedMs: 0 });
  const many = Array.from({ length: 10_001 }, (_, count) => entry(`f${count}`)).flat();
  const cases: [name: string, parts: Buffer[], message: RegExp][] = [
    ['twice', [...entry('index.json'), ...entry('./index.json'), tarEnd()], /is in it twice/],
    ['many', [...many, tarEnd()], /more than 10000 entries/],
    ['a long name', [...entry('x'.repeat(70_000)), tarEnd()], /too long/],
    ['no end', entry('a'), /the end of the archive is missing/],
    ['text', [Buffer.alloc(10_240, 'x')], /no entry of tar at byte 0/],
    ['nothing in it', [tarEnd()], /index\.json is missing/],
    ['no index', [...entry('index.json', Buffer.from('[]')), tarEnd()], /names no image/],
    ['null', [...entry('index.json', Buffer.from('null')), tarEnd()], /names no image/],
    ['a large index', [...entry('index.json', Buffer.alloc(5_000_000)), tarEnd()], /has 5000000 bytes/],
  ];
  for (const [name, parts, message] of cases) {
    writeFileSync(at('bad.tar'), Buffer.concat(parts));
    await assert.rejects(readAll(at('bad.tar')), { reason: 'IMAGE_LAYOUT_INVALID', message }, name);
  }
});

test('archives of other programs: sizes in binary, long names', { skip: hasTar() }, async () => {
  mkdirSync(at('long', 'x'.repeat(150)), { recursive: true });
  writeFileSync(at('long', 'x'.repeat(150), 'y'.repeat(120)), 'content');
  for (const format of ['gnu', 'pax', 'ustar']) {
    const args = ['--format', format, '-cf', at(`${format}.tar`), '-C', image.folder, '.'];
    execFileSync('tar', format === 'ustar' ? args : [...args, '-C', at('long'), '.']);
    await readAll(at(`${format}.tar`));
  }
});

function hasTar(): string | false {
  try {
    execFileSync('tar', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'tar is not installed';
  }
}

test('an index that points where it must not, and manifests that are not what they are called', async () => {
  const manifest = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: image.digest,
    size: image.manifest.length,
  };
  const index = (one: object) =>
    writeFileSync(join(image.folder, 'index.json'), JSON.stringify({ manifests: [one] }));
  const before = readFileSync(join(image.folder, 'index.json'));
  for (const one of [
    { ...manifest, digest: 'sha256:../../../etc/passwd' },
    { ...manifest, digest: `sha256:${'0'.repeat(64)}` },
    { ...manifest, size: 1 },
    { ...manifest, digest: digestOf(Buffer.from('{}')), size: 2 },
    { ...manifest, mediaType: 'text/plain' },
  ]) {
    index(one);
    await assert.rejects(readAll(image.folder), ({ reason }) =>
      /^(IMAGE_LAYOUT_INVALID|REGISTRY_BAD_ANSWER)$/.test(reason),
    );
  }
  writeFileSync(join(image.folder, 'index.json'), before);
  await readAll(image.folder);
});

test('what is no layout at all', async () => {
  for (const path of [at('none'), '/dev/zero', at('fifo')]) {
    if (path === at('fifo')) execFileSync('mkfifo', [path]);
    await assert.rejects(
      readAll(path),
      ({ reason }) => /^(BAD_ARGUMENT|IMAGE_LAYOUT_INVALID)$/.test(reason),
      path,
    );
  }
});

test('a folder keeps several images, and one is named', async () => {
  const other = makeImage(at('other'), [77]);
  await written(at('both'), image, '1');
  await written(at('both'), other, '2');
  await readAll(at('both'), '2');
  await assert.rejects(readAll(at('both')), { reason: 'IMAGE_LAYOUT_INVALID', message: /holds 2 images/ });
  await assert.rejects(readAll(at('both'), '3'), {
    reason: 'IMAGE_LAYOUT_INVALID',
    message: /holds no image "3"/,
  });
  // A name that moves to another image.
  await written(at('both'), image, '2');
  await readAll(at('both'));
});

test('what cannot be written is said, and leaves nothing', async () => {
  writeFileSync(at('file'), 'mine');
  mkdirSync(at('full'));
  writeFileSync(at('full', 'mine'), '');
  for (const path of [at('file'), at('full'), at('file', 'x.tar'), at('whole.tar')])
    await assert.rejects(layoutWriter(path, false), { reason: 'BAD_ARGUMENT' }, path);
  const before = readdirSync(folder);
  for (const path of [at('broken.tar'), at('broken')]) {
    const writer = await layoutWriter(path, false);
    const [blob] = parseManifest(image.manifest, 'test').blobs;
    assert.ok(blob);
    await assert.rejects(
      writer.blob(blob, () => Promise.reject(new Error('broken off'))),
      /broken off/,
    );
    await writer.abandon();
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => !before.includes(name)),
    ['broken'],
  );
  assert.deepEqual(readdirSync(at('broken', 'blobs', 'sha256')), []);
  await written(at('broken'), image, '1');
});
