/**
 * Files of the machine that are changed: written in one step and on disk when the call returns, below a root that they cannot
 * lead out of.
 */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
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
  rmdirSync,
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

/** The kernel's own file systems: nothing there is a file that could be replaced. */
const KERNEL_FOLDERS = ['/proc', '/sys', '/dev'];
/** The only files of the kernel that a document decides on. */
const SETTINGS = 'proc/sys/';
/** A file beyond this is not read, and so is not replaced either: what was there could not be put back. */
const MOST_BYTES = 16 << 20;

/** Files below a root. Paths are absolute, "/etc/motd"; none may lead out of the root. */
export class HostFiles {
  readonly root: string;
  /** Folders in which nothing is looked at or changed, without the slash at the front. */
  readonly #closed: readonly string[];

  /**
   * @param root "/" for this machine
   * @param closed folders of the machine, beside the kernel's own, in which nothing may be looked at or changed: the agent's
   *   state
   */
  constructor(root = '/', closed: readonly string[] = []) {
    this.root = realpathSync(root);
    this.#closed = [...KERNEL_FOLDERS, ...closed].flatMap((folder) => {
      // As it is named and, where it is there, as it really is: it may be reached by either.
      const found = quietly(() => relative(this.root, realpathSync(join(this.root, folder))));
      return [...new Set([relative('/', folder), ...(found ? [found] : [])])];
    });
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

  /** Folders above a path that do not exist, the uppermost first. Throws HOST_CHANGE_FAILED where it cannot be told. */
  missingFolders(path: string): string[] {
    const missing: string[] = [];
    for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
      if (lstatSync(join(this.root, folder), { throwIfNoEntry: false })) break;
      missing.unshift(folder);
    }
    return missing;
  }

  /** Removes folders that are empty, in the opposite order to that in which they are given. What cannot be removed stays. */
  removeEmpty(folders: readonly string[]): void {
    for (const folder of folders.toReversed())
      quietly(() => this.#doing('removed', folder, (real) => real !== undefined && rmdirSync(real)));
  }

  /** Whether everybody on the machine may read a file: neither it nor a folder above it keeps anybody out. */
  isPublic(path: string): boolean {
    return this.#doing('looked at', path, (real) => {
      const stat = real === undefined ? undefined : lstatSync(real, { throwIfNoEntry: false });
      if (real === undefined || !stat?.isFile() || (stat.mode & 0o004) === 0) return false;
      for (let folder = dirname(real); folder.length > this.root.length; folder = dirname(folder))
        if ((lstatSync(folder).mode & 0o001) === 0) return false;
      return true;
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
      const fresh = beside(real);
      // What a killed writer left. There is one writer at a time, so it is nobody's.
      unlinkQuietly(fresh);
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
    this.#doing('set', path, (real) => {
      if (real === undefined) throw new Error('there is no such file');
      const within = relative(this.root, real);
      if (!within.startsWith(SETTINGS)) throw new Error(`it is not in /${SETTINGS}`);
      const fd = openSync(real, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
      try {
        writeSync(fd, text);
      } finally {
        closeSync(fd);
      }
    });
  }

  #remove(path: string): void {
    this.#doing('removed', path, (real) => {
      if (real === undefined) return;
      unlinkQuietly(beside(real));
      if (!lstatSync(real, { throwIfNoEntry: false })) return;
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
        this.#inside(folder, found);
        const full = join(found, basename(path));
        const closed = this.#closed.find((one) => isWithin(relative(this.root, full), one));
        if (closed !== undefined && !done.startsWith('set'))
          throw new Error(`nothing in /${closed} is a file of the config`);
        return full;
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
    this.#inside(above, real);
    mkdirSync(join(real, basename(folder)), { mode: 0o755 });
    // The agent's own umask is narrow; folders of the machine are for everybody.
    chmodSync(join(real, basename(folder)), 0o755);
    if (process.getuid?.() === 0) chownSync(join(real, basename(folder)), 0, 0);
    syncFolder(real);
  }

  #inside(folder: string, real: string): void {
    const within = relative(this.root, real);
    if (within === '..' || within.startsWith('../')) throw new Error(`${folder} leads out of ${this.root}`);
  }
}

/** Whether a path is a folder or in it; both without a slash at the front. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** What a file is called while it is written: always the same, so that what a kill left is found again. */
function beside(real: string): string {
  const name = createHash('sha256').update(basename(real)).digest('hex').slice(0, 16);
  return join(dirname(real), `.nodectl-${name}`);
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not made.
  }
}
