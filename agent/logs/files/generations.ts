/**
 * Telling apart what stands in the same file, or under the same name, one after the other: rotation renames, copies and
 * truncates while it is looked at.
 */

import { type FileState, type Head, LogFile } from '../../host/log-file.ts';
import { isPacked } from '../../host/packed-file.ts';
import { prefixParts } from '../cursor.ts';
import type { Cursor } from '../types.ts';
import { fileKey, type LogChain } from './chain.ts';

/** So often a list of files that keeps changing is taken anew. */
const LIST_TRIES = 8;

/** What the prefix of a file's cursors says. */
export interface FilePrefix {
  dev: number;
  ino: number;
  /** Whole milliseconds since the epoch, 0 where it is not known. Tells a file from the next one with its number. */
  birthMs: number;
  /** When a file that stood before it had last been written to, in whole ms; 0 where none stood there. */
  beforeMs: number;
  head: Head;
}

/** The prefix of cursors in a file. */
export function filePrefix(letter: string, { dev, ino, birthMs, beforeMs, head }: FilePrefix): string {
  const numbers = [dev, ino, Math.floor(birthMs), beforeMs, head.length].map((part) => part.toString(36));
  return [letter, ...numbers, head.hash].join('.');
}

/**
 * What a cursor's prefix says.
 * @throws Failure BAD_CURSOR
 */
export function readPrefix(cursor: Cursor): FilePrefix {
  const parts = prefixParts(cursor, 6);
  const [dev = 0, ino = 0, birthMs = 0, beforeMs = 0, length = 0] = parts.map((part) =>
    Number.parseInt(part, 36),
  );
  return { dev, ino, birthMs, beforeMs, head: { length, hash: parts[5] ?? '' } };
}

/** The files of a chain, as they were between two rotations (invariant 6). */
export async function stableList(chain: LogChain): Promise<FileState[]> {
  let list = await chain.list();
  for (let tries = 0; tries < LIST_TRIES; tries++) {
    const again = await chain.list();
    if (again.length === list.length && again.every((state, i) => isSame(state, list[i]))) return again;
    list = again;
  }
  return list;
}

function isSame(a: FileState, b: FileState | undefined): boolean {
  return b !== undefined && a.path === b.path && fileKey(a) === fileKey(b);
}

/** Shorter beginnings are no evidence that two files are the same. */
export const MIN_EVIDENCE = 16;

/**
 * Looks in a chain for the file that begins like `head` and is at least `size` long: a copy of a file that was truncated.
 * @param except the key of a file that is not meant
 */
export async function findCopy(
  chain: LogChain,
  head: Head,
  size: number,
  except: string,
): Promise<LogFile | undefined> {
  if (head.length < Math.min(MIN_EVIDENCE, size) || head.length === 0) return undefined;
  for (let tries = 0; tries < LIST_TRIES; tries++) {
    let moved = false;
    for (const state of (await stableList(chain)).toReversed()) {
      if (fileKey(state) === except || (state.size < size && !isPacked(state.path))) continue;
      const file = await LogFile.open(state.path);
      if (file?.is(state) && (await file.begins(head)) && (await file.stat()).size >= size) return file;
      // Rotated between the list and the opening: its file is elsewhere now.
      moved ||= !file?.is(state);
      await file?.close();
    }
    if (!moved) return undefined;
  }
  return undefined;
}
