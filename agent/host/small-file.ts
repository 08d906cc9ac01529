/** Reading small files that the kernel answers from memory, and links, and what errors of reading mean. */

import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './unavailable.ts';

const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const MAX_TEXT = 4 << 20;
/** What is read goes through one buffer, since a plan of a large config reads such files by the thousand. */
const SCRATCH = Buffer.allocUnsafeSlow(65_536);

/** Errors that mean "there is no such thing here": also what sysfs answers for attributes that a device does not have. */
const ABSENT = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENODEV',
  'ENXIO',
  'EINVAL',
  'EOPNOTSUPP',
  'ENODATA',
  'ENOTSUP',
  'EISDIR',
  'ESRCH',
]);
const DENIED = new Set(['EACCES', 'EPERM']);

/** What an error of the file system means for a reader: undefined where the thing is simply not there. @throws Unavailable */
export function absentOr(error: unknown, path: string): undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (ABSENT.has(code)) return undefined;
  if (DENIED.has(code))
    throw new Unavailable(
      'denied',
      `/${path} may not be read (${code}): the agent needs root, or a capability for it`,
      error,
    );
  throw new Unavailable('failed', `/${path} could not be read (${code})`, error);
}

/** The whole of a small file, or its first bytes. @throws Unavailable */
export function readSmallFile(root: string, path: string, most = MAX_TEXT): string | undefined {
  try {
    // A pipe or a device in the place of a file must not hold this process up: nobody may ever write to it.
    const fd = openSync(join(root, path), READ);
    try {
      if (!isFile(fd)) throw new Unavailable('nonsense', `/${path} is no file`);
      // Files of /proc and /sys say that they are empty or a page long, whatever they hold: read until the end.
      const parts: Buffer[] = [];
      for (let size = 0; size < most; ) {
        const length = readSync(fd, SCRATCH, 0, SCRATCH.length, null);
        if (length === 0) break;
        parts.push(Buffer.from(SCRATCH.subarray(0, length)));
        size += length;
      }
      return (parts.length === 1 ? parts[0] : Buffer.concat(parts))?.toString('utf8') ?? '';
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    return absentOr(error, path);
  }
}

/** What a symbolic link says; undefined where there is no such link, or none that may be read. */
export function readLink(root: string, path: string): string | undefined {
  try {
    return readlinkSync(join(root, path));
  } catch {
    return undefined;
  }
}

/** Folders fail when they are read, as they always did. */
function isFile(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFile() || stat.isDirectory();
}
