import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type TestPki, testPki } from '../../../test/support/pki.ts';
import { runCli } from '../../testing/run.ts';

let pki: TestPki;
let other: TestPki;
let credential: string;

before(async () => {
  pki = testPki();
  other = testPki();
  credential = join(pki.folder, 'alice.pem');
  const { key, chain } = await pki.operator('alice', 'admin');
  writeFileSync(credential, key + chain);
});

after(() => {
  pki.remove();
  other.remove();
});

const contexts = () => join(pki.folder, 'config.yaml');
const add = (name: string, trust: string) =>
  runCli(['context', 'add', name, '--trust', trust, '--credential', credential], {
    env: { NODECTL_CONFIG: contexts() },
  });

test('a context whose files belong together is added', async () => {
  const { status, stderr } = await add('prod', join(pki.folder, 'pki', 'root.crt'));
  assert.equal(status, 0, stderr);
  assert.match(readFileSync(contexts(), 'utf8'), /prod:/);
});

test('a wrong file as --trust is refused when it is given, not at the first call', async () => {
  const junk = join(pki.folder, 'junk');
  writeFileSync(junk, 'correct horse\n');
  const wrong: [trust: string, message: RegExp][] = [
    [junk, /holds no root certificate/],
    [credential, /holds no root certificate/],
    [join(other.folder, 'pki', 'root.crt'), /is not of the authority that it trusts/],
  ];
  for (const [trust, message] of wrong) {
    const { status, stderr } = await add('wrong', trust);
    assert.equal(status, 6, stderr);
    assert.match(stderr, message);
    assert.match(stderr, /hint: give --trust the root\.crt/);
  }
  assert.doesNotMatch(readFileSync(contexts(), 'utf8'), /wrong/);
});
