/**
 * The files of a ring: a folder that one process writes and anybody reads.
 *
 *   000000000041.seg       one chunk: two hours, or less where the machine booted meanwhile
 *   000000000042.head      rows of the running two hours, appended to at each tick
 *   000000000040.damaged   a file with broken blocks, set aside
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStray } from '../../pki/atomic-file.ts';
import { KIND, scan } from './blocks.ts';
import { BadBytes } from './bytes.ts';
import { parseChunk, type Table } from './chunk.ts';
import { readHead } from './head.ts';

/** What a file of a ring is. */
export type FileKind = 'seg' | 'head' | 'damaged';

/** A file of a ring. */
export interface RingFile {
  readonly sequence: number;
  readonly kind: FileKind;
  readonly path: string;
}

const DIGITS = 12;

/** The file of a ring with a number. */
export function ringFile(folder: string, sequence: number, kind: FileKind): RingFile {
  return { sequence, kind, path: join(folder, `${String(sequence).padStart(DIGITS, '0')}.${kind}`) };
}

/** What is in a folder: files of the ring, oldest first, and those that killed writers left half written. Empty where there is none. */
export function listRing(folder: string): { files: RingFile[]; strays: string[] } {
  let names: string[];
  try {
    // A pipe of such a name, as a folder from elsewhere may hold, would keep whoever reads it waiting for ever.
    names = readdirSync(folder, { withFileTypes: true })
      .filter((one) => one.isFile())
      .map(({ name }) => name)
      .sort();
  } catch {
    names = [];
  }
  const files = names.flatMap((name) => {
    const [, digits, kind] = /^(\d{12})\.(seg|head|damaged)$/.exec(name) ?? [];
    return digits === undefined ? [] : [ringFile(folder, Number(digits), kind as FileKind)];
  });
  return { files, strays: names.filter(isStray).map((name) => join(folder, name)) };
}

/** The files with rows, oldest first. Where a head has become a segment and was not removed yet, the segment alone. */
export function filesWithRows(folder: string): RingFile[] {
  const { files } = listRing(folder);
  const segments = new Set(files.filter(({ kind }) => kind === 'seg').map(({ sequence }) => sequence));
  return files.filter(({ kind, sequence }) => kind === 'seg' || (kind === 'head' && !segments.has(sequence)));
}

/** The rows of a file, undefined where it has none or is gone. @throws BadBytes where a segment is broken */
export function readTable(file: RingFile): Table | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new BadBytes(`it cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (file.kind === 'head') return readHead(bytes).table;
  const { blocks, otherVersion } = scan(bytes);
  const chunk = blocks.find(({ kind }) => kind === KIND.chunk);
  if (chunk) return parseChunk(chunk.payload);
  throw new BadBytes(otherVersion ? 'another version of the agent wrote it' : 'its checksum is wrong');
}
