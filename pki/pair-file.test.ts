import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../proto/failure.ts';
import { type TestCredential, testPki } from '../test/support/pki.ts';
import { readPair } from './pair.ts';
import { loadNodeFolder, type NodeFolder, saveNodeFolder, watchNodeFolder } from './pair-file.ts';

const DAY = 86_400_000;
const pki = testPki();
const stranger = testPki();
after(() => {
  pki.remove();
  stranger.remove();
});
const text = ({ key, chain }: TestCredential) => key + chain;
const first = await pki.node('web-1');
const second = await pki.node('web-1');
const serialOf = (one: TestCredential) => readPair(text(one), pki.trust, 'node').identity.serial;

/** A folder with the first pair in it. */
function newFolder(): { folder: string; pem: string; trust: string } {
  const folder = mkdtempSync(join(pki.folder, 'node-'));
  saveNodeFolder(folder, first.key, first.chain, pki.trust);
  return { folder, pem: join(folder, 'node.pem'), trust: join(folder, 'trust.pem') };
}

const load = (folder: string) => loadNodeFolder(folder) ?? assert.fail('the folder holds no pair');

test('a pair comes back as it was saved, readable by its owner alone', () => {
  const { folder, pem, trust } = newFolder();
  const found = load(folder);
  assert.equal(found.pair.key, first.key);
  assert.equal(found.pair.chain, first.chain);
  assert.equal(found.trust, pki.trust);
  assert.equal(found.problem, undefined);
  for (const path of [pem, `${pem}.good`, trust]) assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a folder without a pair holds none, whatever else is in it', () => {
  const folder = mkdtempSync(join(pki.folder, 'node-'));
  assert.equal(loadNodeFolder(folder), undefined);
  writeFileSync(join(folder, 'trust.pem'), pki.trust);
  assert.equal(loadNodeFolder(folder), undefined);
  assert.equal(loadNodeFolder(join(folder, 'missing')), undefined);
});

test('whatever is wrong with the newest pair, the last good one stays in use and the trouble is told', async () => {
  const operator = await pki.operator('alice', 'admin');
  const other = await stranger.node('web-1');
  const whole = text(second);
  const wrong: [string, string, RegExp][] = [
    ['empty', '', /no certificate/],
    ['a key alone', second.key, /no certificate/],
    ['certificates alone', second.chain, /no private key/],
    ['keys mixed up', first.key + second.chain, /does not belong/],
    ['cut in the leaf', whole.slice(0, second.key.length + 200), /cut short/],
    ['cut in the intermediate', whole.slice(0, -100), /cut short/],
    ['without the intermediate', whole.slice(0, whole.lastIndexOf('-----BEGIN')), /trusted root/],
    ['of another root', text(other), /trusted root/],
    ['of an operator', text(operator), /not of a node/],
    [
      'a damaged letter',
      whole.replace(/(BEGIN CERTIFICATE-----\n.{20})./s, '$1*'),
      /cannot be read|trusted root/,
    ],
    ['too long', `${whole}${'x'.repeat(300_000)}`, /too long/],
  ];
  for (const [what, content, message] of wrong) {
    const { folder, pem } = newFolder();
    load(folder);
    writeFileSync(pem, content);
    for (let time = 0; time < 2; time++) {
      const { pair, problem } = load(folder);
      assert.equal(pair.identity.serial, serialOf(first), what);
      assert.match(problem?.message ?? '', message, what);
      assert.match(problem?.hint ?? '', /last good one stays in use/);
      assert.equal(problem?.message.includes('PRIVATE'), false);
    }
    writeFileSync(pem, whole);
    assert.equal(load(folder).pair.identity.serial, serialOf(second), what);
    assert.equal(load(folder).problem, undefined);
    assert.equal(readFileSync(`${pem}.good`, 'utf8'), whole);
  }
});

test('a pair that is removed is missed, and the good one used', () => {
  const { folder, pem } = newFolder();
  load(folder);
  rmSync(pem);
  const { pair, problem } = load(folder);
  assert.equal(pair.identity.serial, serialOf(first));
  assert.match(problem?.message ?? '', /missing/);
});

test('every cut of the file is noticed', () => {
  const { folder, pem } = newFolder();
  load(folder);
  const whole = text(second);
  for (let size = 0; size < whole.length - 1; size += 13) {
    writeFileSync(pem, whole.slice(0, size));
    assert.equal(load(folder).pair.identity.serial, serialOf(first), `cut at ${size}`);
  }
});

test('roots that are cut short or gone are told, and the last good ones used', () => {
  const { folder, trust } = newFolder();
  const both = pki.trust + stranger.trust;
  writeFileSync(trust, both);
  assert.equal(load(folder).trust, both);
  for (const content of ['', both.slice(0, -40), both.slice(0, 100), 'none']) {
    writeFileSync(trust, content);
    const { trust: used, problem } = load(folder);
    assert.equal(used, both);
    assert.match(problem?.message ?? '', /trust\.pem was not taken/);
  }
  rmSync(trust);
  assert.equal(load(folder).trust, both);
  writeFileSync(trust, pki.trust);
  assert.equal(load(folder).trust, pki.trust);
});

test('a root that was taken out on purpose is not brought back by a copy', () => {
  const { folder, trust } = newFolder();
  load(folder);
  writeFileSync(trust, stranger.trust);
  assert.throws(() => load(folder), { reason: 'WRONG_CA' });
});

test('where nothing is usable it is said what is wrong with the newest', () => {
  const { folder, pem } = newFolder();
  load(folder);
  writeFileSync(pem, first.key + second.chain);
  writeFileSync(`${pem}.good`, 'damaged too');
  assert.throws(() => load(folder), {
    reason: 'BAD_CERTIFICATE',
    message: /node\.pem cannot be used.*does not belong/,
  });
  rmSync(`${pem}.good`);
  assert.throws(() => load(folder), { message: /does not belong/ });
});

test('a copy that cannot be kept is told and does no other harm', () => {
  const { folder, pem } = newFolder();
  mkdirSync(join(`${pem}.good`, 'in the way'), { recursive: true });
  const { pair, problem } = load(folder);
  assert.equal(pair.identity.serial, serialOf(first));
  assert.match(problem?.message ?? '', /no copy/);
  assert.match(problem?.hint ?? '', /in use all the same/);
});

test('an expired pair is a pair: whether that matters is for whoever uses it to say', async () => {
  const expired = await pki.node('web-1', DAY / 4, Date.now() - DAY / 2);
  const { folder, pem } = newFolder();
  writeFileSync(pem, text(expired));
  assert.equal(load(folder).pair.identity.serial, serialOf(expired));
});

/** What a watch told, and how to wait for more. */
function watching(folder: string) {
  const told: (NodeFolder | Failure)[] = [];
  let wake: () => void = () => undefined;
  const stop = watchNodeFolder(folder, (now) => {
    told.push(now);
    wake();
  });
  const next = async (): Promise<NodeFolder | Failure> => {
    const count = told.length;
    // The watch keeps no process alive, so the test has to.
    const alive = setInterval(() => undefined, 1000);
    if (told.length === count) await new Promise<void>((resolve) => (wake = resolve));
    clearInterval(alive);
    return told.at(-1) ?? assert.fail();
  };
  return { told, next, stop };
}

test('a watch tells new pairs, troubles and their end, each once', { timeout: 20_000 }, async () => {
  const { folder, pem } = newFolder();
  const { told, next, stop } = watching(folder);
  try {
    let waiting = next();
    saveNodeFolder(folder, second.key, second.chain, pki.trust);
    const renewed = await waiting;
    assert.ok(!(renewed instanceof Failure));
    assert.equal(renewed.pair.identity.serial, serialOf(second));
    assert.equal(renewed.problem, undefined);

    waiting = next();
    writeFileSync(pem, text(first).slice(0, 400));
    const half = await waiting;
    assert.ok(!(half instanceof Failure));
    assert.equal(half.pair.identity.serial, serialOf(second));
    assert.match(half.problem?.message ?? '', /was not taken/);

    waiting = next();
    writeFileSync(pem, text(first));
    const mended = await waiting;
    assert.ok(!(mended instanceof Failure));
    assert.equal(mended.pair.identity.serial, serialOf(first));

    waiting = next();
    writeFileSync(join(folder, 'trust.pem'), stranger.trust);
    const lost = await waiting;
    assert.ok(lost instanceof Failure);
    assert.equal(lost.reason, 'WRONG_CA');
    assert.equal(told.length, 4);
  } finally {
    stop();
  }
});

test('a watch says nothing of what stays the same, and of a slow writer only the end', {
  timeout: 20_000,
}, async (t) => {
  const { folder, pem } = newFolder();
  load(folder);
  // Time stands still while the writer writes: on a busy machine it would pass between two of its steps.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, stop } = watching(folder);
  /** Lets events arrive, and time pass in steps. */
  const pass = async (steps: number, ms: number) => {
    for (let step = 0; step < steps; step++) {
      await immediate();
      t.mock.timers.tick(ms);
    }
  };
  try {
    writeFileSync(pem, text(first));
    await pass(100, 10);
    assert.equal(told.length, 0);
    const whole = text(second);
    for (let at = 0; at < whole.length; at += 700) {
      writeFileSync(pem, whole.slice(0, at + 700));
      await pass(1, 20);
    }
    while (told.length === 0) await pass(1, 10);
    await pass(100, 10);
    const [found] = told;
    assert.ok(found && !(found instanceof Failure));
    assert.equal(found.pair.identity.serial, serialOf(second));
    assert.equal(told.length, 1);
  } finally {
    stop();
  }
});

test('a watch follows a provisioner that swaps a whole folder by a link', { timeout: 20_000 }, async () => {
  const { folder, pem } = newFolder();
  for (const [name, one] of [
    ['v1', first],
    ['v2', second],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'node.pem'), text(one));
  }
  symlinkSync('v1', join(folder, 'data'));
  rmSync(pem);
  symlinkSync('data/node.pem', pem);
  const { next, stop } = watching(folder);
  try {
    const waiting = next();
    symlinkSync('v2', join(folder, 'data.new'));
    renameSync(join(folder, 'data.new'), join(folder, 'data'));
    const found = await waiting;
    assert.ok(!(found instanceof Failure));
    assert.equal(found.pair.identity.serial, serialOf(second));
  } finally {
    stop();
  }
});

test('a stopped watch is silent', async () => {
  const { folder, pem } = newFolder();
  const { told, stop } = watching(folder);
  writeFileSync(pem, text(second));
  stop();
  await sleep(400);
  assert.deepEqual(told, []);
  assert.ok(existsSync(pem));
});
