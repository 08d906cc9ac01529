/** Files that a command was to write for whoever runs it, and could not. */

import { diskTrouble, Failure } from '../proto/failure.ts';

/** What is wrong with a place; the system's own words name the file beside it that is written first. */
const WRONG_PLACE: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
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
