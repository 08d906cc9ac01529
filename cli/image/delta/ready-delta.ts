/**
 * A ready delta: the operations from one image to another as a blob, made when the image is built. Bytes: "NDDELTA1", the size of the
 * root that it starts from (64 bits), the operations, a table of places where reading can begin (role and block, 32 bits each, and the
 * offset in the blob, 64 bits), the number of those (64 bits) and "NDDELTA1" again; all in little endian.
 */

import { Failure } from '../../../proto/failure.ts';
import { BLOCK_BYTES } from '../../../proto/image/limits.ts';
import { ROLES, type Role } from '../../../proto/image/manifest.ts';
import { encodeOp, type Op, OpsDecoder } from '../../../proto/image/ops.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import type { Place } from './plan.ts';

const MAGIC = Buffer.from('NDDELTA1');
const HEAD_BYTES = 16;
const TAIL_BYTES = 16;
const PLACE_BYTES = 16;
/** A place to begin at stands at least so many bytes behind the one before. */
const PLACE_EVERY = 1 << 20;
const READ_BYTES = 1 << 20;
/** With a place a mebibyte the largest image has fewer. */
const MAX_PLACES = 1 << 16;

/** Writes a ready delta. @param oldSize of the root image that it starts from, in bytes */
export async function writeReadyDelta(
  ops: AsyncIterable<Op>,
  oldSize: number,
  append: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeBigUInt64LE(BigInt(oldSize), 8);
  await append(head);
  const places: Buffer[] = [];
  let at = HEAD_BYTES;
  let next = at;
  for await (const op of ops) {
    if (at >= next) {
      places.push(placeOf(op, at));
      next = at + PLACE_EVERY;
    }
    const bytes = encodeOp(op);
    await append(bytes);
    at += bytes.length;
  }
  const tail = Buffer.alloc(TAIL_BYTES);
  tail.writeBigUInt64LE(BigInt(places.length));
  MAGIC.copy(tail, 8);
  await append(Buffer.concat([...places, tail]));
}

/** What a ready delta is read with. */
export interface ReadyDeltaOptions {
  /** The sizes of the new image's parts, in bytes. */
  readonly sizes: Readonly<Partial<Record<Role, number>>>;
  /** The size of the running root image, in bytes. */
  readonly oldSize: number;
  readonly from?: Place;
}

/**
 * The operations of a ready delta. The first one may begin before `from`: whoever sends it cuts it.
 * @throws Failure IMAGE_OPS_INVALID, IMAGE_TRUNCATED
 */
export async function* readReadyDelta(
  blob: RangeSource,
  { sizes, oldSize, from }: ReadyDeltaOptions,
): AsyncGenerator<Op> {
  const head = await blob.readRange(0, Math.min(HEAD_BYTES, blob.size));
  const tail = await blob.readRange(Math.max(0, blob.size - TAIL_BYTES), Math.min(TAIL_BYTES, blob.size));
  if (!head.subarray(0, 8).equals(MAGIC) || !tail.subarray(8).equals(MAGIC)) throw invalid('is none');
  if (head.readBigUInt64LE(8) !== BigInt(oldSize)) throw invalid('starts from another image');
  const count = Number(tail.readBigUInt64LE(0));
  const end = blob.size - TAIL_BYTES - count * PLACE_BYTES;
  if (count === 0 || count > MAX_PLACES || end < HEAD_BYTES) throw invalid('has a table that cannot be');
  const table = await blob.readRange(end, count * PLACE_BYTES);
  const { start, offset } = beginning(table, from);
  if (offset < HEAD_BYTES || offset > end) throw invalid('has a table that cannot be');
  const decoder = new OpsDecoder({ sizes, activeSize: oldSize, start });
  for (let at = offset; at < end; at += READ_BYTES) {
    const ops = decoder.push(await blob.readRange(at, Math.min(READ_BYTES, end - at)));
    yield* from ? ops.filter((op) => !isBefore(op, from)) : ops;
  }
  decoder.end();
}

/** Whether an operation ends before a place. */
function isBefore(op: Op, { role, offset }: Place): boolean {
  const [own, other] = [ROLES.indexOf(op.role), ROLES.indexOf(role)];
  return own < other || (own === other && op.offset + op.length <= offset);
}

function placeOf({ role, offset }: Op, at: number): Buffer {
  const bytes = Buffer.alloc(PLACE_BYTES);
  bytes.writeUInt32LE(ROLES.indexOf(role));
  bytes.writeUInt32LE(offset / BLOCK_BYTES, 4);
  bytes.writeBigUInt64LE(BigInt(at), 8);
  return bytes;
}

/** The last place of a table that is not behind another. */
function beginning(
  table: Buffer,
  from: Place = { role: 'root', offset: 0 },
): { start: Place; offset: number } {
  let found = { start: { role: 'root' as Role, offset: 0 }, offset: HEAD_BYTES };
  for (let at = 0; at < table.length; at += PLACE_BYTES) {
    const role = ROLES[table.readUInt32LE(at)];
    const offset = table.readUInt32LE(at + 4) * BLOCK_BYTES;
    if (role === undefined) throw invalid('has a table that cannot be');
    const after = ROLES.indexOf(role) - ROLES.indexOf(from.role);
    if (after > 0 || (after === 0 && offset > from.offset)) break;
    found = { start: { role, offset }, offset: Number(table.readBigUInt64LE(at + 8)) };
  }
  return found;
}

function invalid(why: string): Failure {
  return new Failure('IMAGE_OPS_INVALID', `the image’s ready delta ${why}`, {
    hint: 'the image can be installed without it; get it anew from whoever made it',
  });
}
