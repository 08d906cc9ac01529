/**
 * An OS image as an OCI artifact (image specification 1.1, "Guidelines for Artifact Usage"): a manifest of OCI's whose layers are our
 * signed manifest, its envelope and the blobs. Ours is what counts; OCI's is how registries and skopeo carry it about.
 */

import { Failure } from '../../proto/failure.ts';
import { canonicalJson } from '../../proto/image/canonical-json.ts';
import { MAX_ENVELOPE_BYTES, MAX_MANIFEST_BYTES } from '../../proto/image/limits.ts';
import { MANIFEST_TYPE } from '../../proto/image/manifest.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import {
  type Descriptor,
  digestOf,
  MANIFEST_TYPE as OCI_MANIFEST_TYPE,
  type StoredManifest,
} from '../../proto/registry/manifests.ts';
import { checkDigest, type ImageSource } from './source.ts';

/** What such an artifact is called. */
const ARTIFACT_TYPE = 'application/vnd.nodectl.os.v1';
/** The media types of its layers. */
export const LAYER_TYPES = {
  manifest: MANIFEST_TYPE,
  envelope: 'application/vnd.nodectl.os.signatures.v1+json',
  index: 'application/vnd.nodectl.os.index.v1',
  frames: 'application/vnd.nodectl.os.frames.v1',
  delta: 'application/vnd.nodectl.os.delta.v1',
} as const;
/** The config that an artifact without one has (image specification 1.1, "Guidance for an Empty Descriptor"). */
export const EMPTY_CONFIG = Buffer.from('{}');

/** OCI's manifest of an image with these layers, as it is stored. */
export function artifactManifest(layers: readonly Descriptor[]): StoredManifest {
  const config = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: digestOf(EMPTY_CONFIG),
    size: EMPTY_CONFIG.length,
  };
  const bytes = Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST_TYPE,
      artifactType: ARTIFACT_TYPE,
      config,
      layers,
    }),
  );
  return { bytes, digest: digestOf(bytes), artifactType: ARTIFACT_TYPE, blobs: [config, ...layers] };
}

/** Where an artifact's blobs come from. */
export interface ArtifactBlobs {
  /** As a person named it. */
  readonly name: string;
  readonly stored: StoredManifest;
  /** Opens a blob of the artifact. */
  open(blob: Descriptor): Promise<RangeSource>;
  close(): Promise<void>;
}

/**
 * An artifact as an image that can be read. Its two signed parts are read and held against their digests; whose signatures they are is
 * looked at elsewhere.
 * @throws Failure IMAGE_LAYOUT_INVALID where it is something else, IMAGE_DIGEST_MISMATCH
 */
export async function imageOfArtifact({ name, stored, open, close }: ArtifactBlobs): Promise<ImageSource> {
  const byDigest = new Map(stored.blobs.map((blob) => [blob.digest, blob]));
  const invalid = (why: string) =>
    new Failure('IMAGE_LAYOUT_INVALID', `${name} is no OS image: ${why}`, {
      hint: 'nodectl image build makes one',
    });
  const small = async (type: string, most: number) => {
    const found = stored.blobs.filter(({ mediaType }) => mediaType === type);
    const [blob] = found;
    if (!blob || found.length > 1) throw invalid(`it has ${found.length} layers of the type ${type}`);
    if (blob.size > most) throw invalid(`its layer of the type ${type} has ${blob.size} bytes`);
    const bytes = await (await open(blob)).readRange(0, blob.size);
    checkDigest(bytes, blob.digest, name);
    return bytes;
  };
  if (stored.artifactType !== ARTIFACT_TYPE)
    throw invalid(`it is of the type ${stored.artifactType.slice(0, 80) || 'of none'}`);
  const manifestBytes = await small(LAYER_TYPES.manifest, MAX_MANIFEST_BYTES);
  const envelopeBytes = await small(LAYER_TYPES.envelope, MAX_ENVELOPE_BYTES);
  return {
    ...{ name, manifestBytes, envelopeBytes, close },
    async blob({ digest, size }) {
      const blob = byDigest.get(digest);
      if (!blob) throw invalid(`its blob ${digest} is missing`);
      if (blob.size !== size)
        throw new Failure(
          'IMAGE_TRUNCATED',
          `${name} has ${blob.size} bytes of ${digest} where ${size} belong`,
        );
      return open(blob);
    },
  };
}
