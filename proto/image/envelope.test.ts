/** Signatures: which are enough, and that nothing that was changed passes. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalJson } from './canonical-json.ts';
import {
  encodeEnvelope,
  type ImageSignature,
  parseEnvelope,
  signedBytes,
  signManifest,
  verifyManifest,
} from './envelope.ts';
import { keyIdOf } from './key-id.ts';
import { type Keyring, readKeyring } from './keyring.ts';
import { encodeManifest, MANIFEST_TYPE } from './manifest.ts';
import { sampleManifest } from './testing-manifest.ts';

const manifest = encodeManifest(sampleManifest());
const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString();
const pairs = [1, 2, 3].map(() => generateKeyPairSync('ed25519'));
const [first, second, third] = pairs as [(typeof pairs)[0], (typeof pairs)[0], (typeof pairs)[0]];
const ring = (...keys: (typeof pairs)[0][]): Keyring =>
  readKeyring(keys.map(({ publicKey }, at) => ({ name: `key-${at}.pem`, text: pem(publicKey) })));
const reason = (code: string) => ({ name: 'Failure', reason: code });

test('the bytes that are signed are those of DSSE', () => {
  const payload = Buffer.from('{"v":1}');
  assert.equal(signedBytes(payload).toString(), `DSSEv1 ${MANIFEST_TYPE.length} ${MANIFEST_TYPE} 7 {"v":1}`);
});

test('an envelope is read as it was written, and verifies', () => {
  const signatures = [signManifest(manifest, first.privateKey), signManifest(manifest, second.privateKey)];
  const read = parseEnvelope(encodeEnvelope(signatures));
  assert.deepEqual(
    verifyManifest(manifest, read, ring(first, second), 2).sort(),
    [first, second].map(({ publicKey }) => keyIdOf(publicKey)).sort(),
  );
  assert.deepEqual(encodeEnvelope(signatures.reverse()), encodeEnvelope(read));
});

test('n of m keys have to have signed, each counting once', () => {
  const byFirst = signManifest(manifest, first.privateKey);
  const bySecond = signManifest(manifest, second.privateKey);
  const check = (signatures: ImageSignature[], keyring: Keyring, threshold: number) => () =>
    verifyManifest(manifest, signatures, keyring, threshold);
  assert.deepEqual(check([byFirst], ring(first, second, third), 1)(), [byFirst.keyId]);
  assert.throws(check([byFirst], ring(first, second, third), 2), reason('IMAGE_SIGNATURES_TOO_FEW'));
  assert.throws(check([byFirst, byFirst], ring(first, second), 2), reason('IMAGE_ENVELOPE_INVALID'));
  assert.throws(() => encodeEnvelope([byFirst, byFirst]), reason('IMAGE_ENVELOPE_INVALID'));
  // A key that is not trusted adds nothing, and does no harm.
  assert.throws(check([byFirst, bySecond], ring(first), 2), reason('IMAGE_SIGNATURES_TOO_FEW'));
  assert.deepEqual(check([byFirst, bySecond], ring(second), 1)(), [bySecond.keyId]);
  assert.throws(check([byFirst], ring(), 0), reason('IMAGE_SIGNATURES_TOO_FEW'));
  assert.throws(check([], ring(first), 1), reason('IMAGE_SIGNATURES_TOO_FEW'));
});

test('a signature of other bytes, or under another key’s id, is refused', () => {
  const signature = signManifest(Buffer.concat([manifest, Buffer.from(' ')]), first.privateKey);
  assert.throws(() => verifyManifest(manifest, [signature], ring(first)), reason('IMAGE_SIGNATURE_INVALID'));
  const stranger = { ...signManifest(manifest, second.privateKey), keyId: keyIdOf(first.publicKey) };
  assert.throws(() => verifyManifest(manifest, [stranger], ring(first)), reason('IMAGE_SIGNATURE_INVALID'));
  const short = { keyId: keyIdOf(first.publicKey), signature: new Uint8Array(3) };
  assert.throws(() => verifyManifest(manifest, [short], ring(first)), reason('IMAGE_SIGNATURE_INVALID'));
});

test('no flipped bit of the envelope passes', () => {
  const envelope = encodeEnvelope([signManifest(manifest, first.privateKey)]);
  const keyring = ring(first);
  for (let bit = 0; bit < envelope.length * 8; bit += 1) {
    const flipped = Buffer.from(envelope);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(
      () => verifyManifest(manifest, parseEnvelope(flipped), keyring),
      { name: 'Failure', reason: /^IMAGE_/ },
      `bit ${bit}`,
    );
  }
});

test('no flipped bit of the manifest passes', () => {
  const signatures = [signManifest(manifest, first.privateKey)];
  const keyring = ring(first);
  for (let bit = 0; bit < manifest.length * 8; bit += 1) {
    const flipped = Buffer.from(manifest);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(
      () => verifyManifest(flipped, signatures, keyring),
      reason('IMAGE_SIGNATURE_INVALID'),
      `bit ${bit}`,
    );
  }
});

const good = encodeEnvelope([signManifest(manifest, first.privateKey)]).toString();
const BAD: [name: string, text: string][] = [
  ['no signature', canonicalJson({ payloadType: MANIFEST_TYPE, signatures: [] })],
  ['another payload', good.replace('manifest.v1', 'manifest.v2')],
  ['an unknown member', good.replace('{', '{"a":1,')],
  ['white space', `${good} `],
  [
    'base64 with bits that are lost',
    good.replace(/[AQgw]==/, (end) => `${{ A: 'B', Q: 'R', g: 'h', w: 'x' }[end[0] as 'A']}==`),
  ],
  ['a cut', good.slice(0, -5)],
  ['too many bytes', good.padEnd(20_000)],
];
for (const [name, text] of BAD)
  test(`an envelope with ${name} is refused`, () => {
    assert.notEqual(text, good);
    assert.throws(() => parseEnvelope(Buffer.from(text)), reason('IMAGE_ENVELOPE_INVALID'));
  });

test('a keyring takes Ed25519 public keys and nothing else', () => {
  const text = pem(first.publicKey) + pem(second.publicKey) + pem(first.publicKey);
  assert.deepEqual(
    [...readKeyring([{ name: 'both.pem', text }]).keys()],
    [first, second].map(({ publicKey }) => keyIdOf(publicKey)),
  );
  const secret = first.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const curve = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
  const broken = pem(first.publicKey).replace(/M[A-Za-z0-9]/, 'MM');
  for (const wrong of [secret, pem(first.publicKey) + secret, curve, broken, '', 'x'.repeat(70_000)])
    assert.throws(() => readKeyring([{ name: 'wrong.pem', text: wrong }]), reason('IMAGE_KEYRING_INVALID'));
});

const openssl = spawnSync('openssl', ['version']).status === 0;
test('a signature made by openssl verifies', { skip: !openssl && 'openssl is not installed' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-openssl-'));
  try {
    const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder });
    run('genpkey', '-algorithm', 'ed25519', '-out', 'key.pem');
    writeFileSync(join(folder, 'signed-bytes'), signedBytes(manifest));
    run('pkeyutl', '-sign', '-rawin', '-inkey', 'key.pem', '-in', 'signed-bytes', '-out', 'signature');
    run('pkey', '-in', 'key.pem', '-pubout', '-out', 'key.pub.pem');
    const text = readFileSync(join(folder, 'key.pub.pem'), 'utf8');
    const keyId = keyIdOf(createPublicKey(text));
    const signature = { keyId, signature: readFileSync(join(folder, 'signature')) };
    assert.deepEqual(verifyManifest(manifest, [signature], readKeyring([{ name: 'key.pub.pem', text }])), [
      keyId,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
