/** Gives an image in an archive other signatures: the archive is written anew, and replaces the old one in one step. */

import { encodeEnvelope, type ImageSignature } from '../../../proto/image/envelope.ts';
import { type BlobName, parseManifest } from '../../../proto/image/manifest.ts';
import { LAYER_TYPES } from '../artifact.ts';
import { type ImageSource, otherBytes } from '../source.ts';
import { ImageArchive } from './archive.ts';

const READ_BYTES = 4 << 20;

/** Writes the archive. Gives the digest of OCI's manifest, which is another one now. @throws Failure IMAGE_DIGEST_MISMATCH */
export async function resignArchive(
  path: string,
  image: ImageSource,
  signatures: readonly ImageSignature[],
): Promise<string> {
  const envelope = encodeEnvelope(signatures);
  const { images, deltas } = parseManifest(image.manifestBytes);
  const archive = await ImageArchive.create(path, true);
  try {
    for (const { frames, index } of images) {
      await copyBlob(archive, LAYER_TYPES.frames, image, frames);
      await copyBlob(archive, LAYER_TYPES.index, image, index);
    }
    for (const { digest, size } of deltas)
      await copyBlob(archive, LAYER_TYPES.delta, image, { digest, size });
    await archive.addBytes(LAYER_TYPES.manifest, image.manifestBytes);
    await archive.addBytes(LAYER_TYPES.envelope, envelope);
    return await archive.finish();
  } finally {
    await archive.abandon();
  }
}

async function copyBlob(
  archive: ImageArchive,
  type: string,
  image: ImageSource,
  name: BlobName,
): Promise<void> {
  const blob = await image.blob(name);
  const written = await archive.add(type, async (append) => {
    for (let at = 0; at < name.size; at += READ_BYTES)
      await append(await blob.readRange(at, Math.min(READ_BYTES, name.size - at)));
  });
  if (written.digest !== name.digest) throw otherBytes(name.digest, image.name);
}
