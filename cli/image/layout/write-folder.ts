/** Writes an image into a folder as an OCI image layout, beside the images that it holds already. */

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../../pki/atomic-file.ts';
import { Failure } from '../../../proto/failure.ts';
import type { BlobSink } from '../../../proto/registry/blobs.ts';
import type { Descriptor, StoredManifest } from '../../../proto/registry/manifests.ts';
import { blobPath, REF_NAME } from './read.ts';
import {
  entryOf,
  indexOf,
  LAYOUT_FILE,
  type LayoutWriter,
  MODE,
  sinkAt,
  temporary,
  writable,
} from './writer.ts';

const PART = 1024 * 1024;

/** Writes into a folder, which is made when the first blob comes. What is there already and whole is not fetched again. */
export class FolderWriter implements LayoutWriter {
  readonly #path: string;
  #fresh: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async blob({ digest, size }: Descriptor, fetch: (sink: BlobSink) => Promise<void>): Promise<boolean> {
    await this.#prepare();
    const path = join(this.#path, blobPath(digest));
    if ((await stat(path).catch(() => undefined))?.size === size && (await digestOfFile(path)) === digest)
      return true;
    this.#fresh = temporary(path);
    const file = await writable(path, () => open(this.#fresh ?? path, 'wx', MODE));
    try {
      await fetch(sinkAt(path, file, 0));
      await writable(path, () => file.sync());
    } finally {
      await file.close();
    }
    await writable(path, () => rename(this.#fresh ?? path, path));
    this.#fresh = undefined;
    return false;
  }

  async finish(manifest: StoredManifest, name: string | undefined): Promise<void> {
    await this.#prepare();
    await writable(this.#path, async () => {
      const { digest, bytes } = manifest;
      const others = (await this.#others()).filter(
        (one) => one.digest !== digest && (name === undefined || one.annotations?.[REF_NAME] !== name),
      );
      writeFileAtomic(join(this.#path, blobPath(digest)), bytes, MODE);
      syncFolder(join(this.#path, 'blobs', 'sha256'));
      writeFileAtomic(join(this.#path, 'index.json'), indexOf([...others, entryOf(manifest, name)]), MODE);
    });
  }

  async abandon(): Promise<void> {
    if (this.#fresh) await rm(this.#fresh, { force: true });
  }

  /** A layout from the beginning, though it names no image yet: a later try finds the blobs of this one. */
  async #prepare(): Promise<void> {
    await writable(this.#path, async () => {
      await mkdir(join(this.#path, 'blobs', 'sha256'), { recursive: true });
      writeFileAtomic(join(this.#path, 'oci-layout'), LAYOUT_FILE, MODE);
    });
  }

  /** What the folder holds already. One that cannot be read is not written over. */
  async #others(): Promise<Descriptor[]> {
    const path = join(this.#path, 'index.json');
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{"manifests":[]}';
      throw error;
    });
    try {
      const { manifests } = JSON.parse(text) as { manifests: Descriptor[] };
      return manifests.filter(({ digest }) => typeof digest === 'string');
    } catch (cause) {
      throw new Failure('IMAGE_LAYOUT_INVALID', `${path} is no index of images`, {
        hint: 'name an empty folder',
        cause,
      });
    }
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(PART);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PART, null);
      if (bytesRead === 0) return `sha256:${hash.digest('hex')}`;
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
