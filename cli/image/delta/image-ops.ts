/**
 * The operations that bring an image to a node, by whichever way is the shortest: a delta from the image that the node runs, where
 * that is at hand; a ready delta; what the node says that it lacks; or all of it. Each can begin at any place.
 */

import { Failure } from '../../../proto/failure.ts';
import { type Manifest, parseManifest, type Role } from '../../../proto/image/manifest.ts';
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
  /** By a ready delta from a root of that size in bytes: one that the image carries, or that was made beforehand. */
  | { kind: 'ready'; delta: RangeSource; oldSize: number }
  /** What the node lacks: a bit a block of the root, least significant first. */
  | { kind: 'needed'; needed: Uint8Array }
  | { kind: 'full' };

/** The sizes of an image's parts, in bytes. */
export function sizesOf({ images }: Manifest): Partial<Record<Role, number>> {
  return Object.fromEntries(images.map(({ role, size }) => [role, size]));
}

/**
 * The operations, in order, with their data. Block indexes are held against the manifest's digests, and what is read against the
 * indexes; a ready delta has to be held against its digest before, and whether the manifest is trusted has to be asked before.
 * @param from a place that the node has everything before of
 * @param held parts that are left out
 * @throws Failure IMAGE_* and what the source throws
 */
export async function* imageOps(
  image: ImageSource,
  way: Way,
  from?: Place,
  held: ReadonlySet<string> = new Set(),
): AsyncGenerator<Op> {
  const { manifest, parts, tables } = await opened(image);
  if (way.kind === 'ready') {
    for await (const op of readyOps(manifest, way, parts, from)) if (!held.has(op.role)) yield op;
    return;
  }
  const begin = from === undefined ? {} : { from };
  const wanted = async () => (await tables()).filter(({ role }) => !held.has(role));
  if (way.kind === 'delta') {
    const old = await opened(way.old);
    const [content, table] = [
      old.parts.get('root'),
      (await old.tables()).find(({ role }) => role === 'root'),
    ];
    if (!content || !table) throw new Failure('IMAGE_MANIFEST_INVALID', `${way.old.name} has no root`);
    const plan = planOps({ parts: await wanted(), old: table.table, ...begin });
    yield* encodePlan(plan, { parts, old: content });
  } else {
    const needed = way.kind === 'needed' ? { needed: way.needed } : {};
    yield* encodePlan(planOps({ parts: await wanted(), ...needed, ...begin }), { parts });
  }
}

/** What is read of an image once, however many nodes it is sent to. */
interface Opened {
  readonly manifest: Manifest;
  readonly parts: ReadonlyMap<Role, RangeSource>;
  /** What finds the blocks of each part; read when it is first asked for. What is read of the parts is held against them. */
  tables(): Promise<{ role: Role; table: BlockTable }[]>;
}

const known = new WeakMap<ImageSource, Promise<Opened>>();

function opened(image: ImageSource): Promise<Opened> {
  const opening = known.get(image) ?? openParts(image);
  known.set(image, opening);
  // What failed may succeed when it is tried again.
  opening.catch(() => known.delete(image));
  return opening;
}

async function openParts(image: ImageSource): Promise<Opened> {
  const manifest = parseManifest(image.manifestBytes);
  const parts = new Map<Role, RangeSource>();
  const readers: (() => Promise<{ role: Role; table: BlockTable }>)[] = [];
  for (const part of manifest.images) {
    let reading: Promise<BlockTable> | undefined;
    const table = () => {
      reading ??= readIndex(image, part).then((index) => new BlockTable(index));
      reading.catch(() => {
        reading = undefined;
      });
      return reading;
    };
    readers.push(async () => ({ role: part.role, table: await table() }));
    parts.set(part.role, await FramesContent.open(image, part, table));
  }
  return { manifest, parts, tables: () => Promise.all(readers.map((read) => read())) };
}

async function* readyOps(
  manifest: Manifest,
  { delta, oldSize }: { delta: RangeSource; oldSize: number },
  parts: ReadonlyMap<Role, RangeSource>,
  from: Place | undefined,
): AsyncGenerator<Op> {
  const options = { sizes: sizesOf(manifest), oldSize, ...(from === undefined ? {} : { from }) };
  for await (const op of readReadyDelta(delta, options)) {
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
