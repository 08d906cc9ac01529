/**
 * All files of a journal as one sequence of entries. A machine's journal is a row of files, mostly one after the other in
 * time, but those of users, of the time before a reboot or of a torn file overlap; so the files are merged.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalEntry } from './entry.ts';
import type { JournalHeader } from './format.ts';
import { JournalFile } from './journal-file.ts';
import { SpareMemory } from './windows.ts';

/** Where a read begins. */
export type JournalStart =
  /** At the oldest entry (forward) or at the newest (backward). */
  | { from: 'end' }
  /** Forward: at the first entry that is not before this time. Backward: at the last entry before it. µs since the epoch. */
  | { from: 'time'; usec: number }
  /** Forward only: behind an entry. The time is used for files that count their entries otherwise. */
  | { from: 'entry'; seqnumId: string; seqnum: number; realtimeUsec: number };

/** What to read. */
export interface JournalReadOptions {
  /** Folders that hold journal files; the first level of folders below them is looked into as well. */
  directories: readonly string[];
  /** Fields that entries will have; asked for by their index in this list. */
  fields: readonly string[];
  start: JournalStart;
  direction?: 'forward' | 'backward';
}

/** Something that was passed over. */
export interface JournalDamage {
  path: string;
  /** Entries that were not read, as far as the header tells. */
  entries: number;
  why: string;
}

/** One file of the row. */
interface Source {
  path: string;
  header: JournalHeader;
  file: JournalFile | undefined;
  entry: JournalEntry;
  /** The index to read next. */
  index: number;
  /** Whether `entry` holds an entry that was not given yet. */
  ready: boolean;
}

/**
 * Reads entries in order:
 *
 *     while (await reader.more()) while (reader.next()) use(reader.entry, reader.seqnumId);
 *
 * `next` never waits, so that an entry costs no promise.
 */
export class JournalReader {
  readonly #options: JournalReadOptions;
  readonly #step: 1 | -1;
  readonly #memory = new SpareMemory();
  /** Files that are not reached yet, nearest last. */
  #waiting: Source[] = [];
  /** Files that entries are taken from. */
  #active: Source[] = [];
  #current: Source | undefined;
  #lastSeqnum = -1;
  #lastSeqnumId = '';
  /** What was passed over up to now. */
  readonly damage: JournalDamage[] = [];

  private constructor(options: JournalReadOptions) {
    this.#options = options;
    this.#step = options.direction === 'backward' ? -1 : 1;
  }

  /**
   * Opens a journal. Throws a Failure SOURCE_UNAVAILABLE where it holds a file that only journalctl can read, and system
   * errors where a file cannot be opened.
   */
  static async open(options: JournalReadOptions): Promise<JournalReader> {
    const reader = new JournalReader(options);
    for (const path of await journalFiles(options.directories)) {
      const file = await JournalFile.open(path, options.fields);
      const { header } = file;
      await file.close();
      if (header.entries === 0) continue;
      const entry = new JournalEntry(options.fields.length);
      reader.#waiting.push({ path, header, file: undefined, entry, index: -1, ready: false });
    }
    reader.#waiting = reader.#waiting
      .filter(({ header }) => reader.#mayHold(header))
      .sort((a, b) => reader.#step * (edge(b, reader.#step) - edge(a, reader.#step)));
    return reader;
  }

  /** The entry that the last `next` gave. Valid until the next call. */
  get entry(): JournalEntry {
    return this.#current?.entry ?? NO_ENTRY;
  }

  /** What the entry's sequence number belongs to. */
  get seqnumId(): string {
    return this.#current?.header.seqnumId ?? '';
  }

  /** Goes on to the next entry. False when there is none in memory: await `more`. */
  next(): boolean {
    for (;;) {
      if (this.#current) this.#current.ready = false;
      this.#current = undefined;
      let nearest: Source | undefined;
      for (const source of this.#active) {
        if (!source.ready && !this.#fill(source)) return false;
        if (!nearest || this.#precedes(source, nearest)) nearest = source;
      }
      if (!nearest || this.#reaches(nearest)) return false;
      this.#current = nearest;
      const { seqnum } = nearest.entry;
      const { seqnumId } = nearest.header;
      // A file that was torn and its copy hold the same entries.
      if (seqnum === this.#lastSeqnum && seqnumId === this.#lastSeqnumId) continue;
      this.#lastSeqnum = seqnum;
      this.#lastSeqnumId = seqnumId;
      return true;
    }
  }

  /** Reads what the next entries need. False at the end of the journal. */
  async more(): Promise<boolean> {
    for (const source of this.#active) if (!source.ready) await this.#load(source);
    const left = this.#active.filter((source) => source.ready || this.#hasMore(source));
    for (const source of this.#active) if (!left.includes(source)) await source.file?.close();
    this.#active = left;
    while (this.#opensNext()) {
      const source = this.#waiting.pop();
      if (source) await this.#activate(source);
    }
    return this.#active.length > 0;
  }

  /** Closes the files. */
  async close(): Promise<void> {
    const open = this.#active;
    this.#active = [];
    this.#waiting = [];
    await Promise.all(open.map(({ file }) => file?.close()));
  }

  #mayHold(header: JournalHeader): boolean {
    const { start } = this.#options;
    if (start.from === 'entry' && header.seqnumId === start.seqnumId) return header.tailSeqnum > start.seqnum;
    if (start.from === 'end') return true;
    const usec = start.from === 'time' ? start.usec : start.realtimeUsec;
    return this.#step > 0 ? header.tailRealtimeUsec >= usec : header.headRealtimeUsec < usec;
  }

  async #activate(source: Source): Promise<void> {
    try {
      source.file = await JournalFile.open(source.path, this.#options.fields, this.#memory);
      const { seqnumId, headSeqnum } = source.file.header;
      if (seqnumId !== source.header.seqnumId || headSeqnum !== source.header.headSeqnum)
        throw new RangeError('journald has rotated it: another file has its name now');
      source.header = source.file.header;
      source.index = await this.#firstIndex(source.file);
      this.#active.push(source);
      await this.#load(source);
    } catch (error) {
      await source.file?.close();
      this.#passOver(source, error);
    }
  }

  async #firstIndex(file: JournalFile): Promise<number> {
    const { start } = this.#options;
    const { entries, seqnumId } = file.header;
    if (start.from === 'end') return this.#step > 0 ? 0 : entries - 1;
    if (start.from === 'time') return (await file.firstSince(start.usec)) - (this.#step > 0 ? 0 : 1);
    if (seqnumId === start.seqnumId) return await file.firstAfter(start.seqnum);
    return await file.firstSince(start.realtimeUsec + 1);
  }

  #hasMore({ file, index }: Source): boolean {
    return file !== undefined && index >= 0 && index < file.header.entries;
  }

  /** Reads a source's next entry. False when that needs more of the file, or when the file is at its end or damaged. */
  #fill(source: Source): boolean {
    if (!source.file || !this.#hasMore(source)) return false;
    try {
      if (!source.file.read(source.index, source.entry)) return false;
    } catch (error) {
      this.#passOver(source, error);
      return false;
    }
    source.index += this.#step;
    source.ready = true;
    return true;
  }

  async #load(source: Source): Promise<void> {
    try {
      while (!this.#fill(source) && this.#hasMore(source)) await source.file?.load();
    } catch (error) {
      this.#passOver(source, error);
    }
  }

  #passOver(source: Source, error: unknown): void {
    const entries = this.#step > 0 ? source.header.entries - Math.max(source.index, 0) : source.index + 1;
    this.damage.push({ path: source.path, entries, why: (error as Error).message });
    source.index = -1;
    source.ready = false;
  }

  /** Whether the next file begins before the nearest entry, so that it has to be opened first. */
  #reaches(nearest: Source): boolean {
    const next = this.#waiting.at(-1);
    return next !== undefined && this.#step * (edge(next, this.#step) - nearest.entry.realtimeUsec) <= 0;
  }

  #opensNext(): boolean {
    if (this.#waiting.length === 0) return false;
    const ready = this.#active.filter((source) => source.ready);
    return ready.length === 0 || ready.every((source) => this.#reaches(source));
  }

  /** Whether the entry of one source comes before that of another. Sequence numbers order what one writer wrote. */
  #precedes(a: Source, b: Source): boolean {
    if (a.header.seqnumId === b.header.seqnumId) return this.#step * (a.entry.seqnum - b.entry.seqnum) < 0;
    return this.#step * (a.entry.realtimeUsec - b.entry.realtimeUsec) < 0;
  }
}

const NO_ENTRY = new JournalEntry(0);

/** The time at which a file begins when it is read in a direction. */
function edge({ header }: Source, step: 1 | -1): number {
  return step > 0 ? header.headRealtimeUsec : header.tailRealtimeUsec;
}

/** The journal files of some folders and of the folders directly below them, which journald names by machine id. */
export async function journalFiles(directories: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const isJournal = (name: string) => name.endsWith('.journal') || name.endsWith('.journal~');
  for (const directory of directories)
    for (const entry of await entries(directory)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory())
        for (const below of await entries(path)) {
          if (below.isFile() && isJournal(below.name)) found.push(join(path, below.name));
        }
      else if (entry.isFile() && isJournal(entry.name)) found.push(path);
    }
  return found.sort();
}

/** A folder's entries; of a folder that does not exist, none. */
async function entries(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
