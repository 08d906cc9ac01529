/**
 * Operations that make a new image out of the running one: what goes over the wire in an upgrade, and what a ready delta holds.
 * Each names the part and the place that it writes, so that a stream can begin anywhere. They come in order: root, kernel,
 * initrd, and within a part by rising offset.
 *
 * An operation is a byte (bits 0-1 kind, 2-3 role, 4 whether there is a prediction, the rest 0) and numbers, each a LEB128 of at
 * most five bytes in its shortest form: the first block, how many blocks, then for copy and self the first block of the source,
 * for data the predicted block where there is one, the length of the zstd frame, and the frame. The decoder takes nothing else,
 * and nothing that reaches outside the image or the running root.
 */

import { Failure } from '../failure.ts';
import { BLOCK_BYTES, blocksOf, DICTIONARY_AFTER, DICTIONARY_BEFORE, MAX_DATA_BYTES } from './limits.ts';
import { ROLES, type Role } from './manifest.ts';
import { inflate } from './zstd.ts';

interface Target {
  /** The part that is written. */
  role: Role;
  /** Where, in bytes: whole blocks. */
  offset: number;
  /** How many bytes: whole blocks, but at the end of a kernel or initrd. */
  length: number;
}

/** Writes zeros. */
export interface ZeroOp extends Target {
  kind: 'zero';
}

/** Copies from the running root image. */
export interface CopyOp extends Target {
  kind: 'copy';
  /** The offset in the running root image, in bytes. */
  source: number;
}

/** Copies from the new root image, of which that place has been written. Never from its first block, which is written last. */
export interface SelfOp extends Target {
  kind: 'self';
  /** The offset in the new root image, in bytes. */
  source: number;
}

/** Writes bytes that were sent. */
export interface DataOp extends Target {
  kind: 'data';
  /** Where in the running root image something like it is expected, in bytes; undefined where no dictionary was used. */
  predicted: number | undefined;
  /** A zstd frame of `length` bytes. */
  frame: Uint8Array;
}

/** An operation. */
export type Op = ZeroOp | CopyOp | SelfOp | DataOp;

const KINDS = ['zero', 'copy', 'self', 'data'] as const;
const PREDICTED = 0x10;
/** Of what does not compress zstd makes 1/256 and a frame's header more (ZSTD_compressBound). */
const FRAME_SLACK = 2_048;

/** The longest that an encoded operation can be, in bytes. */
export const MAX_OP_BYTES = 1 + 5 * 5 + MAX_DATA_BYTES + FRAME_SLACK;

/** What of the running root image is the dictionary of a data operation, in bytes. `activeSize` is that image's size. */
export function dictionaryWindow(
  predicted: number,
  length: number,
  activeSize: number,
): { offset: number; length: number } {
  const offset = Math.max(0, predicted - DICTIONARY_BEFORE);
  return {
    offset,
    length: Math.max(0, Math.min(activeSize, predicted + length + DICTIONARY_AFTER) - offset),
  };
}

/**
 * The bytes that a data operation writes.
 * @param dictionary the bytes of dictionaryWindow() where the operation has a prediction
 * @throws Failure IMAGE_OPS_INVALID
 */
export function dataOf(op: DataOp, dictionary?: Uint8Array): Buffer {
  return inflate(
    op.frame,
    op.length,
    'IMAGE_OPS_INVALID',
    op.predicted === undefined ? undefined : dictionary,
  );
}

/** An operation as bytes. It must be one that the decoder would take. */
export function encodeOp(op: Op): Buffer {
  const predicted = op.kind === 'data' && op.predicted !== undefined;
  const head: number[] = [
    KINDS.indexOf(op.kind) | (ROLES.indexOf(op.role) << 2) | (predicted ? PREDICTED : 0),
  ];
  number(head, op.offset / BLOCK_BYTES);
  number(head, blocksOf(op.length));
  if (op.kind === 'copy' || op.kind === 'self') number(head, op.source / BLOCK_BYTES);
  if (op.kind !== 'data') return Buffer.from(head);
  if (op.predicted !== undefined) number(head, op.predicted / BLOCK_BYTES);
  number(head, op.frame.length);
  return Buffer.concat([Buffer.from(head), op.frame]);
}

/** What a decoder needs to know of the images, all in bytes. */
export interface OpsDecoderOptions {
  /** The sizes of the new image's parts; a part that it does not have is undefined. */
  sizes: Readonly<Partial<Record<Role, number>>>;
  /** The size of the running root image; 0 where nothing can be copied from it. */
  activeSize: number;
  /** Where the first operation begins: a place that everything before is written up to. The image's beginning by default. */
  start?: { role: Role; offset: number };
  /** Whether operations may leave out what the node copies itself. By default each begins where the one before ended. */
  gaps?: boolean;
}

/** Reads operations from pieces of any length. It keeps one unfinished operation at most. */
export class OpsDecoder {
  readonly #options: OpsDecoderOptions;
  #role: number;
  #offset: number;
  #pieces: Uint8Array[] = [];
  #kept = 0;
  /** Fewer bytes than this do not make the next operation. */
  #wanted = 1;

  constructor(options: OpsDecoderOptions) {
    this.#options = options;
    this.#role = ROLES.indexOf(options.start?.role ?? 'root');
    this.#offset = options.start?.offset ?? 0;
  }

  /** Where the next operation begins, or where it begins at the earliest if there may be gaps. */
  get position(): { role: Role; offset: number } {
    return { role: ROLES[this.#role] ?? 'initrd', offset: this.#offset };
  }

  /** The operations that are complete with these bytes. @throws Failure IMAGE_OPS_INVALID */
  push(bytes: Uint8Array): Op[] {
    this.#pieces.push(bytes);
    this.#kept += bytes.length;
    if (this.#kept < this.#wanted) return [];
    const all = this.#pieces.length === 1 ? bytes : Buffer.concat(this.#pieces);
    const ops: Op[] = [];
    let at = 0;
    while (at < all.length) {
      const reader = new Reader(all, at);
      const op = this.#read(reader);
      if (op === undefined) {
        this.#wanted = Math.max(reader.wanted - at, all.length - at + 1);
        break;
      }
      this.#wanted = 1;
      ops.push(op);
      at = reader.at;
    }
    // A copy: what is left must not keep a large message alive.
    this.#pieces = at < all.length ? [Uint8Array.from(all.subarray(at))] : [];
    this.#kept = all.length - at;
    return ops;
  }

  /** Says that no more bytes come. @throws Failure IMAGE_TRUNCATED where operations are missing */
  end(): void {
    const { role, offset } = this.position;
    const missing = !this.#options.gaps && (offset < this.#size(this.#role) || this.#next() < ROLES.length);
    if (this.#kept > 0 || missing)
      throw new Failure(
        'IMAGE_TRUNCATED',
        `the operations end at byte ${offset} of the ${role}, before the image is whole`,
      );
  }

  /** The next operation, or undefined where its bytes are not all there. */
  #read(reader: Reader): Op | undefined {
    const tag = reader.byte();
    const block = reader.number();
    const blocks = reader.number();
    if (tag === undefined || block === undefined || blocks === undefined) return undefined;
    const kind = KINDS[tag & 3];
    const role = ROLES[(tag >> 2) & 3];
    if (kind === undefined || role === undefined || tag > 0x1f || (tag & PREDICTED && kind !== 'data'))
      throw invalid('one is of no known kind');
    const target = this.#target(role, block, blocks);
    if (kind === 'zero') return this.#done({ kind, ...target });
    if (kind === 'data') return this.#data(reader, target, (tag & PREDICTED) !== 0);
    const from = reader.number();
    if (from === undefined) return undefined;
    const source = from * BLOCK_BYTES;
    this.#checkSource(kind, target, source);
    return this.#done({ kind, ...target, source });
  }

  /** What is written, once it is known to be in order and inside the image. */
  #target(role: Role, block: number, blocks: number): Target {
    const at = ROLES.indexOf(role);
    const size = this.#options.sizes[role];
    const offset = block * BLOCK_BYTES;
    if (size === undefined) throw invalid(`one writes the ${role}, which the image does not have`);
    if (at < this.#role || (at === this.#role && offset < this.#offset)) throw invalid('one is out of order');
    if (blocks === 0 || block + blocks > blocksOf(size)) throw invalid(`one reaches beyond the ${role}`);
    if (!this.#options.gaps && !this.#follows(at, offset)) throw invalid('one leaves a gap');
    return { role, offset, length: Math.min(blocks * BLOCK_BYTES, size - offset) };
  }

  #follows(role: number, offset: number): boolean {
    if (role === this.#role) return offset === this.#offset;
    return this.#offset >= this.#size(this.#role) && role === this.#next() && offset === 0;
  }

  #checkSource(kind: 'copy' | 'self', { role, offset, length }: Target, source: number): void {
    const end = source + length;
    if (kind === 'copy' && end > this.#options.activeSize)
      throw invalid('one copies from beyond the running root');
    if (kind === 'copy') return;
    // Of the root only what is before has been written; its first block is written when all else is.
    const written = role === 'root' ? offset : this.#size(0);
    if (source < BLOCK_BYTES || end > written) throw invalid('one copies what has not been written yet');
  }

  #data(reader: Reader, target: Target, isPredicted: boolean): Op | undefined {
    if (target.length > MAX_DATA_BYTES) throw invalid('one writes more data than one may');
    const block = isPredicted ? reader.number() : 0;
    const length = reader.number();
    if (block === undefined || length === undefined) return undefined;
    const predicted = isPredicted ? block * BLOCK_BYTES : undefined;
    if (predicted !== undefined && predicted >= this.#options.activeSize)
      throw invalid('one has its dictionary beyond the running root');
    if (length === 0 || length > target.length + FRAME_SLACK)
      throw invalid('one has a frame of a length that cannot be');
    const frame = reader.bytes(length);
    return frame && this.#done({ kind: 'data', ...target, predicted, frame });
  }

  #done(op: Op): Op {
    this.#role = ROLES.indexOf(op.role);
    this.#offset = op.offset + op.length;
    return op;
  }

  #size(role: number): number {
    return this.#options.sizes[ROLES[role] ?? 'initrd'] ?? 0;
  }

  /** The part after the one that is being written, or the number of parts. */
  #next(): number {
    let role = this.#role + 1;
    while (role < ROLES.length && this.#size(role) === 0) role += 1;
    return role;
  }
}

/** Reads numbers and bytes; what is not all there gives undefined, and `wanted` says up to where it would reach. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;
  wanted: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
    this.wanted = at;
  }

  byte(): number | undefined {
    this.wanted = this.at + 1;
    return this.#bytes[this.at++];
  }

  number(): number | undefined {
    let value = 0;
    for (let place = 0; place < 5; place += 1) {
      const byte = this.byte();
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) {
        if (byte === 0 && place > 0) break;
        return value;
      }
    }
    throw invalid('one has a number that is not written as numbers are');
  }

  bytes(length: number): Uint8Array | undefined {
    this.wanted = this.at + length;
    if (this.wanted > this.#bytes.length) return undefined;
    const from = this.at;
    this.at = this.wanted;
    return this.#bytes.subarray(from, this.wanted);
  }
}

function number(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

function invalid(why: string): Failure {
  return new Failure('IMAGE_OPS_INVALID', `the operations that make the image are not valid: ${why}`, {
    hint: 'they were damaged on their way, or made by a nodectl that does not fit; the slot that runs is untouched',
  });
}
