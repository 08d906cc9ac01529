/** Manifests of images in a registry: read by tag or digest, held against the digest, and understood as far as their blobs go. */

import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { readAll } from './body.ts';
import type { RegistryClient } from './client.ts';
import { MAX_MANIFEST_BYTES } from './limits.ts';
import { isDigest, type Reference } from './reference.ts';
import { refusal } from './refusals.ts';

/** The media type of an image's manifest (OCI image specification 1.1). */
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** The media type of a list of manifests. */
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** What a blob is called and how large it is. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A manifest as it is stored, and what it refers to. */
export interface StoredManifest {
  /** The exact bytes that the digest is of. */
  readonly bytes: Buffer;
  readonly digest: string;
  readonly artifactType: string;
  /** Its config and its layers, in order, each digest once. */
  readonly blobs: readonly Descriptor[];
}

/** More blobs than these belong to no image. */
const MAX_BLOBS = 512;
const MAX_BLOB_BYTES = 2 ** 46;

/** The digest of bytes: "sha256:" and 64 hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Reads a manifest. Throws REGISTRY_BAD_ANSWER where it is none of an image, with what it is instead.
 * @param where where it was found, for messages
 */
export function parseManifest(bytes: Buffer, where: string): StoredManifest {
  const wrong = (why: string, hint = '') =>
    new Failure('REGISTRY_BAD_ANSWER', `${where} is no manifest of an image: ${why}`, { hint });
  if (bytes.length > MAX_MANIFEST_BYTES) throw wrong(`it is longer than ${MAX_MANIFEST_BYTES} bytes`);
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw wrong(`it is no JSON (${(cause as Error).message.slice(0, 80)})`);
  }
  if (typeof value !== 'object' || value === null) throw wrong('it is no JSON object');
  const { schemaVersion, mediaType, artifactType, config, layers, manifests } = value;
  if (mediaType === INDEX_TYPE || Array.isArray(manifests)) throw wrong('it lists several', oneOf(manifests));
  if (schemaVersion !== 2 || (mediaType !== undefined && mediaType !== MANIFEST_TYPE))
    throw wrong(`its type is ${String(mediaType ?? `schema ${schemaVersion}`).slice(0, 80)}`);
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > MAX_BLOBS)
    throw wrong(`it has no layers, or more than ${MAX_BLOBS}`);
  const all = [config, ...layers].map(descriptorOf);
  const blobs = new Map<string, Descriptor>();
  for (const one of all) {
    if (!one) throw wrong('a descriptor has no digest of SHA-256, no size or no type');
    const same = blobs.get(one.digest);
    if (same && same.size !== one.size) throw wrong(`it gives ${one.digest} two sizes`);
    if (!same) blobs.set(one.digest, one);
  }
  const type = typeof artifactType === 'string' ? artifactType : (all[0]?.mediaType ?? '');
  return { bytes, digest: digestOf(bytes), artifactType: type, blobs: [...blobs.values()] };
}

function descriptorOf(value: unknown): Descriptor | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { mediaType, digest, size, annotations } = value as Record<string, unknown>;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !isDigest(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || size > MAX_BLOB_BYTES)
    return undefined;
  const isPlain = typeof annotations === 'object' && annotations !== null;
  return {
    ...{ mediaType, digest, size },
    ...(isPlain ? { annotations: annotations as Record<string, string> } : {}),
  };
}

/** A hint that names some of a list's manifests. */
function oneOf(manifests: unknown): string {
  const digests = (Array.isArray(manifests) ? manifests : [])
    .map((one) => (one as { digest?: unknown } | null)?.digest)
    .filter((one) => typeof one === 'string' && isDigest(one));
  return `name one by its digest: ${digests.slice(0, 3).join(', ') || 'it has none'}`;
}

/**
 * The manifest that a reference names, from the registry or a mirror. Throws REGISTRY_NOT_FOUND, REGISTRY_DIGEST_MISMATCH where other
 * bytes come than the digest says, and what the client throws.
 */
export function fetchManifest(
  client: RegistryClient,
  { repository, tag, digest }: Reference,
): Promise<StoredManifest> {
  const name = digest ?? tag ?? '';
  return client.somewhere(digest ? 'digest' : 'tag', async (endpoint) => {
    const answer = await client.send(endpoint, {
      ...{ method: 'GET', repository, path: `manifests/${name}` },
      headers: { accept: `${MANIFEST_TYPE}, ${INDEX_TYPE}` },
    });
    const { limits, signal } = client;
    if (answer.status !== 200) throw await refusal(answer, `the request for ${repository} ${name}`, limits);
    const bytes = await readAll(answer, { maxBytes: MAX_MANIFEST_BYTES, limits, signal });
    const said = digest ?? answer.headers['docker-content-digest'];
    if (typeof said === 'string' && isDigest(said) && digestOf(bytes) !== said)
      throw new Failure(
        'REGISTRY_DIGEST_MISMATCH',
        `${endpoint.host} sent other bytes than ${said} as manifest`,
        {
          hint: 'the registry or something on the way changed them; push the image anew',
        },
      );
    return parseManifest(bytes, `${repository} ${name} at ${endpoint.host}`);
  });
}

/** Which manifest a tag or digest names at the registry itself, or undefined where there is none. Throws what the client throws. */
export function manifestDigest(
  client: RegistryClient,
  repository: string,
  name: string,
): Promise<string | undefined> {
  return client.repeatedly(async () => {
    const answer = await client.send(client.own, {
      ...{ method: 'HEAD', repository, path: `manifests/${name}`, access: 'pull,push' },
      headers: { accept: `${MANIFEST_TYPE}, ${INDEX_TYPE}` },
    });
    if (answer.status === 200 || answer.status === 404) {
      answer.body.resume();
      const digest = answer.headers['docker-content-digest'];
      return answer.status === 200 && typeof digest === 'string' ? digest : undefined;
    }
    throw await refusal(answer, `the question for ${repository} ${name}`, client.limits);
  });
}
