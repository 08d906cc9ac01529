/**
 * Verifies an image whole: signatures, every blob's digest, and that the frames unpack to what the manifest says each part is. A node
 * does as much before it arms an image; this tells before anything is sent.
 */

import { createHash } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import { BlockIndexBuilder, encodeIndex } from '../../proto/image/block-index.ts';
import { parseEnvelope, verifyManifest } from '../../proto/image/envelope.ts';
import type { Keyring } from '../../proto/image/keyring.ts';
import { FRAME_BYTES } from '../../proto/image/limits.ts';
import { type ImagePart, type Manifest, parseManifest } from '../../proto/image/manifest.ts';
import { FramesContent } from './content.ts';
import { sizesOf } from './delta/image-ops.ts';
import { readReadyDelta } from './delta/ready-delta.ts';
import { damaged, type ImageSource, readBlob, verifiedBlob } from './source.ts';

/** How an image is verified. */
export interface VerifyOptions {
  readonly keyring: Keyring;
  /** How many keys of the keyring must have signed. */
  readonly threshold: number;
  /** Told of what has been found right, in words. */
  readonly found: (sentence: string) => Promise<void> | void;
  /** Told how far it is, in bytes. */
  readonly progress?: (what: string, done: number, total: number) => void;
}

/**
 * The manifest of an image, once its signatures hold.
 * @throws Failure IMAGE_SIGNATURE_INVALID, IMAGE_SIGNATURES_TOO_FEW, IMAGE_ENVELOPE_INVALID, IMAGE_MANIFEST_INVALID
 */
function trustedManifest(
  image: ImageSource,
  keyring: Keyring,
  threshold: number,
): { manifest: Manifest; signers: string[] } {
  const signers = verifyManifest(image.manifestBytes, parseEnvelope(image.envelopeBytes), keyring, threshold);
  return { manifest: parseManifest(image.manifestBytes), signers };
}

/** Verifies all of an image. @throws Failure IMAGE_* at the first thing that is wrong */
export async function verifyImage(
  image: ImageSource,
  { keyring, threshold, found, progress = () => undefined }: VerifyOptions,
): Promise<Manifest> {
  const { manifest, signers } = trustedManifest(image, keyring, threshold);
  const names = signers.map((id) => keyring.get(id)?.name ?? id);
  await found(`signed by ${names.join(', ')}; ${threshold} must have`);
  for (const part of manifest.images) {
    await verifiedBlob(image, part.frames, (done) => progress(`read ${part.role}`, done, part.frames.size));
    await checkPart(image, part, (done) => progress(`unpack ${part.role}`, done, part.size));
    await found(`${part.role}: frames and block index are those of sha256 ${part.sha256}`);
  }
  for (const delta of manifest.deltas) {
    await verifiedBlob(image, delta, (done) => progress('read delta', done, delta.size));
    await checkDelta(image, manifest, delta);
    await found(`delta from ${delta.fromRootSha256}: its operations make a whole image`);
  }
  return manifest;
}

async function checkPart(
  image: ImageSource,
  part: ImagePart,
  progress: (done: number) => void,
): Promise<void> {
  const content = await FramesContent.open(image, part);
  const hash = createHash('sha256');
  const builder = new BlockIndexBuilder(part.size);
  for (let at = 0; at < part.size; at += FRAME_BYTES) {
    const bytes = await content.readRange(at, Math.min(FRAME_BYTES, part.size - at));
    hash.update(bytes);
    builder.push(bytes);
    progress(at + bytes.length);
  }
  if (hash.digest('hex') !== part.sha256)
    throw damaged(`the frames of ${image.name} unpack to another ${part.role} than its manifest says`);
  const index = await readBlob(image, part.index);
  // An index that lies costs a transfer that fails in the end, on every node.
  if (!encodeIndex(builder.finish()).equals(index))
    throw damaged(`the block index of ${image.name} is of another ${part.role}`);
}

async function checkDelta(
  image: ImageSource,
  manifest: Manifest,
  delta: Manifest['deltas'][number],
): Promise<void> {
  const blob = await image.blob(delta);
  const head = await blob.readRange(0, Math.min(16, blob.size));
  const oldSize = head.length === 16 ? Number(head.readBigUInt64LE(8)) : 0;
  let end = 0;
  for await (const op of readReadyDelta(blob, { sizes: sizesOf(manifest), oldSize }))
    end = op.offset + op.length;
  if (end === 0) throw new Failure('IMAGE_OPS_INVALID', `a delta of ${image.name} is empty`);
}
