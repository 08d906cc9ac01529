/** Writing files of the history in the background. */

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Appends to a file that must be so long; 0 makes it. Where not everything fits, what did is taken off again.
 * @throws the system's error, or an Error where the file has another length
 */
export async function appendAt(path: string, length: number, bytes: Uint8Array): Promise<void> {
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_APPEND | (length === 0 ? O_CREAT | O_EXCL : 0), 0o600);
  try {
    if ((await file.stat()).size !== length) throw new Error(`${path} was changed by somebody else`);
    try {
      await file.appendFile(bytes);
    } catch (error) {
      await file.truncate(length).catch(() => undefined);
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** Replaces a file: written beside and flushed, then renamed, so that a crash leaves the old or the new. @throws the system's error */
export async function writeBeside(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
