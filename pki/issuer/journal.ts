/**
 * What an issuer remembers, as a file of JSON lines that is only appended to: a line is on disk before the call that made
 * it is answered. A line that a crash cut short is dropped when the file is next opened: its call was never answered.
 */

import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { syncFolder, writeFileAtomic } from '../atomic-file.ts';

/** Appends beyond this many times what is live are worth a rewrite. */
const COMPACT_RATIO = 4;
const COMPACT_FLOOR = 1000;

/** An open journal of entries of one type. */
export class Journal<Entry> {
  readonly #path: string;
  #file: number;
  #lines: number;

  private constructor(path: string, file: number, lines: number) {
    this.#path = path;
    this.#file = file;
    this.#lines = lines;
  }

  /** Opens or makes a journal and gives its entries, oldest first. Throws BAD_CONFIG where a line is not of ours. */
  static open<Entry>(path: string): { journal: Journal<Entry>; entries: Entry[] } {
    const isNew = !existsSync(path);
    const bytes = isNew ? Buffer.alloc(0) : readFileSync(path);
    const end = bytes.lastIndexOf(10) + 1;
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    const entries = lines.map((line, index) => {
      try {
        return JSON.parse(line) as Entry;
      } catch (cause) {
        throw new Failure('BAD_CONFIG', `line ${index + 1} of ${path} is damaged`, {
          hint: 'restore the issuer’s folder from your backup',
          cause,
        });
      }
    });
    const file = openSync(path, 'a', 0o600);
    if (end < bytes.length) ftruncateSync(file, end);
    if (isNew) syncFolder(dirname(path));
    return { journal: new Journal<Entry>(path, file, lines.length), entries };
  }

  /** Appends entries and flushes them. When it throws, none of them counts. */
  append(...entries: Entry[]): void {
    const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    fsyncSync(this.#file);
    this.#lines += entries.length;
  }

  /** Rewrites the file with what is live, where it has grown far beyond that. */
  compact(live: () => Entry[], liveCount: number): void {
    if (this.#lines < COMPACT_FLOOR + COMPACT_RATIO * liveCount) return;
    const entries = live();
    writeFileAtomic(this.#path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#lines = entries.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}
