import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../proto/failure.ts';
import { createRequest, keyPem, newKey, requestKey } from './csr.ts';
import * as der from './der.ts';

const spki = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** A small generator with a seed, so that a mutation that breaks something can be made again (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A request of any parts, signed as the standard says. */
function request(
  key: KeyObject,
  publicPart: Uint8Array,
  attributes: der.Der[] = [],
  hash: string | null = 'sha256',
): Buffer {
  const info = der.sequence(
    der.integer(Uint8Array.of(0)),
    der.sequence(der.set(der.sequence(der.oid(der.OID.organization), der.utf8('admins')))),
    der.parsed(publicPart),
    der.tagged(0, ...attributes),
  );
  const signature = der.bits(sign(hash, der.encode(info), key));
  return der.encode(der.sequence(info, der.sequence(der.oid(der.OID.ecdsaWithSha256)), signature));
}

test('a request gives the key that signed it, and OpenSSL reads it', () => {
  const key = newKey();
  const bytes = createRequest(key, 'web-1');
  assert.deepEqual(spki(key), requestKey(bytes).export({ type: 'spki', format: 'der' }));
  const run = spawnSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout', '-subject'], {
    input: bytes,
    encoding: 'utf8',
  });
  assert.match(run.stdout + run.stderr, /verify OK/);
  assert.match(run.stdout, /CN = web-1/);
});

test('a request that OpenSSL made is taken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-csr-'));
  try {
    const key = newKey();
    writeFileSync(join(folder, 'key.pem'), keyPem(key));
    const more = [
      '-addext',
      'subjectAltName=URI:nodectl://operator/mallory/admin',
      '-subj',
      '/O=admins/CN=x',
    ];
    const bytes = execFileSync(
      'openssl',
      ['req', '-new', '-sha256', '-key', join(folder, 'key.pem'), '-outform', 'DER', ...more],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    assert.deepEqual(spki(key), requestKey(bytes).export({ type: 'spki', format: 'der' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a request signed by another key than its own is refused', () => {
  const bytes = request(newKey(), spki(newKey()));
  assert.throws(() => requestKey(bytes), { reason: 'BAD_CSR', message: /not signed by its own key/ });
});

test('keys of other kinds, curves, hashes and forms are refused', () => {
  const p256 = newKey();
  const pair = createPublicKey(p256).export({ format: 'jwk' });
  const x = Buffer.from(pair.x ?? '', 'base64url');
  const y = Buffer.from(pair.y ?? '', 'base64url');
  const compressed = der.encode(
    der.sequence(
      der.sequence(der.oid(der.OID.ecPublicKey), der.oid(der.OID.prime256v1)),
      der.bits(Buffer.concat([Uint8Array.of(2 + ((y[31] ?? 0) & 1)), x])),
    ),
  );
  assert.equal(createPublicKey({ key: compressed, format: 'der', type: 'spki' }).asymmetricKeyType, 'ec');
  const others: [string, () => Buffer][] = [
    ['P-384', () => other(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)],
    [
      'explicit curve',
      () => other(generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).privateKey),
    ],
    ['RSA', () => other(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['Ed25519', () => other(generateKeyPairSync('ed25519').privateKey, null)],
    ['SHA-512', () => other(p256, 'sha512')],
    ['compressed point', () => request(p256, compressed)],
  ];
  const other = (key: KeyObject, hash: string | null = 'sha256') => request(key, spki(key), [], hash);
  for (const [what, make] of others) assert.throws(() => requestKey(make()), { reason: 'BAD_CSR' }, what);
});

test('nothing hides behind, between or around what is signed', () => {
  const bytes = createRequest(newKey(), 'web-1');
  assert.throws(() => requestKey(Buffer.concat([bytes, Buffer.alloc(1)])), { reason: 'BAD_CSR' });
  const [info, algorithm, signature] = der.parsed(bytes).value as der.Der[];
  assert.ok(info && algorithm && signature);
  const extra = der.encode(der.sequence(info, algorithm, signature, der.utf8('more')));
  assert.throws(() => requestKey(extra), { reason: 'BAD_CSR' });
  const half = Buffer.from(signature.value as string, 'latin1');
  const uneven = der.encode(der.sequence(info, algorithm, der.bits(half.subarray(1), 1)));
  assert.throws(() => requestKey(uneven), { reason: 'BAD_CSR' });
});

test('what is empty, large or deep is refused at once', () => {
  const deep = Buffer.alloc(4000, 0x30);
  for (let i = 1; i < deep.length; i += 2) deep[i] = 0x80;
  const nested = (depth: number) => {
    let value = der.utf8('x');
    for (let i = 0; i < depth; i++) value = der.sequence(value);
    return value;
  };
  const wrapped = der.encode(nested(900));
  assert.ok(wrapped.length < 4096);
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(4097, 0x30), deep, wrapped, Buffer.from('-----BEGIN')])
    assert.throws(() => requestKey(bytes), { reason: 'BAD_CSR' });
  const key = newKey();
  const full = request(key, spki(key), [der.octets(Buffer.alloc(3800))]);
  assert.deepEqual(requestKey(full).export({ type: 'spki', format: 'der' }), spki(key));
  assert.throws(() => requestKey(request(key, spki(key), [der.octets(Buffer.alloc(4000))])), {
    reason: 'BAD_CSR',
  });
});

test('five thousand mutations give a failure or the right key, and nothing else', () => {
  const key = newKey();
  const whole = createRequest(key, 'web-1');
  const right = spki(key);
  let taken = 0;
  for (let seed = 1; seed <= 5000; seed++) {
    const random = seeded(seed);
    let bytes = Buffer.from(whole);
    for (let times = 1 + random(3); times > 0; times--) {
      const at = random(bytes.length);
      const kind = random(5);
      if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      else if (kind === 1) bytes[at] = random(256);
      else if (kind === 2) bytes = bytes.subarray(0, Math.max(at, 1));
      else if (kind === 3)
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(random(256)), bytes.subarray(at)]);
      else
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          bytes.subarray(at, at + random(40)),
          bytes.subarray(at),
        ]);
    }
    try {
      const found = requestKey(bytes).export({ type: 'spki', format: 'der' });
      assert.ok(found.equals(right), `seed ${seed} gave another key`);
      taken++;
    } catch (error) {
      assert.ok(error instanceof Failure && error.reason === 'BAD_CSR', `seed ${seed}: ${error}`);
    }
  }
  assert.ok(taken < 500, `${taken} mutations were taken`);
});
