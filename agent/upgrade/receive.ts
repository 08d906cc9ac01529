/**
 * Takes an image in: operations go on where the last ones ended, and every so often what was written is flushed and the place is
 * kept in the journal. Flushing goes on beside the writing of what comes next, so that the disk never waits for the wire.
 */

import { hash } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import type { Role } from '../../proto/image/manifest.ts';
import { type Op, OpsDecoder } from '../../proto/image/ops.ts';
import type { OperationApplier } from './apply-ops.ts';
import type { BlockSources } from './compare.ts';
import type { ImageWriter } from './image-writer.ts';
import type { Counters, Position, Window } from './state.ts';

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
  /** Bytes of the running root image that operations may take; 0 where it is no base. */
  readonly activeSize: number;
  /** Where the blocks of the root come from that are not sent; undefined where all is told by operations. */
  readonly sources?: BlockSources;
  /** Parts that are not sent, since the node has them: what gives their content. */
  readonly held?: ReadonlyMap<Role, () => Iterable<Buffer>>;
  /** Where to go on, and what was counted until then. */
  readonly from: Position;
  readonly counters: Counters;
  /** Keeps the block that is held back; on disk when it returns. */
  readonly keepHead: (head: Buffer) => void;
  /** Puts a place into the journal; on disk when it returns. Throws what makes the transfer fail. */
  readonly keep: (durable: Durable) => void;
  /** Told of every place that is on the disk, in order. */
  readonly onDurable: (position: Position) => void;
  readonly now: () => number;
  readonly step: (name: string) => void;
}

/**
 * What is written is flushed after so many bytes of the wire, or so many written, or so many ms. A sender that has 4 MiB under way
 * in messages of 1 MiB never waits for an answer that would not come.
 */
const [FLUSH_WIRE, FLUSH_WRITTEN, FLUSH_MS] = [1 << 20, 64 << 20, 2_000];
/** The writing waits for the disk where so many bytes of the wire are not on it. */
const MOST_UNFLUSHED = 3 << 20;
/** What the node has is written so many bytes at a time, so that counters and an abort keep up. */
const FILL = 16 << 20;
/** By so many bytes before a place the slot is held against the journal. */
const WINDOW = 256 << 10;

/** Takes in one image over one stream. Calls are made one at a time. */
export class Receiver {
  readonly #parts: ReceiverParts;
  readonly #decoder: OpsDecoder;
  #at: number;
  #offset: number;
  #counters: Counters;
  #flushing: Promise<void> | undefined;
  /** Operations are carried out; what is due is flushed behind them. */
  #taking = false;
  #failed: unknown;
  #flushed: { wire: number; written: number; ms: number };
  #headKept = false;

  constructor(parts: ReceiverParts) {
    const { incoming, activeSize, from, counters, sources, held } = parts;
    this.#parts = parts;
    this.#at = incoming.findIndex(({ role }) => role === from.role);
    this.#offset = from.offset;
    this.#counters = counters;
    this.#flushed = { wire: counters.wire, written: counters.written, ms: parts.now() };
    this.#decoder = new OpsDecoder({
      sizes: Object.fromEntries(
        incoming.flatMap(({ role, writer }) => (held?.has(role) ? [] : [[role, writer.size]])),
      ),
      ...{ activeSize, start: from, gaps: sources !== undefined },
    });
  }

  /** How far the image is written. */
  get position(): Position {
    return { role: this.#part.role, offset: this.#offset };
  }

  /** What was counted since the upgrade was started. */
  get counters(): Counters {
    return this.#counters;
  }

  /** Carries out what a message had. @throws Failure IMAGE_OPS_INVALID, IMAGE_NO_BASE, UPGRADE_DEVICE_ERROR */
  async take(bytes: Uint8Array): Promise<void> {
    this.#counters = { ...this.#counters, wire: this.#counters.wire + bytes.length };
    this.#taking = true;
    try {
      for (const op of this.#decoder.push(bytes)) {
        this.#throwFailed();
        await this.#reach(op);
        await this.#parts.applier.apply(op, this.#part.writer);
        this.#advance(op.length);
        this.#parts.step(`written ${op.role} ${this.#offset}`);
      }
      await this.#flushIfDue();
    } finally {
      this.#taking = false;
    }
    this.#startFlushIfDue();
  }

  /** Everything was sent. @throws Failure IMAGE_TRUNCATED where it was not, UPGRADE_DEVICE_ERROR */
  async end(): Promise<void> {
    this.#decoder.end();
    await this.#completeBefore(this.#parts.incoming.length - 1);
    await this.#fillTo(this.#part.writer.size);
    await this.#part.writer.finish();
    await this.settle();
  }

  /** What was carried out is on the disk and in the journal. @throws Failure UPGRADE_DEVICE_ERROR */
  async settle(): Promise<void> {
    while (this.#flushing) await this.#flushing;
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

  async #flushIfDue(): Promise<void> {
    this.#startFlushIfDue();
    if (this.#counters.wire - this.#flushed.wire >= MOST_UNFLUSHED) await this.#flushing;
    this.#throwFailed();
  }

  #startFlushIfDue(): void {
    if (this.#flushing || this.#failed !== undefined) return;
    const { wire, written } = this.#counters;
    const due =
      wire - this.#flushed.wire >= FLUSH_WIRE ||
      written - this.#flushed.written >= FLUSH_WRITTEN ||
      this.#parts.now() - this.#flushed.ms >= FLUSH_MS;
    if (!due) return;
    // Also one that fails at once, as for the want of room, is under way before it has ended.
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = undefined;
      // What came meanwhile may be all that the sender sends before it hears of a place again.
      if (!this.#taking) this.#startFlushIfDue();
    });
  }

  /** Goes to where an operation begins: what the node has itself is filled in. */
  async #reach({ role, offset }: Op): Promise<void> {
    await this.#completeBefore(this.#parts.incoming.findIndex((part) => part.role === role));
    await this.#fillTo(offset);
  }

  /** Completes the parts before one. */
  async #completeBefore(at: number): Promise<void> {
    while (this.#at < at) {
      await this.#fillTo(this.#part.writer.size);
      // Everything before is on the disk before the block that was held back.
      await this.settle();
      await this.#part.writer.finish();
      this.#parts.step(`finished ${this.#part.role}`);
      this.#at++;
      this.#offset = 0;
    }
  }

  /** Writes what the node has. @throws Failure IMAGE_TRUNCATED where it does not have all of it */
  async #fillTo(end: number): Promise<void> {
    const { applier, sources, held } = this.#parts;
    const { role, writer } = this.#part;
    const content = held?.get(role);
    if (content) await this.#copyHeld(content());
    while (this.#offset < end) {
      const to = Math.min(end, this.#offset + FILL);
      const reached =
        role === 'root' && sources ? await sources.fill(applier, writer, this.#offset, to) : this.#offset;
      this.#advance(reached - this.#offset);
      if (reached < to)
        throw new Failure(
          'IMAGE_TRUNCATED',
          `the ${role} of the image lacks what belongs at byte ${reached}`,
          {
            hint: 'the transfer can be gone on with: nodectl upgrade',
          },
        );
      this.#parts.step(`filled ${role} ${this.#offset}`);
      await this.#flushIfDue();
    }
  }

  /** Writes what is left of a part out of its content. */
  async #copyHeld(content: Iterable<Buffer>): Promise<void> {
    const { applier, step } = this.#parts;
    const { role, writer } = this.#part;
    let at = 0;
    for (const piece of content) {
      const rest = piece.subarray(Math.max(0, this.#offset - at), Math.max(0, writer.size - at));
      at += piece.length;
      if (rest.length === 0) continue;
      await writer.write(rest, this.#offset);
      applier.reused += rest.length;
      this.#advance(rest.length);
      step(`filled ${role} ${this.#offset}`);
      await this.#flushIfDue();
    }
  }

  /** Never rejects: what went wrong is thrown by whoever comes next. */
  async #flush(): Promise<void> {
    const { keep, keepHead, now, step, onDurable } = this.#parts;
    const { role, writer } = this.#part;
    const [durable, counters] = [this.position, this.#counters];
    try {
      if (writer.head && !this.#headKept && durable.offset >= BLOCK_BYTES) {
        keepHead(writer.head);
        this.#headKept = true;
        step('head kept');
      }
      await writer.flush();
      step('flushed');
      keep({ durable, window: await windowOf(role, writer, durable.offset), counters });
      step(`durable ${durable.role} ${durable.offset}`);
      onDurable(durable);
    } catch (error) {
      this.#failed ??= error;
    } finally {
      this.#flushed = { wire: counters.wire, written: counters.written, ms: now() };
    }
  }
}

/** The bytes before a place; the block that is held back is never among them. @throws Failure UPGRADE_DEVICE_ERROR */
async function windowOf(role: Role, writer: ImageWriter, end: number): Promise<Window> {
  const from = Math.min(end, Math.max(BLOCK_BYTES, end - WINDOW));
  return { role, offset: from, length: end - from, sha256: await digest(writer, from, end - from) };
}

/**
 * Whether the bytes of a window stand in the slot as the journal says: a disk that said "flushed" and was not, or somebody else
 * who wrote there, must not be built upon. @throws Failure UPGRADE_DEVICE_ERROR
 */
export async function windowHolds({ offset, length, sha256 }: Window, writer: ImageWriter): Promise<boolean> {
  return offset + length <= writer.size && (await digest(writer, offset, length)) === sha256;
}

async function digest(writer: ImageWriter, offset: number, length: number): Promise<string> {
  const bytes = Buffer.allocUnsafe(length);
  if (length > 0) await writer.read(bytes, offset);
  return hash('sha256', bytes);
}
