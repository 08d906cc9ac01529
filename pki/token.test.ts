import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { issueRoot } from './certificate.ts';
import { newKey } from './csr.ts';
import { createToken, parseToken, rootPin, tokenDigest } from './token.ts';

const root = issueRoot(newKey(), Date.now(), Date.now() + 1e9);
const token = createToken('web-1', root);

/** A token of other parts with a right checksum. */
function forged(version: number, node: string): string {
  const body = Buffer.concat([Buffer.of(version), Buffer.alloc(36), Buffer.from(node, 'latin1')]);
  const check = createHash('sha256').update(body).digest().subarray(0, 4);
  return `nctl_${Buffer.concat([body, check]).toString('base64url')}`;
}

const damaged = { reason: 'TOKEN_INVALID', message: /damaged/ };
const empty = { reason: 'TOKEN_INVALID', message: /empty/ };

test('a token says the node and the pin of the root', () => {
  const { node, pin } = parseToken(token);
  assert.equal(node, 'web-1');
  assert.deepEqual(pin, rootPin(root));
  assert.deepEqual(rootPin(root.toString()), pin);
  assert.equal(pin.length, 16);
  assert.equal(token.length, 67);
});

test('spaces and line breaks around a token do no harm, also not to its digest', () => {
  assert.equal(parseToken(` ${token}\r\n`).node, 'web-1');
  assert.equal(tokenDigest(`${token}\n`), tokenDigest(token));
});

test('no two tokens are the same', () => {
  assert.equal(new Set(Array.from({ length: 100 }, () => createToken('web-1', root))).size, 100);
});

test('the longest name fits', () => {
  const name = 'a'.repeat(63);
  assert.equal(parseToken(createToken(name, root)).node, name);
  assert.throws(() => createToken('Web 1', root), { reason: 'BAD_ARGUMENT' });
});

test('every single typing error is told from an unknown token', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.!é ';
  for (let at = 0; at < token.length; at++)
    for (const letter of alphabet)
      if (letter !== token[at]) {
        const typo = token.slice(0, at) + letter + token.slice(at + 1);
        if (typo.trim() !== token) assert.throws(() => parseToken(typo), damaged, typo);
      }
});

test('every cut, doubled and swapped character is noticed', () => {
  for (let at = 0; at < token.length; at++) {
    for (const cut of [token.slice(0, at), token.slice(at + 1)])
      assert.throws(() => parseToken(cut), cut === '' ? empty : damaged);
    assert.throws(() => parseToken(token.slice(0, at) + token[at] + token.slice(at)), damaged);
    const swapped = `${token.slice(0, at)}${token[at + 1] ?? ''}${token[at]}${token.slice(at + 2)}`;
    if (swapped !== token) assert.throws(() => parseToken(swapped), damaged);
  }
});

test('other versions and other names are refused in words', () => {
  assert.equal(parseToken(forged(1, 'web-1')).node, 'web-1');
  assert.throws(() => parseToken(forged(2, 'web-1')), {
    reason: 'TOKEN_INVALID',
    message: /another version/,
  });
  for (const node of ['../x', 'WEB', 'a b', '\xe4', 'a\n'])
    assert.throws(() => parseToken(forged(1, node)), { reason: 'TOKEN_INVALID' }, node);
  assert.throws(() => parseToken(forged(1, '')), damaged);
  assert.throws(() => parseToken(' \n'), empty);
  for (const none of ['nctl_', 'x', 'nctl_='.repeat(50_000)]) assert.throws(() => parseToken(none), damaged);
});

test('errors never repeat the token', () => {
  try {
    parseToken(`${token}x`);
    assert.fail('it was taken');
  } catch (error) {
    const text = `${(error as Error).stack}${JSON.stringify(error)}`;
    assert.equal(text.includes(token.slice(5, 40)), false);
  }
});
