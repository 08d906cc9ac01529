/** Writing files of the history in the background. */

import { randomBytes } from 'node:crypto';
import { constants, fstatSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/**
 * A file that is appended to and stays open: a row costs one write in the background, and no path is looked up that a sick disk
 * might not answer for.
 */
export class AppendedFile {
  readonly path: string;
  readonly #file: FileHandle;
  #length: number;

  private constructor(path: string, file: FileHandle, length: number) {
    this.path = path;
    this.#file = file;
    this.#length = length;
  }

  /** Opens a file that must be so long; 0 makes it. @throws the system's error */
  static async open(path: string, length: number): Promise<AppendedFile> {
    const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
    const flags = O_WRONLY | O_APPEND | (length === 0 ? O_CREAT | O_EXCL : 0);
    return new AppendedFile(path, await open(path, flags, 0o600), length);
  }

  /** Bytes in it. */
  get length(): number {
    return this.#length;
  }

  /**
   * Appends. Where not everything fits, what did is taken off again.
   * @throws the system's error, or an Error where somebody else removed or changed the file
   */
  async append(bytes: Uint8Array): Promise<void> {
    // The kernel answers this from memory.
    const { size, nlink } = fstatSync(this.#file.fd);
    if (nlink === 0) throw new Error(`${this.path} was removed`);
    if (size !== this.#length) throw new Error(`${this.path} was changed by somebody else`);
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.#file.write(bytes, at)).bytesWritten;
    } catch (error) {
      await this.#file.truncate(this.#length).catch(() => undefined);
      throw error;
    }
    this.#length += bytes.length;
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.#file.close();
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
