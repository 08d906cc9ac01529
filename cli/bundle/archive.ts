/**
 * An archive that is written while it grows: tar, packed with zstd. A file appears under its name when it is whole, and never
 * over another one unless that was asked for.
 */

import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { createZstdCompress } from 'node:zlib';
import { isThereAlready, notWritten, refuseTaken } from '../not-written.ts';
import { type TarEntry, tarEnd, tarEntry } from './tar.ts';

/** Where the packed bytes go. */
export interface ArchiveSink {
  /** Takes bytes, and resolves when it can take more. */
  write(bytes: Buffer): Promise<void>;
  /** Everything was written. */
  done(): Promise<void>;
  /** What was written is to be forgotten. */
  abandon(): Promise<void>;
}

/** An archive. Entries may be added from several places at once; each goes in whole. */
export class Archive {
  /** Bytes that went out so far, packed. */
  packed = 0;
  readonly #sink: ArchiveSink;
  readonly #zstd = createZstdCompress();
  readonly #pumping: Promise<void>;
  #turn: Promise<void> = Promise.resolve();

  constructor(sink: ArchiveSink) {
    this.#sink = sink;
    this.#pumping = this.#pump();
    // Whoever adds or finishes gets the error.
    this.#pumping.catch(() => undefined);
  }

  /** Adds a file. Throws the sink's error. */
  add(entry: TarEntry): Promise<void> {
    const turn = this.#turn.then(() => this.#write(tarEntry(entry)));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the archive. Throws the sink's error. */
  async finish(): Promise<void> {
    await this.#turn;
    await this.#write([tarEnd()]);
    this.#zstd.end();
    await this.#pumping;
    await this.#sink.done();
  }

  /** Gives the archive up. */
  async abandon(): Promise<void> {
    this.#zstd.destroy();
    await this.#pumping.catch(() => undefined);
    await this.#sink.abandon();
  }

  async #write(parts: readonly Buffer[]): Promise<void> {
    for (const part of parts) {
      if (this.#zstd.destroyed) await this.#pumping;
      if (this.#zstd.write(part)) continue;
      await Promise.race([new Promise((resolve) => this.#zstd.once('drain', resolve)), this.#pumping]);
    }
  }

  async #pump(): Promise<void> {
    try {
      for await (const bytes of this.#zstd as AsyncIterable<Buffer>) {
        this.packed += bytes.length;
        await this.#sink.write(bytes);
      }
    } finally {
      this.#zstd.destroy();
    }
  }
}

/** A file as the place of an archive. Throws BAD_ARGUMENT where there is one already, or it cannot be made. */
export async function fileSink(path: string, force: boolean): Promise<ArchiveSink> {
  await refuseTaken(path, force, 'name a file; "-" is standard output');
  const fresh = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  let file: FileHandle;
  try {
    file = await open(fresh, 'wx', 0o600);
  } catch (cause) {
    throw notWritten(path, cause);
  }
  const remove = () => rm(fresh, { force: true });
  return {
    write: async (bytes) => {
      try {
        for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
      } catch (cause) {
        throw notWritten(path, cause);
      }
    },
    done: async () => {
      await file.sync();
      await file.close();
      try {
        if (force) await rename(fresh, path);
        // A link does not replace what somebody made meanwhile, as a renamed file would.
        else await link(fresh, path);
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? isThereAlready(path) : error;
      } finally {
        await remove();
      }
    },
    abandon: async () => {
      await file.close().catch(() => undefined);
      await remove();
    },
  };
}
