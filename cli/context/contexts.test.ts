import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { FAKE_CREDENTIAL } from '../testing/fleet.ts';
import { chosenContext, contextsPath, loadContext, parseContexts, readContexts } from './contexts.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-contexts-'));
after(() => rmSync(folder, { recursive: true }));

const GOOD = `current: lab
contexts:
  lab:
    trust: pki/root.crt
    credential: alice.pem
    issuer: 127.0.0.1:7445
    nodes:
      - name: web-1
        addresses: [127.0.0.1:7443, "[fd00::1]:7443"]
        labels: {rack: a, row: 7}
`;

test('where the file is', () => {
  const env = { HOME: '/home/a' };
  assert.equal(contextsPath(undefined, env), '/home/a/.config/nodectl/config.yaml');
  assert.equal(contextsPath(undefined, { ...env, XDG_CONFIG_HOME: '/x' }), '/x/nodectl/config.yaml');
  assert.equal(
    contextsPath(undefined, { ...env, XDG_CONFIG_HOME: '/x', NODECTL_CONFIG: '/c.yaml' }),
    '/c.yaml',
  );
  assert.equal(contextsPath('/f.yaml', { ...env, NODECTL_CONFIG: '/c.yaml' }), '/f.yaml');
});

test('a file that is not there is an empty one', async () => {
  const file = await readContexts(join(folder, 'none.yaml'));
  assert.deepEqual(file.contexts, {});
  assert.throws(
    () => chosenContext(file, undefined, {}),
    (error) => error instanceof Failure && error.reason === 'NO_CONTEXT' && /npm run lab/.test(error.hint),
  );
});

test('a good file, plain or not, is read the same', async () => {
  const plain = await parseContexts(GOOD, 'f');
  // A flow mapping over several lines is beyond the plain part.
  const fancy = await parseContexts(GOOD.replace('{rack: a, row: 7}', '{rack: a,\n          "row": 7}'), 'f');
  assert.deepEqual(plain, fancy);
  assert.deepEqual(plain.contexts.lab?.nodes, [
    { name: 'web-1', addresses: ['127.0.0.1:7443', '[fd00::1]:7443'], labels: { rack: 'a', row: '7' } },
  ]);
});

const WRONG: [what: string, change: (text: string) => string, message: RegExp][] = [
  ['an unknown key', (t) => t.replace('trust:', 'turst:'), /^f:4:12: contexts\.lab\.turst is not known here/],
  ['a key that is missing', (t) => t.replace(/ {4}trust.*\n/, ''), /^f:4:5: contexts\.lab lacks "trust"/],
  ['a wrong type', (t) => t.replace('alice.pem', '[a]'), /^f:5:17: contexts\.lab\.credential is not a text/],
  [
    'no addresses',
    (t) => t.replace(/\[127.*\]\n/, '[]\n'),
    /^f:8:9: contexts\.lab\.nodes\.0 lacks "addresses"/,
  ],
  ['a bad address', (t) => t.replace('127.0.0.1:7443', 'web-1'), /^f:9:21: .*addresses\.0 is no address/],
  ['a bad issuer', (t) => t.replace('127.0.0.1:7445', 'here'), /^f:6:13: .*issuer is no address/],
  ['a bad node', (t) => t.replace('name: web-1', 'name: Web_1'), /^f:8:15: .*name is no name of a node/],
  [
    'a bad context',
    (t) => t.replace('  lab:', '  "la b":'),
    /^f:4:5: contexts\.la b is no name for a context/,
  ],
  ['a duplicate key', (t) => `${t}current: x\n`, /^f:11:1: this is not YAML: .*unique/],
  ['bad YAML', (t) => t.replace('pki/root.crt', '"pki'), /^f:\d+:\d+: this is not YAML/],
  [
    'a duplicate node',
    (t) => `${t}      - {name: web-1, addresses: [a:1]}\n`,
    /^f:11:9: .*repeats the node "web-1"/,
  ],
  ['a list', () => '- a\n', /^f: the file is not a mapping/],
  ['a text', () => 'hello\n', /is not a mapping/],
];

for (const [what, change, message] of WRONG)
  test(`${what} is an error with its place`, async () => {
    await assert.rejects(parseContexts(change(GOOD), 'f'), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.reason, 'BAD_CONFIG');
      assert.match(error.message, message);
      assert.notEqual(error.hint, '');
      return true;
    });
  });

test('a bomb of aliases is refused', async () => {
  let bomb = 'a: &a [x, x, x, x, x, x, x, x, x]\n';
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'])
    bomb += `${to}: &${to} [*${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}]\n`;
  await assert.rejects(parseContexts(bomb, 'f'), /BAD_CONFIG|alias/);
});

test('a file that others can read is warned of', async () => {
  const path = join(folder, 'open.yaml');
  writeFileSync(path, GOOD, { mode: 0o600 });
  assert.deepEqual((await readContexts(path)).warnings, []);
  chmodSync(path, 0o640);
  assert.match((await readContexts(path)).warnings[0] ?? '', /chmod 600/);
});

test('certificates are found beside the file, or in it', async () => {
  const path = join(folder, 'config.yaml');
  mkdirSync(join(folder, 'pki'));
  writeFileSync(path, GOOD, { mode: 0o600 });
  const file = await readContexts(path);
  assert.throws(
    () => loadContext(file, 'lab'),
    /the credential of context "lab", \S+alice\.pem, cannot be read: there is no such file/,
  );
  writeFileSync(join(folder, 'alice.pem'), FAKE_CREDENTIAL, { mode: 0o600 });
  writeFileSync(join(folder, 'pki', 'root.crt'), FAKE_CREDENTIAL);
  const context = loadContext(file, 'lab');
  assert.match(context.credential.key, /^-----BEGIN PRIVATE KEY-----[\s\S]*-----END PRIVATE KEY-----\n$/);
  assert.match(context.credential.chain, /^-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----\n$/);
  const inline = FAKE_CREDENTIAL.replaceAll(/^/gm, '      ').trimEnd();
  const inFile = await parseContexts(GOOD.replace('alice.pem', `|\n${inline}`), path);
  assert.deepEqual(loadContext({ ...file, ...inFile }, 'lab').credential, context.credential);
  assert.equal(loadContext({ ...file, ...inFile }, 'lab').credentialFile, '');
  const { credentialFile, warnings } = context;
  assert.deepEqual([credentialFile, warnings], [join(folder, 'alice.pem'), []]);
  chmodSync(credentialFile, 0o640);
  assert.match(loadContext(file, 'lab').warnings[0] ?? '', /alice\.pem can be read .* chmod 600/);
  writeFileSync(join(folder, 'alice.pem'), 'nothing');
  assert.throws(() => loadContext(file, 'lab'), /holds no key/);
});

test('which context is used: flag, environment, file', async () => {
  const file = { path: 'f', ...(await parseContexts(GOOD, 'f')), warnings: [] };
  assert.equal(chosenContext(file, undefined, {}), 'lab');
  assert.throws(() => chosenContext(file, undefined, { NODECTL_CONTEXT: 'prod' }), /no context "prod"/);
  assert.equal(chosenContext(file, 'lab', { NODECTL_CONTEXT: 'prod' }), 'lab');
  assert.throws(
    () => chosenContext(file, 'labb', {}),
    (error) => error instanceof Failure && error.hint === 'did you mean "lab"?',
  );
  assert.throws(() => chosenContext(file, 'constructor', {}), /no context "constructor"/);
});

test('a link stays a link when what it leads to is changed', async () => {
  const { addContext } = await import('./edit.ts');
  const real = join(folder, 'real.yaml');
  const link = join(folder, 'link.yaml');
  writeFileSync(real, GOOD, { mode: 0o600 });
  symlinkSync(real, link);
  await addContext(link, 'other', { trust: 'a', credential: 'b' });
  assert.match(readFileSync(real, 'utf8'), /other:/);
  assert.ok(statSync(link).isFile());
  assert.equal((await readContexts(link)).current, 'lab');
});
