/** Readers of images: manifest, signatures, block index, frames and the operations of a transfer. */

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { Failure } from '../../proto/failure.ts';
import { BlockIndexBuilder, decodeIndex, encodeIndex } from '../../proto/image/block-index.ts';
import { encodeEnvelope, parseEnvelope, signManifest, verifyManifest } from '../../proto/image/envelope.ts';
import {
  decodeFrame,
  decodeFrameTable,
  encodeFrameTable,
  frameRange,
  tableBytes,
} from '../../proto/image/frames.ts';
import { readKeyring } from '../../proto/image/keyring.ts';
import { BLOCK_BYTES, FRAME_BYTES, MAX_DATA_BYTES } from '../../proto/image/limits.ts';
import { encodeManifest, parseManifest, ROLES, type Role } from '../../proto/image/manifest.ts';
import {
  dataOf,
  dictionaryWindow,
  encodeOp,
  MAX_OP_BYTES,
  type Op,
  OpsDecoder,
} from '../../proto/image/ops.ts';
import { sampleManifest } from '../../proto/image/testing-manifest.ts';
import { zstdOptions } from '../../proto/image/zstd.ts';
import { below, damaged, type FuzzTarget, type Random } from './target.ts';

/** What a reader gives, or undefined where it refuses; anything but a refusal that says what is refused is thrown on. */
function taken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure && error.reason.startsWith('IMAGE_')) return undefined;
    throw error;
  }
}

const manifestBytes = encodeManifest(sampleManifest());
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const keyring = readKeyring([
  { name: 'key.pem', text: publicKey.export({ format: 'pem', type: 'spki' }).toString() },
]);
const envelopeBytes = encodeEnvelope([signManifest(manifestBytes, privateKey)]);

/** Damage that hits what JSON is made of: a piece of it stands in another's place. */
function reshaped(random: Random, whole: Buffer): Buffer {
  const text = whole.toString('latin1');
  const pieces = text.split(/(?<=[,{}[\]:])/);
  for (let times = 1 + below(random, 3); times > 0; times--)
    pieces[below(random, pieces.length)] = pieces[below(random, pieces.length)] ?? '';
  return Buffer.from(pieces.join(''), 'latin1');
}

const manifest: FuzzTarget = {
  name: 'manifest',
  run(random) {
    const other = (random() < 0.5 ? damaged : reshaped)(random, manifestBytes);
    const read = taken(() => parseManifest(other));
    // What is accepted is exactly what would be written for it.
    if (read) assert.deepEqual(encodeManifest(read), other);
  },
};

const signed: FuzzTarget = {
  name: 'signed manifest',
  run(random) {
    const [one, other] = [damaged(random, manifestBytes), damaged(random, envelopeBytes)];
    const either = below(random, 3);
    const manifestRead = either === 1 ? manifestBytes : one;
    const envelopeRead = either === 0 ? envelopeBytes : other;
    const signers = taken(() => verifyManifest(manifestRead, parseEnvelope(envelopeRead), keyring));
    if (signers)
      assert.ok(manifestRead.equals(manifestBytes) && envelopeRead.equals(envelopeBytes), 'accepted');
  },
};

/** An image of some blocks, some of them zeros, whose last block may be short. */
function image(random: Random): Buffer {
  const bytes = Buffer.alloc(1 + below(random, 40 * BLOCK_BYTES));
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    if (random() < 0.6) bytes[at] = 1 + below(random, 255);
  return bytes;
}

const index: FuzzTarget = {
  name: 'block index',
  run(random) {
    const content = image(random);
    const builder = new BlockIndexBuilder(content.length);
    builder.push(content);
    const bytes = encodeIndex(builder.finish());
    assert.deepEqual(encodeIndex(decodeIndex(bytes, content.length)), bytes);
    const other = damaged(random, bytes);
    const read = taken(() => decodeIndex(other, content.length));
    if (!read) return;
    assert.equal(read.size, content.length);
    assert.deepEqual(encodeIndex(read), other);
  },
};

const FRAMED_BYTES = 2 * FRAME_BYTES + 5_000;
const frames = Array.from({ length: 3 }, (_, at) => {
  const piece = Buffer.alloc(Math.min(FRAME_BYTES, FRAMED_BYTES - at * FRAME_BYTES), at);
  return zstdCompressSync(piece, zstdOptions(3, piece.length));
});
const table = encodeFrameTable(
  FRAMED_BYTES,
  frames.map(({ length }) => length),
);
const framed = Buffer.concat([...frames, table]);

const frameTarget: FuzzTarget = {
  name: 'frames',
  run(random) {
    const other = damaged(random, framed);
    const last = other.subarray(-tableBytes(FRAMED_BYTES));
    const read = taken(() => decodeFrameTable(last, FRAMED_BYTES, other.length));
    if (!read) return;
    const frame = below(random, 3);
    const { offset, length } = frameRange(read, frame);
    assert.ok(offset + length <= other.length - last.length, 'a frame lies beyond its blob');
    const bytes = taken(() => decodeFrame(read, frame, other.subarray(offset, offset + length)));
    if (bytes) assert.equal(bytes.length, Math.min(FRAME_BYTES, FRAMED_BYTES - frame * FRAME_BYTES));
  },
};

const SIZES: Record<Role, number> = {
  root: 300 * BLOCK_BYTES,
  kernel: 9 * BLOCK_BYTES + 100,
  initrd: 5 * BLOCK_BYTES,
};
const ACTIVE = Buffer.alloc(200 * BLOCK_BYTES);
for (let at = 0; at < ACTIVE.length; at += 1_000)
  ACTIVE.set(createHash('sha256').update(String(at)).digest(), at);

/** Operations that make a whole image. */
function operations(random: Random): Op[] {
  const ops: Op[] = [];
  for (const role of ROLES)
    for (let offset = 0; offset < SIZES[role]; ) {
      const left = SIZES[role] - offset;
      const length = Math.min(left, BLOCK_BYTES * (1 + below(random, 60)));
      ops.push(operation(random, role, offset, length));
      offset += length;
    }
  return ops;
}

function operation(random: Random, role: Role, offset: number, length: number): Op {
  const blocks = Math.ceil(length / BLOCK_BYTES);
  const written = role === 'root' ? offset / BLOCK_BYTES : SIZES.root / BLOCK_BYTES;
  const kind = below(random, 4);
  if (kind === 1)
    return { kind: 'copy', role, offset, length, source: below(random, 200 - blocks) * BLOCK_BYTES };
  if (kind === 2 && written > blocks + 1)
    return {
      kind: 'self',
      role,
      offset,
      length,
      source: (1 + below(random, written - blocks - 1)) * BLOCK_BYTES,
    };
  if (kind !== 3) return { kind: 'zero', role, offset, length };
  const predicted = random() < 0.5 ? undefined : below(random, 200) * BLOCK_BYTES;
  const window = predicted === undefined ? undefined : dictionaryWindow(predicted, length, ACTIVE.length);
  const dictionary = window && ACTIVE.subarray(window.offset, window.offset + window.length);
  const bytes = Buffer.alloc(length, below(random, 256));
  return {
    kind: 'data',
    role,
    offset,
    length,
    predicted,
    frame: zstdCompressSync(bytes, zstdOptions(1, length, dictionary)),
  };
}

const ops: FuzzTarget = {
  name: 'operations',
  run(random) {
    const whole = Buffer.concat(operations(random).map(encodeOp));
    const isWhole = random() < 0.1;
    const other = isWhole ? whole : damaged(random, whole);
    const options = { sizes: SIZES, activeSize: ACTIVE.length, gaps: !isWhole && random() < 0.3 };
    const read = taken(() => decodeAll(other, new OpsDecoder(options), 1 + below(random, 5_000)));
    if (isWhole) assert.ok(read, 'a whole one was refused');
    if (!read) return;
    // What is accepted is exactly what would be written for it, and stays within the images.
    assert.deepEqual(Buffer.concat(read.map(encodeOp)), other);
    for (const op of read) checkOp(op);
  },
};

function decodeAll(bytes: Buffer, decoder: OpsDecoder, piece: number): Op[] {
  const read: Op[] = [];
  for (let at = 0; at < bytes.length; at += piece) read.push(...decoder.push(bytes.subarray(at, at + piece)));
  decoder.end();
  return read;
}

function checkOp(op: Op): void {
  const { role, offset, length } = op;
  assert.ok(offset >= 0 && length > 0 && offset + length <= SIZES[role], `${role} ${offset}+${length}`);
  assert.ok(encodeOp(op).length <= MAX_OP_BYTES);
  if (op.kind === 'copy') assert.ok(op.source + length <= ACTIVE.length, `copy from ${op.source}`);
  if (op.kind === 'self')
    assert.ok(op.source >= BLOCK_BYTES && op.source + length <= (role === 'root' ? offset : SIZES.root));
  if (op.kind !== 'data') return;
  assert.ok(length <= MAX_DATA_BYTES);
  const window =
    op.predicted === undefined ? undefined : dictionaryWindow(op.predicted, length, ACTIVE.length);
  assert.ok(window === undefined || (window.offset >= 0 && window.offset + window.length <= ACTIVE.length));
  const bytes = taken(() =>
    dataOf(op, window && ACTIVE.subarray(window.offset, window.offset + window.length)),
  );
  if (bytes) assert.equal(bytes.length, length);
}

/** The readers of proto/image. */
export const IMAGE_TARGETS: readonly FuzzTarget[] = [manifest, signed, index, frameTarget, ops];
