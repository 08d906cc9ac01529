/**
 * The folder that the boot loader reads, as the backends change it: each call is one step whose order against the others decides
 * what a power cut leaves, so tests put another implementation here that records them. Paths are relative to the folder and made of
 * our own names alone.
 */

import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from '../../../pki/atomic-file.ts';
import { Failure } from '../../../proto/failure.ts';
import type { Machine } from '../../host/machine.ts';

/** Entries and environment blocks are small; a file that is longer is none of them. */
const MOST_BYTES = 64 << 10;
/** Names in a folder that are looked at; an ESP that is shared with other systems has a few dozen. */
const MOST_NAMES = 4_096;
/** What is read of a file at a time. */
const PIECE = 1 << 20;
/** A slow eMMC that has to write all that waits. */
const SYNC_MS = 120_000;

/** What a file is, apart from what it says. */
export interface BootFileInfo {
  readonly bytes: number;
  /** Whether a part of it has no place on the disk: GRUB cannot write there. */
  readonly sparse: boolean;
}

/** The folder that a boot loader reads. Everything but the reading throws Failure UPGRADE_BOOT_WRITE_FAILED. */
export interface BootFolder {
  /** Where it is, for messages. */
  readonly path: string;
  /** A file's content; undefined where there is no plain file. @throws Failure UPGRADE_BOOT_UNREADABLE also beyond 64 KiB */
  read(path: string): Buffer | undefined;
  /** What a plain file is; undefined where there is none. */
  info(path: string): BootFileInfo | undefined;
  /** Names in a folder, sorted; none where there is no folder. @throws Failure UPGRADE_BOOT_UNREADABLE */
  list(path: string): string[];
  /** Reads a file of any length in pieces. @throws Failure UPGRADE_BOOT_UNREADABLE */
  pieces(path: string): Iterable<Buffer>;
  /** Bytes that can still be written there. */
  free(): number;
  /** Writes over a file that is there and has this length, and flushes it: its blocks and its folder stay as they are. */
  overwrite(path: string, content: Buffer): void;
  /** Writes a new file, replacing one of that name, and flushes it; the name itself is on disk after syncFolder alone. */
  create(path: string, content: Buffer | Readable): Promise<void>;
  /** Gives a file another name, in place of one that has it. */
  rename(from: string, to: string): void;
  /** Removes a file; no error where there is none. */
  unlink(path: string): void;
  /** Makes a folder; no error where there is one. */
  makeFolder(path: string): void;
  /** Flushes the names in a folder. */
  syncFolder(path: string): void;
  /**
   * Flushes the whole file system (`sync -f`) and the disk. All is then where a reader finds it that replays no journal, as boot
   * loaders: `sync -f` also writes the blocks that so far stood in the journal alone.
   */
  syncAll(): Promise<void>;
}

/** The folder on disk. */
export class DiskBootFolder implements BootFolder {
  readonly path: string;
  readonly #machine: Machine;

  /** @param path absolute: /boot, /efi @param machine runs `sync` */
  constructor(path: string, machine: Machine) {
    this.path = path;
    this.#machine = machine;
  }

  read(path: string): Buffer | undefined {
    return this.#reading(path, (full) => {
      const stat = lstatSync(full, { throwIfNoEntry: false });
      if (!stat?.isFile()) return undefined;
      if (stat.size > MOST_BYTES) throw new Error(`it is longer than ${MOST_BYTES} bytes`);
      return Buffer.concat([...this.pieces(path)]);
    });
  }

  info(path: string): BootFileInfo | undefined {
    return this.#reading(path, (full) => {
      const stat = lstatSync(full, { throwIfNoEntry: false });
      return stat?.isFile() ? { bytes: stat.size, sparse: stat.blocks * 512 < stat.size } : undefined;
    });
  }

  list(path: string): string[] {
    return this.#reading(path, (full) => {
      if (!lstatSync(full, { throwIfNoEntry: false })?.isDirectory()) return [];
      const names = readdirSync(full);
      if (names.length > MOST_NAMES) throw new Error(`it has more than ${MOST_NAMES} names`);
      return names.sort();
    });
  }

  *pieces(path: string): Iterable<Buffer> {
    const fd = this.#reading(path, (full) => openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW));
    try {
      for (let at = 0; ; ) {
        const piece = Buffer.allocUnsafe(PIECE);
        const got = this.#reading(path, () => readSync(fd, piece, 0, PIECE, at));
        if (got === 0) return;
        at += got;
        yield piece.subarray(0, got);
      }
    } finally {
      closeSync(fd);
    }
  }

  free(): number {
    return this.#reading('', (full) => {
      const { bavail, bsize } = statfsSync(full);
      return bavail * bsize;
    });
  }

  overwrite(path: string, content: Buffer): void {
    this.#writing('written', path, (full) => {
      const fd = openSync(full, constants.O_RDWR | constants.O_DSYNC | constants.O_NOFOLLOW);
      try {
        const { size } = fstatSync(fd);
        if (size !== content.length) throw new Error(`it has ${size} bytes, not ${content.length}`);
        // One call, so that the file system gets it as one: a part would be written in two.
        if (writeSync(fd, content, 0, content.length, 0) !== content.length)
          throw new Error('only a part could be written');
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    });
    if (!this.read(path)?.equals(content))
      throw new Failure(
        'UPGRADE_BOOT_WRITE_FAILED',
        `${join(this.path, path)} reads otherwise than it was written`,
      );
  }

  async create(path: string, content: Buffer | Readable): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    const fd = this.#writing('made', path, (full) => openSync(full, flags, 0o600));
    try {
      for await (const piece of Buffer.isBuffer(content) ? [content] : content)
        this.#writing('written', path, () => {
          const bytes = Buffer.from(piece);
          for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        });
      this.#writing('flushed', path, () => fsyncSync(fd));
    } finally {
      closeSync(fd);
    }
  }

  rename(from: string, to: string): void {
    this.#writing('renamed', from, (full) => renameSync(full, join(this.path, to)));
  }

  unlink(path: string): void {
    this.#writing('removed', path, (full) => {
      if (lstatSync(full, { throwIfNoEntry: false })) unlinkSync(full);
    });
  }

  makeFolder(path: string): void {
    this.#writing('made', path, (full) => mkdirSync(full, { recursive: true, mode: 0o700 }));
  }

  syncFolder(path: string): void {
    this.#writing('flushed', path, syncFolder);
  }

  async syncAll(): Promise<void> {
    await this.#tool('sync', ['-f', this.path]);
    // What that wrote last may be in the disk's own cache: on FAT where a renamed file begins, on ext4 what left the journal. A fsync
    // ends with a flush of the disk.
    this.syncFolder('');
  }

  async #tool(program: string, args: readonly string[]): Promise<void> {
    let told = '';
    try {
      const { code, stderr } = await this.#machine.run(program, args, { timeoutMs: SYNC_MS });
      if (code === 0) return;
      told = stderr.split('\n', 1)[0] || `${program} ended with ${code}`;
    } catch (error) {
      told = messageOf(error);
    }
    throw new Failure('UPGRADE_BOOT_WRITE_FAILED', `${this.path} could not be flushed: ${told}`);
  }

  #reading<T>(path: string, work: (full: string) => T): T {
    const full = join(this.path, path);
    try {
      return work(full);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw new Failure('UPGRADE_BOOT_UNREADABLE', `${full} could not be read: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  #writing<T>(done: string, path: string, work: (full: string) => T): T {
    const full = join(this.path, path);
    try {
      return work(full);
    } catch (cause) {
      throw new Failure('UPGRADE_BOOT_WRITE_FAILED', `${full} could not be ${done}: ${messageOf(cause)}`, {
        cause,
        hint: 'look at the kernel’s log for errors of its disk, and whether it is mounted read-only',
      });
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
