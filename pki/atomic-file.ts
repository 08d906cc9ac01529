/** Writing files so that a crash or a power cut at any moment leaves the old content or the new, never a part. */

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What the file beside is called while it is written: NAME.PROCESS.RANDOM.tmp */
const STRAY = /\.(\d+)\.[0-9a-f]{8}\.tmp$/;

/**
 * Replaces a file: writes beside it, flushes, renames, flushes the folder. The mode is that of the new file, whatever the
 * umask or the old file say; the default lets only the owner read. What is no plain file, such as a device or the terminal behind
 * /dev/stdout, is never replaced. Throws the system's error, which names the file, and leaves no stray file.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o600): void {
  const fresh = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  refuseNoFile(path);
  try {
    const file = openSync(fresh, 'wx', mode & 0o600);
    try {
      fchmodSync(file, mode);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    // A write knows the file by its number alone, and the file beside it is no concern of whoever reads this.
    throw Object.assign(error as Error, { path });
  }
  syncFolder(dirname(path));
}

/** Throws what `writeFileAtomic` would for a place that is wrong: the system's error, as far as it shows before anything is written. */
export function checkPlace(path: string): void {
  refuseNoFile(path);
  accessSync(dirname(path), constants.W_OK | constants.X_OK);
}

/** Throws where something is there that a file must not take the place of: a rename would, for whoever may write the folder. */
function refuseNoFile(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there || there.isFile()) return;
  const [code, message] = there.isDirectory()
    ? ['EISDIR', 'EISDIR: there is a folder of that name']
    : ['ENOTFILE', 'what is there is no plain file'];
  throw Object.assign(new Error(message), { code, path });
}

/** Flushes a folder, so that names made, changed or removed in it survive a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Whether a name is that of a file which is being written, or whose writer was killed. */
export function isStray(name: string): boolean {
  return STRAY.test(name);
}

/** Removes what killed writers left of some files: it may hold a key that nobody knows of. Who still writes is left alone. */
export function removeStrays(folder: string, names: readonly string[]): void {
  for (const entry of readdirSync(folder)) {
    const writer = Number(STRAY.exec(entry)?.[1]);
    if (writer > 0 && names.includes(entry.replace(STRAY, '')) && !isAlive(writer))
      rmSync(join(folder, entry), { force: true });
  }
}

/** Whether another process has this number. What bears our own was left by one before us: we write without a pause. */
function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
