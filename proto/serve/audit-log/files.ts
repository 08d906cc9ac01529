/** The files of an audit log: the one that is written, older ones beside it, and how the end of one is found after a crash. */

import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type ChainHead, parseHeader, parseRecord } from './chain.ts';

/** The file that is written. */
export const CURRENT = 'audit.jsonl';
const OLDER = /^audit-(\d{16})\.jsonl$/;

/** Longer than any record: paths, names and reasons in it are bounded. */
const MAX_LINE_BYTES = 64 * 1024;

/** The name that a file gets when it is full, by the number of its last record. */
export function olderName(last: number): string {
  return `audit-${String(last).padStart(16, '0')}.jsonl`;
}

/** The names of a log's files, oldest first. */
export function auditFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => OLDER.test(name) || name === CURRENT);
  // "audit-0…" sorts before "audit.jsonl".
  return names.sort();
}

/** How a file ends. */
export interface FileEnd {
  /** The newest record, or the header where there is none; undefined where neither can be read. */
  readonly head: ChainHead | undefined;
  /** Bytes up to the end of the last whole line. */
  readonly whole: number;
  /** What follows it: a line that a crash has torn. */
  readonly torn: Buffer;
}

/** Reads the end of a file. Throws the system's error. */
export function fileEnd(path: string): FileEnd {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - 2 * MAX_LINE_BYTES);
    const bytes = Buffer.alloc(size - from);
    const read = readSync(file, bytes, 0, bytes.length, from);
    const tail = bytes.subarray(0, read);
    const end = tail.lastIndexOf(0x0a) + 1;
    const before = tail.subarray(0, Math.max(0, end - 1));
    const line = before.subarray(before.lastIndexOf(0x0a) + 1).toString();
    return { head: headOf(line), whole: from + end, torn: tail.subarray(end) };
  } finally {
    closeSync(file);
  }
}

function headOf(line: string): ChainHead | undefined {
  const record = parseRecord(line, '')?.record;
  return record ? { sequence: record.sequence, chain: record.chain } : parseHeader(line);
}

/** The chain's head by the files of a folder: of the newest that has a readable end. */
export function newestHead(folder: string, names: readonly string[]): ChainHead | undefined {
  for (const name of names.toReversed()) {
    const { head } = fileEnd(join(folder, name));
    if (head) return head;
  }
  return undefined;
}
