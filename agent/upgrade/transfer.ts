/**
 * A stream that carries an image over, on the node's side: where it goes on, which blocks are lacking, what is on the disk. A stream
 * that breaks is closed, and what it brought stays; the next one begins where the disk says.
 */

import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../proto/failure.ts';
import { decodeIndex } from '../../proto/image/block-index.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { type Manifest, type Role, rootOf } from '../../proto/image/manifest.ts';
import { OperationApplier } from './apply-ops.ts';
import { BlockSources } from './compare.ts';
import type { ByteSource } from './image-writer.ts';
import { IncomingImage } from './incoming.ts';
import { Receiver, windowHolds } from './receive.ts';
import type { UpgradeSite } from './site.ts';
import type { ReadHandle } from './slot-handle.ts';
import type { Position } from './state.ts';

/** An index beyond this is not kept over interruptions: there is to be no more than 16 MiB beside the slots. */
const MOST_KEPT = 15 << 20;
/** Places by which the slot is held against the journal. */
const WINDOWS = 4;
const BEGINNING: Position = { role: 'root', offset: 0 };

/** One stream. Calls are made one at a time. */
export class Transfer {
  readonly #site: UpgradeSite;
  readonly #image: IncomingImage;
  /** The slot that runs: its root image where it is known what it is, else all of the slot. */
  readonly #running: ReadHandle;
  readonly #activeSize: number;
  readonly #manifest: Manifest;
  readonly #ending = new AbortController();
  readonly #onDurable: (position: Position) => void;
  #from: Position;
  #index: { pieces: Buffer[]; bytes: number } | undefined;
  #sources: BlockSources | undefined;
  readonly #held = new Map<Role, () => Iterable<Buffer>>();
  #receiver: Receiver | undefined;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(
    site: UpgradeSite,
    opened: { image: IncomingImage; running: ReadHandle; activeSize: number; from: Position },
    onDurable: (position: Position) => void,
  ) {
    this.#site = site;
    this.#image = opened.image;
    this.#running = opened.running;
    this.#activeSize = opened.activeSize;
    this.#from = opened.from;
    this.#manifest = site.manifest();
    this.#onDurable = onDurable;
  }

  /**
   * Opens the slot and finds where to go on.
   * @throws Failure UPGRADE_TARGET_BUSY, UPGRADE_TARGET_MISSING, UPGRADE_DEVICE_ERROR, UPGRADE_JOURNAL_LOST
   */
  static async open(site: UpgradeSite, onDurable: (position: Position) => void): Promise<Transfer> {
    const { parts, journal } = site;
    const state = await parts.backend.state();
    const upgrade = site.running();
    const head = journal.kept('head');
    const inRoot = upgrade.durable.role === 'root';
    const held = inRoot ? (head ?? Buffer.alloc(BLOCK_BYTES)) : undefined;
    const slot = await parts.slots.target(state);
    const image = await IncomingImage.open(slot, site.manifest(), journal.keptFolder(), held);
    try {
      const running = await parts.slots.running(state);
      const activeSize = site.images.running(state)?.image.rootSize ?? 0;
      const from = await resumeAt(site, image, head !== undefined || !inRoot);
      return new Transfer(site, { image, running, activeSize, from }, onDurable);
    } catch (error) {
      await image.close();
      throw error;
    }
  }

  /** Where to go on. */
  get position(): Position {
    return this.#from;
  }

  /** Whether the node still has the block index of an earlier stream, so that it need not be sent again. */
  get indexKept(): boolean {
    return this.#site.journal.hasKept('index');
  }

  /**
   * Finds the parts that the running slot has beside the boot loader: they are copied from there, and none of their operations
   * taken. Gives which. @throws Failure UPGRADE_BOOT_UNREADABLE, UPGRADE_RUNNING_SLOT_UNKNOWN where the slot is not known
   */
  leaveOutHeld(): Promise<Role[]> {
    return this.#alone(async () => {
      const { backend } = this.#site.parts;
      const { booted } = await backend.state();
      for (const { role, size, sha256 } of this.#manifest.images) {
        if (role === 'root') continue;
        try {
          const asset = backend.asset(booted, role);
          if (asset?.bytes === size && (await digestOfPieces(asset.pieces())) === sha256)
            this.#held.set(role, () => asset.pieces());
        } catch (err) {
          // It is sent then.
          this.#site.parts.log.warn(
            { err, role },
            'what the running slot has beside the boot loader cannot be read',
          );
        }
      }
      return [...this.#held.keys()];
    });
  }

  /**
   * Takes a piece of the root's block index. Gives the bitmap of lacking blocks when it is complete, undefined before.
   * @throws Failure IMAGE_INDEX_INVALID, IMAGE_DIGEST_MISMATCH, UPGRADE_DEVICE_ERROR
   */
  index(piece: Uint8Array): Promise<Buffer | undefined> {
    return this.#alone(async () => {
      const { size, digest } = rootOf(this.#manifest).index;
      this.#index ??= { pieces: [], bytes: 0 };
      this.#index.bytes += piece.length;
      if (this.#index.bytes > size)
        throw new Failure(
          'IMAGE_INDEX_INVALID',
          `the block index has more than the ${size} bytes of the manifest`,
        );
      this.#index.pieces.push(Buffer.from(piece));
      if (this.#index.bytes < size) return undefined;
      const bytes = Buffer.concat(this.#index.pieces, size);
      this.#index = undefined;
      if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
        throw new Failure('IMAGE_DIGEST_MISMATCH', 'the block index is not the one that the manifest names', {
          hint: 'get the image anew from whoever made it',
        });
      if (size <= MOST_KEPT) this.#site.journal.keep('index', bytes);
      const { counters } = this.#site.running();
      this.#site.update({ counters: { ...counters, wire: counters.wire + size } });
      return this.#compare(bytes);
    });
  }

  /** The bitmap of lacking blocks by the index that was kept. @throws Failure UPGRADE_DEVICE_ERROR */
  compareKept(): Promise<Buffer> {
    return this.#alone(() => this.#compare(this.#site.journal.kept('index') ?? Buffer.alloc(0)));
  }

  /** Carries out operations. @throws Failure IMAGE_OPS_INVALID, IMAGE_NO_BASE, UPGRADE_DEVICE_ERROR */
  take(operations: Uint8Array): Promise<void> {
    return this.#alone(async () => {
      const receiver = this.#receiving();
      await receiver.take(operations);
      this.#tell(receiver);
    });
  }

  /** All was sent. The image is on the disk when it resolves. @throws Failure IMAGE_TRUNCATED, UPGRADE_DEVICE_ERROR */
  end(): Promise<void> {
    return this.#alone(() => this.#receiving().end());
  }

  /** Ends the stream: what was carried out is flushed where that can be. Never rejects. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#busy.catch(() => undefined);
    await this.#receiver?.settle().catch(() => undefined);
    await this.#running.close();
    await this.#image.close();
  }

  #receiving(): Receiver {
    const site = this.#site;
    this.#receiver ??= new Receiver({
      incoming: this.#image.parts,
      applier: new OperationApplier(
        this.#activeSize > 0 ? bounded(this.#running, this.#activeSize) : undefined,
        this.#image.root,
      ),
      activeSize: this.#activeSize,
      ...(this.#sources ? { sources: this.#sources } : {}),
      held: this.#held,
      from: this.#from,
      counters: site.running().counters,
      keepHead: (head) => site.journal.keep('head', head),
      keep: ({ durable, window, counters }) => {
        const { windows } = site.running();
        site.update({ durable, counters, windows: [...windows, window].slice(-WINDOWS) });
      },
      onDurable: this.#onDurable,
      now: site.parts.now,
      step: (name) => site.step(name),
    });
    return this.#receiver;
  }

  async #compare(index: Buffer): Promise<Buffer> {
    const size = this.#activeSize || this.#running.size;
    const total = size + this.#image.root.size;
    this.#sources = await BlockSources.find(
      decodeIndex(index, this.#image.root.size),
      bounded(this.#running, size),
      this.#image.root,
      this.#ending.signal,
      (done) => this.#site.tell({ part: 'comparing', done, total }),
    );
    return this.#sources.bitmap();
  }

  #tell({ position: { role, offset } }: Receiver): void {
    const before = this.#image.parts.slice(
      0,
      this.#image.parts.findIndex((part) => part.role === role),
    );
    const sum = (parts: typeof before) => parts.reduce((bytes, { writer }) => bytes + writer.size, 0);
    this.#site.tell({ part: role, done: sum(before) + offset, total: sum([...this.#image.parts]) });
  }

  /** One call at a time, also against the close of a stream that another takes the place of. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#busy.then(() => {
      if (this.#ending.signal.aborted)
        throw new Failure(
          'UPGRADE_TAKEN_OVER',
          'this stream has ended: another one goes on, or the upgrade ended',
          {
            hint: 'nodectl upgrade status shows how it stands',
          },
        );
      return work();
    });
    this.#busy = run.catch(() => undefined);
    return run;
  }
}

/** The place up to which the slot holds what the journal says: the last one, one before it, or the beginning. */
async function resumeAt(site: UpgradeSite, image: IncomingImage, hasHead: boolean): Promise<Position> {
  const { durable, windows, counters } = site.running();
  if (durable.role === 'root' && durable.offset === 0) return durable;
  await image.dropCaches();
  let found: Position | undefined;
  for (const window of hasHead ? windows.toReversed() : []) {
    const writer = image.parts.find(({ role }) => role === window.role)?.writer;
    if (!writer || !(await windowHolds(window, writer))) continue;
    found = { role: window.role, offset: window.offset + window.length };
    break;
  }
  // The first block of the root is on the disk already where a part behind it was begun, and can then not be held back.
  if (found && found.role !== 'root' && durable.role === 'root') found = undefined;
  const position = found ?? BEGINNING;
  if (position.role !== durable.role || position.offset !== durable.offset) {
    site.parts.log.warn({ durable, position }, 'the slot does not hold what the journal says: going back');
    site.update({
      durable: position,
      windows: windows.filter(({ role }) => role === position.role),
      counters,
    });
  }
  return position;
}

/** SHA-256 in hexadecimal; calls are answered between two pieces. */
async function digestOfPieces(pieces: Iterable<Buffer>): Promise<string> {
  const digest = createHash('sha256');
  for (const piece of pieces) {
    digest.update(piece);
    await turn();
  }
  return digest.digest('hex');
}

function bounded(source: ByteSource, size: number): ByteSource {
  return { size: Math.min(size, source.size), read: (into, offset) => source.read(into, offset) };
}
