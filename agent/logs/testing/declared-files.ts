/** Declared log files for tests: fresh ones in a folder that is removed at the end, with times that are known. */

import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseCursor } from '../cursor.ts';
import { declaredFile } from '../files/declared.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-files-'));
after(() => rmSync(root, { recursive: true }));
let serial = 0;

/** A declared file in a folder of its own; it is not there yet where no content is given. */
export function fresh(content?: string | Buffer): { path: string; source: ReturnType<typeof declaredFile> } {
  const folder = mkdtempSync(join(root, 'case-'));
  const path = join(folder, `app${serial++}.log`);
  if (content !== undefined) writeFileSync(path, content);
  return { path, source: declaredFile({ name: 'app', path }) };
}

/** A cursor of a record of such a file. */
export const cursorOf = (text: string | undefined): ReturnType<typeof parseCursor> =>
  parseCursor(text ?? '', 'FILE');

/** Microseconds of a second of the tests' day. */
export const at = (second: number): number => Date.UTC(2026, 10, 24, 1, 0, second) * 1000;
/** The same as it is written at the head of a line. */
export const stamp = (second: number): string => new Date(at(second) / 1000).toISOString();

/** Compresses a file as gzip does: the new one with the times of the old one, which goes when that is complete. */
export function pack(path: string, compress: (bytes: Buffer) => Buffer = gzipSync, ending = '.gz'): void {
  const { atimeMs, mtimeMs } = statSync(path);
  const packed = compress(readFileSync(path));
  writeFileSync(path + ending, packed.subarray(0, packed.length / 2));
  appendFileSync(path + ending, packed.subarray(packed.length / 2));
  utimesSync(path + ending, atimeMs / 1e3, mtimeMs / 1e3);
  rmSync(path);
}
