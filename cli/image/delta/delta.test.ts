/** Deltas: whichever way an image is sent, and wherever a transfer begins, what comes of it is the image. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BLOCK_BYTES } from '../../../proto/image/limits.ts';
import { rootOf } from '../../../proto/image/manifest.ts';
import { encodeOp, type Op, OpsDecoder } from '../../../proto/image/ops.ts';
import { neededBlocks } from '../compare.ts';
import { readIndex } from '../source.ts';
import { applyOp, buildSample, sampleKey, sampleParts, type Written, withImages } from '../testing-images.ts';
import { BlockTable } from './block-table.ts';
import { imageOps, sizesOf, type Way } from './image-ops.ts';
import type { Place } from './plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-delta-'));
after(() => rmSync(folder, { recursive: true }));

const old = sampleParts(1);
const fresh = sampleParts(4);
const paths = { old: '', fresh: '' };
before(async () => {
  const key = sampleKey();
  paths.old = (await buildSample(folder, 'old', old, { key })).path;
  await withImages([paths.old], async (deltaFrom) => {
    paths.fresh = (await buildSample(folder, 'fresh', fresh, { key, serial: 2, deltaFrom })).path;
  });
});

/** The operations of a way as they come over the wire, decoded as a node does. */
async function send(
  way: 'delta' | 'ready' | 'needed' | 'full',
  from?: Place,
): Promise<{ ops: Op[]; bytes: number }> {
  return withImages([paths.fresh, paths.old], async ([image, oldImage]) => {
    assert.ok(image && oldImage);
    const { manifest, manifestOfOld } = {
      manifest: JSON.parse(image.manifestBytes.toString()),
      manifestOfOld: JSON.parse(oldImage.manifestBytes.toString()),
    };
    const root = rootOf(manifest);
    const table = new BlockTable(await readIndex(image, root));
    const oldTable = new BlockTable(await readIndex(oldImage, rootOf(manifestOfOld)));
    const needed = neededBlocks(table, oldTable);
    const ways: Record<typeof way, Way> = {
      delta: { kind: 'delta', old: oldImage },
      ready: { kind: 'ready', delta: await image.blob(manifest.deltas[0]), oldSize: old.root.length },
      needed: { kind: 'needed', needed },
      full: { kind: 'full' },
    };
    const activeSize = way === 'full' || way === 'needed' ? 0 : old.root.length;
    const decoder = new OpsDecoder({
      sizes: sizesOf(manifest),
      activeSize,
      gaps: way === 'needed',
      ...(from ? { start: from } : {}),
    });
    const ops: Op[] = [];
    let bytes = 0;
    for await (const op of imageOps(image, ways[way], from)) {
      const encoded = encodeOp(op);
      bytes += encoded.length;
      ops.push(...decoder.push(encoded));
    }
    decoder.end();
    return { ops, bytes };
  });
}

function empty(): Written {
  return {
    root: Buffer.alloc(fresh.root.length, 0xee),
    kernel: Buffer.alloc(fresh.kernel.length),
    initrd: Buffer.alloc(fresh.initrd.length),
  };
}

function apply(ops: readonly Op[], written = empty()): Written {
  for (const op of ops) applyOp(op, written, old.root);
  return written;
}

for (const way of ['delta', 'ready', 'full'] as const)
  test(`sent as ${way}, the image is the image`, async () => {
    const { ops, bytes } = await send(way);
    assert.deepEqual(apply(ops), fresh);
    const kinds = new Set(ops.map(({ kind }) => kind));
    assert.ok(kinds.has('zero') && kinds.has('self') && kinds.has('data'));
    assert.equal(kinds.has('copy'), way !== 'full');
    // Kernel and initrd stand in the new root, and cost no data.
    assert.ok(ops.every(({ role, kind }) => role === 'root' || kind === 'self'));
    if (way !== 'full') assert.ok(bytes < (await send('needed')).bytes, 'a dictionary helps');
  });

test('what the node says that it lacks is enough, with what it has', async () => {
  const { ops, bytes } = await send('needed');
  const { bytes: whole } = await send('full');
  assert.ok(bytes < whole / 2);
  const written = empty();
  // The node fills in first what it has.
  const index = new Map<string, number>();
  for (let at = 0; at < old.root.length; at += BLOCK_BYTES)
    index.set(old.root.toString('latin1', at, at + BLOCK_BYTES), at);
  for (let at = 0; at < fresh.root.length; at += BLOCK_BYTES) {
    const there = index.get(fresh.root.toString('latin1', at, at + BLOCK_BYTES));
    if (there !== undefined) old.root.copy(written.root, at, there, there + BLOCK_BYTES);
  }
  assert.deepEqual(apply(ops, written), fresh);
});

for (const way of ['delta', 'ready', 'full'] as const)
  test(`sent as ${way}, it goes on from every place`, async () => {
    const places: Place[] = [
      ...[
        BLOCK_BYTES,
        33 * BLOCK_BYTES,
        300 * BLOCK_BYTES,
        fresh.root.length - BLOCK_BYTES,
        fresh.root.length,
      ].map((offset) => ({ role: 'root' as const, offset })),
      { role: 'kernel', offset: 0 },
      { role: 'kernel', offset: 3 * BLOCK_BYTES },
      { role: 'initrd', offset: 9 * BLOCK_BYTES },
      { role: 'initrd', offset: fresh.initrd.length },
    ];
    for (const place of places) {
      const written = empty();
      fresh.root.copy(written.root, 0, 0, place.role === 'root' ? place.offset : fresh.root.length);
      if (place.role !== 'root')
        fresh.kernel.copy(written.kernel, 0, 0, place.role === 'kernel' ? place.offset : fresh.kernel.length);
      if (place.role === 'initrd') fresh.initrd.copy(written.initrd, 0, 0, place.offset);
      const { ops } = await send(way, place);
      assert.deepEqual(apply(ops, written), fresh, `${way} from ${place.role} ${place.offset}`);
    }
  });

test('what was sent before does not change what is sent again', async () => {
  const all = await send('delta');
  const at = all.ops.findIndex(({ kind, offset }) => kind === 'data' && offset > 100 * BLOCK_BYTES);
  const { role, offset } = all.ops[at] as Op;
  assert.deepEqual((await send('delta', { role, offset })).ops, all.ops.slice(at));
});

test('parts that a node has itself are left out, whichever way it is sent', async () => {
  await withImages([paths.fresh, paths.old], async ([image, oldImage]) => {
    assert.ok(image && oldImage);
    const [delta] = JSON.parse(image.manifestBytes.toString()).deltas;
    const ways: Way[] = [
      { kind: 'delta', old: oldImage },
      { kind: 'ready', delta: await image.blob(delta), oldSize: old.root.length },
      { kind: 'full' },
    ];
    for (const way of ways) {
      const roles = new Set<string>();
      for await (const { role } of imageOps(image, way, undefined, new Set(['kernel']))) roles.add(role);
      assert.deepEqual([...roles], ['root', 'initrd'], way.kind);
    }
  });
});
