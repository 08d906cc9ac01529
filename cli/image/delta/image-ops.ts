/**
 * The operations that bring an image to a node, by whichever way is the shortest: a delta from the image that the node runs, where
 * that is at hand; a ready delta; what the node says that it lacks; or all of it. Each can begin at any place.
 */

import { Failure } from '../../../proto/failure.ts';
import { type Manifest, parseManifest, type Role, rootOf } from '../../../proto/image/manifest.ts';
import type { Op } from '../../../proto/image/ops.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { FramesContent } from '../content.ts';
import { type ImageSource, readIndex } from '../source.ts';
import { BlockTable } from './block-table.ts';
import { encodePlan } from './encode.ts';
import { type Place, type PlannedOp, planOps } from './plan.ts';
import { readReadyDelta } from './ready-delta.ts';

/** How an image is sent. */
export type Way =
  /** From the image that the node runs. */
  | { kind: 'delta'; old: ImageSource }
  /** By the delta that the image carries from the root of that digest, of that size in bytes. */
  | { kind: 'ready'; fromRootSha256: string; oldSize: number }
  /** What the node lacks: a bit a block of the root, least significant first. */
  | { kind: 'needed'; needed: Uint8Array }
  | { kind: 'full' };

/** The sizes of an image's parts, in bytes. */
export function sizesOf({ images }: Manifest): Partial<Record<Role, number>> {
  return Object.fromEntries(images.map(({ role, size }) => [role, size]));
}

/**
 * The operations, in order, with their data. Block indexes are held against the manifest's digests, so is what comes of the
 * operations in the end; whether the manifest is trusted has to be asked before.
 * @param from a place that the node has everything before of
 * @throws Failure IMAGE_* and what the source throws
 */
export async function* imageOps(image: ImageSource, way: Way, from?: Place): AsyncGenerator<Op> {
  const manifest = parseManifest(image.manifestBytes);
  const parts = new Map<Role, RangeSource>();
  for (const part of manifest.images) parts.set(part.role, await FramesContent.open(image, part));
  if (way.kind === 'ready') {
    yield* readyOps(image, manifest, way, parts, from);
    return;
  }
  const tables: { role: Role; table: BlockTable }[] = [];
  for (const part of manifest.images)
    tables.push({ role: part.role, table: new BlockTable(await readIndex(image, part)) });
  const begin = from === undefined ? {} : { from };
  if (way.kind === 'delta') {
    const oldRoot = rootOf(parseManifest(way.old.manifestBytes));
    const table = new BlockTable(await readIndex(way.old, oldRoot));
    const old = await FramesContent.open(way.old, oldRoot);
    yield* encodePlan(planOps({ parts: tables, old: table, ...begin }), { parts, old });
  } else {
    const needed = way.kind === 'needed' ? { needed: way.needed } : {};
    yield* encodePlan(planOps({ parts: tables, ...needed, ...begin }), { parts });
  }
}

async function* readyOps(
  image: ImageSource,
  manifest: Manifest,
  { fromRootSha256, oldSize }: { fromRootSha256: string; oldSize: number },
  parts: ReadonlyMap<Role, RangeSource>,
  from: Place | undefined,
): AsyncGenerator<Op> {
  const delta = manifest.deltas.find((one) => one.fromRootSha256 === fromRootSha256);
  if (!delta) throw new Failure('INTERNAL', `${image.name} has no delta from ${fromRootSha256}`);
  const options = { sizes: sizesOf(manifest), oldSize, ...(from === undefined ? {} : { from }) };
  for await (const op of readReadyDelta(await image.blob(delta), options)) {
    if (from && op.role === from.role && op.offset < from.offset)
      yield* encodePlan(cut(op, from.offset), { parts });
    else yield op;
  }
}

/** What of an operation lies behind an offset. Data is compressed anew, without the dictionary, which is only on the node. */
function cut(op: Op, offset: number): PlannedOp[] {
  const skip = offset - op.offset;
  const target = { role: op.role, offset, length: op.length - skip };
  if (op.kind === 'zero') return [{ kind: op.kind, ...target }];
  if (op.kind === 'data') return [{ kind: op.kind, ...target, predicted: undefined }];
  return [{ kind: op.kind, ...target, source: op.source + skip }];
}
