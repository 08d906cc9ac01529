/** A release of the agent as an OCI artifact, in a layout or a registry: a layer each for manifest, signatures and the blobs of files. */

import { Failure } from '../../proto/failure.ts';
import {
  AGENT_MANIFEST_TYPE,
  type AgentManifest,
  parseAgentManifest,
} from '../../proto/image/agent-manifest.ts';
import { encodeEnvelope, type ImageSignature, parseEnvelope } from '../../proto/image/envelope.ts';
import { MAX_ENVELOPE_BYTES, MAX_MANIFEST_BYTES } from '../../proto/image/limits.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import {
  type Descriptor,
  digestOf,
  MANIFEST_TYPE,
  parseManifest,
  type StoredManifest,
} from '../../proto/registry/manifests.ts';
import { Layout } from '../image/layout/read.ts';

/** What the artifact is, as a registry lists it. */
const ARTIFACT_TYPE = 'application/vnd.nodectl.agent.v1';
const SIGNATURES_TYPE = 'application/vnd.nodectl.agent.signatures.v1+json';
const FILE_TYPE = 'application/vnd.nodectl.agent.file.v1+zstd';
/** The config that artifacts without one have (image specification 1.1, "Guidance for an Empty Descriptor"). */
const EMPTY = Buffer.from('{}');

/** A descriptor of some bytes. */
function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

/** The parts of a release that go into a layout beside its files: what each is, and its bytes. */
export function smallParts(
  manifest: Uint8Array,
  signatures: readonly ImageSignature[],
): [Descriptor, Buffer][] {
  const parts: [string, Buffer][] = [
    ['application/vnd.oci.empty.v1+json', EMPTY],
    [AGENT_MANIFEST_TYPE, Buffer.from(manifest)],
    [SIGNATURES_TYPE, encodeEnvelope(signatures, AGENT_MANIFEST_TYPE)],
  ];
  return parts.map(([type, bytes]) => [describe(type, bytes), bytes]);
}

/** The artifact's own manifest. */
export function storedManifest(
  small: readonly Descriptor[],
  { files, version }: AgentManifest,
): StoredManifest {
  const [config, ...layers] = small;
  const blobs = new Map(files.map(({ blob }) => [blob.digest, { mediaType: FILE_TYPE, ...blob }]));
  const bytes = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType: ARTIFACT_TYPE },
      ...{ config, layers: [...layers, ...blobs.values()] },
      annotations: { 'org.opencontainers.image.version': version },
    }),
  );
  return parseManifest(bytes, 'the release');
}

/** A release that is open. */
export interface OpenRelease {
  readonly manifestBytes: Buffer;
  readonly manifest: AgentManifest;
  readonly signatures: readonly ImageSignature[];
  /** A blob of a file. @throws Failure IMAGE_LAYOUT_INVALID */
  blob(digest: string): Promise<RangeSource>;
  close(): Promise<void>;
}

/**
 * Opens a release in a tar archive or a folder. Its signatures are for the nodes to judge.
 * @throws Failure IMAGE_LAYOUT_INVALID, RELEASE_MANIFEST_INVALID, IMAGE_ENVELOPE_INVALID, BAD_ARGUMENT
 */
export async function openRelease(path: string): Promise<OpenRelease> {
  const layout = await Layout.open(path);
  try {
    const stored = await layout.manifest();
    if (stored.artifactType !== ARTIFACT_TYPE)
      throw new Failure(
        'BAD_ARGUMENT',
        `${path} is no release of the agent but ${stored.artifactType || 'something else'}`,
        {
          hint: 'nodectl agent pack makes one; images of operating systems go with nodectl upgrade',
        },
      );
    const read = async (type: string, most: number) => {
      const found = stored.blobs.find(({ mediaType }) => mediaType === type);
      if (!found || found.size > most)
        throw new Failure(
          'IMAGE_LAYOUT_INVALID',
          `${path} is no whole release: it has no ${type} of a usual size`,
        );
      const bytes = await (await layout.blob(found)).readRange(0, found.size);
      if (digestOf(bytes) !== found.digest)
        throw new Failure(
          'IMAGE_LAYOUT_INVALID',
          `${path} is damaged: a part is not what ${found.digest} says`,
        );
      return bytes;
    };
    const manifestBytes = await read(AGENT_MANIFEST_TYPE, MAX_MANIFEST_BYTES);
    const manifest = parseAgentManifest(manifestBytes);
    const sizes = new Map(manifest.files.map(({ blob }) => [blob.digest, blob.size]));
    return {
      ...{ manifestBytes, manifest },
      signatures: parseEnvelope(await read(SIGNATURES_TYPE, MAX_ENVELOPE_BYTES), AGENT_MANIFEST_TYPE),
      blob: (digest) => layout.blob({ digest, size: sizes.get(digest) ?? 0 }),
      close: () => layout.close(),
    };
  } catch (error) {
    await layout.close();
    throw error;
  }
}
