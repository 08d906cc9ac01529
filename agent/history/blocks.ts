/**
 * Blocks: what files of the history are made of. Each can be understood without the others and says by a checksum whether it
 * is whole, so that what a crash, a full disk or a bad sector leaves behind costs the blocks that it hit and no more.
 *
 *   0  "NH"      2 bytes
 *   2  version   1 byte, 1
 *   3  kind      1 byte: 1 names, 2 row (rows.ts), 3 chunk (chunk.ts)
 *   4  length    4 bytes, little endian: of the payload
 *   8  checksum  4 bytes, little endian: CRC-32 (that of zlib) of the eight bytes before and of the payload
 *  12  payload
 */

import { crc32 } from 'node:zlib';

/** The kinds of blocks. */
export const KIND = { names: 1, row: 2, chunk: 3 } as const;

const VERSION = 1;
/** Bytes of a block before its payload. */
const BLOCK_HEADER = 12;
const MAGIC = Buffer.from('NH', 'latin1');
/** A longer block is none of ours: it is some thirty times what two hours of 5,000 series take. */
const MAX_PAYLOAD = 16 << 20;

/** A block with its header. */
export function block(kind: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(BLOCK_HEADER + payload.length);
  MAGIC.copy(bytes);
  bytes[2] = VERSION;
  bytes[3] = kind;
  bytes.writeUInt32LE(payload.length, 4);
  bytes.writeUInt32LE(crc32(payload, crc32(bytes.subarray(0, 8))), 8);
  bytes.set(payload, BLOCK_HEADER);
  return bytes;
}

/** A block that was read. */
export interface Block {
  readonly kind: number;
  readonly payload: Buffer;
}

/** What a file holds. */
export interface Scan {
  /** The blocks that are whole, in order. */
  readonly blocks: readonly Block[];
  /** Where the last whole block ends. */
  readonly end: number;
  /** Whether bytes before that are no whole block: more than a writer that was killed leaves. */
  readonly damaged: boolean;
  /** Whether the file begins as one of another version of this format does. */
  readonly otherVersion: boolean;
}

/** The length of the payload that a header at a place tells, or undefined where there is no header. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + BLOCK_HEADER > bytes.length || bytes[at] !== MAGIC[0] || bytes[at + 1] !== MAGIC[1])
    return undefined;
  const length = bytes.readUInt32LE(at + 4);
  if (bytes[at + 2] !== VERSION || length > MAX_PAYLOAD || at + BLOCK_HEADER + length > bytes.length)
    return undefined;
  return length;
}

/** Finds the whole blocks of a file, also behind bytes that are none. Never throws. */
export function scan(bytes: Buffer): Scan {
  const blocks: Block[] = [];
  let end = 0;
  let damaged = false;
  // Bytes that look like many long blocks must not cost a checksum of all that follows at each of them.
  let budget = 4 * bytes.length;
  for (let at = 0; at >= 0 && at < bytes.length && budget > 0; ) {
    const length = lengthAt(bytes, at);
    if (length !== undefined) {
      const payload = bytes.subarray(at + BLOCK_HEADER, at + BLOCK_HEADER + length);
      budget -= BLOCK_HEADER + length;
      if (crc32(payload, crc32(bytes.subarray(at, at + 8))) === bytes.readUInt32LE(at + 8)) {
        damaged ||= at !== end;
        blocks.push({ kind: bytes[at + 3] ?? 0, payload });
        end = at + BLOCK_HEADER + length;
        at = end;
        continue;
      }
    }
    at = bytes.indexOf(MAGIC, at + 1);
  }
  const otherVersion = bytes.subarray(0, 2).equals(MAGIC) && bytes.length > 2 && bytes[2] !== VERSION;
  return { blocks, end, damaged, otherVersion };
}
