/** Sealed values: who can open them, and that they open nowhere else. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { Failure } from '../failure.ts';
import { newSealKey, openSealKey, openValue, pointerOf, sealIdOf, sealValue, wrapSealKey } from './seal.ts';

const reason = (expected: string) => (error: unknown) => Failure.from(error).reason === expected;
const PLACE = pointerOf('files', '/etc/app/secret', 'sealed');
const SECRET = Buffer.from('correct horse');

test('the named node and the recovery key open it, others do not', async () => {
  const [node, recovery, other] = [
    await generateIdentity(),
    await generateIdentity(),
    await generateIdentity(),
  ];
  const key = newSealKey(['web-1']);
  const wrapped = await wrapSealKey(key, [
    await identityToRecipient(node),
    await identityToRecipient(recovery),
  ]);
  const sealed = sealValue(key, PLACE, SECRET);
  assert.equal(sealIdOf(sealed, PLACE), key.id);
  for (const identity of [node, recovery])
    assert.deepEqual(openValue(await openSealKey(key.id, wrapped, [identity]), PLACE, sealed), SECRET);
  await assert.rejects(openSealKey(key.id, wrapped, [other]), reason('SEAL_NOT_OPENED'));
  await assert.rejects(openSealKey('0'.repeat(16), wrapped, [node]), reason('SEAL_NOT_OPENED'));
  await assert.rejects(wrapSealKey(key, ['age1nothing']), reason('BAD_ARGUMENT'));
});

test('a value opens at its place alone, and not when a bit of it changes', () => {
  const key = newSealKey([]);
  const sealed = sealValue(key, PLACE, SECRET);
  assert.throws(
    () => openValue(key, pointerOf('files', '/etc/motd', 'sealed'), sealed),
    reason('SEAL_NOT_OPENED'),
  );
  const bytes = Buffer.from(sealed.split(':')[3] ?? '', 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const text = `sealed:v1:${key.id}:${damaged.toString('base64url')}`;
    assert.throws(() => openValue(key, PLACE, text), reason('SEAL_NOT_OPENED'));
  }
  assert.throws(() => sealIdOf('sealed:v1:x', PLACE), reason('BAD_DOCUMENT'));
});

test('the age program opens what we wrap, and we what it wraps', async (t) => {
  if (spawnSync('age', ['--version']).status !== 0) return t.skip('age is not there');
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-seal-'));
  try {
    const identity = await generateIdentity();
    writeFileSync(join(folder, 'key'), `${identity}\n`);
    const key = newSealKey(['a']);
    const wrapped = await wrapSealKey(key, [await identityToRecipient(identity)]);
    const opened = spawnSync('age', ['-d', '-i', join(folder, 'key')], {
      input: Buffer.from(wrapped, 'base64'),
    });
    // Debian 12's age knows no post-quantum keys; where it does not open them, that is what it says.
    if (opened.status !== 0 && /unknown identity type|malformed/.test(opened.stderr.toString()))
      return t.skip(`age is too old for this kind of key: ${opened.stderr.toString().slice(0, 80)}`);
    assert.equal(JSON.parse(opened.stdout.toString()).id, key.id);
    const made = spawnSync('age', ['-r', await identityToRecipient(identity)], { input: opened.stdout });
    const again = await openSealKey(key.id, made.stdout.toString('base64'), [identity]);
    assert.deepEqual(again.key, key.key);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
