import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { credentialsFrom } from './credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-credentials-'));
const env = { HOME: folder, PATH: `${folder}:${process.env.PATH}` };
let warnings: string[] = [];
const warn = (text: string) => void warnings.push(text);
beforeEach(() => {
  warnings = [];
});
after(() => rmSync(folder, { recursive: true }));

const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') });
const alice = { username: 'alice', password: 'ses:ame' };

/** Writes a file of credentials and gives its path. */
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A credential helper that does what a script says. */
function helper(name: string, script: string): void {
  chmodSync(file(`docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

test('entries by host, by repository, and as docker wrote them in older days', async () => {
  const found = (auths: object, registry = 'reg:5000') =>
    credentialsFrom({ file: file('named.json', { auths }), env, warn })(registry, 'a/b');
  assert.deepEqual(await found({ 'reg:5000': auth('alice:ses:ame') }), alice);
  assert.deepEqual(await found({ 'https://reg:5000/v1/': auth('alice:ses:ame') }), alice);
  assert.deepEqual(await found({ 'reg:5000': auth('x:y'), 'reg:5000/a': auth('alice:ses:ame') }), alice);
  assert.deepEqual(await found({ 'reg:5000': { username: 'alice', password: 'ses:ame' } }), alice);
  assert.deepEqual(await found({ 'reg:5000': { ...auth('a:'), identitytoken: 't' } }), {
    identityToken: 't',
  });
  for (const auths of [{}, { reg: auth('a:b') }, { 'reg:5000/a/bc': auth('a:b') }, { 'reg:5000': {} }])
    assert.equal(await found(auths), undefined);
  assert.equal(await found({ 'reg:5000': auth('a:b') }, '__proto__'), undefined);
  await assert.rejects(found({ 'reg:5000': { auth: 'no colon' } }), { reason: 'BAD_CONFIG' });
});

test('the usual files in their order; one that is named must be there and be valid', async () => {
  const find = (more: Record<string, string> = {}) =>
    credentialsFrom({ env: { ...env, ...more }, warn })('reg', 'a');
  assert.equal(await find(), undefined);
  file('run/containers/auth.json', { auths: { reg: auth('podman:1') } });
  assert.deepEqual(await find({ XDG_RUNTIME_DIR: join(folder, 'run') }), {
    username: 'podman',
    password: '1',
  });
  file('.docker/config.json', { auths: { reg: auth('docker:2') } });
  assert.deepEqual(await find({ XDG_RUNTIME_DIR: join(folder, 'run') }), {
    username: 'docker',
    password: '2',
  });
  file('other/config.json', { auths: { reg: auth('moved:3') } });
  assert.deepEqual(await find({ DOCKER_CONFIG: join(folder, 'other') }), {
    username: 'moved',
    password: '3',
  });
  const path = file('env.json', { auths: { reg: auth('env:4') } });
  assert.deepEqual(await find({ REGISTRY_AUTH_FILE: path }), { username: 'env', password: '4' });
  const none = credentialsFrom({ file: join(folder, 'none.json'), env, warn });
  await assert.rejects(none('reg', 'a'), { reason: 'BAD_CONFIG' });
  const torn = credentialsFrom({ file: file('torn.json', '{"auths":{"reg":{"auth":"c2VjcmV0'), env, warn });
  // Nothing of the file is shown.
  await assert.rejects(
    torn('reg', 'a'),
    ({ message, reason }) => reason === 'BAD_CONFIG' && !/c2Vj/.test(message),
  );
});

test('helpers are asked, by argument list and with the registry on their standard input', async () => {
  helper(
    'keys',
    `read -r host; [ "$1" = get ] && [ $# = 1 ] && echo "{\\"ServerURL\\":\\"$host\\",\\"Username\\":\\"$host\\",\\"Secret\\":\\"s\\"}"`,
  );
  const find = (content: object, registry = 'reg') =>
    credentialsFrom({ file: file('helper.json', content), env, warn })(registry, 'a');
  assert.deepEqual(await find({ credHelpers: { reg: 'keys' } }), { username: 'reg', password: 's' });
  assert.deepEqual(await find({ credsStore: 'keys', auths: { reg: {} } }), {
    username: 'reg',
    password: 's',
  });
  assert.equal(await find({ credHelpers: { other: 'keys' } }), undefined);
  helper('token', `echo '{"Username":"<token>","Secret":"long"}'`);
  assert.deepEqual(await find({ credsStore: 'token' }), { identityToken: 'long' });
  assert.deepEqual(warnings, []);
});

test('helpers that fail, are not there, talk too much or cannot be one', async () => {
  const find = (name: unknown) =>
    credentialsFrom({ file: file('helper.json', { credHelpers: { reg: name } }), env, warn })('reg', 'a');
  helper('fails', 'echo a-secret >&2; exit 1');
  helper('babble', 'yes');
  helper('text', 'echo a-secret');
  for (const name of ['fails', 'none', 'babble', 'text']) assert.equal(await find(name), undefined);
  assert.deepEqual(
    warnings.map((text) => /: ([^:]*)$/.exec(text)?.[1]),
    [
      'it ended with status 1',
      'there is no such program',
      'it did not end in time, or said too much',
      'its answer is not valid JSON',
    ],
  );
  assert.doesNotMatch(warnings.join(), /a-secret/);
  for (const name of ['../../bin/sh', 'a b', '-x', '', 7, 'x'.repeat(65)])
    if (name !== '') await assert.rejects(find(name), { reason: 'BAD_CONFIG' }, String(name));
});
