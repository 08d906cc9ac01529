/**
 * Takes an image in: operations go on where the last ones ended, and every so often what was written is flushed and the place is
 * kept in the journal. Flushing goes on beside the writing of what comes next, so that the disk never waits for the wire.
 */

import { hash } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import type { ActiveImage, Operation, OperationApplier } from './apply-ops.ts';
import type { BlockSources } from './compare.ts';
import { BLOCK, type ImageWriter } from './image-writer.ts';
import type { Counters, Position, Role, Window } from './state.ts';

/** A part that is taken in. */
export interface IncomingPart {
  readonly role: Role;
  readonly writer: ImageWriter;
}

/** How far the writing is on the disk. */
export interface Durable {
  readonly durable: Position;
  readonly window: Window;
  readonly counters: Counters;
}

/** What taking in works on. */
export interface ReceiverParts {
  /** In the order in which they come. */
  readonly incoming: readonly IncomingPart[];
  readonly applier: OperationApplier;
  readonly active: ActiveImage | undefined;
  /** Where to go on, and what was counted until then. */
  readonly from: Position;
  readonly counters: Counters;
  /** Keeps the block that is held back; on disk when it returns. */
  readonly keepHead: (head: Buffer) => void;
  /** Puts a place into the journal; on disk when it returns. Throws what makes the transfer fail. */
  readonly keep: (durable: Durable) => void;
  readonly now: () => number;
  readonly step: (name: string) => void;
}

/** What is flushed at the latest: after so many bytes of the wire, or so many written, or so many ms. The sender has 4 MiB under way. */
const [FLUSH_WIRE, FLUSH_WRITTEN, FLUSH_MS] = [1 << 20, 64 << 20, 2_000];
/** The writing waits for the disk where so many bytes of the wire are not on it. */
const MOST_UNFLUSHED = 3 << 20;
/** What the node has is written so many bytes at a time, so that counters and abort keep up. */
const FILL = 16 << 20;
/** By so many bytes before a place the slot is held against the journal. */
const WINDOW = 256 << 10;

/** Takes in one image over one stream. Calls are made one at a time. */
export class Receiver {
  readonly #parts: ReceiverParts;
  #at: number;
  #offset: number;
  #counters: Counters;
  #sources: BlockSources | undefined;
  #flushing: Promise<void> | undefined;
  #failed: unknown;
  #flushed: { wire: number; written: number; ms: number };
  #headKept = false;
  /** Told of every place that is on the disk, in order. */
  onDurable: (position: Position) => void = () => undefined;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    this.#at = parts.incoming.findIndex(({ role }) => role === parts.from.role);
    this.#offset = parts.from.offset;
    this.#counters = parts.counters;
    this.#flushed = { wire: parts.counters.wire, written: parts.counters.written, ms: parts.now() };
  }

  /** Where the next operation has to begin, or may at the latest where blocks are compared. */
  get position(): Position {
    return { role: this.#part.role, offset: this.#offset };
  }

  /** What was counted since the upgrade was started. */
  get counters(): Counters {
    return this.#counters;
  }

  /** Where the blocks of the root come from that are not sent. */
  compare(sources: BlockSources): void {
    this.#sources = sources;
  }

  /** Counts bytes that came and are no operations: the block index. */
  count(wire: number): void {
    this.#counters = { ...this.#counters, wire: this.#counters.wire + wire };
  }

  /**
   * Carries out what one message had.
   * @param wire bytes of the message
   * @throws Failure IMAGE_BAD_OPERATIONS, IMAGE_NO_BASE, UPGRADE_DEVICE_ERROR
   */
  async take(operations: Iterable<Operation>, wire: number): Promise<void> {
    this.count(wire);
    for (const operation of operations) {
      this.#throwFailed();
      await this.#reach(operation);
      await this.#parts.applier.apply(operation, this.#part.writer);
      this.#advance(operation.length);
      this.#parts.step(`written ${operation.role} ${this.#offset}`);
    }
    const { wire: sent, written } = this.#counters;
    const due =
      sent - this.#flushed.wire >= FLUSH_WIRE ||
      written - this.#flushed.written >= FLUSH_WRITTEN ||
      this.#parts.now() - this.#flushed.ms >= FLUSH_MS;
    if (due && !this.#flushing) this.#flushing = this.#flush();
    if (sent - this.#flushed.wire >= MOST_UNFLUSHED) await this.#flushing;
    this.#throwFailed();
  }

  /** Everything was sent. @throws Failure IMAGE_TRUNCATED where it was not, UPGRADE_DEVICE_ERROR */
  async end(): Promise<void> {
    for (;;) {
      await this.#fillTo(this.#part.writer.size);
      if (this.#offset < this.#part.writer.size)
        throw new Failure(
          'IMAGE_TRUNCATED',
          `the ${this.#part.role} of the image ended at byte ${this.#offset} of ${this.#part.writer.size}`,
          { hint: 'the transfer can be gone on with: nodectl upgrade' },
        );
      if (this.#at === this.#parts.incoming.length - 1) break;
      await this.#nextPart();
    }
    await this.#parts.incoming[this.#at]?.writer.finish();
    await this.settle();
  }

  /** What was carried out is on the disk and in the journal. @throws Failure UPGRADE_DEVICE_ERROR */
  async settle(): Promise<void> {
    await this.#flushing;
    this.#throwFailed();
    await this.#flush();
    this.#throwFailed();
  }

  get #part(): IncomingPart {
    return this.#parts.incoming[this.#at] as IncomingPart;
  }

  #throwFailed(): void {
    if (this.#failed !== undefined) throw this.#failed;
  }

  #advance(length: number): void {
    this.#offset += length;
    const { applier, counters } = this.#parts;
    this.#counters = {
      ...this.#counters,
      written: this.#counters.written + length,
      reused: counters.reused + applier.reused,
    };
  }

  /** Goes to where an operation begins: what is compared is filled in, what is complete is left. */
  async #reach({ role, offset, length }: Operation): Promise<void> {
    const { incoming } = this.#parts;
    while (role !== this.#part.role) {
      if (!incoming.slice(this.#at + 1).some((part) => part.role === role))
        throw bad(`of the ${role} comes after its turn`);
      await this.#fillTo(this.#part.writer.size);
      if (this.#offset < this.#part.writer.size)
        throw bad(`of the ${role} comes before the ${this.#part.role} is complete`);
      await this.#nextPart();
    }
    if (offset % BLOCK !== 0 || (length % BLOCK !== 0 && offset + length !== this.#part.writer.size))
      throw bad('does not keep to whole blocks');
    await this.#fillTo(offset);
    if (offset !== this.#offset)
      throw bad(`is for byte ${offset} of the ${role}, where byte ${this.#offset} comes next`);
  }

  /** Writes what the node has, as far as to a byte or to the first block that it lacks. */
  async #fillTo(end: number): Promise<void> {
    if (!this.#sources || this.#part.role !== 'root') return;
    const { applier, active } = this.#parts;
    const { writer } = this.#part;
    while (this.#offset < end) {
      const to = Math.min(end, writer.size, this.#offset + FILL);
      const lacking = await this.#sources.fill(applier, active, writer, this.#offset, to);
      this.#advance((lacking === undefined ? to : lacking * BLOCK) - this.#offset);
      if (lacking !== undefined) return;
    }
  }

  async #nextPart(): Promise<void> {
    await this.settle();
    await this.#part.writer.finish();
    this.#parts.step(`finished ${this.#part.role}`);
    this.#at++;
    this.#offset = 0;
  }

  /** Never rejects: what went wrong is thrown by whoever comes next. */
  async #flush(): Promise<void> {
    const { keep, keepHead, now, step } = this.#parts;
    const { role, writer } = this.#part;
    const [durable, counters] = [this.position, this.#counters];
    try {
      if (writer.head && !this.#headKept && durable.offset >= Math.min(BLOCK, writer.size)) {
        keepHead(writer.head);
        this.#headKept = true;
        step('head kept');
      }
      await writer.flush();
      step('flushed');
      // Parts behind the root may be in the same slot, and are small: everything before is on the disk as well.
      const window = await windowOf(role, writer, durable.offset);
      keep({ durable, window, counters });
      step(`durable ${durable.role} ${durable.offset}`);
      this.onDurable(durable);
    } catch (error) {
      this.#failed ??= error;
    } finally {
      this.#flushed = { wire: counters.wire, written: counters.written, ms: now() };
      this.#flushing = undefined;
    }
  }
}

/** The bytes before a place; the block that is held back is never among them. @throws Failure UPGRADE_DEVICE_ERROR */
async function windowOf(role: Role, writer: ImageWriter, end: number): Promise<Window> {
  const from = Math.min(end, Math.max(BLOCK, end - WINDOW));
  const bytes = Buffer.allocUnsafe(end - from);
  if (bytes.length > 0) await writer.read(bytes, from);
  return { role, offset: from, length: bytes.length, sha256: hash('sha256', bytes) };
}

/**
 * Whether the bytes of a window stand in the slot as the journal says: a disk that said "flushed" and was not, or somebody else
 * who wrote there, must not be built upon. @throws Failure UPGRADE_DEVICE_ERROR
 */
export async function windowHolds(window: Window, writer: ImageWriter): Promise<boolean> {
  if (window.offset + window.length > writer.size) return false;
  const bytes = Buffer.allocUnsafe(window.length);
  if (bytes.length > 0) await writer.read(bytes, window.offset);
  return hash('sha256', bytes) === window.sha256;
}

function bad(what: string): Failure {
  return new Failure('IMAGE_BAD_OPERATIONS', `an operation ${what}`, {
    hint: 'the transfer can be begun again: nodectl upgrade',
  });
}
