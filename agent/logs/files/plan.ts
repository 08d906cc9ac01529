/**
 * Decides where the read of a chain begins: behind a cursor, at a time, at the newest N records, or at the beginning.
 * Times are searched by halving, which takes lines to be roughly in order of time, as log files are.
 */

import { type FileState, type Head, headOf, LogFile } from '../../host/log-file.ts';
import { isPacked } from '../../host/packed-file.ts';
import { LineClock } from '../line-time.ts';
import type { Cursor, LogGap, ReadOptions } from '../types.ts';
import { fileKey, type LogChain } from './chain.ts';
import type { LineFormat } from './format.ts';
import { findCopy, readPrefix, stableList } from './generations.ts';
import { CHUNK_BYTES, type ReadPlan } from './piece.ts';
import { yieldTurn } from './wait.ts';

const NEWLINE = 10;
/** How much is looked at for a line with a time. */
const PROBE_BYTES = 64 * 1024;

/** Where a read begins, with what is known to be lost before it. */
export interface PlannedRead {
  plan: ReadPlan;
  gaps: LogGap[];
}

/** The size that a file has at least; a compressed one grows no more, and how large it is shows when it is opened. */
function knownSize(state: FileState): number {
  return isPacked(state.path) ? Number.POSITIVE_INFINITY : state.size;
}

/** Opens the file if it is still the one that was listed. */
async function reopen(state: FileState | undefined): Promise<LogFile | undefined> {
  return state === undefined ? undefined : await LogFile.open(state.path);
}

/**
 * Plans a read.
 * @throws Failure BAD_CURSOR, SOURCE_UNAVAILABLE
 */
export async function planRead(
  chain: LogChain,
  options: ReadOptions,
  format: LineFormat,
  signal: AbortSignal,
): Promise<PlannedRead> {
  const list = await stableList(chain);
  const last = list.at(-1);
  const until = last === undefined ? undefined : { key: fileKey(last), size: knownSize(last) };
  const gaps: LogGap[] = [];
  const planned = (place: Place | undefined): PlannedRead => ({
    plan: {
      file: place?.file,
      offset: place?.offset ?? 0,
      first: place?.first,
      follow: options.follow,
      until,
    },
    gaps,
  });
  if (options.cursor !== undefined) {
    const place = await findCursor(chain, options.cursor, list);
    if (place.gap !== undefined) gaps.push(place.gap);
    return planned(place);
  }
  if (options.tail !== undefined) return planned(await findTail(list, options, format, signal));
  if (options.sinceUsec > 0) {
    const first = list.find((state) => state.mtimeMs * 1000 >= options.sinceUsec) ?? last;
    const file = await reopen(first);
    return planned(file && { file, offset: await offsetOfTime(file, options.sinceUsec) });
  }
  const skipped = await chain.skipped();
  if (skipped.files > 0) {
    const detail = `${skipped.files} older files are compressed and are not read`;
    gaps.push({ records: -1, bytes: skipped.bytes, cause: 'ROTATED', detail });
  }
  const file = await reopen(chain.whole ? list[0] : last);
  return planned(file && { file, offset: 0 });
}

interface Place {
  file: LogFile | undefined;
  offset: number;
  /** What the file was seen to begin with. */
  first?: Buffer;
}

/** The first bytes of a file that begins like a cursor's and is long enough; undefined for other files. */
async function firstBytes(file: LogFile, head: Head, offset: number): Promise<Buffer | undefined> {
  if ((await file.stat()).size < offset) return undefined;
  const first = await file.read(0, head.length);
  return headOf(first).hash === head.hash && first.length === head.length ? first : undefined;
}

async function findCursor(
  chain: LogChain,
  cursor: Cursor,
  list: readonly FileState[],
): Promise<Place & { gap?: LogGap }> {
  const { dev, ino, birthMs, beforeMs, head } = readPrefix(cursor);
  const offset = cursor.position;
  const sameInode = list.filter((state) => state.ino === ino && state.dev === dev);
  for (const state of sameInode) {
    const file = await LogFile.open(state.path);
    if (file === undefined) continue;
    const first = await firstBytes(file, head, offset);
    if (first !== undefined) return { file, offset, first };
    await file.close();
  }
  const copy = await findCopy(chain, head, offset, '');
  const first = copy && (await firstBytes(copy, head, offset));
  if (first !== undefined) return { file: copy, offset, first };
  const truncated = sameInode.find((state) => Math.floor(state.birthMs) === birthMs);
  if (truncated !== undefined) {
    const detail = `${truncated.path} was truncated after the cursor’s record was read`;
    const gap: LogGap = { records: -1, bytes: 0, cause: 'TRUNCATED', detail };
    // Copies that were made of it since then are still to be read; what was written to last before it was begun has been read.
    const next = list.find((state) => Math.floor(state.mtimeMs) > beforeMs) ?? truncated;
    return { file: await reopen(next), offset: 0, gap };
  }
  // Rotation takes the oldest away first, so all that is left is newer than the cursor's file.
  const detail = 'the file of the cursor’s record was rotated away';
  return { file: await reopen(list[0]), offset: 0, gap: { records: -1, bytes: 0, cause: 'ROTATED', detail } };
}

/** The start of the first line at or after an offset; the size when there is none within a chunk. */
async function lineStart(file: LogFile, offset: number): Promise<number> {
  if (offset <= 0) return 0;
  const bytes = await file.read(offset - 1, CHUNK_BYTES);
  const newline = bytes.indexOf(NEWLINE);
  return newline < 0 ? 0 : offset + newline;
}

/** An offset at the start of a line behind which all lines of at least that time are, if lines are roughly in order. */
async function offsetOfTime(file: LogFile, usec: number): Promise<number> {
  const { size, mtimeMs } = await file.stat();
  const clock = new LineClock();
  clock.referenceMs = mtimeMs;
  let low = 0;
  let high = size;
  while (high - low > CHUNK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const time = firstTime(await file.read(middle, PROBE_BYTES), clock);
    if (time < usec) low = middle;
    else high = middle; // Also when there is no time at all: then nothing is left out.
  }
  return await lineStart(file, low - CHUNK_BYTES);
}

function firstTime(bytes: Buffer, clock: LineClock): number {
  for (let start = bytes.indexOf(NEWLINE) + 1; start > 0; ) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) break;
    const usec = clock.read(bytes, start, end);
    if (!Number.isNaN(usec)) return usec;
    start = end + 1;
  }
  return Number.NaN;
}

/** Goes back from the end of the chain to where the newest `tail` wanted records begin. */
async function findTail(
  list: readonly FileState[],
  options: ReadOptions,
  format: LineFormat,
  signal: AbortSignal,
): Promise<Place | undefined> {
  let missing = options.tail ?? 0;
  let place: Place | undefined;
  for (const state of list.toReversed()) {
    if (place !== undefined && state.mtimeMs * 1000 < options.sinceUsec) break;
    const file = await LogFile.open(state.path);
    if (file === undefined) continue;
    const { size, mtimeMs } = await file.stat();
    const end = place === undefined ? Math.min(size, knownSize(state)) : size;
    if (missing === 0) return { file, offset: await lastLineStart(file, end) };
    const found = await goBack(file, end, mtimeMs, missing, format, signal);
    await place?.file?.close();
    place = { file, offset: found.offset };
    missing -= found.count;
    if (missing <= 0 || signal.aborted) break;
  }
  return place;
}

/** Where the last line begins that has no newline yet; the end when there is no such line. */
async function lastLineStart(file: LogFile, end: number): Promise<number> {
  for (let stop = end; stop > 0; stop -= CHUNK_BYTES) {
    const from = Math.max(0, stop - CHUNK_BYTES);
    const newline = (await file.read(from, stop - from)).lastIndexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
  }
  return 0;
}

/** Counts wanted records from `end` backwards until there are enough; gives where the first of them begins. */
async function goBack(
  file: LogFile,
  end: number,
  mtimeMs: number,
  wanted: number,
  format: LineFormat,
  signal: AbortSignal,
): Promise<{ offset: number; count: number }> {
  let count = 0;
  let stop = end;
  let reach = CHUNK_BYTES;
  while (stop > 0 && !signal.aborted) {
    const from = Math.max(0, stop - reach);
    const bytes = await file.read(from, stop - from);
    // Only from the first place where a record begins: what is before it is taken with the next chunk.
    const first = from === 0 ? 0 : format.align(bytes, bytes.indexOf(NEWLINE) + 1 || bytes.length);
    if (first < 0 || first >= bytes.length) {
      // A record of more than a chunk: take twice as much, or give up on very long ones and begin behind them.
      if (reach >= 64 * CHUNK_BYTES) return { offset: stop, count };
      reach *= 2;
      continue;
    }
    const whole = bytes.at(-1) === NEWLINE ? bytes : Buffer.concat([bytes, Buffer.from([NEWLINE])]);
    const chunk = whole.subarray(first);
    const lines = { chunk, start: from + first, end: stop, prefix: '', cut: false, mtimeMs };
    const starts = format.starts(lines, await format.timeBefore(file, lines.start));
    count += starts.length;
    if (count >= wanted) return { offset: lines.start + (starts[count - wanted] ?? 0), count };
    stop = lines.start;
    reach = CHUNK_BYTES;
    await yieldTurn();
  }
  return { offset: 0, count };
}
