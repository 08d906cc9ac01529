/**
 * Reads a journal's entries straight from its files, several times faster than journalctl prints them. What the journal has
 * an index for (units, boots, the newest N) is journalctl's; so is every journal whose order the files alone do not tell.
 */

import { Failure } from '../../../proto/failure.ts';
import type { JournalHeader } from '../../host/journal-files/format.ts';
import { JournalFile } from '../../host/journal-files/journal-file.ts';
import { JournalReader, journalFiles } from '../../host/journal-files/journal-reader.ts';
import { type JournalPlace, journalFolders } from '../../host/journalctl.ts';
import type { ReadOptions } from '../types.ts';
import { BASE_FIELDS, type JournalPosition } from './query.ts';

/** More files than this are left to journalctl. */
const MAX_FILES = 1000;

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
export function isBulk(options: ReadOptions): boolean {
  return (
    options.unit === '' && options.boot === '' && options.tail === undefined && !options.fields.includes('*')
  );
}

/**
 * Opens the journal's files for a read; undefined when journalctl must do it: no files, files of another form, files that may
 * not be read, or series of entries that overlap.
 * @param from the entry to go on behind
 */
export async function openBulk(
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
