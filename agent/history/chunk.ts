/**
 * Chunks: two hours of rows in one block, by columns and compressed. The head of the payload tells what is in it without
 * unpacking:
 *
 *    0  boot id              16 bytes
 *   16  first row            double: ms since boot
 *   24  last row             double: ms since boot
 *   32  first row's offset   double: its wall clock less its time since boot, in ms
 *   40  last row's offset    double
 *   48  rows                 4 bytes, little endian
 *   52  unpacked length      4 bytes, little endian
 *   56  whether the offsets of rows in between are others (the clock was set meanwhile): 1 byte
 *   57  body, zstd (RFC 8878)
 *
 * body: column of times since boot · column of offsets · names (rows.ts) · each series: length of its column (varint), column
 * (columns.ts)
 */

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { BadBytes, ByteReader, ByteWriter } from './bytes.ts';
import { columnBytes, readColumn } from './columns.ts';
import { readNames, writeNames } from './rows.ts';

const HEAD = 57;
/** An unpacked chunk beyond this is none of ours. */
const MAX_BODY = 64 << 20;
/** Rows of one chunk; 120 are usual. */
const MAX_ROWS = 100_000;

/** Rows of one boot by columns. */
export interface Table {
  readonly boot: string;
  /** ms since boot, rising. */
  readonly sinceBoot: Float64Array;
  /** The wall clock less the time since boot, in ms, at each row. */
  readonly offsets: Float64Array;
  readonly names: readonly string[];
  /** The values of a series by its place among the names, NaN where there is none. @throws BadBytes */
  readonly column: (index: number) => Float64Array;
}

/** What the head of a chunk tells. */
export interface ChunkHead {
  readonly boot: string;
  readonly firstSinceBoot: number;
  readonly lastSinceBoot: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly rows: number;
  /** Whether the clock was set between the rows. */
  readonly clockSet: boolean;
}

/** The head that a table has as a chunk. */
export function headOf({ boot, sinceBoot, offsets }: Table): ChunkHead {
  const firstOffset = offsets[0] ?? 0;
  const lastOffset = offsets.at(-1) ?? 0;
  return {
    ...{ boot, firstOffset, lastOffset, rows: sinceBoot.length },
    ...{ firstSinceBoot: sinceBoot[0] ?? 0, lastSinceBoot: sinceBoot.at(-1) ?? 0 },
    clockSet: offsets.some((one) => one !== firstOffset),
  };
}

/** The payload of a chunk. */
export function chunkPayload(table: Table): Buffer {
  const body = new ByteWriter();
  body.bytes(columnBytes(table.sinceBoot));
  body.bytes(columnBytes(table.offsets));
  writeNames(body, table.names);
  for (const index of table.names.keys()) {
    const column = columnBytes(table.column(index));
    body.varint(column.length);
    body.bytes(column);
  }
  const head = headOf(table);
  const into = new ByteWriter();
  into.bytes(Buffer.from(head.boot, 'hex'));
  for (const one of [head.firstSinceBoot, head.lastSinceBoot, head.firstOffset, head.lastOffset])
    into.float(one);
  into.word(head.rows);
  into.word(body.length);
  into.byte(head.clockSet ? 1 : 0);
  into.bytes(zstdCompressSync(body.done()));
  return into.done();
}

/** Reads the head of a payload. @throws BadBytes */
export function parseChunkHead(payload: Buffer): ChunkHead {
  const from = new ByteReader(payload);
  const boot = from.bytes(16).toString('hex');
  const [firstSinceBoot, lastSinceBoot, firstOffset, lastOffset] = [
    ...[from.float(), from.float(), from.float(), from.float()],
  ] as [number, number, number, number];
  const rows = from.word();
  if (rows === 0 || rows > MAX_ROWS || !(lastSinceBoot >= firstSinceBoot))
    throw new BadBytes('a chunk has no rows, or too many');
  from.word();
  return {
    ...{ boot, firstSinceBoot, lastSinceBoot, firstOffset, lastOffset, rows },
    clockSet: from.byte() !== 0,
  };
}

/** Unpacks a payload; its columns are read when they are asked for. @throws BadBytes */
export function parseChunk(payload: Buffer): Table {
  const { boot, rows } = parseChunkHead(payload);
  const length = payload.readUInt32LE(52);
  if (length > MAX_BODY) throw new BadBytes('a chunk is too long');
  let body: Buffer;
  try {
    body = zstdDecompressSync(payload.subarray(HEAD), { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    throw new BadBytes(`a chunk cannot be unpacked: ${(cause as Error).message}`, { cause });
  }
  const from = new ByteReader(body);
  const sinceBoot = readColumn(from, rows);
  const offsets = readColumn(from, rows);
  const names = readNames(from);
  const starts: number[] = [];
  for (const _ of names) {
    const size = from.varint();
    starts.push(from.at);
    from.bytes(size);
  }
  const column = (index: number) => {
    const start = starts[index];
    return start === undefined
      ? new Float64Array(rows).fill(Number.NaN)
      : readColumn(new ByteReader(body, start), rows);
  };
  return { boot, sinceBoot, offsets, names, column };
}

/**
 * A table with only the last row of every `everyMs` of time since boot, and the first row of all. Counters lose nothing by
 * it but detail; of what goes up and down it keeps a sample.
 */
export function thinned(table: Table, everyMs: number): Table {
  const { sinceBoot, offsets } = table;
  const kept: number[] = [];
  for (let at = 0; at < sinceBoot.length; at++) {
    const window = Math.floor((sinceBoot[at] ?? 0) / everyMs);
    const next = sinceBoot[at + 1];
    if (at === 0 || next === undefined || Math.floor(next / everyMs) !== window) kept.push(at);
  }
  const pick = (values: Float64Array) => Float64Array.from(kept, (at) => values[at] ?? Number.NaN);
  return {
    ...table,
    sinceBoot: pick(sinceBoot),
    offsets: pick(offsets),
    column: (index) => pick(table.column(index)),
  };
}
