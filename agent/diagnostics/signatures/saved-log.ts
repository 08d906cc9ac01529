/** A saved log, however it comes: as text or compressed with gzip or zstd, in pieces, of any length. */

import { Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { catalogue } from './catalogue.ts';
import { type Hit, LineScanner } from './line-scanner.ts';
import { type Group, Tally } from './tally.ts';

/** What a log was found to hold. */
export interface ScanResult {
  /** How many lines it has. */
  readonly lines: number;
  /** Signatures and devices, worst first. */
  readonly groups: readonly Group[];
  /** Lines that were recognised but belong to none of the groups, since those are bounded. */
  readonly overflow: number;
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * Scans a log from its first byte to its last. Yields the lines in which something was recognised, as they come, and returns
 * what all of them come to. At no time is more than a piece of the log in memory.
 * @param referenceMs ms since the epoch: no line without a year is later than this
 * @throws what reading or unpacking the source throws
 */
export async function* scanLog(
  source: AsyncIterable<Buffer>,
  referenceMs: number,
): AsyncGenerator<readonly Hit[], ScanResult, undefined> {
  const tally = new Tally();
  let hits: Hit[] = [];
  const scanner = new LineScanner(catalogue(), {
    referenceMs,
    hit: (hit) => {
      tally.add(hit);
      hits.push(hit);
    },
  });
  for await (const chunk of unpacked(source)) {
    scanner.push(chunk);
    if (hits.length === 0) continue;
    yield hits;
    hits = [];
  }
  scanner.end();
  if (hits.length > 0) yield hits;
  return { lines: scanner.lines, groups: tally.groups(), overflow: tally.overflow };
}

/** The log's text: unpacked where its first bytes say that it is packed. */
async function* unpacked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let next = await chunks.next();
  while (!next.done && head.length < ZSTD.length) {
    head = Buffer.concat([head, next.value]);
    next = head.length < ZSTD.length ? await chunks.next() : next;
  }
  async function* whole(): AsyncGenerator<Buffer, void, undefined> {
    if (head.length > 0) yield head;
    for (let one = await chunks.next(); !one.done; one = await chunks.next()) yield one.value;
  }
  const unpack: Transform | undefined = head.subarray(0, GZIP.length).equals(GZIP)
    ? createGunzip()
    : head.subarray(0, ZSTD.length).equals(ZSTD)
      ? createZstdDecompress()
      : undefined;
  if (!unpack) return yield* whole();
  const packed = Readable.from(whole(), { objectMode: false });
  packed.on('error', (error) => unpack.destroy(error));
  yield* packed.pipe(unpack) as AsyncIterable<Buffer>;
}
