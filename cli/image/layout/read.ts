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

/** Gives a file of a layout by its path in it, or undefined where there is none. */
export type FindFile = (name: string) => Promise<RangeSource | undefined>;

/** A layout that is open. `close` when it is no longer needed. */
export class Layout {
  /** As it was named. */
  readonly path: string;
  readonly #find: FindFile;
  readonly #close: () => Promise<void>;

  /** @param find gives the layout's files, wherever they are; `close` ends what it holds open */
  constructor(path: string, find: FindFile, close: () => Promise<void>) {
    this.path = path;
    this.#find = find;
    this.#close = close;
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
        return fileRange(path, file, found.size);
      };
      const close = () => closeAll(opened);
      if (isFolder) {
        const known = new Map<string, Promise<RangeSource | undefined>>();
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
        return new Layout(path, find, close);
      }
      return new Layout(path, await filesInTar(await openFile(path)), close);
    } catch (cause) {
      await closeAll(opened);
      const { code, message } = cause as NodeJS.ErrnoException;
      if (cause instanceof Failure) throw cause;
      if (code === 'ENOENT')
        throw new Failure('BAD_ARGUMENT', `there is no image ${path}: no such file or folder`, {
          hint: 'name an OCI layout, a folder or an archive, or an address, as in oci://registry.example/os/debian:2026.11.1',
          cause,
        });
      if (code) throw new Failure('BAD_ARGUMENT', `${path} cannot be read: ${message}`, { cause });
      throw new Failure('IMAGE_LAYOUT_INVALID', `${path} is no image: ${message}`, { cause });
    }
  }

  /** Closes what is open. */
  close(): Promise<void> {
    return this.#close();
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
    const found = await this.#find(blobPath(digest));
    if (!found) throw this.#bad(`the blob ${digest} is missing`);
    if (found.size !== size) throw this.#bad(`the blob ${digest} has ${found.size} bytes instead of ${size}`);
    return found;
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
    const found = await this.#find(name);
    if (!found) throw this.#bad(`${name} is missing`);
    if (found.size > MAX_MANIFEST_BYTES || (size !== undefined && found.size !== size))
      throw this.#bad(`${name} has ${found.size} bytes${size === undefined ? '' : ` instead of ${size}`}`);
    return found.readRange(0, found.size);
  }

  #bad(why: string, hint = 'build the image anew, or fetch it anew'): Failure {
    return new Failure('IMAGE_LAYOUT_INVALID', `${this.path} is no whole image: ${why}`, { hint });
  }
}

/** The path of a blob within a layout. */
export function blobPath(digest: string): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

/**
 * The files of an archive, wherever that is. Throws an Error that says what is wrong with it, and what reading throws.
 */
export async function filesInTar(archive: RangeSource): Promise<FindFile> {
  const index = await readTarIndex(archive);
  return async (name) => {
    const place = index.get(name);
    return place && partOf(archive, place.offset, place.size);
  };
}

function partOf(whole: RangeSource, base: number, size: number): RangeSource {
  const place = (offset: number, length: number) => {
    if (offset < 0 || length < 0 || offset + length > size)
      throw new RangeError(`${length} bytes from ${offset} are not within ${size}`);
    return base + offset;
  };
  return {
    size,
    readRange: (offset, length) => whole.readRange(place(offset, length), length),
    ...(whole.readInto
      ? { readInto: async (into, offset) => whole.readInto?.(into, place(offset, into.length)) }
      : {}),
  };
}

function fileRange(path: string, file: FileHandle, size: number): RangeSource {
  const readInto = async (into: Buffer, offset: number) => {
    const { length } = into;
    if (offset < 0 || offset + length > size)
      throw new RangeError(`${length} bytes from ${offset} are not within ${size}`);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(into, at, length - at, offset + at);
      if (bytesRead === 0)
        throw new Failure('IMAGE_LAYOUT_INVALID', `${path} became shorter while it was read`);
      at += bytesRead;
    }
  };
  return {
    size,
    readInto,
    async readRange(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw new RangeError(`${length} bytes from ${offset} are not within ${size}`);
      const bytes = Buffer.allocUnsafe(length);
      await readInto(bytes, offset);
      return bytes;
    },
  };
}

async function closeAll(files: readonly FileHandle[]): Promise<void> {
  for (const file of files) await file.close().catch(() => undefined);
}
