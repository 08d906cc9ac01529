/** Images for tests: small, signed, with every kind of operation in what makes one out of another. */

import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { BlockIndexBuilder, blockHash, encodeIndex } from '../../../proto/image/block-index.ts';
import { type ImageSignature, signManifest } from '../../../proto/image/envelope.ts';
import { readKeyring } from '../../../proto/image/keyring.ts';
import { BLOCK_BYTES } from '../../../proto/image/limits.ts';
import { encodeManifest, type Manifest, type Role } from '../../../proto/image/manifest.ts';
import { dictionaryWindow, encodeOp, type Op } from '../../../proto/image/ops.ts';
import { sampleManifest, samplePart } from '../../../proto/image/testing-manifest.ts';
import { zstdOptions } from '../../../proto/image/zstd.ts';

/** An image in memory. */
export interface TestImage {
  readonly parts: Readonly<Partial<Record<Role, Buffer>>> & { readonly root: Buffer };
  readonly manifest: Manifest;
  readonly bytes: Buffer;
  readonly signatures: readonly ImageSignature[];
  /** The root's block index. */
  readonly index: Buffer;
}

const RUN = 16;

/** A key pair that images of a test are signed with, and the keyring that trusts it. */
export function testKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const text = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return { privateKey, keyring: readKeyring([{ name: 'test.pem', text }]) };
}

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that look like chance and are the same for the same seed. */
export function noise(seed: string, length: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0, count = 0; at < length; at += 32)
    pieces.push(createHash('sha256').update(`${seed} ${count++}`).digest());
  return Buffer.concat(pieces, length);
}

/** A root of so many blocks: noise, text, zeros and repetitions; each version shares most of it with the one before. */
function testRoot(version: number, blocks: number): Buffer {
  const all: Buffer[] = [];
  for (let block = 0; block < blocks; block++) {
    const kind = block % 8;
    const changed = (block * 7 + version) % 11 === 0 ? version : 0;
    if (kind === 3) all.push(Buffer.alloc(BLOCK_BYTES));
    else if (kind === 5 && block > 40) all.push(all[block - 32] ?? Buffer.alloc(BLOCK_BYTES));
    else if (kind === 6)
      all.push(Buffer.alloc(BLOCK_BYTES, `block ${block} of a file that is text, changed ${changed}\n`));
    else all.push(noise(`${block} ${changed}`, BLOCK_BYTES));
  }
  return Buffer.concat(all);
}

/** An image of a version: the kernel stands in the root, the initrd does not. */
export function testImage(
  version: number,
  key: KeyObject,
  { blocks = 256, changes = {} }: { blocks?: number; changes?: Partial<Manifest> } = {},
): TestImage {
  const root = testRoot(version, blocks);
  const parts = {
    root,
    kernel: root.subarray(8 * BLOCK_BYTES, 8 * BLOCK_BYTES + 30_001),
    initrd: noise(`initrd ${version}`, 70_000),
  };
  const builder = new BlockIndexBuilder(root.length);
  builder.push(root);
  const index = encodeIndex(builder.finish());
  const images = (['root', 'kernel', 'initrd'] as const).map((role) => ({
    ...samplePart(role, parts[role].length),
    sha256: sha256(parts[role]),
    ...(role === 'root' ? { index: { digest: `sha256:${sha256(index)}`, size: index.length } } : {}),
  }));
  const manifest = sampleManifest({
    ...{ version: `1.0.${version}`, serial: version, minSerial: 0, images, deltas: [], cmdline: 'quiet' },
    ...{ health: { deadlineSeconds: 60, checks: [] } },
    ...changes,
  });
  const bytes = encodeManifest(manifest);
  return { parts, manifest, bytes, index, signatures: [signManifest(bytes, key)] };
}

/** An operation as bytes, and where it writes. */
export interface PlacedOperation {
  readonly role: Role;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What is known of the node that operations are made for. */
interface Base {
  /** The root that runs: differences are sent. */
  readonly active?: Buffer;
  /** A bitmap of the blocks of the root that are sent; the node has the others. */
  readonly needed?: Uint8Array;
}

/** The operations that make an image, in order. */
export function allOperations(image: TestImage, { active, needed }: Base = {}): PlacedOperation[] {
  const all: PlacedOperation[] = [];
  for (const role of ['root', 'kernel', 'initrd'] as const) {
    const bytes = image.parts[role] ?? Buffer.alloc(0);
    const base = role === 'root' ? active : undefined;
    const places = base && blocksOf(base);
    const seen = new Map<string, number>();
    for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
      const block = bytes.subarray(offset, offset + BLOCK_BYTES);
      const name = nameOf(block);
      const place = { role, offset, length: block.length };
      const source = places?.get(name);
      const own = seen.get(name);
      if (own === undefined && offset > 0 && role === 'root') seen.set(name, offset);
      const lacking = role !== 'root' || !needed || ((needed[offset >> 15] ?? 0) >> ((offset >> 12) & 7)) & 1;
      if (!lacking) continue;
      let op: Op = data(block, place, base);
      if (!needed && name === 'zero') op = { kind: 'zero', ...place };
      else if (!needed && source !== undefined) op = { kind: 'copy', ...place, source };
      else if (!needed && own !== undefined) op = { kind: 'self', ...place, source: own };
      all.push({ role, offset, bytes: encodeOp(op) });
    }
  }
  return all;
}

/** Operations from a place on. */
export function operationsFrom(
  all: readonly PlacedOperation[],
  { role, offset }: { role: string; offset: number },
): PlacedOperation[] {
  const order = ['root', 'kernel', 'initrd'];
  const at = order.indexOf(role);
  return all.filter((one) => {
    const place = order.indexOf(one.role);
    return place > at || (place === at && one.offset >= offset);
  });
}

/** The bytes of the operations that make an image, from a place on. */
export function operations(
  image: TestImage,
  { from = { role: 'root', offset: 0 }, ...base }: Base & { from?: { role: string; offset: number } } = {},
): Buffer[] {
  return operationsFrom(allOperations(image, base), from).map(({ bytes }) => bytes);
}

/** Operations as messages of a few each. */
export function messages(ops: readonly Buffer[], each = RUN): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < ops.length; at += each) all.push(Buffer.concat(ops.slice(at, at + each)));
  return all;
}

function data(
  block: Buffer,
  place: { role: Role; offset: number; length: number },
  base: Buffer | undefined,
): Op {
  const predicted = base && place.offset % (2 * BLOCK_BYTES) === 0 && place.offset < base.length;
  const window = predicted ? dictionaryWindow(place.offset, block.length, base.length) : undefined;
  const dictionary = window && base?.subarray(window.offset, window.offset + window.length);
  const frame = zstdCompressSync(block, zstdOptions(3, block.length, dictionary));
  return { kind: 'data', ...place, predicted: window ? place.offset : undefined, frame };
}

function blocksOf(root: Buffer): Map<string, number> {
  const places = new Map<string, number>();
  for (let offset = root.length - BLOCK_BYTES; offset >= 0; offset -= BLOCK_BYTES)
    places.set(nameOf(root.subarray(offset, offset + BLOCK_BYTES)), offset);
  places.delete('zero');
  return places;
}

function nameOf(block: Buffer): string {
  return blockHash(block)?.toString('hex') ?? 'zero';
}
