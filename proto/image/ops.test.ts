/** Operations: a round trip in pieces of any length, and everything that the decoder must not take. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { BLOCK_BYTES as B, MAX_DATA_BYTES } from './limits.ts';
import { type DataOp, dataOf, dictionaryWindow, encodeOp, MAX_OP_BYTES, type Op, OpsDecoder } from './ops.ts';
import { zstdOptions } from './zstd.ts';

const sizes = { root: 1_000 * B, kernel: 10 * B + 77, initrd: 3 * B };
const activeSize = 900 * B;
const invalid = { name: 'Failure', reason: 'IMAGE_OPS_INVALID' };

const old = randomBytes(B * 200);
function data(offset: number, blocks: number, predicted?: number): DataOp {
  const bytes = randomBytes(blocks * B);
  return {
    kind: 'data',
    role: 'root',
    offset,
    length: bytes.length,
    predicted,
    frame: zstdCompressSync(bytes, zstdOptions(3, bytes.length)),
  };
}

const OPS: Op[] = [
  data(0, 1),
  { kind: 'zero', role: 'root', offset: B, length: 300 * B },
  { kind: 'copy', role: 'root', offset: 301 * B, length: 400 * B, source: 500 * B },
  data(701 * B, 64, 899 * B),
  { kind: 'self', role: 'root', offset: 765 * B, length: 235 * B, source: B },
  { kind: 'copy', role: 'kernel', offset: 0, length: 9 * B, source: 0 },
  { kind: 'self', role: 'kernel', offset: 9 * B, length: B + 77, source: 998 * B },
  { kind: 'zero', role: 'initrd', offset: 0, length: 3 * B },
];

function decode(bytes: Uint8Array, piece: number, options = {}): Op[] {
  const decoder = new OpsDecoder({ sizes, activeSize, ...options });
  const ops: Op[] = [];
  for (let at = 0; at < bytes.length; at += piece) ops.push(...decoder.push(bytes.subarray(at, at + piece)));
  decoder.end();
  return ops;
}

const plain = (ops: Op[]) =>
  ops.map((op) => (op.kind === 'data' ? { ...op, frame: Buffer.from(op.frame) } : op));

test('operations are read as they were written, in pieces of any length', () => {
  const bytes = Buffer.concat(OPS.map(encodeOp));
  for (const piece of [1, 7, 100, 65_536, bytes.length])
    assert.deepEqual(plain(decode(bytes, piece)), plain(OPS));
  for (const op of OPS) assert.ok(encodeOp(op).length <= MAX_OP_BYTES);
});

test('a stream can begin at every operation', () => {
  for (let first = 1; first < OPS.length; first += 1) {
    const rest = OPS.slice(first);
    const { role, offset } = rest[0] as Op;
    assert.deepEqual(
      plain(decode(Buffer.concat(rest.map(encodeOp)), 1 << 20, { start: { role, offset } })),
      plain(rest),
    );
  }
});

test('an image without an initrd ends with its kernel', () => {
  const { initrd: _, ...two } = sizes;
  const bytes = Buffer.concat(OPS.slice(0, -1).map(encodeOp));
  assert.equal(decode(bytes, 1 << 20, { sizes: two }).length, OPS.length - 1);
  assert.throws(() => decode(bytes, 1 << 20), { reason: 'IMAGE_TRUNCATED' });
});

test('no cut of the operations is taken for the whole', () => {
  const bytes = Buffer.concat(OPS.map(encodeOp));
  for (let length = 0; length < bytes.length; length += length < 4_000 ? 1 : 997)
    assert.throws(() => decode(bytes.subarray(0, length), 65_536), { reason: 'IMAGE_TRUNCATED' });
});

test('gaps are taken where the node fills them itself, and only there', () => {
  const some = [OPS[2], OPS[4], OPS[7]] as Op[];
  const bytes = Buffer.concat(some.map(encodeOp));
  assert.deepEqual(decode(bytes, 10, { gaps: true }), some);
  assert.throws(() => decode(bytes, 10), invalid);
});

const zero = (offset: number, length: number, role: Op['role'] = 'root'): Op => ({
  kind: 'zero',
  role,
  offset,
  length,
});
const WRONG: [name: string, ops: Op[]][] = [
  ['one that reaches beyond the image', [zero(0, 1_001 * B)]],
  ['one of no bytes', [zero(0, 0)]],
  ['one that begins beyond the image', [zero(0, 1_000 * B), zero(1_000 * B, B)]],
  ['one that goes back', [zero(0, 2 * B), zero(B, B)]],
  ['one that goes back to the root', [zero(0, 1_000 * B), zero(0, 11 * B, 'kernel'), zero(0, B)]],
  ['a kernel before the root is whole', [zero(0, B), zero(0, B, 'kernel')]],
  ['an initrd before the kernel', [zero(0, 1_000 * B), zero(0, B, 'initrd')]],
  [
    'a copy from beyond the running root',
    [{ kind: 'copy', role: 'root', offset: 0, length: 2 * B, source: 899 * B }],
  ],
  [
    'a copy of what is not written yet',
    [zero(0, 10 * B), { kind: 'self', role: 'root', offset: 10 * B, length: 2 * B, source: 9 * B }],
  ],
  [
    'a copy of the first block',
    [zero(0, 10 * B), { kind: 'self', role: 'root', offset: 10 * B, length: 2 * B, source: 0 }],
  ],
  [
    'a kernel from beyond the root',
    [zero(0, 1_000 * B), { kind: 'self', role: 'kernel', offset: 0, length: 2 * B, source: 999 * B }],
  ],
  ['a prediction beyond the running root', [data(0, 1, 900 * B)]],
  ['too much data', [{ ...data(0, 1), length: MAX_DATA_BYTES + B }]],
  ['a frame that is far too long', [{ ...data(0, 1), frame: randomBytes(8 * B) }]],
  ['a frame of no bytes', [{ ...data(0, 1), frame: new Uint8Array() }]],
];
for (const [name, ops] of WRONG)
  test(`refused: ${name}`, () =>
    assert.throws(() => decode(Buffer.concat(ops.map(encodeOp)), 1 << 20), invalid));

const RAW: [name: string, hex: string][] = [
  ['an unknown role', '0c0001'],
  ['an unknown flag', '200001'],
  ['a prediction for zeros', '100001'],
  ['a number with a needless byte', '008000e807'],
  ['a number that never ends', '00ffffffffffff'],
  ['a number of forty bits', '00ffffffff7f01'],
];
for (const [name, hex] of RAW)
  test(`refused: ${name}`, () => assert.throws(() => decode(Buffer.from(hex, 'hex'), 1 << 20), invalid));

test('data is what was compressed, with a dictionary and without', () => {
  const bytes = Buffer.concat([old.subarray(5 * B, 20 * B), randomBytes(B)]);
  const { offset, length } = dictionaryWindow(5 * B, bytes.length, old.length);
  const dictionary = old.subarray(offset, offset + length);
  const frame = zstdCompressSync(bytes, zstdOptions(3, bytes.length, dictionary));
  assert.ok(frame.length < 2 * B);
  const op: DataOp = { kind: 'data', role: 'root', offset: 0, length: bytes.length, predicted: 5 * B, frame };
  assert.deepEqual(dataOf(op, dictionary), bytes);
  assert.throws(() => dataOf(op, old.subarray(0, 10 * B)), invalid);
  assert.throws(() => dataOf({ ...op, length: bytes.length - 1 }, dictionary), invalid);
  assert.throws(() => dataOf({ ...op, length: bytes.length + 1 }, dictionary), invalid);
  assert.throws(() => dataOf({ ...op, frame: frame.subarray(0, -1) }, dictionary), invalid);
});

test('a dictionary lies within the running root', () => {
  assert.deepEqual(dictionaryWindow(0, B, 10 * B), { offset: 0, length: 10 * B });
  assert.deepEqual(dictionaryWindow(100 * B, B, 1_000 * B), { offset: 92 * B, length: 25 * B });
  assert.deepEqual(dictionaryWindow(999 * B, B, 1_000 * B), { offset: 991 * B, length: 9 * B });
});
