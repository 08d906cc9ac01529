/**
 * What comes after a file in its chain, as against what stood there before it was begun. The numbered invariants are those of
 * reader.ts.
 */

import { type FileState, HEAD_BYTES, headOf, LogFile } from '../../host/log-file.ts';
import { isPacked } from '../../host/packed-file.ts';
import { fileKey, type LogChain } from './chain.ts';
import { findCopy, MIN_EVIDENCE, stableList } from './generations.ts';
import type { FilePlace } from './place.ts';

/** Where to go on after a file. */
export interface Next {
  file: LogFile;
  /** What it begins with. */
  first: Buffer;
  offset: number;
}

/** The surroundings of one file, from when it was begun. */
export class Succession {
  /** When a file that stood before it had last been written to, in whole ms; 0 where none did. */
  readonly beforeMs: number;
  readonly #chain: LogChain;
  readonly #follow: boolean;
  /** Files that stood before it. */
  readonly #older: ReadonlySet<string>;
  /** The file that stood behind it. */
  readonly #follower: string | undefined;

  private constructor(chain: LogChain, follow: boolean, list: readonly FileState[], own: number) {
    const older = list.slice(0, Math.max(own, 0));
    const follower = own < 0 ? undefined : list[own + 1];
    this.#chain = chain;
    this.#follow = follow;
    this.#older = new Set(older.map(fileKey));
    this.#follower = follower && fileKey(follower);
    this.beforeMs = older.reduce((newest, { mtimeMs }) => Math.max(newest, Math.floor(mtimeMs)), 0);
  }

  /** Looks around a file whose beginning was read. */
  static async around(file: LogFile, chain: LogChain, follow: boolean): Promise<Succession> {
    const list = await stableList(chain);
    const own = list.findIndex((state) => file.is(state));
    return new Succession(chain, follow, list, own);
  }

  /** The key of the file that comes after this one and has begun to fill. */
  async find(place: FilePlace): Promise<string | undefined> {
    const { file } = place;
    const newest = await this.#chain.newest();
    if (newest !== undefined && file.is(newest)) return undefined;
    const list = await stableList(this.#chain);
    const listed = list.findIndex((state) => file.is(state));
    const own = listed < 0 ? await this.#packedPlace(place, list) : listed;
    const mayBePacked = own >= 0 && (listed < 0 || isPacked(file.path));
    // Whatever name a rotation gives: what stood before this file was read, or is older than what was asked for.
    const next = list
      .slice(own + 1)
      .find((state) => !this.#older.has(fileKey(state)) && (mayBePacked || !isPacked(state.path)));
    if (next === undefined) return undefined;
    // The writer may go on in the old file until it opens the new one.
    if (this.#follow && next === list.at(-1) && next.size === 0) return undefined;
    return fileKey(next);
  }

  /**
   * Opens the next file and reads its beginning; undefined when it is not the next one any more (invariant 4), or when this
   * one has more than the `end` that was read (invariant 1).
   */
  async open(place: FilePlace, key: string, end: number): Promise<Next | undefined> {
    const state = (await stableList(this.#chain)).find((one) => fileKey(one) === key);
    const opened = state === undefined ? undefined : await LogFile.open(state.path);
    if (opened === undefined) return undefined;
    const first = await opened.read(0, HEAD_BYTES);
    const isNext = fileKey(opened) === key && (await this.find(place)) === key;
    // An empty file between others stays empty; the newest may have been truncated again just now.
    const isReady = first.length > 0 || !this.#follow || !(await this.#isNewest(opened));
    if (isNext && isReady && (await place.file.stat()).size <= end) {
      // A copy of the file that is still written to, which will be truncated soon or never: the same lines go on there.
      return isCopyOf(place, opened, first)
        ? { file: opened, first: place.first, offset: place.offset }
        : { file: opened, first, offset: 0 };
    }
    await opened.close();
    return undefined;
  }

  /** Whether files were rotated away before they were read: the one that was to come next is gone. */
  async hasMissed(file: LogFile, next: LogFile): Promise<boolean> {
    // A compressed one is what stood behind this file, under another key now.
    if (this.#follower === undefined || this.#follower === fileKey(next) || isPacked(next.path)) return false;
    const list = await stableList(this.#chain);
    return !list.some((state) => file.is(state) || fileKey(state) === this.#follower);
  }

  /** The first file that has come in between those before this one and itself: a generation that was not seen. */
  async cameBetween(file: LogFile): Promise<LogFile | undefined> {
    const list = await stableList(this.#chain);
    const next = list.find(
      (state) => file.is(state) || !(this.#older.has(fileKey(state)) || isPacked(state.path)),
    );
    if (next === undefined || file.is(next)) return undefined;
    const opened = await LogFile.open(next.path);
    if (opened?.is(next)) return opened;
    await opened?.close();
    return undefined;
  }

  async #isNewest(file: LogFile): Promise<boolean> {
    const newest = await this.#chain.newest();
    return newest !== undefined && file.is(newest);
  }

  /** Where a file that is gone stands compressed among the others, or -1. */
  async #packedPlace(place: FilePlace, list: readonly FileState[]): Promise<number> {
    if (!list.some(({ path }) => isPacked(path))) return -1;
    const copy = await findCopy(this.#chain, headOf(place.first), place.offset, fileKey(place.file));
    const found = copy === undefined ? -1 : list.findIndex((state) => copy.is(state));
    await copy?.close();
    return found >= 0 && isPacked(copy?.path ?? '') ? found : -1;
  }
}

/** Whether a file is a copy of the next one: made later, and with the same beginning. */
function isCopyOf({ file, first }: FilePlace, next: LogFile, nextFirst: Buffer): boolean {
  const { length } = first;
  return (
    length >= MIN_EVIDENCE && next.birthMs <= file.birthMs && first.equals(nextFirst.subarray(0, length))
  );
}
