/** An image from a registry into a layout. Every byte is held against its digest before the layout names the image. */

import { fetchBlob } from '../../../proto/registry/blobs.ts';
import type { RegistryClient } from '../../../proto/registry/client.ts';
import { fetchManifest, type StoredManifest } from '../../../proto/registry/manifests.ts';
import type { Reference } from '../../../proto/registry/reference.ts';
import type { LayoutWriter } from '../layout/writer.ts';

/** What was done. */
export interface Pulled {
  readonly digest: string;
  /** Blobs that came, and those that were there already. */
  readonly blobs: { readonly fetched: number; readonly there: number };
  readonly fetchedBytes: number;
}

/** Told of each blob's bytes that are there. */
export type PullProgress = (digest: string, done: number, size: number) => void;

/** Fetches the image that a reference names. Throws what client and writer throw. */
export async function pullImage(
  client: RegistryClient,
  reference: Reference,
  writer: LayoutWriter,
  { found, progress }: { found?: (manifest: StoredManifest) => void; progress?: PullProgress } = {},
): Promise<Pulled> {
  const manifest = await fetchManifest(client, reference);
  found?.(manifest);
  const blobs = { fetched: 0, there: 0 };
  let fetchedBytes = 0;
  for (const blob of manifest.blobs) {
    const { digest, size } = blob;
    const name = { repository: reference.repository, digest, size };
    const wasThere = await writer.blob(blob, (sink) =>
      fetchBlob(client, name, sink, (bytes) => progress?.(digest, bytes, size)),
    );
    progress?.(digest, size, size);
    blobs[wasThere ? 'there' : 'fetched']++;
    if (!wasThere) fetchedBytes += size;
  }
  await writer.finish(manifest, reference.tag);
  return { digest: manifest.digest, blobs, fetchedBytes };
}
