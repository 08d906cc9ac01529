import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { readContexts } from './contexts.ts';
import {
  addContext,
  putNode,
  removeContext,
  removeNodes,
  renameContext,
  replaceNodes,
  setLabels,
  useContext,
} from './edit.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-edit-'));
after(() => rmSync(folder, { recursive: true }));

let count = 0;
function file(content?: string): string {
  const path = join(folder, String(count++), 'config.yaml');
  if (content === undefined) return path;
  const at = join(folder, `${count}.yaml`);
  writeFileSync(at, content, { mode: 0o600 });
  return at;
}

const COMMENTED = `# my fleets
current: lab # the small one
contexts:
  # the lab on this machine
  lab:
    trust: root.crt
    credential: me.pem
    nodes:
      # the first
      - name: web-1
        addresses: [10.0.0.1:7443] # loopback later
        labels: { rack: a }
      - name: web-2
        addresses: [10.0.0.2:7443]
`;

test('the first context makes the file, for its owner alone, and is current', async () => {
  const path = file();
  await addContext(path, 'lab', { trust: 'root.crt', credential: 'me.pem' });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { current, contexts } = await readContexts(path);
  assert.equal(current, 'lab');
  assert.deepEqual(contexts.lab?.nodes, []);
  assert.match(readFileSync(path, 'utf8'), /^current: lab\n/);
  assert.deepEqual(
    readdirSync(join(path, '..')).filter((name) => name !== 'config.yaml'),
    [],
  );
});

test('comments stay through every change', async () => {
  const path = file(COMMENTED);
  await addContext(path, 'prod', { trust: 'p.crt', credential: 'p.pem', issuer: 'pki:7445' }, { use: true });
  await putNode(path, 'lab', { name: 'db-1', addresses: ['10.0.0.9:7443'], labels: {} });
  await setLabels(path, 'lab', new Map([['web-1', { rack: 'b' }]]));
  await renameContext(path, 'lab', 'home');
  await useContext(path, 'home');
  const text = readFileSync(path, 'utf8');
  for (const comment of [
    '# my fleets',
    '# the small one',
    '# the lab on this machine',
    '# the first',
    '# loopback later',
  ])
    assert.ok(text.includes(comment), `${comment} is gone from:\n${text}`);
  const { current, contexts } = await readContexts(path);
  assert.equal(current, 'home');
  assert.deepEqual(
    contexts.home?.nodes.map(({ name, labels }) => [name, labels]),
    [
      ['web-1', { rack: 'b' }],
      ['web-2', {}],
      ['db-1', {}],
    ],
  );
});

test('a context is added once, and replaced only when asked to', async () => {
  const path = file(COMMENTED);
  const other = { trust: 'x', credential: 'y' };
  await assert.rejects(addContext(path, 'lab', other), /there is a context "lab" already/);
  await addContext(path, 'lab', other, { replace: true });
  assert.equal((await readContexts(path)).contexts.lab?.trust, 'x');
  await assert.rejects(addContext(path, 'a b', other), /cannot be a context's name/);
  await assert.rejects(addContext(path, '__proto__', other), /cannot be a context's name/);
});

test('what was current before a lab is current after it', async () => {
  const path = file(COMMENTED);
  await addContext(path, 'other', { trust: 'x', credential: 'y' }, { use: true });
  assert.equal(await removeContext(path, 'other', 'lab'), true);
  assert.equal((await readContexts(path)).current, 'lab');
  assert.equal(await removeContext(path, 'other'), false);
  assert.equal(await removeContext(path, 'lab', 'gone'), true);
  assert.equal((await readContexts(path)).current, '');
});

test('nodes are removed and replaced', async () => {
  const path = file(COMMENTED);
  assert.deepEqual(await removeNodes(path, 'lab', ['web-2', 'web-9']), ['web-2']);
  const kept = { name: 'web-1', addresses: ['10.0.0.1:7443'], labels: { rack: 'a' } };
  await replaceNodes(path, 'lab', [{ name: 'a', addresses: ['a:1'], labels: {} }, kept]);
  assert.match(readFileSync(path, 'utf8'), /# loopback later/);
  assert.deepEqual(
    (await readContexts(path)).contexts.lab?.nodes.map(({ name }) => name),
    ['a', 'web-1'],
  );
});

test('a file that is not valid is left as it is', async () => {
  const path = file('contexts: {lab: {trust: a}}\n');
  await assert.rejects(addContext(path, 'x', { trust: 'a', credential: 'b' }), /lacks "credential"/);
  assert.equal(readFileSync(path, 'utf8'), 'contexts: {lab: {trust: a}}\n');
});

test('a change that would make the file invalid is not written', async () => {
  const path = file(COMMENTED);
  await assert.rejects(
    putNode(path, 'lab', { name: 'web-9', addresses: ['nowhere'], labels: {} }),
    /is no address/,
  );
  assert.equal(readFileSync(path, 'utf8'), COMMENTED);
});

test('writers in several processes lose nothing of each other', async () => {
  const path = file(COMMENTED);
  const edit = join(import.meta.dirname, 'edit.ts');
  const code = `
    import { putNode } from ${JSON.stringify(edit)};
    const [path, from] = process.argv.slice(1);
    for (let n = Number(from); n < Number(from) + 5; n++)
      await putNode(path, 'lab', { name: 'n-' + n, addresses: ['h:1'], labels: {} });
  `;
  const run = promisify(execFile);
  await Promise.all(
    [100, 200, 300].map((from) =>
      run(process.execPath, ['--input-type=module', '-e', code, path, String(from)], { timeout: 60_000 }),
    ),
  );
  assert.equal((await readContexts(path)).contexts.lab?.nodes.length, 17);
});

test('changes at once in one process wait for each other too', async () => {
  const path = file(COMMENTED);
  const names = Array.from({ length: 8 }, (_, index) => `m-${index}`);
  await Promise.all(names.map((name) => putNode(path, 'lab', { name, addresses: ['h:1'], labels: {} })));
  assert.equal((await readContexts(path)).contexts.lab?.nodes.length, 10);
});

test('a folder that cannot be made is told as a place that is wrong', async () => {
  const plain = file('contexts: {}\n');
  for (const path of [join(plain, 'below', 'config.yaml'), '/proc/nowhere/config.yaml'])
    await assert.rejects(addContext(path, 'x', { trust: 'a', credential: 'b' }), {
      reason: 'BAD_ARGUMENT',
      message: /config\.yaml cannot be written: /,
    });
});
