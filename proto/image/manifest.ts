/**
 * The manifest of an OS image: the one small document that is signed. It names every other part by digest and size, so whoever
 * trusts its signature can check all the rest. Its bytes are canonical JSON, and bytes that are not are refused.
 */

import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../failure.ts';
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts';
import {
  BLOCK_BYTES,
  blocksOf,
  framesBytes,
  HASH_BYTES,
  indexBytes,
  MAX_BOOT_BYTES,
  MAX_DELTAS,
  MAX_MANIFEST_BYTES,
  MAX_ROOT_BYTES,
} from './limits.ts';

/** The payload type that a manifest is signed under, and its media type in a registry. */
export const MANIFEST_TYPE = 'application/vnd.nodectl.os.manifest.v1+json';

/** The parts of an image, in the order in which they are transferred and written. */
export const ROLES = ['root', 'kernel', 'initrd'] as const;

/** A part of an image. */
export type Role = (typeof ROLES)[number];

const line = (max: number) => z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${max}}$`));
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~:-]{0,127}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const serial = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const time = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/);
const port = z.int().min(1).max(65_535);
const kernelName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const blob = z.strictObject({ digest, size: z.int().min(1).max(Number.MAX_SAFE_INTEGER) });

const part = z.strictObject({
  role: z.enum(ROLES),
  size: z.int().min(1).max(MAX_ROOT_BYTES),
  sha256,
  blockSize: z.literal(BLOCK_BYTES),
  index: blob,
  frames: blob,
});

const healthCheck = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unit'), name: line(255) }),
  z.strictObject({ kind: z.literal('tcp'), host: line(253).optional(), port }),
  z.strictObject({ kind: z.literal('http'), url: z.url({ protocol: /^https?$/ }).max(1_024) }),
  z.strictObject({ kind: z.literal('kubelet') }),
  z.strictObject({ kind: z.literal('etcd') }),
]);

const MANIFEST = z.strictObject({
  v: z.literal(1),
  kind: z.literal('os'),
  name: word,
  version: word,
  serial,
  minSerial: serial,
  compatible: z.array(word).min(1).max(32),
  created: time,
  notAfter: time.optional(),
  minAgent: z
    .string()
    .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/)
    .optional(),
  images: z.array(part).min(2).max(3),
  deltas: z
    .array(z.strictObject({ fromRootSha256: sha256, digest, size: z.int().min(1).max(MAX_ROOT_BYTES) }))
    .max(MAX_DELTAS),
  cmdline: line(2_048).optional(),
  kernelRelease: z
    .string()
    .regex(/^\d[A-Za-z0-9._+~-]{0,127}$/)
    .optional(),
  kernelPackage: word.optional(),
  distribution: word.optional(),
  firmware: z
    .array(z.strictObject({ driver: kernelName, file: line(255), version: line(64).optional() }))
    .max(4_096)
    .optional(),
  modules: z.array(kernelName).max(8_192).optional(),
  health: z
    .strictObject({
      deadlineSeconds: z.int().min(30).max(86_400).optional(),
      checks: z.array(healthCheck).max(32),
    })
    .optional(),
});

/**
 * What an image is. Sizes are bytes, times RFC 3339 in UTC without fractions. `images` has the root and the kernel, and the
 * initrd where there is one, in this order; `serial` rises with every release, and nodes that confirmed a higher one refuse it;
 * `minSerial` is the lowest that may be installed once this one was confirmed; `compatible` are the names of which a node must
 * have one; `minAgent` is the oldest agent that can install it. What preflight judges the kernel by: `kernelRelease` (`uname -r`),
 * `kernelPackage` (the version of its package), `distribution` (ID of os-release), `modules` (drivers of network cards that the
 * image carries) and `firmware` (files below /lib/firmware that those ask for and the image has).
 */
export type Manifest = z.output<typeof MANIFEST>;

/** A part as the manifest names it: `sha256` is of the part itself, the digests are of the blobs that carry it. */
export type ImagePart = Manifest['images'][number];

/** A blob by its digest ("sha256:" and lower-case hexadecimal) and size. */
export type BlobName = ImagePart['index'];

/** A check that an image declares for the health gate. */
export type ImageHealthCheck = z.output<typeof healthCheck>;

/** A manifest as the bytes that are signed. @throws Failure IMAGE_MANIFEST_INVALID */
export function encodeManifest(manifest: Manifest): Buffer {
  const bytes = Buffer.from(canonicalJson(checked(manifest)));
  if (bytes.length > MAX_MANIFEST_BYTES) throw invalid(`is longer than ${MAX_MANIFEST_BYTES} bytes`);
  return bytes;
}

/** What the bytes of a manifest say. Their signature is not looked at. @throws Failure IMAGE_MANIFEST_INVALID */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) throw invalid(`is longer than ${MAX_MANIFEST_BYTES} bytes`);
  return parseCanonicalJson(bytes, checked, invalid);
}

/** SHA-256 of a manifest's bytes, in lower-case hexadecimal: the image's own name. */
export function manifestSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A part of an image, or undefined where the image has none. */
export function partOf(manifest: Manifest, role: Role): ImagePart | undefined {
  return manifest.images.find((one) => one.role === role);
}

/** The root image, which every manifest has. */
export function rootOf(manifest: Manifest): ImagePart {
  return partOf(manifest, 'root') as ImagePart;
}

/** The time until which an image may be installed, in milliseconds since the epoch; Infinity where it does not end. */
export function expiryOf(manifest: Manifest): number {
  return manifest.notAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(manifest.notAfter);
}

function checked(value: unknown): Manifest {
  const { data, error } = MANIFEST.safeParse(value);
  if (error) {
    const [issue] = error.issues;
    throw invalid(`is not valid at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unknown'}`);
  }
  const problem = contradiction(data);
  if (problem !== undefined) throw invalid(problem);
  return data;
}

/** What in a manifest of the right shape cannot be, as a clause. */
function contradiction(manifest: Manifest): string | undefined {
  const roles = manifest.images.map(({ role }) => role);
  if (roles.some((role, at) => role !== ROLES[at]))
    return 'does not have a root, a kernel and at most an initrd, in this order';
  if (manifest.minSerial > manifest.serial) return 'has a lowest serial number above its own';
  if (doubled(manifest.compatible)) return 'names a compatible twice';
  if (doubled(manifest.deltas.map(({ fromRootSha256 }) => fromRootSha256)))
    return 'has two deltas from one image';
  if (doubled(manifest.modules ?? [])) return 'names a module twice';
  for (const text of [manifest.created, manifest.notAfter])
    if (text !== undefined && !isDate(text)) return `has a date that is none: ${text}`;
  return manifest.images.map(sizes).find((one) => one !== undefined);
}

/** Which of a part's sizes do not add up. */
function sizes({ role, size, index, frames }: ImagePart): string | undefined {
  if (role === 'root' ? size % BLOCK_BYTES !== 0 : size > MAX_BOOT_BYTES)
    return role === 'root' ? 'has a root image that is not whole blocks' : `has a ${role} that is too large`;
  const hashes = index.size - indexBytes(size, 0);
  if (hashes < 0 || hashes % HASH_BYTES !== 0 || hashes / HASH_BYTES > blocksOf(size))
    return `has a block index of the ${role} whose size cannot be`;
  const [least, most] = framesBytes(size);
  if (frames.size < least || frames.size > most) return `has frames of the ${role} whose size cannot be`;
  return undefined;
}

function isDate(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace('Z', '.000Z');
}

function doubled(words: readonly string[]): boolean {
  return new Set(words).size < words.length;
}

function invalid(why: string): Failure {
  return new Failure('IMAGE_MANIFEST_INVALID', `the image’s manifest ${why}`, {
    hint: 'nothing was written; get the image anew from whoever made it',
  });
}
