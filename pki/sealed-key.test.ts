import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newKey } from './csr.ts';
import { isSealed, MIN_PASSPHRASE, openKey, parseSealed, sealKey } from './sealed-key.ts';

const PASSPHRASE = 'correct horse battery staple';
const key = newKey();
const sealed = sealKey(key, PASSPHRASE);
const parts = JSON.parse(sealed);

/** The sealed key with some of its parts changed. */
const changed = (change: Record<string, unknown>) => JSON.stringify({ ...parts, ...change });

test('a sealed key opens with its passphrase and shows nothing without', () => {
  assert.ok(openKey(sealed, PASSPHRASE).equals(key));
  assert.ok(isSealed(sealed));
  assert.ok(!isSealed('-----BEGIN PRIVATE KEY-----'));
  const secret = key.export({ format: 'jwk' }).d ?? '';
  assert.equal(secret.length, 43);
  assert.equal(sealed.includes(secret.slice(0, 20)), false);
  assert.equal(sealed.includes(PASSPHRASE), false);
  assert.deepEqual(
    { kdf: parts.kdf, memoryKiB: parts.memoryKiB, passes: parts.passes, lanes: parts.lanes },
    { kdf: 'argon2id', memoryKiB: 65_536, passes: 3, lanes: 4 },
  );
});

test('salt and nonce are new each time', () => {
  const again = JSON.parse(sealKey(key, PASSPHRASE));
  assert.notEqual(again.salt, parts.salt);
  assert.notEqual(again.nonce, parts.nonce);
});

test('a file that was written anew with its parts in another order opens', () => {
  const turned = JSON.stringify(Object.fromEntries(Object.entries(parts).reverse()));
  assert.ok(openKey(turned, PASSPHRASE).equals(key));
});

test('a passphrase may be typed on any keyboard', () => {
  // The same letter as one character and as two, which differ from system to system.
  const text = sealKey(key, 'pässwörter-sind-lang'.normalize('NFD'));
  assert.ok(openKey(text, 'pässwörter-sind-lang'.normalize('NFC')).equals(key));
});

test('short passphrases are refused before anything is written', () => {
  assert.throws(() => sealKey(key, 'x'.repeat(MIN_PASSPHRASE - 1)), { reason: 'BAD_ARGUMENT' });
});

test('a wrong passphrase opens nothing and is not repeated', () => {
  for (const wrong of ['', `${PASSPHRASE} `])
    assert.throws(
      () => openKey(sealed, wrong),
      (error: Error & { reason?: string }) => {
        assert.equal(error.reason, 'BAD_PASSPHRASE');
        assert.equal(error.cause, undefined);
        assert.ok(wrong === '' || !`${error.stack}`.includes(wrong));
        return true;
      },
    );
});

test('parameters that were changed open nothing', () => {
  const flipped = (text: string) => {
    const bytes = Buffer.from(text, 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  const cut = (bytes: number) => Buffer.from(parts.key, 'base64').subarray(0, -bytes).toString('base64');
  const changes = [
    { memoryKiB: 1024, passes: 1 },
    { salt: flipped(parts.salt) },
    { nonce: flipped(parts.nonce) },
    { key: flipped(parts.key) },
    { key: cut(4) },
  ];
  for (const change of changes)
    assert.throws(
      () => openKey(changed(change), PASSPHRASE),
      { reason: 'BAD_PASSPHRASE' },
      JSON.stringify(change),
    );
});

test('a file that asks for too much, or is none, is refused before any work', () => {
  const files = [
    '{',
    '{}',
    'null',
    '[]',
    changed({ version: 2 }),
    changed({ cipher: 'none' }),
    changed({ kdf: 'pbkdf2' }),
    changed({ memoryKiB: 1_048_577 }),
    changed({ memoryKiB: 1e12 }),
    changed({ memoryKiB: -1 }),
    changed({ memoryKiB: '65536' }),
    changed({ passes: 17 }),
    changed({ passes: 0 }),
    changed({ lanes: 1.5 }),
    changed({ salt: 7 }),
    changed({ key: undefined }),
    changed({ key: '' }),
  ];
  for (const file of files) {
    assert.throws(() => parseSealed(file), { reason: 'BAD_CERTIFICATE' }, file);
    assert.throws(() => openKey(file, PASSPHRASE), { reason: 'BAD_CERTIFICATE' }, file);
  }
});

test('parameters that argon2id does not take are told from a wrong passphrase', () => {
  assert.throws(() => openKey(changed({ salt: 'AAAA' }), PASSPHRASE), { reason: 'BAD_CERTIFICATE' });
  assert.throws(() => openKey(changed({ memoryKiB: 1 }), PASSPHRASE), { reason: 'BAD_CERTIFICATE' });
});
