/** Files that a command was to write for whoever runs it, and could not. */

import { stat } from 'node:fs/promises';
import { diskTrouble, Failure } from '../proto/failure.ts';

/** What is wrong with a place; the system's own words name the file beside it that is written first. */
const WRONG_PLACE: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EEXIST: 'something else is there',
  EISDIR: 'there is a folder of that name',
  ENAMETOOLONG: 'the name is too long',
  ENOTFILE: 'what is there is no plain file',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is no folder',
  EPERM: 'it is not permitted',
};

/**
 * What is told of such a file: DISK_UNUSABLE where its disk is full, read-only or broken, BAD_ARGUMENT where its place is wrong.
 * @param what the file
 * @param hint for a place that is wrong
 */
export function notWritten(
  what: string,
  cause: unknown,
  hint = 'is there such a folder, and may you write there?',
): Failure {
  const disk = diskTrouble(cause);
  if (disk)
    return new Failure('DISK_UNUSABLE', `${what} cannot be written: ${disk.why}`, { hint: disk.hint, cause });
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const why = WRONG_PLACE[code] ?? message;
  return new Failure('BAD_ARGUMENT', `${what} cannot be written: ${why}`, { hint, cause });
}

/** Does what writes a file or makes its folder. Throws `notWritten` for what the system refuses, and a Failure as it is. */
export function orNotWritten<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Failure || !(cause as NodeJS.ErrnoException).code) throw cause;
    throw notWritten(what, cause);
  }
}

/** A file that is there already, and that nobody said may be replaced. */
export function isThereAlready(path: string): Failure {
  return new Failure('BAD_ARGUMENT', `${path} is there already`, {
    hint: 'name another file, or add --force',
  });
}

/**
 * Refuses a place where a new file must not take the place of what is there: a rename would also replace a device.
 * @param force whether a plain file may be replaced
 * @param hint for what is no plain file
 * @throws Failure BAD_ARGUMENT
 */
export async function refuseTaken(path: string, force: boolean, hint = 'name a file'): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (!there) return;
  if (!there.isFile())
    throw new Failure(
      'BAD_ARGUMENT',
      `${path} is ${there.isDirectory() ? 'a folder' : 'no plain file, and is not replaced by one'}`,
      { hint },
    );
  if (!force) throw isThereAlready(path);
}
