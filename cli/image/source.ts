/**
 * Where an image is read from: a file, a folder, a web server or a registry. Whatever it is, it gives the small signed parts whole
 * and every blob by ranges; nothing is unpacked. What is read is held against the manifest's digests here.
 */

import { createHash } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import { type BlockIndex, decodeIndex } from '../../proto/image/block-index.ts';
import type { BlobName, ImagePart } from '../../proto/image/manifest.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import { digestOf } from '../../proto/registry/manifests.ts';

/** An image that can be read. */
export interface ImageSource {
  /** As a person named it. */
  readonly name: string;
  /** The exact bytes that are signed. */
  readonly manifestBytes: Buffer;
  /** The envelope with their signatures. */
  readonly envelopeBytes: Buffer;
  /** A blob that the manifest names. Throws a Failure where it is not there, or not of that size. */
  blob(name: BlobName): Promise<RangeSource>;
  close(): Promise<void>;
}

/** An index is read at once; it has at most a hash for each block of the largest image. */
const MAX_WHOLE_BYTES = 80 << 20;

/** A blob as a whole. @throws Failure IMAGE_DIGEST_MISMATCH, IMAGE_TRUNCATED */
export async function readBlob(image: ImageSource, name: BlobName): Promise<Buffer> {
  if (name.size > MAX_WHOLE_BYTES)
    throw new Failure(
      'IMAGE_MANIFEST_INVALID',
      `${image.name} has a blob of ${name.size} bytes where a small one belongs`,
    );
  const bytes = await (await image.blob(name)).readRange(0, name.size);
  checkDigest(bytes, name.digest, image.name);
  return bytes;
}

/** The block index of a part. @throws Failure IMAGE_DIGEST_MISMATCH, IMAGE_TRUNCATED, IMAGE_INDEX_INVALID */
export async function readIndex(image: ImageSource, part: ImagePart): Promise<BlockIndex> {
  return decodeIndex(await readBlob(image, part.index), part.size);
}

/** Holds bytes against a digest; `where` names them in the message. @throws Failure IMAGE_DIGEST_MISMATCH */
export function checkDigest(bytes: Uint8Array, digest: string, where: string): void {
  if (digestOf(bytes) !== digest) throw otherBytes(digest, where);
}

/** The failure where something holds other bytes than those of a digest: IMAGE_DIGEST_MISMATCH. */
export function otherBytes(digest: string, where: string): Failure {
  return damaged(`${where} holds other bytes than those of ${digest}`);
}

/** What to do about an image that is damaged where it is read from. */
export const GET_ANEW =
  'it was damaged or changed where it is read from, nodectl image verify reads all of it; get the image anew from whoever made it';

/** The failure where what is read is not what the manifest says: IMAGE_DIGEST_MISMATCH. `what` names the image. */
export function damaged(what: string): Failure {
  return new Failure('IMAGE_DIGEST_MISMATCH', what, { hint: GET_ANEW });
}

const READ_BYTES = 4 << 20;

/**
 * A blob that was read once from its beginning to its end and held against its digest.
 * @param progress told how many bytes are read
 * @throws Failure IMAGE_DIGEST_MISMATCH, IMAGE_TRUNCATED
 */
export async function verifiedBlob(
  image: ImageSource,
  name: BlobName,
  progress: (done: number) => void = () => undefined,
): Promise<RangeSource> {
  const blob = await image.blob(name);
  const hash = createHash('sha256');
  for (let at = 0; at < name.size; at += READ_BYTES) {
    hash.update(await blob.readRange(at, Math.min(READ_BYTES, name.size - at)));
    progress(Math.min(name.size, at + READ_BYTES));
  }
  if (`sha256:${hash.digest('hex')}` !== name.digest) throw otherBytes(name.digest, image.name);
  return blob;
}
