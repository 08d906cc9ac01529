/**
 * Files of the machine that are changed: written in one step and on disk when the call returns, below a root that they cannot
 * lead out of.
 */

import {
  chmodSync,
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { syncFolder } from '../../pki/atomic-file.ts';
import { Failure } from '../../proto/failure.ts';

/** What is at a path. */
export type FileState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file';
      readonly content: Buffer;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly kind: 'link'; readonly target: string }
  /** A folder, device, socket or a file that is too large: it is left alone. */
  | { readonly kind: 'other'; readonly what: string };

/** A file beyond this is not read, and so is not replaced either: what was there could not be put back. */
const MOST_BYTES = 16 << 20;

/** Files below a root. Paths are absolute, "/etc/motd"; none may lead out of the root. */
export class HostFiles {
  readonly root: string;

  /** @param root "/" for this machine */
  constructor(root = '/') {
    this.root = realpathSync(root);
  }

  /** What is at a path. Throws HOST_CHANGE_FAILED where it cannot be told. */
  state(path: string): FileState {
    return this.#doing('looked at', path, (real) => {
      const stat = real === undefined ? undefined : lstatSync(real, { throwIfNoEntry: false });
      if (!stat || real === undefined) return { kind: 'absent' };
      if (stat.isSymbolicLink()) return { kind: 'link', target: readlinkSync(real) };
      if (!stat.isFile()) return { kind: 'other', what: stat.isDirectory() ? 'a folder' : 'no plain file' };
      if (stat.size > MOST_BYTES) return { kind: 'other', what: `longer than ${MOST_BYTES} bytes` };
      return {
        kind: 'file',
        content: readFileSync(real),
        mode: stat.mode & 0o7777,
        uid: stat.uid,
        gid: stat.gid,
      };
    });
  }

  /** Brings a path into a state. Folders above are made (0755). Throws HOST_CHANGE_FAILED, then nothing was changed. */
  set(path: string, state: Exclude<FileState, { kind: 'other' }>): void {
    if (state.kind === 'absent') this.#remove(path);
    else this.#write(path, state);
  }

  #write(path: string, state: Extract<FileState, { kind: 'file' | 'link' }>): void {
    this.#doing('written', path, (_, make) => {
      const real = make();
      if (lstatSync(real, { throwIfNoEntry: false })?.isDirectory())
        throw new Error('there is a folder of that name');
      const fresh = join(dirname(real), `.${basename(real).slice(0, 200)}.${process.pid}.nodectl`);
      try {
        if (state.kind === 'link') symlinkSync(state.target, fresh);
        else {
          const fd = openSync(fresh, 'wx', 0o600);
          try {
            for (let at = 0; at < state.content.length; ) at += writeSync(fd, state.content, at);
            fchownSync(fd, state.uid, state.gid);
            fchmodSync(fd, state.mode);
            fsyncSync(fd);
          } finally {
            closeSync(fd);
          }
        }
        renameSync(fresh, real);
      } catch (error) {
        unlinkQuietly(fresh);
        throw error;
      }
      syncFolder(dirname(real));
    });
  }

  /**
   * Writes into a file that is there, as the kernel's files of /proc and /sys want it: at once and without another file in its
   * place. Throws HOST_CHANGE_FAILED.
   */
  setInPlace(path: string, text: string): void {
    this.#doing('written', path, (real) => {
      if (real === undefined) throw new Error('there is no such file');
      const fd = openSync(real, 'r+');
      try {
        writeSync(fd, text);
      } finally {
        closeSync(fd);
      }
    });
  }

  #remove(path: string): void {
    this.#doing('removed', path, (real) => {
      if (real === undefined || !lstatSync(real, { throwIfNoEntry: false })) return;
      unlinkSync(real);
      syncFolder(dirname(real));
    });
  }

  /**
   * Does something with a path as it is on disk: the folder above it with links followed, and the name itself. `real` is
   * undefined where that folder does not exist; `make` makes it.
   */
  #doing<T>(done: string, path: string, work: (real: string | undefined, make: () => string) => T): T {
    try {
      const parent = dirname(path);
      const real = (folder: string) => {
        const found = realpathSync(join(this.root, folder));
        const within = relative(this.root, found);
        if (within === '..' || within.startsWith('../'))
          throw new Error(`${folder} leads out of ${this.root}`);
        return join(found, basename(path));
      };
      let known: string | undefined;
      try {
        known = real(parent);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      return work(known, () => {
        if (known !== undefined) return known;
        this.#makeFolder(parent);
        return real(parent);
      });
    } catch (cause) {
      throw new Failure('HOST_CHANGE_FAILED', `${path} could not be ${done}: ${(cause as Error).message}`, {
        hint: 'is there room, is the file system writable, and may the agent write there?',
        cause,
      });
    }
  }

  /** Makes a folder and those above it, each below one that is known to be inside the root. */
  #makeFolder(folder: string): void {
    const above = dirname(folder);
    if (!lstatSync(join(this.root, above), { throwIfNoEntry: false })) this.#makeFolder(above);
    const real = realpathSync(join(this.root, above));
    const within = relative(this.root, real);
    if (within === '..' || within.startsWith('../')) throw new Error(`${above} leads out of ${this.root}`);
    mkdirSync(join(real, basename(folder)), { mode: 0o755 });
    // The agent's own umask is narrow; folders of the machine are for everybody.
    chmodSync(join(real, basename(folder)), 0o755);
    if (process.getuid?.() === 0) chownSync(join(real, basename(folder)), 0, 0);
    syncFolder(real);
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not made.
  }
}
