/** What sets two images apart: which blocks, what an upgrade from one to the other sends by each way, and which packages. */

import { bitOf } from '../../proto/image/block-index.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { type Manifest, parseManifest, rootOf } from '../../proto/image/manifest.ts';
import { encodeOp } from '../../proto/image/ops.ts';
import { FramesContent } from './content.ts';
import { BlockTable } from './delta/block-table.ts';
import { imageOps, type Way } from './delta/image-ops.ts';
import { Ext4, FileSystemUnreadable } from './filesystem/ext4.ts';
import { type PackageChange, packageChanges, packagesOf } from './filesystem/packages.ts';
import { type ImageSource, readIndex } from './source.ts';

/** What goes over the wire by a way, in bytes. */
export interface WayCost {
  readonly way: 'delta' | 'ready delta' | 'compare' | 'full';
  readonly bytes: number;
}

/** What sets two images apart. */
export interface Comparison {
  readonly before: Manifest;
  readonly after: Manifest;
  /** Blocks of the new root: all, those that are not all zeros, and of these those that the old root does not have. */
  readonly blocks: { readonly all: number; readonly filled: number; readonly fresh: number };
  readonly ways: readonly WayCost[];
  /** Undefined where the packages of one of them cannot be read, for the reason that `unread` has. */
  readonly packages?: readonly PackageChange[];
  readonly unread?: string;
}

/** Compares two images. @param progress told what is worked on, and how many bytes of the new image are done */
export async function compareImages(
  old: ImageSource,
  fresh: ImageSource,
  progress: (what: string, done: number, total: number) => void,
): Promise<Comparison> {
  const [before, after] = [parseManifest(old.manifestBytes), parseManifest(fresh.manifestBytes)];
  const [oldRoot, root] = [rootOf(before), rootOf(after)];
  const table = new BlockTable(await readIndex(fresh, root));
  const needed = neededBlocks(table, new BlockTable(await readIndex(old, oldRoot)));
  const total = after.images.reduce((sum, { size }) => sum + size, 0);
  const cost = async (name: WayCost['way'], way: Way, more = 0): Promise<WayCost> => {
    let bytes = more;
    for await (const op of imageOps(fresh, way)) {
      bytes += encodeOp(op).length;
      progress(`count ${name}`, op.offset + op.length, total);
    }
    return { way: name, bytes };
  };
  const ready = after.deltas.find(({ fromRootSha256 }) => fromRootSha256 === oldRoot.sha256);
  return {
    ...{ before, after },
    blocks: { all: table.index.blocks, filled: bits(table.index.filled), fresh: bits(needed) },
    ways: [
      await cost('delta', { kind: 'delta', old }),
      ...(ready ? [{ way: 'ready delta' as const, bytes: ready.size }] : []),
      // The index goes to the node, a bitmap comes back.
      await cost('compare', { kind: 'needed', needed }, root.index.size + needed.length),
      await cost('full', { kind: 'full' }),
    ],
    ...(await packagesBetween(old, fresh)),
  };
}

/** Which blocks of a new root an old one does not have: a bit a block, as a node answers. */
export function neededBlocks(table: BlockTable, old: BlockTable): Uint8Array {
  const needed = new Uint8Array(table.index.filled.length);
  for (let block = 0; block < table.index.blocks; block += 1)
    if (bitOf(table.index.filled, block) && old.find(table, block) < 0)
      needed[block >> 3] = (needed[block >> 3] ?? 0) | (1 << (block & 7));
  return needed;
}

async function packagesBetween(
  old: ImageSource,
  fresh: ImageSource,
): Promise<Pick<Comparison, 'packages' | 'unread'>> {
  try {
    const [before, after] = [await packagesIn(old), await packagesIn(fresh)];
    return before && after
      ? { packages: packageChanges(before, after) }
      : { unread: 'one of the roots has no packages of dpkg' };
  } catch (error) {
    if (error instanceof FileSystemUnreadable) return { unread: `a root image ${error.message}` };
    throw error;
  }
}

async function packagesIn(image: ImageSource): Promise<Map<string, string> | undefined> {
  return packagesOf(
    await Ext4.open(await FramesContent.open(image, rootOf(parseManifest(image.manifestBytes)))),
  );
}

function bits(bitmap: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bitmap.length * 8; at += 1) if (bitOf(bitmap, at)) count += 1;
  return count;
}

/** Bytes of so many blocks. */
export function bytesOfBlocks(blocks: number): number {
  return blocks * BLOCK_BYTES;
}
