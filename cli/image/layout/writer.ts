/** What writers of image layouts share: where bytes go, and the small files of a layout. */

import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../../proto/failure.ts';
import type { BlobSink } from '../../../proto/registry/blobs.ts';
import {
  type Descriptor,
  INDEX_TYPE,
  MANIFEST_TYPE,
  type StoredManifest,
} from '../../../proto/registry/manifests.ts';
import { REF_NAME } from './read.ts';

/** Takes an image's blobs, one after the other, and then its manifest. */
export interface LayoutWriter {
  /** Has a blob written, unless it is there already. Gives whether it was. Throws what `fetch` throws. */
  blob(blob: Descriptor, fetch: (sink: BlobSink) => Promise<void>): Promise<boolean>;
  /** Names the image. Only now a layout is there. Throws BAD_ARGUMENT where it cannot be written. */
  finish(manifest: StoredManifest, name: string | undefined): Promise<void>;
  /** Takes back what is not whole. */
  abandon(): Promise<void>;
}

/** The mode of what is written: images are no secrets. */
export const MODE = 0o644;
/** The file that says that a folder is a layout (image specification, "oci-layout file"). */
export const LAYOUT_FILE = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/** A name beside a path, for what is not whole yet. */
export function temporary(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Does what writes at a path. Throws BAD_ARGUMENT where the system refuses. */
export async function writable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Failure || !(cause as NodeJS.ErrnoException).code) throw cause;
    throw new Failure('BAD_ARGUMENT', `${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** A sink that writes into a file from a place on. */
export function sinkAt(path: string, file: FileHandle, base: number): BlobSink {
  return {
    write: (bytes, offset) =>
      writable(path, async () => {
        for (let at = 0; at < bytes.length; )
          at += (await file.write(bytes, at, bytes.length - at, base + offset + at)).bytesWritten;
      }),
  };
}

/** What index.json says of a manifest. */
export function entryOf({ digest, bytes, artifactType }: StoredManifest, name: string | undefined): object {
  return {
    mediaType: MANIFEST_TYPE,
    digest,
    size: bytes.length,
    ...(artifactType ? { artifactType } : {}),
    ...(name === undefined ? {} : { annotations: { [REF_NAME]: name } }),
  };
}

/** The bytes of index.json. */
export function indexOf(manifests: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }));
}
