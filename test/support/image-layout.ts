/** Small images as OCI image layouts, with the artifact manifest that images of operating systems have. For tests. */

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../proto/registry/manifests.ts';

/** An image in a folder. */
export interface MadeImage {
  readonly folder: string;
  readonly digest: string;
  readonly manifest: Buffer;
  /** The bytes of its blobs by their digests. */
  readonly blobs: ReadonlyMap<string, Buffer>;
}

/** Writes a layout with one image whose layers have so many random bytes each. */
export function makeImage(folder: string, sizes: readonly number[], tag = '1'): MadeImage {
  const blobs = new Map<string, Buffer>();
  const add = (mediaType: string, bytes: Buffer) => {
    blobs.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const config = add('application/vnd.oci.empty.v1+json', Buffer.from('{}'));
  const layers = sizes.map((size) => add('application/octet-stream', randomBytes(size)));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.nodectl.os.v1',
      config,
      layers,
    }),
  );
  const digest = digestOf(manifest);
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const [name, bytes] of [...blobs, [digest, manifest] as const])
    writeFileSync(join(folder, 'blobs', 'sha256', name.slice(7)), bytes);
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const entry = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest,
    size: manifest.length,
    annotations: { 'org.opencontainers.image.ref.name': tag },
  };
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  return { folder, digest, manifest, blobs };
}
