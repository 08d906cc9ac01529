/**
 * The layout of a systemd journal file, as https://systemd.io/JOURNAL_FILE_FORMAT/ describes it: little-endian numbers at
 * fixed places in a header and in objects that are aligned to 8 bytes and refer to each other by offset.
 */

import { Failure } from '../../../proto/failure.ts';

/** Bytes of the header that are read; newer fields are behind them. */
export const HEADER_BYTES = 208;
/** Bytes before the payload of a data object; compact files have 8 more. */
export const DATA_BYTES = 64;
/** Bytes before the items of an entry. */
export const ENTRY_BYTES = 64;
/** Bytes before the items of an array of entries. */
export const ARRAY_BYTES = 24;
/** Type bytes of the objects that are read. */
export const TYPE = { data: 1, entry: 3, entryArray: 6 } as const;
/** Flag of an object whose payload is compressed with zstd. */
export const FLAG_ZSTD = 4;

const SIGNATURE = 'LPKSHHRH';
const INCOMPATIBLE = { xz: 1, lz4: 2, keyedHash: 4, zstd: 8, compact: 16 } as const;
/** What this reader understands. Keyed hashes are of no concern to it: it looks nothing up by hash. */
const UNDERSTOOD = INCOMPATIBLE.keyedHash | INCOMPATIBLE.zstd | INCOMPATIBLE.compact;

/** What a journal file's header says. */
export interface JournalHeader {
  /** Items are 4 bytes instead of 8 and 16. */
  compact: boolean;
  /** 32 hexadecimal digits that sequence numbers belong to: files of one machine mostly share it. */
  seqnumId: string;
  /** Where the first array of entries is, or 0 in an empty file. */
  entryArrayOffset: number;
  entries: number;
  headSeqnum: number;
  tailSeqnum: number;
  /** µs since the epoch of the first and the last entry. */
  headRealtimeUsec: number;
  tailRealtimeUsec: number;
}

/**
 * Reads a header. Throws a Failure SOURCE_UNAVAILABLE for what is no journal file, or is one that only journalctl can read
 * (compressed with xz or lz4, or of a later version).
 */
export function parseHeader(bytes: Buffer, path: string): JournalHeader {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 8) !== SIGNATURE)
    throw new Failure('SOURCE_UNAVAILABLE', `${path} is not a journal file`);
  const flags = bytes.readUInt32LE(12);
  if ((flags & ~UNDERSTOOD) !== 0)
    throw new Failure('SOURCE_UNAVAILABLE', `${path} uses features (${flags}) that only journalctl knows`);
  return {
    compact: (flags & INCOMPATIBLE.compact) !== 0,
    seqnumId: bytes.toString('hex', 72, 88),
    entries: uint64(bytes, 152),
    tailSeqnum: uint64(bytes, 160),
    headSeqnum: uint64(bytes, 168),
    entryArrayOffset: uint64(bytes, 176),
    headRealtimeUsec: uint64(bytes, 184),
    tailRealtimeUsec: uint64(bytes, 192),
  };
}

/** A number of 8 bytes. Offsets, counts and times stay far below 2^53, where JavaScript's numbers are exact. */
export function uint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 4_294_967_296;
}
