import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPair } from './pair.ts';
import { initStore, MAX_OPERATOR_LIFE_MS, Store } from './store.ts';
import { verifyStore } from './verify-store.ts';

const DAY = 86_400_000;
const PASSPHRASE = 'correct horse battery staple';
const PLAIN = { plain: true } as const;
const scratch = mkdtempSync(join(tmpdir(), 'nodectl-store-'));
const children = new Set<ChildProcess>();
after(() => {
  // Those of a test that failed in the middle.
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
});
let count = 0;
const fresh = () => join(scratch, `pki-${count++}`);
const never = () => assert.fail('no passphrase should be asked for');

const ORDER = ['root.key', 'nodes.key', 'nodes.crt', 'operators.key', 'operators.crt', 'root.crt'];

function assertSound(folder: string): void {
  const errors = verifyStore(new Store(folder)).filter(({ level }) => level === 'error');
  assert.deepEqual(errors, [], folder);
  assert.deepEqual(readdirSync(folder).sort(), [...ORDER].sort(), folder);
}

/** Runs a script with initStore in it in another process. */
function run(script: string): ChildProcess {
  const text = `import { initStore } from ${JSON.stringify(new URL('store.ts', import.meta.url).href)};\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  return child;
}

test('a store is made with modes that keep others out', () => {
  const folder = fresh();
  const umask = process.umask(0);
  try {
    initStore(folder, PLAIN);
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of ORDER) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  assertSound(folder);
});

test('an empty folder that was there is closed, one with other things in it is left as it was', () => {
  const [empty, used] = [fresh(), fresh()];
  for (const folder of [empty, used]) {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
  }
  writeFileSync(join(used, 'notes.txt'), '');
  for (const folder of [empty, used]) initStore(folder, PLAIN);
  assert.equal(statSync(empty).mode & 0o777, 0o700);
  assert.equal(statSync(used).mode & 0o777, 0o755);
  assert.ok(verifyStore(new Store(used)).some(({ hint }) => hint === `chmod 700 ${used}`));
});

test('a store is never overwritten', () => {
  const folder = fresh();
  initStore(folder, PLAIN);
  const before = ORDER.map((name) => readFileSync(join(folder, name), 'utf8'));
  assert.throws(() => initStore(folder, PLAIN), { reason: 'PKI_EXISTS' });
  assert.deepEqual(
    ORDER.map((name) => readFileSync(join(folder, name), 'utf8')),
    before,
  );
  assert.throws(() => new Store(fresh()), { reason: 'PKI_NOT_FOUND' });
});

test('an init that ended after any of its writes can be repeated', () => {
  const other = initStore(fresh(), PLAIN).folder;
  for (let written = 0; written < ORDER.length; written++) {
    const folder = fresh();
    mkdirSync(folder);
    for (const name of ORDER.slice(0, written)) copyFileSync(join(other, name), join(folder, name));
    const next = ORDER[written] ?? '';
    writeFileSync(join(folder, `${next}.${process.pid}.0123abcd.tmp`), 'half');
    assert.throws(() => new Store(folder), { reason: 'PKI_NOT_FOUND' });
    initStore(folder, PLAIN);
    assertSound(folder);
  }
});

test('a process killed in the middle of an init leaves a whole store or none', {
  timeout: 120_000,
}, async () => {
  let cutShort = 0;
  // On a busy machine a process may be killed before it has begun: there are as many rounds as it takes.
  for (let round = 0; round < 8 || cutShort === 0; round++) {
    const base = fresh();
    mkdirSync(base);
    const child = run(`
      process.stdout.write('up');
      for (let n = 0; ; n++) initStore(${JSON.stringify(base)} + '/' + n, { plain: true });
    `);
    assert.ok(child.stdout);
    await once(child.stdout, 'data');
    await sleep(randomInt(1, 40));
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const name of readdirSync(base)) {
      const folder = join(base, name);
      // The lock that the killed process left is no lock any more.
      if (!existsSync(join(folder, 'root.crt'))) {
        cutShort++;
        initStore(folder, PLAIN);
      }
      rmSync(join(folder, 'pki.lock'), { force: true });
      assertSound(folder);
    }
  }
});

test('of two processes that make the same store one succeeds, and the store is whole', {
  timeout: 30_000,
}, async () => {
  const base = fresh();
  mkdirSync(base);
  const script = `
    process.stdout.write('up');
    process.stdin.once('data', () => {
      const made = [];
      for (let n = 0; n < 30; n++) {
        try { initStore(${JSON.stringify(base)} + '/' + n, { plain: true }); made.push(n); }
        catch (error) { if (!['PKI_EXISTS', 'ISSUER_BUSY'].includes(error.reason)) throw error; }
      }
      process.stdout.end(JSON.stringify(made));
      process.stdin.destroy();
    });
  `;
  const two = [run(script), run(script)];
  await Promise.all(two.map((child) => child.stdout && once(child.stdout, 'data')));
  const made = two.map(async (child) => {
    let text = '';
    for await (const part of child.stdout ?? []) text += part;
    return JSON.parse(text) as number[];
  });
  for (const child of two) child.stdin?.write('go');
  const all = (await Promise.all(made)).flat().sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from({ length: 30 }, (_, n) => n),
  );
  for (const n of all) assertSound(join(base, String(n)));
});

test('sealed keys are asked for once, and only where they are needed', async () => {
  const store = initStore(fresh(), { passphrase: PASSPHRASE });
  assert.deepEqual(
    (['root', 'nodes', 'operators'] as const).map((name) => store.keyState(name)),
    ['sealed', 'plain', 'sealed'],
  );
  for (const name of ORDER) assert.equal(statSync(join(store.folder, name)).mode & 0o777, 0o600);
  const asked: string[] = [];
  const ask = (what: string) => {
    asked.push(what);
    return PASSPHRASE;
  };
  const { pem, identity } = await store.issueOperator({ name: 'alice', role: 'admin' }, ask);
  assert.deepEqual(asked, ['the operators key']);
  assert.equal(identity.uri, 'nodectl://operator/alice/admin');
  assert.equal(readPair(pem, store.trust(), 'operator').identity.serial, identity.serial);
  await assert.rejects(
    store.issueOperator({ name: 'a', role: 'admin' }, () => 'wrong'),
    {
      reason: 'BAD_PASSPHRASE',
    },
  );
  assert.throws(() => initStore(fresh(), { passphrase: 'short' }), { reason: 'BAD_ARGUMENT' });
});

test('bad names, roles and lives are refused before any key is opened', async () => {
  const store = initStore(fresh(), PLAIN);
  renameSync(join(store.folder, 'operators.key'), join(store.folder, 'elsewhere'));
  const bad = { reason: 'BAD_ARGUMENT' };
  await assert.rejects(store.issueOperator({ name: 'Alice B', role: 'admin' }, never), bad);
  await assert.rejects(store.issueOperator({ name: 'alice', role: 'root' }, never), bad);
  for (const lifeMs of [0, -1, 999, MAX_OPERATOR_LIFE_MS + 1, Number.NaN, Number.POSITIVE_INFINITY])
    await assert.rejects(store.issueOperator({ name: 'alice', role: 'admin', lifeMs }, never), bad);
  await assert.rejects(store.issueOperator({ name: 'alice', role: 'admin' }, never), {
    reason: 'PKI_NOT_FOUND',
    hint: /operators\.key/,
  });
  await assert.rejects(store.issueNode('A', DAY), bad);
  for (const lifeMs of [0, Number.NaN]) await assert.rejects(store.issueNode('a', lifeMs), bad);
});

test('renewed authorities have new keys, and what the old ones issued stays good', async () => {
  const store = initStore(fresh(), PLAIN);
  const before = await store.issueNode('web-1', DAY);
  const old = store.certificate('nodes');
  await store.renewAuthorities(never, PLAIN);
  assertSound(store.folder);
  assert.notEqual(store.certificate('nodes').fingerprint256, old.fingerprint256);
  assert.equal(store.certificate('nodes').checkPrivateKey((await store.signer('nodes', never)).key), true);
  const after = await store.issueNode('web-1', DAY);
  for (const { pem } of [before, after])
    assert.equal(readPair(pem, store.trust(), 'node').identity.name, 'web-1');
  assert.equal(
    new X509Certificate(after.pem.slice(after.pem.indexOf('-----BEGIN CERT'))).verify(old.publicKey),
    false,
  );
});

test('a renewal that was cut short is noticed, and repeating it mends the store', async () => {
  const store = initStore(fresh(), PLAIN);
  const other = initStore(fresh(), PLAIN);
  for (const name of ['nodes.key', 'operators.key'])
    copyFileSync(join(other.folder, name), join(store.folder, name));
  await assert.rejects(store.issueNode('web-1', DAY), {
    reason: 'BAD_CERTIFICATE',
    hint: /renew the authorities/,
  });
  await assert.rejects(store.issueOperator({ name: 'a', role: 'admin' }, never), {
    reason: 'BAD_CERTIFICATE',
  });
  await store.renewAuthorities(never, PLAIN);
  assertSound(store.folder);
  await store.issueNode('web-1', DAY);
});

test('a renewal that is refused changes nothing', async () => {
  const store = initStore(fresh(), PLAIN);
  const before = ORDER.map((name) => readFileSync(join(store.folder, name), 'utf8'));
  await assert.rejects(store.renewAuthorities(never, { passphrase: 'short' }), { reason: 'BAD_ARGUMENT' });
  await assert.rejects(store.renewAuthorities(never, PLAIN, Date.now() + 3_654 * DAY), {
    reason: 'CERTIFICATE_EXPIRED',
  });
  renameSync(join(store.folder, 'root.key'), join(store.folder, 'elsewhere'));
  await assert.rejects(store.renewAuthorities(never, PLAIN), { reason: 'PKI_NOT_FOUND', hint: /root\.key/ });
  renameSync(join(store.folder, 'elsewhere'), join(store.folder, 'root.key'));
  assert.deepEqual(
    ORDER.map((name) => readFileSync(join(store.folder, name), 'utf8')),
    before,
  );
});

test('authorities end no later than their root', async () => {
  const store = initStore(fresh(), PLAIN);
  await store.renewAuthorities(never, PLAIN, Date.now() + 3_600 * DAY);
  const end = store.certificate('root').validToDate.getTime();
  assert.equal(store.certificate('nodes').validToDate.getTime(), end);
  assert.equal(store.certificate('operators').validToDate.getTime(), end);
});
