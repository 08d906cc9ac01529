/**
 * Reads a journal's entries straight from its files, several times faster than journalctl prints them. What the journal has
 * an index for (units, boots, the newest N) is journalctl's; so is every journal whose order the files alone do not tell.
 */

import { Failure } from '../../../proto/failure.ts';
import type { JournalHeader } from '../../host/journal-files/format.ts';
import { JournalFile } from '../../host/journal-files/journal-file.ts';
import { JournalReader, journalFiles } from '../../host/journal-files/journal-reader.ts';
import { type JournalPlace, journalFolders } from '../../host/journalctl.ts';
import { yieldTurn } from '../files/wait.ts';
import type { LogEvent, ReadOptions } from '../types.ts';
import type { Delivery } from './delivery.ts';
import { BASE_FIELDS, type JournalPosition } from './query.ts';
import { isContinuous } from './resume.ts';

/** More files than this are left to journalctl. */
const MAX_FILES = 1000;
/** So many holes in the numbers are looked into. */
const MAX_HOLES = 4;
/** After so many entries others have their turn. */
const SLICE = 4096;

/**
 * Whether the files are in an order that needs no look into the entries: numbered in one series, or in several of which
 * one ends before the next begins.
 */
function isPlainOrder(headers: readonly JournalHeader[]): boolean {
  const series = new Map<string, { from: number; to: number }>();
  for (const { seqnumId, entries, headRealtimeUsec, tailRealtimeUsec } of headers) {
    if (entries === 0) continue;
    const known = series.get(seqnumId);
    series.set(seqnumId, {
      from: Math.min(headRealtimeUsec, known?.from ?? headRealtimeUsec),
      to: Math.max(tailRealtimeUsec, known?.to ?? tailRealtimeUsec),
    });
  }
  const ranges = [...series.values()].sort((a, b) => a.from - b.from);
  return ranges.every(({ from }, i) => i === 0 || from > (ranges[i - 1]?.to ?? 0));
}

/** Whether it is of this kind of failure that journalctl may do better. */
function isBeyondUs(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Failure && error.reason === 'SOURCE_UNAVAILABLE');
}

/** Whether the request can be served from the files. */
function isBulk(options: ReadOptions): boolean {
  return (
    options.unit === '' && options.boot === '' && options.tail === undefined && !options.fields.includes('*')
  );
}

/**
 * Opens the journal's files for a read; undefined when journalctl must do it: no files, files of another form, files that may
 * not be read, or series of entries that overlap.
 * @param from the entry to go on behind
 */
async function openBulk(
  place: JournalPlace,
  options: ReadOptions,
  from: JournalPosition | undefined,
): Promise<JournalReader | undefined> {
  try {
    const directories = await journalFolders(place);
    const paths = await journalFiles(directories);
    if (paths.length === 0 || paths.length > MAX_FILES) return undefined;
    const headers: JournalHeader[] = [];
    for (const path of paths) {
      const file = await JournalFile.open(path, []);
      headers.push(file.header);
      await file.close();
    }
    if (!isPlainOrder(headers)) return undefined;
    if (from !== undefined && !headers.some(({ seqnumId }) => seqnumId === from.seqnumId)) return undefined;
    const fields = [...BASE_FIELDS, ...new Set(options.fields)];
    if (from !== undefined) {
      const { seqnumId, seqnum, usec } = from;
      const start = { from: 'entry', seqnumId, seqnum, realtimeUsec: usec } as const;
      return await JournalReader.open({ directories, fields, start });
    }
    const { sinceUsec } = options;
    const start = sinceUsec > 0 ? ({ from: 'time', usec: sinceUsec } as const) : ({ from: 'end' } as const);
    return await JournalReader.open({ directories, fields, start });
  } catch (error) {
    // A file that went away meanwhile, or may not be read: journalctl says what there is to say about it.
    if (isBeyondUs(error) || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}

/** One read of the journal's files. */
export class BulkRead {
  readonly #place: JournalPlace;
  readonly #options: ReadOptions;
  readonly #signal: AbortSignal;
  readonly #delivery: Delivery;
  #holes = 0;
  /** How many entries were passed. */
  #passed = 0;

  constructor(place: JournalPlace, options: ReadOptions, signal: AbortSignal, delivery: Delivery) {
    this.#place = place;
    this.#options = options;
    this.#signal = signal;
    this.#delivery = delivery;
  }

  /** The events from behind an entry. False when journalctl must go on: from the last entry that was passed. */
  async *events(from: JournalPosition | undefined): AsyncGenerator<LogEvent, boolean> {
    // A program that was told stands for the whole journal.
    if (this.#place.program !== undefined || !isBulk(this.#options)) return false;
    const reader = await openBulk(this.#place, this.#options, from);
    if (reader === undefined) return false;
    try {
      for (;;) {
        const more = await reader.more();
        // Damaged, or rotated meanwhile: journalctl knows what can still be read, and where it is now.
        if (reader.damage.length > 0) return false;
        if (!more || this.#signal.aborted) return true;
        if (!(yield* this.#take(reader))) return false;
      }
    } finally {
      await reader.close();
    }
  }

  /** Takes the entries that are in memory. False when one of them can only be read by journalctl. */
  async *#take(reader: JournalReader): AsyncGenerator<LogEvent, boolean> {
    const delivery = this.#delivery;
    const { sink } = delivery;
    const { matcher } = this.#options;
    while (!this.#signal.aborted && reader.next()) {
      const { entry, seqnumId } = reader;
      // A value that is too large, or a file that is damaged or was rotated meanwhile.
      if ((entry.incomplete && !entry.has(0)) || reader.damage.length > 0) return false;
      const missing = sink.missingFrom(entry.seqnum, seqnumId);
      if (missing > 0) {
        yield* delivery.flush();
        if (await this.#isElsewhere()) return false;
        yield* delivery.missing(missing);
      }
      if (sink.full || sink.isOtherFrom(seqnumId)) yield* delivery.flush();
      sink.addFrom(entry, seqnumId);
      if (++this.#passed % SLICE !== 0 && matcher?.tired !== true) continue;
      await yieldTurn();
      matcher?.rested();
      if (delivery.isFlushDue) yield* delivery.flush();
      if (delivery.isWatermarkDue) yield delivery.watermark();
    }
    return true;
  }

  /** Whether journalctl finds the records that are missing behind the last one: the files were rotated meanwhile. */
  async #isElsewhere(): Promise<boolean> {
    const { position } = this.#delivery.sink;
    // Rotation meanwhile is rare: a journal with many holes is not asked about each of them.
    if (position === undefined || ++this.#holes > MAX_HOLES) return false;
    return await isContinuous(this.#place, position, this.#signal);
  }
}
