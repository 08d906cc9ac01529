/** What an image is sent from may be damaged: whichever way it is sent, no wrong byte leaves this machine, and the image is named. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { UpgradePlan__Output as Plan } from '../../proto/gen/types/nodectl/v1/UpgradePlan.ts';
import { type Manifest, parseManifest, ROLES, rootOf } from '../../proto/image/manifest.ts';
import { readTarIndex } from '../image/layout/tar-index.ts';
import { openImageFile } from '../image/open.ts';
import {
  applyOp,
  buildSample,
  memoryContent,
  sampleKey,
  sampleParts,
  type Written,
  withImages,
} from '../image/testing-images.ts';
import { ImageOperations, type OpenImage } from './operations.ts';
import type { Place } from './send-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-damaged-'));
after(() => rmSync(folder, { recursive: true }));

const old = sampleParts(1, 300);
const fresh = sampleParts(4, 300);
const paths = { old: '', fresh: '', ready: '' };
before(async () => {
  const key = sampleKey();
  paths.old = (await buildSample(folder, 'old', old, { key })).path;
  paths.fresh = (await buildSample(folder, 'fresh', fresh, { key, serial: 2 })).path;
  await withImages([paths.old], async (deltaFrom) => {
    paths.ready = (await buildSample(folder, 'ready', fresh, { key, serial: 2, deltaFrom })).path;
  });
});

const BEGINNING: Place = { role: 'root', offset: 0 };

async function opened(path: string): Promise<OpenImage> {
  const source = await openImageFile(path);
  return { source, manifest: parseManifest(source.manifestBytes) };
}

/** What a node has when it was sent an image that stands in a file, from another where one is named. */
async function sent(image: string, base: string | undefined, runs: Manifest): Promise<Written> {
  const images = [await opened(image), ...(base === undefined ? [] : [await opened(base)])];
  const [first, ...bases] = images as [OpenImage, ...OpenImage[]];
  const root = rootOf(runs);
  const plan = { activeRootSha256: root.sha256, activeRootSize: root.size } as Plan;
  const operations = new ImageOperations(first, bases, [plan]);
  const written = {
    root: Buffer.alloc(fresh.root.length, 0xee),
    kernel: Buffer.alloc(fresh.kernel.length),
    initrd: Buffer.alloc(fresh.initrd.length),
  };
  try {
    const { index, from } = await operations.for(plan);
    const all = index && Buffer.alloc(Math.ceil(index.blocks / 8), 0xff);
    for await (const op of from(BEGINNING, new Set(), all)) applyOp(op, written, old.root);
    return written;
  } finally {
    await operations.close();
    for (const { source } of images) await source.close();
  }
}

function isFresh(written: Written): boolean {
  return ROLES.every((role) => written[role].equals(fresh[role]));
}

/** An archive with one bit changed within its blobs, some bytes behind the beginning of the largest of them. */
async function flipped(path: string, blobs: readonly string[], flip: number): Promise<string> {
  const bytes = readFileSync(path);
  const index = await readTarIndex(memoryContent(bytes));
  const digest = blobs[flip % blobs.length]?.slice('sha256:'.length);
  const place = index.get(`blobs/sha256/${digest}`);
  assert.ok(place);
  const at = place.offset + ((flip * 104_729) % place.size);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8));
  const damaged = join(folder, `flipped-${flip}.oci.tar`);
  writeFileSync(damaged, bytes);
  return damaged;
}

/** Flips bits one after the other, and gives how many were refused. What was not makes the image. */
async function refusals(path: string, send: (damaged: string) => Promise<Written>): Promise<number> {
  const { source, manifest } = await opened(path);
  await source.close();
  const blobs = [
    ...manifest.images.flatMap(({ frames, index }) => [frames.digest, index.digest]),
    ...manifest.deltas.map(({ digest }) => digest),
  ];
  let refused = 0;
  for (let flip = 1; flip <= 40; flip += 1) {
    const damaged = await flipped(path, blobs, flip);
    try {
      // Where a bit is not read, or changes nothing of what a frame holds, what is sent is the image.
      assert.ok(isFresh(await send(damaged)), `flip ${flip}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assert.match(error.reason, /^IMAGE_/);
      assert.ok(error.message.includes(damaged), error.message);
      assert.match(error.hint, /anew/);
      refused += 1;
    }
    rmSync(damaged);
  }
  return refused;
}

test('a bit that flips in an image is found before it is sent', async () => {
  const { source, manifest } = await opened(paths.old);
  await source.close();
  const compare = { ...manifest, images: [] as unknown[], deltas: [] } as unknown as Manifest;
  compare.images.push({ ...rootOf(manifest), sha256: '00' });
  assert.ok(isFresh(await sent(paths.fresh, undefined, compare)));
  assert.ok((await refusals(paths.fresh, (path) => sent(path, undefined, compare))) > 20, 'compared');
  assert.ok(isFresh(await sent(paths.fresh, paths.old, manifest)));
  assert.ok((await refusals(paths.fresh, (path) => sent(path, paths.old, manifest))) > 3, 'a delta');
  assert.ok((await refusals(paths.old, (path) => sent(paths.fresh, path, manifest))) > 3, 'its base');
  assert.ok(isFresh(await sent(paths.ready, undefined, manifest)));
  assert.ok((await refusals(paths.ready, (path) => sent(path, undefined, manifest))) > 4, 'a ready delta');
});
