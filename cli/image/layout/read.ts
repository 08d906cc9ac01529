/** An image in an OCI image layout (image specification 1.1): a folder, or the same in a tar archive. Read by parts, never whole. */

import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { MAX_MANIFEST_BYTES } from '../../../proto/registry/limits.ts';
import {
  type Descriptor,
  digestOf,
  MANIFEST_TYPE,
  parseManifest,
  type StoredManifest,
} from '../../../proto/registry/manifests.ts';
import { isDigest } from '../../../proto/registry/reference.ts';
import { readTarIndex } from './tar-index.ts';

/** The annotation of a manifest in index.json that holds its name (image specification, "Pre-Defined Annotation Keys"). */
export const REF_NAME = 'org.opencontainers.image.ref.name';

/** Where a blob is in the archive or the folder: which file, and where in it. */
interface Place {
  readonly file: FileHandle;
  readonly offset: number;
  readonly size: number;
}

/** Where a file of the layout is, by its path in it. */
type Find = (name: string) => Promise<Place | undefined>;

/** A layout that is open. `close` when it is no longer needed. */
export class Layout {
  /** As it was named. */
  readonly path: string;
  readonly #find: Find;
  readonly #open: FileHandle[];

  private constructor(path: string, opened: FileHandle[], find: Find) {
    this.path = path;
    this.#open = opened;
    this.#find = find;
  }

  /** Opens a folder or an archive. Throws IMAGE_LAYOUT_INVALID, BAD_ARGUMENT where there is nothing to read. */
  static async open(path: string): Promise<Layout> {
    const opened: FileHandle[] = [];
    try {
      const isFolder = (await stat(path)).isDirectory();
      const openFile = async (name: string) => {
        // A named pipe would be waited for.
        const file = await open(name, constants.O_RDONLY | constants.O_NONBLOCK);
        opened.push(file);
        const found = await file.stat();
        if (!found.isFile()) throw new Error('it is neither a file nor a folder');
        return { file, offset: 0, size: found.size };
      };
      if (isFolder) {
        const known = new Map<string, Promise<Place | undefined>>();
        const find = (name: string) => {
          const place =
            known.get(name) ??
            openFile(join(path, name)).catch((error: NodeJS.ErrnoException) => {
              if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
              throw error;
            });
          known.set(name, place);
          return place;
        };
        return new Layout(path, opened, find);
      }
      const { file } = await openFile(path);
      const index = await readTarIndex(file);
      return new Layout(path, opened, async (name) => {
        const place = index.get(name);
        return place && { file, ...place };
      });
    } catch (cause) {
      await closeAll(opened);
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code) throw new Failure('BAD_ARGUMENT', `${path} cannot be read: ${message}`, { cause });
      throw new Failure('IMAGE_LAYOUT_INVALID', `${path} is no image: ${message}`, { cause });
    }
  }

  /** Closes what is open. */
  async close(): Promise<void> {
    await closeAll(this.#open);
  }

  /**
   * The manifest of the image, checked against its digest. Throws IMAGE_LAYOUT_INVALID.
   * @param name its name or digest, where the layout has several
   */
  async manifest(name?: string): Promise<StoredManifest> {
    const { digest, size } = this.#choose(await this.#index(), name);
    const bytes = await this.#whole(blobPath(digest), size);
    if (digestOf(bytes) !== digest) throw this.#bad(`its manifest is not what ${digest} says`);
    return parseManifest(bytes, this.path);
  }

  /** A blob. Throws IMAGE_LAYOUT_INVALID where it is not there, or has another size. */
  async blob({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Promise<RangeSource> {
    const place = await this.#find(blobPath(digest));
    if (!place) throw this.#bad(`the blob ${digest} is missing`);
    if (place.size !== size) throw this.#bad(`the blob ${digest} has ${place.size} bytes instead of ${size}`);
    const { file, offset: base } = place;
    const { path } = this;
    return {
      size,
      async readRange(offset, length) {
        if (offset < 0 || length < 0 || offset + length > size)
          throw new RangeError(`${length} bytes from ${offset} are not within ${size}`);
        const bytes = Buffer.allocUnsafe(length);
        for (let at = 0; at < length; ) {
          const { bytesRead } = await file.read(bytes, at, length - at, base + offset + at);
          if (bytesRead === 0)
            throw new Failure('IMAGE_LAYOUT_INVALID', `${path} became shorter while it was read`);
          at += bytesRead;
        }
        return bytes;
      },
    };
  }

  async #index(): Promise<Descriptor[]> {
    const bytes = await this.#whole('index.json');
    try {
      const { manifests } = JSON.parse(bytes.toString('utf8')) as { manifests: Descriptor[] };
      const images = manifests.filter(({ mediaType }) => mediaType === MANIFEST_TYPE);
      if (
        images.length > 0 &&
        images.every(({ digest, size }) => isDigest(digest) && Number.isSafeInteger(size))
      )
        return images;
    } catch {
      // Told below, with everything else that is no index.
    }
    throw this.#bad('its index.json names no image');
  }

  #choose(images: readonly Descriptor[], name: string | undefined): Descriptor {
    const [first, ...others] = name
      ? images.filter(({ digest, annotations }) => digest === name || annotations?.[REF_NAME] === name)
      : images;
    if (first && others.every(({ digest }) => digest === first.digest)) return first;
    const names = images.map(({ digest, annotations }) => annotations?.[REF_NAME] ?? digest);
    const why = first ? `it holds ${others.length + 1} images` : `it holds no image "${name?.slice(0, 80)}"`;
    throw this.#bad(why, `it has ${names.slice(0, 5).join(', ')}; name one with --name`);
  }

  async #whole(name: string, size?: number): Promise<Buffer> {
    const place = await this.#find(name);
    if (!place) throw this.#bad(`${name} is missing`);
    if (place.size > MAX_MANIFEST_BYTES || (size !== undefined && place.size !== size))
      throw this.#bad(`${name} has ${place.size} bytes${size === undefined ? '' : ` instead of ${size}`}`);
    const bytes = Buffer.alloc(place.size);
    const { bytesRead } = await place.file.read(bytes, 0, place.size, place.offset);
    if (bytesRead < place.size) throw this.#bad(`${name} became shorter while it was read`);
    return bytes;
  }

  #bad(why: string, hint = 'build the image anew, or fetch it anew'): Failure {
    return new Failure('IMAGE_LAYOUT_INVALID', `${this.path} is no whole image: ${why}`, { hint });
  }
}

/** The path of a blob within a layout. */
export function blobPath(digest: string): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

async function closeAll(files: readonly FileHandle[]): Promise<void> {
  for (const file of files) await file.close().catch(() => undefined);
}
