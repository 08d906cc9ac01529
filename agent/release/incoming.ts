/**
 * A release on its way to the node, in `<sha256>.new/`: what the node has already is linked or copied, what it lacks comes as
 * compressed blobs, each of which may be broken off and go on. It gets its own name when every file is right and on the disk.
 */

import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { syncFolder, writeFileAtomic } from '../../pki/atomic-file.ts';
import { Failure } from '../../proto/failure.ts';
import { type AgentFile, type AgentManifest, MAX_RELEASE_FILES } from '../../proto/image/agent-manifest.ts';
import type { ReleaseFolder } from './folder.ts';

/** A blob that the node lacks, and from where on. */
export interface Wanted {
  readonly digest: string;
  readonly size: number;
  /** Bytes that are there from an earlier attempt. */
  readonly offset: number;
}

/** What stays free on the disk, for the state of everything else. */
const SPARE_BYTES = 16 << 20;
/** Where blobs are until they are whole. */
const BLOBS = '.blobs';

/** A release that is offered, with its signatures. */
export interface Offered {
  /** The manifest's digest, in lower-case hexadecimal: the release's name. */
  readonly release: string;
  readonly manifest: AgentManifest;
  readonly manifestBytes: Uint8Array;
  readonly envelope: Uint8Array;
}

/** Takes one release in. */
export class Incoming {
  readonly offered: Offered;
  readonly #folder: ReleaseFolder;
  readonly #name: string;
  readonly #known: readonly string[];
  readonly #step: (name: string) => void;

  /**
   * @param known folders whose files may be what the release has, too
   * @param step called between any two writes
   */
  constructor(
    folder: ReleaseFolder,
    offered: Offered,
    known: readonly string[],
    step: (name: string) => void = () => undefined,
  ) {
    this.#folder = folder;
    this.offered = offered;
    this.#name = `${offered.release}.new`;
    this.#known = known;
    this.#step = step;
  }

  /** The blobs that the node lacks; files that it has are put in place. @throws Failure RELEASE_NO_SPACE */
  async wanted(): Promise<Wanted[]> {
    mkdirSync(this.#path(BLOBS), { recursive: true, mode: 0o700 });
    const candidates = this.#known.flatMap(filesBelow);
    const missing: AgentFile[] = [];
    for (const file of this.offered.manifest.files)
      if (!(await this.#isRight(file)) && !(await this.#reuse(file, candidates))) missing.push(file);
    const blobs = new Map(missing.map((file) => [file.blob.digest, file.blob]));
    const wanted = [...blobs.values()].map(({ digest, size }) => {
      const found = statSync(this.#blob(digest), { throwIfNoEntry: false })?.size ?? 0;
      // More than it can be is of another manifest with the same digest, which there is not: it is damage.
      if (found > size) rmSync(this.#blob(digest));
      return { digest, size, offset: found > size ? 0 : found };
    });
    const left = wanted.reduce((sum, { size, offset }) => sum + size - offset, 0);
    const needed = missing.reduce((sum, { size }) => sum + size, left + SPARE_BYTES);
    const { bavail, bsize } = statfsSync(this.#folder.path);
    if (bavail * bsize < needed)
      throw new Failure(
        'RELEASE_NO_SPACE',
        `the release needs ${mib(needed)} MiB below ${this.#folder.path}, and ${mib(bavail * bsize)} MiB are free`,
        { hint: 'make space there; nothing of the running agent was touched' },
      );
    return wanted;
  }

  /** Takes bytes of a blob at the place where the last ones ended. @throws Failure BAD_ARGUMENT, RELEASE_DIGEST_MISMATCH */
  async take(digest: string, offset: number, bytes: Uint8Array): Promise<void> {
    const files = this.offered.manifest.files.filter(({ blob }) => blob.digest === digest);
    const size = files[0]?.blob.size;
    if (size === undefined)
      throw new Failure('BAD_ARGUMENT', `the release has no blob ${digest.slice(0, 80)}`);
    const path = this.#blob(digest);
    const at = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (offset !== at || at + bytes.length > size)
      throw new Failure(
        'BAD_ARGUMENT',
        `${bytes.length} bytes at ${offset} do not go on at ${at} of ${size}`,
      );
    append(path, bytes);
    if (at + bytes.length < size) return;
    if ((await sha256Of(path)) !== digest.slice('sha256:'.length)) {
      rmSync(path);
      throw mismatch(`the blob ${digest}`);
    }
    for (const file of files) {
      await this.#unpack(path, file);
      this.#step(`unpacked ${file.path}`);
    }
    rmSync(path);
  }

  /** Holds every file against the manifest, flushes all, and gives the release its name. @throws Failure RELEASE_INCOMPLETE */
  async finish(): Promise<void> {
    const { manifest, manifestBytes, envelope, release } = this.offered;
    const folders = new Set([this.#path()]);
    for (const file of manifest.files) {
      if (!(await this.#isRight(file)))
        throw new Failure('RELEASE_INCOMPLETE', `${file.path} of the release is not on the node yet`, {
          hint: 'send the release again: it goes on where it was broken off',
        });
      flush(this.#path(file.path));
      for (let at = dirname(this.#path(file.path)); at !== this.#path(); at = dirname(at)) folders.add(at);
    }
    // Whatever else is there is of an attempt that was given up.
    rmSync(this.#path(BLOBS), { recursive: true, force: true });
    const sums = manifest.files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('');
    writeFileAtomic(this.#path('SHA256SUMS'), sums);
    writeFileAtomic(this.#path('manifest.json'), manifestBytes);
    writeFileAtomic(this.#path('signatures.json'), envelope);
    for (const folder of folders) syncFolder(folder);
    this.#step('flushed');
    this.#folder.adopt(this.#name, release);
  }

  #path(...inner: string[]): string {
    return join(this.#folder.path, this.#name, ...inner);
  }

  #blob(digest: string): string {
    return this.#path(BLOBS, digest.slice('sha256:'.length));
  }

  async #isRight({ path, size, sha256, executable }: AgentFile): Promise<boolean> {
    const found = lstatSync(this.#path(path), { throwIfNoEntry: false });
    if (!found?.isFile() || found.size !== size || executable !== (found.mode & 0o100) > 0) return false;
    return (await sha256Of(this.#path(path))) === sha256;
  }

  /** Puts a file in place that the node has elsewhere. Says whether there was one. */
  async #reuse(file: AgentFile, candidates: readonly string[]): Promise<boolean> {
    const target = this.#path(file.path);
    for (const path of candidates) {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (!found?.isFile() || found.size !== file.size || file.executable !== (found.mode & 0o100) > 0)
        continue;
      if ((await sha256Of(path)) !== file.sha256) continue;
      makeWay(target);
      try {
        // Only within the folder: the mode of a file of the image's may let others write it.
        if (!path.startsWith(this.#folder.path)) throw new Error('it is copied');
        linkSync(path, target);
      } catch {
        copyFileSync(path, target, constants.COPYFILE_FICLONE);
      }
      return true;
    }
    return false;
  }

  async #unpack(blob: string, file: AgentFile): Promise<void> {
    const target = this.#path(file.path);
    makeWay(target);
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        hash.update(chunk);
        // What gives more than was signed is ended before it fills the disk.
        if (size > file.size) done(mismatch(file.path));
        else done(null, chunk);
      },
    });
    try {
      const mode = file.executable ? 0o700 : 0o600;
      const out = createWriteStream(target, { flags: 'wx', mode });
      await pipeline(createReadStream(blob), createZstdDecompress(), measure, out);
    } catch (cause) {
      rmSync(target, { force: true });
      if (cause instanceof Failure) throw cause;
      if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
        throw new Failure('RELEASE_NO_SPACE', 'the disk became full while the release was unpacked', {
          cause,
        });
      throw mismatch(file.path, cause);
    }
    if (size !== file.size || hash.digest('hex') !== file.sha256) {
      rmSync(target, { force: true });
      throw mismatch(file.path);
    }
  }
}

/** Every file below a folder, at most as many as releases have, two folders deep. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const found: string[] = [];
  const visit = (path: string, depth: number) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (found.length >= 4 * MAX_RELEASE_FILES) return;
      if (entry.isFile()) found.push(join(path, entry.name));
      else if (entry.isDirectory() && depth > 0) visit(join(path, entry.name), depth - 1);
    }
  };
  visit(folder, 3);
  return found;
}

function makeWay(target: string): void {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  rmSync(target, { recursive: true, force: true });
}

/** SHA-256 of a file, in lower-case hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function append(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'a', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    throw new Failure('RELEASE_NO_SPACE', 'the disk became full while the release was received', { cause });
  } finally {
    closeSync(file);
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function mib(bytes: number): number {
  return Math.ceil(bytes / (1 << 20));
}

function mismatch(what: string, cause?: unknown): Failure {
  return new Failure('RELEASE_DIGEST_MISMATCH', `${what} is not what the signed manifest says`, {
    hint: 'it is asked for again when the release is sent again; get the release anew where that does not help',
    cause,
  });
}
