/** Writes an image into a tar archive as an OCI image layout. The archive appears under its name when it is whole. */

import { type FileHandle, link, rename, rm } from 'node:fs/promises';
import { Failure } from '../../../proto/failure.ts';
import type { BlobSink } from '../../../proto/registry/blobs.ts';
import type { Descriptor, StoredManifest } from '../../../proto/registry/manifests.ts';
import { tarEnd, tarEntry, tarFrame } from '../../bundle/tar.ts';
import { blobPath } from './read.ts';
import { entryOf, indexOf, LAYOUT_FILE, type LayoutWriter, sinkAt, writable } from './writer.ts';

/** What ustar can say of a size. */
const MAX_FILE = 8 ** 11 - 1;

/** Writes into a file that is open under a name of its own until it is whole. */
export class TarWriter implements LayoutWriter {
  readonly #path: string;
  readonly #fresh: string;
  readonly #file: FileHandle;
  readonly #force: boolean;
  #end = 0;

  /** @param fresh the name of the open file; it becomes `path`, over what is there only where `force` says so */
  constructor(path: string, fresh: string, file: FileHandle, force: boolean) {
    this.#path = path;
    this.#fresh = fresh;
    this.#file = file;
    this.#force = force;
  }

  async blob({ digest, size }: Descriptor, fetch: (sink: BlobSink) => Promise<void>): Promise<boolean> {
    if (size > MAX_FILE)
      throw new Failure('BAD_ARGUMENT', `${digest} has ${size} bytes, which is too much for an archive`, {
        hint: 'name a folder in the archive’s place',
      });
    const { head, tail } = tarFrame(blobPath(digest), size, 0);
    await this.#append(head);
    await fetch(sinkAt(this.#path, this.#file, this.#end));
    this.#end += size;
    await this.#append(tail);
    return false;
  }

  async finish(manifest: StoredManifest, name: string | undefined): Promise<void> {
    const small: [path: string, bytes: Buffer][] = [
      [blobPath(manifest.digest), manifest.bytes],
      ['index.json', indexOf([entryOf(manifest, name)])],
      ['oci-layout', LAYOUT_FILE],
    ];
    for (const [path, bytes] of small)
      await this.#append(Buffer.concat(tarEntry({ path, bytes, modifiedMs: 0 })));
    await this.#append(tarEnd());
    await writable(this.#path, async () => {
      await this.#file.sync();
      await this.#file.close();
      // A link does not replace what somebody made meanwhile, as a renamed file would.
      if (this.#force) await rename(this.#fresh, this.#path);
      else await link(this.#fresh, this.#path);
    });
    await rm(this.#fresh, { force: true });
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#fresh, { force: true });
  }

  async #append(bytes: Buffer): Promise<void> {
    await sinkAt(this.#path, this.#file, 0).write(bytes, this.#end);
    this.#end += bytes.length;
  }
}
