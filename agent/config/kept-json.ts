/**
 * State of the agent in a file, as JSON behind the SHA-256 of it: a disk that gives back other bytes than were written must not
 * make the node believe them. Files are replaced in one step, so that a kill damages none.
 */

import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { writeFileAtomic } from '../../pki/atomic-file.ts';

/** What a damaged file is called once it was set aside: it stays for whoever looks into it. */
const ASIDE = '.damaged';

/** A file that is there and is not what was written. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly path: string;

  constructor(path: string) {
    super(`${path} is damaged`);
    this.path = path;
  }
}

/** What was written; undefined where there is no such file. Throws DamagedFile. */
export function readKept(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DamagedFile(path);
  }
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== digest(body)) throw new DamagedFile(path);
  return JSON.parse(body);
}

/** Replaces the file; on disk when it returns. Nobody else may read it. Throws the system's error. */
export function writeKept(path: string, value: unknown): void {
  const body = JSON.stringify(value);
  writeFileAtomic(path, `${digest(body)}\n${body}`);
}

/** Moves a damaged file out of the way. Throws the system's error. */
export function setAside(path: string): void {
  renameSync(path, path + ASIDE);
}

/** Where a file stands that was set aside. */
export function asidePath(path: string): string {
  return path + ASIDE;
}

function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
