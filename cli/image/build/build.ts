/** Builds an OS image: packs its parts, makes ready deltas, signs the manifest. The same inputs give the same bytes. */

import type { KeyObject } from 'node:crypto';
import { Failure } from '../../../proto/failure.ts';
import { encodeEnvelope, signManifest } from '../../../proto/image/envelope.ts';
import { BLOCK_BYTES } from '../../../proto/image/limits.ts';
import {
  encodeManifest,
  type Manifest,
  manifestSha256,
  parseManifest,
  type Role,
  rootOf,
} from '../../../proto/image/manifest.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { LAYER_TYPES } from '../artifact.ts';
import { FramesContent } from '../content.ts';
import { BlockTable } from '../delta/block-table.ts';
import { encodePlan } from '../delta/encode.ts';
import { planOps } from '../delta/plan.ts';
import { writeReadyDelta } from '../delta/ready-delta.ts';
import { type ImageSource, readIndex } from '../source.ts';
import { ImageArchive } from './archive.ts';
import { type PackedPart, packPart } from './pack-part.ts';

/** Frames are read more often than made. Of a Debian root level 9 makes 3 % less than 6, and 12 no less that one would see. */
const FRAME_LEVEL = 9;
/** A ready delta is made once and sent to every node. */
const DELTA_LEVEL = 9;

/** What the manifest says beside the parts and deltas. */
export type Description = Omit<Manifest, 'v' | 'kind' | 'images' | 'deltas'>;

/** A part's bytes. */
export interface PartContent {
  readonly role: Role;
  readonly content: RangeSource;
}

/** What an image is built of. */
export interface BuildInput {
  /** The root, the kernel and at most an initrd, in this order. */
  readonly contents: readonly PartContent[];
  /** Asked for when the root image has been opened, so that it can be looked into. */
  readonly describe: (root: RangeSource) => Promise<Description>;
  /** Private Ed25519 keys; each signs. */
  readonly keys: readonly KeyObject[];
  /** Images that a ready delta is made from. */
  readonly deltaFrom: readonly ImageSource[];
  readonly out: string;
  /** Whether an archive that is there is replaced. */
  readonly force: boolean;
  /** Told what is done, and how many bytes of it are. */
  readonly progress?: (what: string, done: number, total: number) => void;
}

/** What was built. */
export interface Built {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** Of OCI's manifest: what a registry names the image by. */
  readonly digest: string;
}

/** Builds an image into an archive. @throws Failure IMAGE_UNREADABLE, IMAGE_MANIFEST_INVALID, BAD_ARGUMENT */
export async function buildImage(input: BuildInput): Promise<Built> {
  const archive = await ImageArchive.create(input.out, input.force);
  try {
    return await write(archive, input);
  } finally {
    await archive.abandon();
  }
}

async function write(
  archive: ImageArchive,
  { contents, describe, keys, deltaFrom, progress = () => undefined }: BuildInput,
): Promise<Built> {
  const [root] = contents;
  if (!root) throw new Failure('BAD_ARGUMENT', 'an image has a root');
  const described = await describe(root.content);
  const packed: PackedPart[] = [];
  for (const { role, content } of contents) {
    if (content.size === 0) throw new Failure('IMAGE_UNREADABLE', `the ${role} is empty`);
    if (role === 'root' && content.size % BLOCK_BYTES !== 0)
      throw new Failure(
        'IMAGE_MANIFEST_INVALID',
        `the root has ${content.size} bytes, and slots hold whole blocks of ${BLOCK_BYTES}`,
        { hint: `fill it up: truncate -s %${BLOCK_BYTES} FILE` },
      );
    const advanced = (bytes: number) => progress(`pack ${role}`, bytes, content.size);
    packed.push(await packPart(archive, role, content, { level: FRAME_LEVEL, advanced }));
  }
  const deltas: Manifest['deltas'] = [];
  for (const old of deltaFrom) {
    const delta = await addDelta(archive, contents, packed, old, progress);
    if (!deltas.some(({ fromRootSha256 }) => fromRootSha256 === delta.fromRootSha256)) deltas.push(delta);
  }
  const images = packed.map(({ part }) => part);
  const manifest: Manifest = { v: 1, kind: 'os', ...described, images, deltas };
  const bytes = encodeManifest(manifest);
  await archive.addBytes(LAYER_TYPES.manifest, bytes);
  const signatures = new Map(keys.map((key) => signManifest(bytes, key)).map((one) => [one.keyId, one]));
  await archive.addBytes(LAYER_TYPES.envelope, encodeEnvelope([...signatures.values()]));
  return { manifest, manifestSha256: manifestSha256(bytes), digest: await archive.finish() };
}

async function addDelta(
  archive: ImageArchive,
  contents: readonly PartContent[],
  packed: readonly PackedPart[],
  image: ImageSource,
  progress: NonNullable<BuildInput['progress']>,
): Promise<Manifest['deltas'][number]> {
  const oldRoot = rootOf(parseManifest(image.manifestBytes));
  const parts = packed.map(({ part, index }) => ({ role: part.role, table: new BlockTable(index) }));
  const plan = planOps({ parts, old: new BlockTable(await readIndex(image, oldRoot)) });
  const total = packed.reduce((sum, { part }) => sum + part.size, 0);
  const old = await FramesContent.open(image, oldRoot);
  const input = {
    parts: new Map(contents.map(({ role, content }) => [role, content])),
    old,
    level: DELTA_LEVEL,
  };
  const told = async function* () {
    let done = 0;
    for await (const op of encodePlan(plan, input)) {
      done += op.length;
      progress(`delta from ${image.name}`, done, total);
      yield op;
    }
  };
  const { digest, size } = await archive.add(LAYER_TYPES.delta, (append) =>
    writeReadyDelta(told(), oldRoot.size, append),
  );
  return { fromRootSha256: oldRoot.sha256, digest, size };
}
