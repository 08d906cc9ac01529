/** An image from a layout to a registry. What is there already is not sent, so doing it again is cheap and harmless. */

import { Failure } from '../../../proto/failure.ts';
import { readAll } from '../../../proto/registry/body.ts';
import type { RegistryClient } from '../../../proto/registry/client.ts';
import { MAX_ANSWER_BYTES } from '../../../proto/registry/limits.ts';
import { MANIFEST_TYPE, manifestDigest, type StoredManifest } from '../../../proto/registry/manifests.ts';
import type { Reference } from '../../../proto/registry/reference.ts';
import { refusal } from '../../../proto/registry/refusals.ts';
import type { Layout } from '../layout/read.ts';
import { type Uploaded, uploadBlob } from './upload.ts';

/** How an image is sent. */
export interface PushOptions {
  /** Another repository of the registry whose blobs may be mounted. */
  readonly mountFrom?: string | undefined;
  /** Told of a blob's bytes that the registry has. */
  readonly progress?: (digest: string, done: number, size: number) => void;
}

/** What was done. */
export interface Pushed {
  readonly digest: string;
  /** Blobs by what became of them. */
  readonly blobs: Readonly<Record<Uploaded, number>>;
  /** Bytes of the blobs that were sent. */
  readonly sentBytes: number;
  /** Whether the tag or digest named this image before. */
  readonly wasThere: boolean;
}

/**
 * Sends an image and names it. Every blob is looked for in the layout before the first byte is sent, and the manifest goes last.
 * Throws BAD_ARGUMENT where the reference's digest is another one than the image's, and what layout and client throw.
 */
export async function pushImage(
  client: RegistryClient,
  layout: Layout,
  manifest: StoredManifest,
  reference: Reference,
  { mountFrom, progress }: PushOptions = {},
): Promise<Pushed> {
  const { repository, digest: wanted, tag } = reference;
  if (wanted && wanted !== manifest.digest)
    throw new Failure('BAD_ARGUMENT', `the image in ${layout.path} is ${manifest.digest}, not ${wanted}`, {
      hint: 'name it by a tag, or by its own digest',
    });
  const sources = [];
  for (const blob of manifest.blobs) sources.push({ blob, source: await layout.blob(blob) });
  const blobs = { there: 0, mounted: 0, sent: 0 };
  let sentBytes = 0;
  for (const { blob, source } of sources) {
    const { digest, size } = blob;
    const became = await uploadBlob(client, { repository, digest, size }, source, {
      mountFrom,
      sent: (bytes) => progress?.(digest, bytes, size),
    });
    progress?.(digest, size, size);
    blobs[became]++;
    if (became === 'sent') sentBytes += size;
  }
  const name = tag ?? manifest.digest;
  const wasThere = (await manifestDigest(client, repository, name)) === manifest.digest;
  if (!wasThere) await putManifest(client, repository, name, manifest);
  return { digest: manifest.digest, blobs, sentBytes, wasThere };
}

function putManifest(
  client: RegistryClient,
  repository: string,
  name: string,
  { bytes, digest }: StoredManifest,
): Promise<void> {
  return client.repeatedly(async () => {
    const answer = await client.send(client.own, {
      ...{ method: 'PUT', repository, path: `manifests/${name}`, access: 'pull,push', body: bytes },
      headers: { 'content-type': MANIFEST_TYPE },
    });
    const { limits, signal } = client;
    if (answer.status !== 201) throw await refusal(answer, `the manifest of ${repository} ${name}`, limits);
    await readAll(answer, { maxBytes: MAX_ANSWER_BYTES, limits, signal });
    const said = answer.headers['docker-content-digest'];
    if (said !== undefined && said !== digest)
      throw new Failure(
        'REGISTRY_DIGEST_MISMATCH',
        `${answer.url.host} keeps the manifest as ${said}, not as ${digest}`,
        {
          hint: 'something on the way changed it; the tag names that other manifest now',
        },
      );
  });
}
