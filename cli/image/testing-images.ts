/** Small images for tests, and the plainest way to carry out operations: on buffers, with nothing to spare the memory. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { ROLES, type Role } from '../../proto/image/manifest.ts';
import { dataOf, dictionaryWindow, type Op } from '../../proto/image/ops.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import { type Built, buildImage, type Description } from './build/build.ts';
import { openImageFile } from './open.ts';
import type { ImageSource } from './source.ts';

/** Numbers that are the same each time, from a seed: xorshift of 32 bits (Marsaglia, 2003). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Bytes that compress about as programs do, the same for the same seed. */
function sampleBytes(length: number, seed: number): Buffer {
  const random = randomOf(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = random(4) === 0 ? random(256) : random(16);
  return bytes;
}

/** A root with files of data, holes of zeros, and a kernel and an initrd among the files. */
export interface SampleParts {
  root: Buffer;
  kernel: Buffer;
  initrd: Buffer;
}

const HOLE_BLOCKS = 60;

/** An image's parts: `blocks` of files, and what a version changes in them is small and scattered, and one file is moved. */
export function sampleParts(version: number, blocks = 700): SampleParts {
  const files = sampleBytes(blocks * BLOCK_BYTES, 7);
  const kernel = sampleBytes(20 * BLOCK_BYTES + 1_234, 100 + version);
  const initrd = sampleBytes(9 * BLOCK_BYTES + 1, 55);
  const random = randomOf(version);
  for (let change = 0; change < version * 20; change += 1) files[random(files.length)] = random(256);
  const padded = (bytes: Buffer) =>
    Buffer.concat([bytes], Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES);
  const hole = Buffer.alloc(HOLE_BLOCKS * BLOCK_BYTES);
  const moved = sampleBytes(30 * BLOCK_BYTES, 9);
  const order = version % 2 === 0 ? [files, hole, moved] : [moved, files, hole];
  return {
    root: Buffer.concat([...order, padded(kernel), padded(initrd), files.subarray(0, 10 * BLOCK_BYTES)]),
    kernel,
    initrd,
  };
}

/** What the manifest of a sample says beside its parts. */
function sampleDescription(serial: number): Description {
  return {
    name: 'sample',
    version: `1.${serial}`,
    serial,
    minSerial: 0,
    compatible: ['sample-board'],
    created: '2026-11-01T12:00:00Z',
  };
}

/** A signing key for tests. */
export function sampleKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Bytes as something to read ranges of. */
export function memoryContent(bytes: Buffer): RangeSource {
  return {
    size: bytes.length,
    readRange: async (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
  };
}

/** Builds an image of these parts in a folder. */
export async function buildSample(
  folder: string,
  name: string,
  parts: SampleParts,
  options: { key: KeyObject; serial?: number; deltaFrom?: readonly ImageSource[] },
): Promise<Built & { path: string }> {
  const path = join(folder, `${name}.oci.tar`);
  const built = await buildImage({
    ...{
      contents: ROLES.map((role) => ({ role, content: memoryContent(parts[role]) })),
      out: path,
      force: true,
      keys: [options.key],
      deltaFrom: options.deltaFrom ?? [],
    },
    describe: async () => sampleDescription(options.serial ?? 1),
  });
  return { ...built, path };
}

/** Opens images, does something with them, and closes them. */
export async function withImages<T>(
  paths: readonly string[],
  use: (images: ImageSource[]) => Promise<T>,
): Promise<T> {
  const images: ImageSource[] = [];
  try {
    for (const path of paths) images.push(await openImageFile(path));
    return await use(images);
  } finally {
    for (const image of images) await image.close();
  }
}

/** What a node has written so far. */
export type Written = Record<Role, Buffer>;

/** Carries an operation out. `old` is the running root. */
export function applyOp(op: Op, written: Written, old: Buffer): void {
  written[op.role].set(bytesOf(op, written, old), op.offset);
}

function bytesOf(op: Op, written: Written, old: Buffer): Uint8Array {
  switch (op.kind) {
    case 'zero':
      return Buffer.alloc(op.length);
    case 'copy':
      return old.subarray(op.source, op.source + op.length);
    case 'self':
      return Buffer.from(written.root.subarray(op.source, op.source + op.length));
    case 'data': {
      if (op.predicted === undefined) return dataOf(op);
      const { offset, length } = dictionaryWindow(op.predicted, op.length, old.length);
      return dataOf(op, old.subarray(offset, offset + length));
    }
  }
}
