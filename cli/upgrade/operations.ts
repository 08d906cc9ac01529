/**
 * Which operations bring an image to a node, by what it runs: a delta that the image brings along, one that is made from an image
 * at hand, or the blocks that the node says it lacks, which it can say whatever it runs.
 */

import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { UpgradePlan__Output as Plan } from '../../proto/gen/types/nodectl/v1/UpgradePlan.ts';
import { encodeIndex } from '../../proto/image/block-index.ts';
import { type BlobName, type Manifest, rootOf } from '../../proto/image/manifest.ts';
import { encodeOp, type Op } from '../../proto/image/ops.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import { FileContent, FramesContent } from '../image/content.ts';
import { imageOps, type Way } from '../image/delta/image-ops.ts';
import { writeReadyDelta } from '../image/delta/ready-delta.ts';
import { deltaSizeNote } from '../image/filesystem/delta-size.ts';
import { type ImageSource, readIndex, verifiedBlob } from '../image/source.ts';
import { ahead } from './ahead.ts';
import type { Operations, Place } from './send-image.ts';

/** An image that is open, and what its manifest says. */
export interface OpenImage {
  readonly source: ImageSource;
  readonly manifest: Manifest;
}

/** How an image is brought to a node, in a word. */
export type WayName = 'ready' | 'delta' | 'compare';

/** Makes operations for many nodes out of one image; what they have in common is read and made once. `close` in the end. */
export class ImageOperations {
  readonly #image: OpenImage;
  readonly #bases: readonly OpenImage[];
  readonly #plans: readonly Plan[];
  readonly #made = new Map<OpenImage, Promise<FileContent>>();
  readonly #deltas = new Map<string, Promise<RangeSource>>();
  readonly #counted = new Map<OpenImage, Promise<number>>();
  #note: Promise<string | undefined> | undefined;

  /** @param bases images at hand that nodes may run; `plans` are of all nodes that it may be sent to */
  constructor(image: OpenImage, bases: readonly OpenImage[], plans: readonly Plan[]) {
    this.#image = image;
    this.#bases = bases;
    this.#plans = plans;
  }

  /** The best way to a node. */
  wayTo(plan: Plan): WayName {
    if (this.#readyFor(plan)) return 'ready';
    return this.#baseOf(plan) ? 'delta' : 'compare';
  }

  /** The operations for a node. Throws a Failure where the image cannot be read. */
  async for(plan: Plan): Promise<Operations> {
    const { source, manifest } = this.#image;
    const ready = this.#readyFor(plan);
    if (ready) return this.#ready(await this.#verified(ready), plan);
    const base = this.#baseOf(plan);
    if (base) {
      const several = this.#plans.filter((one) => this.#baseOf(one) === base).length > 1;
      // Made once for all; for one node alone it is sent while it is made.
      return several
        ? this.#ready(await this.#deltaFrom(base), plan)
        : { from: (place, held) => this.#encoded({ kind: 'delta', old: base.source }, place, held) };
    }
    const index = await readIndex(source, rootOf(manifest));
    return {
      index: { bytes: encodeIndex(index), blocks: index.blocks },
      from: (place, held, needed) =>
        this.#encoded(needed ? { kind: 'needed', needed } : { kind: 'full' }, place, held),
    };
  }

  /**
   * How many bytes of operations a node would be sent. For a delta that is still to be made it is found by making it, where
   * `thorough`, else not at all; where the node compares, it is less than the whole.
   */
  async toSend(plan: Plan, thorough: boolean): Promise<{ bytes: number; exact: boolean } | undefined> {
    const ready = this.#readyFor(plan);
    if (ready) return { bytes: ready.size, exact: true };
    const base = this.#baseOf(plan);
    if (!base) {
      const { images } = this.#image.manifest;
      return { bytes: images.reduce((sum, { frames }) => sum + frames.size, 0), exact: false };
    }
    if (!thorough) return undefined;
    const counted = this.#counted.get(base) ?? count(this.#opsFrom(base));
    this.#counted.set(base, counted);
    return { bytes: await counted, exact: true };
  }

  /** Why a node is sent more than it need be: a clause about the root image, where it is no file system that differs little. */
  async note(plan: Plan): Promise<string | undefined> {
    if (this.#readyFor(plan)) return undefined;
    const { source, manifest } = this.#image;
    this.#note ??= FramesContent.open(source, rootOf(manifest)).then(deltaSizeNote);
    return this.#note;
  }

  /** Lets go of what was made. */
  async close(): Promise<void> {
    for (const made of this.#made.values())
      await made.then(
        (content) => content.close(),
        () => undefined,
      );
  }

  #readyFor({ activeRootSha256 }: Plan) {
    return this.#image.manifest.deltas.find((one) => one.fromRootSha256 === activeRootSha256);
  }

  #baseOf({ activeRootSha256 }: Plan): OpenImage | undefined {
    return this.#bases.find(({ manifest }) => rootOf(manifest).sha256 === activeRootSha256);
  }

  /** Operations that are made while they are sent: for one node ahead of it, for many as each can take them. */
  #encoded(way: Way, place: Place, held: ReadonlySet<string>): AsyncIterable<Op> {
    const operations = imageOps(this.#image.source, way, place, held);
    return this.#plans.length > 1 ? operations : ahead(operations, bytesOf, MOST_AHEAD);
  }

  #ready(delta: RangeSource, { activeRootSize: oldSize }: Plan): Operations {
    return {
      from: (place, held) => imageOps(this.#image.source, { kind: 'ready', delta, oldSize }, place, held),
    };
  }

  /** A ready delta, held against its digest once for all nodes. */
  #verified(delta: BlobName): Promise<RangeSource> {
    const found = this.#deltas.get(delta.digest) ?? verifiedBlob(this.#image.source, delta);
    this.#deltas.set(delta.digest, found);
    // What failed may succeed when it is tried again.
    found.catch(() => this.#deltas.delete(delta.digest));
    return found;
  }

  #opsFrom(base: OpenImage): AsyncIterable<Op> {
    return imageOps(this.#image.source, { kind: 'delta', old: base.source }, BEGINNING);
  }

  #deltaFrom(base: OpenImage): Promise<FileContent> {
    const made = this.#made.get(base) ?? spool(this.#opsFrom(base), rootOf(base.manifest).size);
    this.#made.set(base, made);
    return made;
  }
}

/** Bytes of operations that wait for one node: more than it takes while its disk writes out what it has. */
const MOST_AHEAD = 8 << 20;

/** What an operation keeps in memory. */
function bytesOf(op: Op): number {
  return op.kind === 'data' ? op.frame.length : 1;
}

const BEGINNING: Place = { role: 'root', offset: 0 };

async function count(operations: AsyncIterable<Op>): Promise<number> {
  let bytes = 0;
  for await (const op of operations) bytes += encodeOp(op).length;
  return bytes;
}

/** A ready delta in a file that has no name any more once it is open, so that nothing is left however this process ends. */
async function spool(operations: AsyncIterable<Op>, oldSize: number): Promise<FileContent> {
  const folder = await mkdtemp(join(tmpdir(), 'nodectl-delta-'));
  try {
    const path = join(folder, 'delta');
    const file = await open(path, 'wx', 0o600);
    try {
      await writeReadyDelta(operations, oldSize, async (bytes) => void (await file.write(bytes)));
    } finally {
      await file.close();
    }
    return await FileContent.open(path);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'IMAGE_UNREADABLE',
      `a delta could not be kept in ${tmpdir()}: ${(cause as Error).message}`,
      {
        hint: 'is there room? TMPDIR says where temporary files go',
        cause,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
