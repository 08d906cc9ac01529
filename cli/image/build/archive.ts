/**
 * Writes an image as an OCI layout in a tar archive, in one go: a blob's name and size, which stand before it in the archive, are
 * known when it has been written, and are filled in then. The archive appears under its name when it is whole.
 */

import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Failure } from '../../../proto/failure.ts';
import type { Descriptor } from '../../../proto/registry/manifests.ts';
import { tarEnd, tarEntry, tarFrame } from '../../bundle/tar.ts';
import { refuseTaken } from '../../not-written.ts';
import { artifactManifest, EMPTY_CONFIG } from '../artifact.ts';
import { blobPath } from '../layout/read.ts';
import { entryOf, indexOf, LAYOUT_FILE, MODE, sinkAt, temporary, writable } from '../layout/writer.ts';

const TAR_BLOCK = 512;
/** What ustar can say of a size. */
const MAX_FILE = 8 ** 11 - 1;

/** Takes the next bytes of a blob. */
export type Append = (bytes: Uint8Array) => Promise<void>;

/** An archive that is being written. `abandon` takes it back, after `finish` too, when that changes nothing. */
export class ImageArchive {
  readonly #path: string;
  readonly #fresh: string;
  readonly #file: FileHandle;
  readonly #layers = new Map<string, Descriptor>();
  #end = 0;
  #done = false;

  private constructor(path: string, fresh: string, file: FileHandle) {
    this.#path = path;
    this.#fresh = fresh;
    this.#file = file;
  }

  /** Begins an archive. @throws Failure BAD_ARGUMENT where it is there already and `force` is not set, is no plain file, or cannot be written */
  static async create(path: string, force: boolean): Promise<ImageArchive> {
    await refuseTaken(path, force);
    const fresh = temporary(path);
    const archive = new ImageArchive(path, fresh, await writable(path, () => open(fresh, 'wx+', MODE)));
    await archive.#small('oci-layout', LAYOUT_FILE);
    return archive;
  }

  /** Adds a blob by what `write` appends. One that is there already is kept once. */
  async add(mediaType: string, write: (append: Append) => Promise<void>): Promise<Descriptor> {
    const start = this.#end;
    const hash = createHash('sha256');
    let size = 0;
    this.#end += TAR_BLOCK;
    await write(async (bytes) => {
      hash.update(bytes);
      size += bytes.length;
      await this.#append(bytes);
    });
    const digest = `sha256:${hash.digest('hex')}`;
    const known = this.#layers.get(digest);
    if (known) {
      this.#end = start;
      return known;
    }
    if (size > MAX_FILE)
      throw new Failure(
        'BAD_ARGUMENT',
        `the image compresses to ${size} bytes, which is too much for an archive`,
      );
    const { head, tail } = tarFrame(blobPath(digest), size, 0);
    await sinkAt(this.#path, this.#file, start).write(head, 0);
    await this.#append(tail);
    const layer = { mediaType, digest, size };
    this.#layers.set(digest, layer);
    return layer;
  }

  /** Adds a small blob. */
  addBytes(mediaType: string, bytes: Uint8Array): Promise<Descriptor> {
    return this.add(mediaType, (append) => append(bytes));
  }

  /** Writes what names the image, and gives the archive its name. Gives the digest of OCI's manifest. */
  async finish(): Promise<string> {
    const stored = artifactManifest([...this.#layers.values()]);
    const [config] = stored.blobs;
    if (config) await this.#small(blobPath(config.digest), EMPTY_CONFIG);
    await this.#small(blobPath(stored.digest), stored.bytes);
    await this.#small('index.json', indexOf([entryOf(stored, undefined)]));
    await this.#append(tarEnd());
    await writable(this.#path, async () => {
      // What a blob that was there twice has left behind.
      await this.#file.truncate(this.#end);
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#fresh, this.#path);
    });
    this.#done = true;
    return stored.digest;
  }

  /** Takes back what is not whole. */
  async abandon(): Promise<void> {
    if (this.#done) return;
    await this.#file.close().catch(() => undefined);
    await rm(this.#fresh, { force: true });
  }

  async #small(path: string, bytes: Buffer): Promise<void> {
    await this.#append(Buffer.concat(tarEntry({ path, bytes, modifiedMs: 0 })));
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    await sinkAt(this.#path, this.#file, this.#end).write(view, 0);
    this.#end += bytes.length;
  }
}
