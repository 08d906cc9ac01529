/** Manifests: what is written is read, and nothing else is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from './canonical-json.ts';
import { MAX_BOOT_BYTES, MAX_MANIFEST_BYTES } from './limits.ts';
import {
  encodeManifest,
  expiryOf,
  type Manifest,
  manifestSha256,
  parseManifest,
  partOf,
  rootOf,
} from './manifest.ts';
import { sampleManifest, samplePart } from './testing-manifest.ts';

const refused = { name: 'Failure', reason: 'IMAGE_MANIFEST_INVALID' };
const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : canonicalJson(value));

test('a manifest is read as it was written, whatever the order of its members was', () => {
  const manifest = sampleManifest();
  const bytes = encodeManifest(manifest);
  assert.deepEqual(parseManifest(bytes), manifest);
  const turned = Object.fromEntries(Object.entries(manifest).reverse()) as Manifest;
  assert.deepEqual(encodeManifest(turned), bytes);
  assert.equal(manifestSha256(bytes).length, 64);
  assert.equal(rootOf(manifest).size, 8 << 20);
  assert.equal(partOf(manifest, 'initrd')?.size, 300_000);
  assert.equal(expiryOf(manifest), Date.UTC(2027, 10, 1, 12));
});

test('what is optional may be absent', () => {
  const { v, kind, name, version, serial, minSerial, compatible, created, images } = sampleManifest();
  const least = {
    v,
    kind,
    name,
    version,
    serial,
    minSerial,
    compatible,
    created,
    images: images.slice(0, 2),
    deltas: [],
  };
  assert.deepEqual(parseManifest(encodeManifest(least)), least);
  assert.equal(partOf(least, 'initrd'), undefined);
  assert.equal(expiryOf(least), Number.POSITIVE_INFINITY);
});

const text = encodeManifest(sampleManifest()).toString();
const NOT_CANONICAL: [name: string, bytes: string | Buffer][] = [
  ['white space', text.replace('{', '{ ')],
  ['a line end', `${text}\n`],
  ['a byte order mark', `\ufeff${text}`],
  ['a doubled key', text.replace('"kind":"os"', '"kind":"os","kind":"os"')],
  [
    'a key that is not in its place',
    text.replace(/^\{(.*),("version":"[^"]*")\}$/, '{$2,$1}').replace(/,"version":"[^"]*"(?=,|\})/, ''),
  ],
  ['an escape that is not needed', text.replace('"os"', '"\\u006fs"')],
  ['a number with a fraction of nothing', text.replace('"serial":42', '"serial":42.0')],
  ['a number with an exponent', text.replace('"serial":42', '"serial":4.2e1')],
  ['a number that loses digits', text.replace('"serial":42', '"serial":9007199254740993')],
  ['minus nothing', text.replace('"minSerial":30', '"minSerial":-0')],
  ['bytes that are no UTF-8', Buffer.from(text.replace('ro quiet', 'ro q\xff'), 'latin1')],
  ['no object', '[]'],
  ['nothing', ''],
  ['an abyss', `${'['.repeat(500_000)}`],
  ['an abyss in an object', `{"cmdline":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['a prototype', text.replace('{', '{"__proto__":{},')],
  ['too many bytes', `"${'a'.repeat(MAX_MANIFEST_BYTES)}"`],
];
for (const [name, bytes] of NOT_CANONICAL)
  test(`refused: ${name}`, () => {
    assert.notEqual(bytes.toString(), text);
    assert.throws(() => parseManifest(Buffer.from(bytes as string)), refused);
  });

const [root, kernel, initrd] = sampleManifest().images as [
  ReturnType<typeof samplePart>,
  ReturnType<typeof samplePart>,
  ReturnType<typeof samplePart>,
];
const delta = sampleManifest().deltas[0] as Manifest['deltas'][number];
const WRONG: [name: string, changes: object][] = [
  ['an unknown key', { packages: [] }],
  ['an unknown key further in', { images: [{ ...root, alg: 'md5' }, kernel] }],
  ['another version of the format', { v: 2 }],
  ['another kind', { kind: 'agent' }],
  ['no kernel', { images: [root] }],
  ['no root', { images: [kernel, initrd] }],
  ['two kernels', { images: [root, kernel, kernel] }],
  ['parts out of order', { images: [kernel, root] }],
  ['a root that is not whole blocks', { images: [samplePart('root', (8 << 20) + 1), kernel] }],
  ['a part without bytes', { images: [root, { ...kernel, size: 0 }] }],
  ['a kernel that is too large', { images: [root, samplePart('kernel', MAX_BOOT_BYTES + 1)] }],
  ['a root that is too large', { images: [samplePart('root', 2 ** 40), kernel] }],
  ['a size that is no number', { images: [{ ...root, size: '8388608' }, kernel] }],
  [
    'an index with half a hash',
    { images: [{ ...root, index: { ...root.index, size: root.index.size - 8 } }, kernel] },
  ],
  [
    'an index of more blocks than there are',
    { images: [{ ...root, index: { ...root.index, size: root.index.size + 16 } }, kernel] },
  ],
  ['an index that is too short', { images: [{ ...root, index: { ...root.index, size: 32 } }, kernel] }],
  ['frames that cannot hold it', { images: [{ ...root, frames: { ...root.frames, size: 100 } }, kernel] }],
  [
    'frames that hold far more',
    { images: [{ ...root, frames: { ...root.frames, size: 2 * root.size } }, kernel] },
  ],
  ['another block size', { images: [{ ...root, blockSize: 512 }, kernel] }],
  [
    'a digest of another kind',
    { images: [{ ...root, index: { ...root.index, digest: `md5:${'0'.repeat(32)}` } }, kernel] },
  ],
  ['a digest in upper case', { images: [{ ...root, sha256: 'AB'.repeat(32) }, kernel] }],
  ['a floor above itself', { minSerial: 43 }],
  ['a serial number below nothing', { serial: -1 }],
  ['a serial number with a fraction', { serial: 1.5 }],
  ['no compatible', { compatible: [] }],
  ['a compatible twice', { compatible: ['a', 'a'] }],
  ['a day that is none', { created: '2026-02-30T00:00:00Z' }],
  ['a time without a zone', { created: '2026-02-03T00:00:00' }],
  ['a command line of two lines', { cmdline: 'ro\nquiet' }],
  ['two deltas from one image', { deltas: [delta, delta] }],
  ['a check of an unknown kind', { health: { checks: [{ kind: 'command', command: 'true' }] } }],
  ['a name with a slash', { name: '../x' }],
  ['a module twice', { modules: ['a', 'a'] }],
];
for (const [name, changes] of WRONG)
  test(`refused: ${name}`, () => {
    assert.throws(() => parseManifest(bytesOf({ ...sampleManifest(), ...changes })), refused);
    assert.throws(() => encodeManifest({ ...sampleManifest(), ...changes } as Manifest), refused);
  });

test('no cut of a manifest is taken', () => {
  for (let length = 0; length < text.length; length += 1)
    assert.throws(() => parseManifest(Buffer.from(text.slice(0, length))), refused);
});
