/**
 * The door to log files: opens regular files only, in a way that can never hang (a FIFO) or be led elsewhere (a symbolic
 * link), and tells one file from another after it was renamed, copied or truncated.
 */

import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { isPacked, type Unpacked, unpack } from './packed-file.ts';

/** How much of a file's beginning is its fingerprint. */
export const HEAD_BYTES = 256;

/** What tells files apart, as of one moment. */
export interface FileState {
  path: string;
  dev: number;
  ino: number;
  size: number;
  /** Milliseconds since the epoch. */
  mtimeMs: number;
  /** Milliseconds since the epoch, or 0 where the file system does not know. Tells a reused inode number. */
  birthMs: number;
}

/** A file's beginning: its length (up to 256 bytes) and a hash of so much. */
export interface Head {
  length: number;
  hash: string;
}

/** The head that a file with these first bytes has. */
export function headOf(bytes: Buffer): Head {
  const first = bytes.subarray(0, HEAD_BYTES);
  return { length: first.length, hash: hash('sha256', first, 'base64url').slice(0, 12) };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether the error says that nothing is there. */
function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

/** What a path is now, or undefined when nothing or no regular file is there. Links are not followed. */
export async function fileState(path: string): Promise<FileState | undefined> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return undefined;
    const { dev, ino, size, mtimeMs, birthtimeMs } = stats;
    return { path, dev, ino, size, mtimeMs, birthMs: birthtimeMs };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

/** The names in a folder; none when there is no such folder. */
async function folderNames(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(path, error);
  }
}

/** The names of the real folders (no links) in a folder; none when there is no such folder. */
export async function subfolderNames(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(path, error);
  }
}

/** The regular files in a folder whose names the test accepts. */
export async function filesIn(folder: string, accept: (name: string) => boolean): Promise<FileState[]> {
  const names = (await folderNames(folder)).filter(accept);
  const states = await Promise.all(names.map((name) => fileState(join(folder, name))));
  return states.filter((state) => state !== undefined);
}

function unreadable(path: string, cause: unknown): Failure {
  const code = errorCode(cause);
  if (code === 'ELOOP') {
    return new Failure('SOURCE_UNAVAILABLE', `${path} is a symbolic link, which is not followed`, {
      hint: 'declare the path of the file itself',
      cause,
    });
  }
  const why = code === 'EACCES' || code === 'EPERM' ? 'the agent may not read it' : code || String(cause);
  return new Failure('SOURCE_UNAVAILABLE', `${path} cannot be read: ${why}`, {
    hint: 'check the permissions of the file and of its folders for the agent’s user',
    cause,
  });
}

/** An open log file. One that is compressed is read unpacked, and known by what it is on the disk. */
export class LogFile {
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  readonly birthMs: number;
  readonly #handle: FileHandle;
  readonly #unpacked: Unpacked | undefined;
  readonly #mtimeMs: number;

  private constructor(state: FileState, handle: FileHandle, unpacked: Unpacked | undefined) {
    this.path = state.path;
    this.dev = state.dev;
    this.ino = state.ino;
    this.birthMs = state.birthMs;
    this.#handle = handle;
    this.#unpacked = unpacked;
    this.#mtimeMs = state.mtimeMs;
  }

  /** Why a compressed file could not be unpacked as a whole, or empty. */
  get damage(): string {
    return this.#unpacked?.damage ?? '';
  }

  /**
   * Opens a regular file; undefined when nothing is there.
   * @throws Failure SOURCE_UNAVAILABLE when it may not be read or is no regular file
   */
  static async open(path: string): Promise<LogFile | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(
        path,
        constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY,
      );
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unreadable(path, error);
    }
    const stats = await handle.stat();
    if (!stats.isFile()) {
      await handle.close();
      throw new Failure('SOURCE_UNAVAILABLE', `${path} is not a regular file`, {
        hint: 'declare plain files; devices, pipes and folders are no log files',
      });
    }
    const { dev, ino, size, mtimeMs, birthtimeMs } = stats;
    const state = { path, dev, ino, size, mtimeMs, birthMs: birthtimeMs };
    if (!isPacked(path)) return new LogFile(state, handle, undefined);
    try {
      const unpacked = await unpack(handle, path);
      return new LogFile(state, unpacked.handle, unpacked);
    } finally {
      await handle.close();
    }
  }

  /** Whether the state is of this very file. */
  is(state: FileState): boolean {
    return state.ino === this.ino && state.dev === this.dev && state.birthMs === this.birthMs;
  }

  /** Size in bytes and time of the last change in ms, now. */
  async stat(): Promise<{ size: number; mtimeMs: number }> {
    const { size, mtimeMs } = await this.#handle.stat();
    return { size, mtimeMs: this.#unpacked ? this.#mtimeMs : mtimeMs };
  }

  /**
   * Up to `length` bytes from `position`; fewer only at the end of the file.
   * @param into a buffer of at least that length to read into, of which the bytes are then a part
   */
  async read(
    position: number,
    length: number,
    into: Buffer = Buffer.allocUnsafeSlow(length),
  ): Promise<Buffer> {
    const buffer = into.length === length ? into : into.subarray(0, length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled === length ? buffer : buffer.subarray(0, filled);
  }

  /** Whether the file begins as another one did. */
  async begins(head: Head): Promise<boolean> {
    const own = headOf(await this.read(0, head.length));
    return own.length === head.length && own.hash === head.hash;
  }

  async close(): Promise<void> {
    await (this.#unpacked ?? this.#handle).close();
  }
}
