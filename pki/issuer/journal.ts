/**
 * What an issuer remembers, as a file of JSON lines that is only appended to: a line is on disk before the call that made
 * it is answered. A line that a crash cut short is dropped when the file is next opened: its call was never answered.
 *
 * A line is `["CRC-32 in hexadecimal",ENTRY]`. JSON with a flipped bit is mostly JSON still, and would change a name, a label or
 * whether a token was used without a word; so a line counts only where the checksum is that of the entry's text.
 */

import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../../proto/failure.ts';
import { syncFolder, writeFileAtomic } from '../atomic-file.ts';

/** Appends beyond this many times what is live are worth a rewrite. */
const COMPACT_RATIO = 4;
const COMPACT_FLOOR = 1000;

const RESTORE = 'restore the issuer’s folder from your backup';

/** The system calls of an append, so that a test can make a disk that is full or broken. */
export interface Disk {
  writeSync(file: number, bytes: Uint8Array, offset: number): number;
  fsyncSync(file: number): void;
  ftruncateSync(file: number, length: number): void;
}

/** An open journal of entries of one type. */
export class Journal<Entry> {
  readonly #path: string;
  readonly #disk: Disk;
  #file: number;
  #lines: number;
  /** How much of the file counts. */
  #size: number;
  /** How many lines call for a rewrite; goes up where one failed. */
  #floor = COMPACT_FLOOR;
  #broken: unknown;

  private constructor(path: string, file: number, lines: number, disk: Disk) {
    this.#path = path;
    this.#file = file;
    this.#lines = lines;
    this.#size = fstatSync(file).size;
    this.#disk = disk;
  }

  /**
   * Opens or makes a journal and gives its entries, oldest first, and how many bytes behind the last whole line were dropped. Throws
   * BAD_CONFIG where it cannot be read, a line is damaged or `check` does not take what it says.
   */
  static open<Entry>(
    path: string,
    check: (entry: unknown) => Entry,
    disk: Disk = { writeSync, fsyncSync, ftruncateSync },
  ): { journal: Journal<Entry>; entries: Entry[]; dropped: number } {
    const isNew = !existsSync(path);
    const bytes = isNew ? Buffer.alloc(0) : contentOf(path);
    const end = bytes.lastIndexOf(10) + 1;
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    const entries = lines.map((line, index) => {
      try {
        return check(JSON.parse(entryText(line)));
      } catch (cause) {
        throw new Failure('BAD_CONFIG', `line ${index + 1} of ${path} is damaged`, { hint: RESTORE, cause });
      }
    });
    const file = openSync(path, 'a', 0o600);
    try {
      if (end < bytes.length) ftruncateSync(file, end);
      if (isNew) syncFolder(dirname(path));
      const journal = new Journal<Entry>(path, file, lines.length, disk);
      return { journal, entries, dropped: bytes.length - end };
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /**
   * Appends an entry and flushes it. When it throws, the entry does not count: what was written of it is cut off again. Where
   * even that fails, the journal takes nothing more until it is opened anew.
   */
  append(entry: Entry): void {
    if (this.#broken !== undefined)
      throw new Failure('INTERNAL', `${this.#path} could not be written earlier, so nothing more is`, {
        hint: 'mend the disk, then start the issuer again',
        cause: this.#broken,
      });
    const bytes = Buffer.from(lineOf(entry));
    try {
      for (let at = 0; at < bytes.length; ) at += this.#disk.writeSync(this.#file, bytes, at);
      this.#disk.fsyncSync(this.#file);
    } catch (error) {
      this.#cutBack(error);
      throw error;
    }
    this.#lines++;
    this.#size += bytes.length;
  }

  /**
   * Rewrites the file with what is live, where it has grown far beyond that. A rewrite that fails costs nothing but space, so
   * it is put off.
   */
  compact(live: () => Entry[], liveCount: number): void {
    if (this.#broken !== undefined || this.#lines < this.#floor + COMPACT_RATIO * liveCount) return;
    const entries = live();
    try {
      writeFileAtomic(this.#path, entries.map(lineOf).join(''));
    } catch {
      // What is appended meanwhile is safe in the old file; a disk that stays full refuses appends, which is told.
      this.#floor = this.#lines * 2;
      return;
    }
    this.#reopen(entries.length);
  }

  /** Idempotent. */
  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
    this.#broken ??= 'closed';
  }

  #cutBack(error: unknown): void {
    try {
      this.#disk.ftruncateSync(this.#file, this.#size);
      this.#disk.fsyncSync(this.#file);
    } catch {
      this.#broken = error;
    }
  }

  #reopen(lines: number): void {
    // The old file has no name any more: what went there would be lost, so a failure here ends the writing.
    const old = this.#file;
    try {
      this.#file = openSync(this.#path, 'a', 0o600);
      this.#size = fstatSync(this.#file).size;
      this.#lines = lines;
      this.#floor = COMPACT_FLOOR;
      closeSync(old);
    } catch (error) {
      this.#broken = error;
    }
  }
}

/** An entry as a line. */
function lineOf(entry: unknown): string {
  const text = JSON.stringify(entry);
  return `["${checksum(text)}",${text}]\n`;
}

/** The text of a line's entry, or an error where the line is not as it was written. */
function entryText(line: string): string {
  const [, sum, text = ''] = /^\["([0-9a-f]{8})",(.*)\]$/s.exec(line) ?? [];
  if (sum !== checksum(text)) throw new Error('the line is not what its checksum is of');
  return text;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Failure('BAD_CONFIG', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: RESTORE,
      cause,
    });
  }
}
