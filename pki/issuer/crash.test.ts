/** What is left when an issuer is killed at any moment, and what two issuers do to one folder. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testPki } from '../../test/support/pki.ts';
import { createRequest, newKey } from '../csr.ts';
import { Issuer } from './issuer.ts';
import { lockFolder } from './lock.ts';

const pki = testPki();
const children = new Set<ChildProcess>();
after(() => {
  // Those of a test that failed in the middle.
  for (const child of children) child.kill('SIGKILL');
  pki.remove();
});
const stateFolder = () => mkdtempSync(join(pki.folder, 'state-'));
const hints = () => ({
  csr: createRequest(newKey(), 'x'),
  labels: { zone: 'a' },
  addresses: ['10.0.0.1:7443'],
});
const issuerIn = (folder: string) => new Issuer({ authorityFolder: pki.store.folder, stateFolder: folder });

const IMPORTS = `
  import { writeSync } from 'node:fs';
  import { Issuer } from ${JSON.stringify(new URL('issuer.ts', import.meta.url).href)};
  import { lockFolder } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)};
  import { createRequest, newKey } from ${JSON.stringify(new URL('../csr.ts', import.meta.url).href)};
  const hints = () => ({ csr: createRequest(newKey(), 'x'), labels: { zone: 'a' }, addresses: ['10.0.0.1:7443'] });
  const say = (what) => writeSync(1, JSON.stringify(what) + '\\n');
`;

function run(script: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', IMPORTS + script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  return child;
}

/** An issuer that enrols two hundred nodes and then renews them without end, and tells each answer when it gives it. */
const enrolling = (folder: string) => `
  const issuer = new Issuer({ authorityFolder: ${JSON.stringify(pki.store.folder)}, stateFolder: ${JSON.stringify(folder)} });
  const known = new Map();
  for (let n = 0; ; n++) {
    const name = 'n' + (n % 200);
    const before = known.get(name);
    const token = before ? undefined : issuer.createToken(name, 0).token;
    const { identity } = before ? issuer.renew(before, hints()) : issuer.enrol(token, hints());
    known.set(name, identity);
    say({ name, serial: identity.serial, token });
  }
`;

interface Answer {
  name: string;
  serial: string;
  token?: string;
}

test('an issuer killed at any moment remembers every answer that it gave', { timeout: 60_000 }, async () => {
  let answered = 0;
  for (let round = 0; round < 4; round++) {
    const folder = stateFolder();
    const child = run(enrolling(folder));
    let text = '';
    child.stdout?.on('data', (bytes) => {
      text += bytes;
    });
    assert.ok(child.stdout);
    // After so many answers and not after so long: a busy machine gives few in a time.
    const enough = randomInt(15, 120);
    while (text.split('\n').length <= enough) await once(child.stdout, 'data');
    await sleep(randomInt(0, 20));
    child.kill('SIGKILL');
    await once(child, 'close');

    const lines = text.split('\n').slice(0, -1);
    const answers = lines.map((line) => JSON.parse(line) as Answer);
    answered += answers.length;
    const issuer = issuerIn(folder);
    const latest = new Map(answers.map(({ name, serial }) => [name, serial]));
    const nodes = new Map(issuer.listNodes('', 1000).map((node) => [node.name, node]));
    let ahead = 0;
    for (const [name, serial] of latest) {
      const node = nodes.get(name);
      // One more may be on the disk, whose answer was not given any more: the one before is known then.
      if (node?.serial !== serial && node?.previousSerial === serial) ahead++;
      else assert.equal(node?.serial, serial, name);
    }
    assert.ok(ahead + nodes.size - latest.size <= 1);
    for (const { token } of answers)
      if (token) assert.throws(() => issuer.enrol(token, hints()), { reason: 'TOKEN_USED' });
    const { token } = issuer.createToken('after', 0);
    issuer.enrol(token, hints());
    issuer.close();
  }
  assert.ok(answered > 50, `only ${answered} answers`);
});

test('a register whose last line was torn goes on', () => {
  const folder = stateFolder();
  const first = issuerIn(folder);
  const { token } = first.createToken('web-1', 0);
  const request = hints();
  const { identity } = first.enrol(token, request);
  first.close();
  appendFileSync(join(folder, 'register.jsonl'), '{"op":"node","node":{"name":"web-2","ser');
  const second = issuerIn(folder);
  assert.deepEqual(
    second.listNodes('', 10).map(({ serial }) => serial),
    [identity.serial],
  );
  second.renew(identity, hints());
  second.close();
  const third = issuerIn(folder);
  assert.equal(third.listNodes('', 10)[0]?.previousSerial, identity.serial);
  third.close();
});

test('a folder has one issuer, in this process and in others', { timeout: 20_000 }, async () => {
  const folder = stateFolder();
  const issuer = issuerIn(folder);
  const busy = { reason: 'ISSUER_BUSY' };
  assert.throws(() => issuerIn(folder), busy);
  const child = run(`
    for (let n = 0; n < 2; n++) {
      try { lockFolder(${JSON.stringify(folder)})(); say('taken'); } catch (error) { say(error.reason); }
      if (n === 0) await new Promise((go) => process.stdin.once('data', go));
    }
    process.stdin.destroy();
  `);
  assert.ok(child.stdout);
  assert.equal(String((await once(child.stdout, 'data'))[0]).trim(), '"ISSUER_BUSY"');
  // What was tried in this process has not loosened the lock.
  assert.throws(() => issuerIn(folder), busy);
  issuer.close();
  issuer.close();
  child.stdin?.write('go');
  assert.equal(String((await once(child.stdout, 'data'))[0]).trim(), '"taken"');
  await once(child, 'close');
  assert.deepEqual(readdirSync(folder), ['register.jsonl']);
  issuerIn(folder).close();
});

test('a lock is held whether or not its release is kept, and that of a killed process is free at once', {
  timeout: 20_000,
}, async () => {
  const folder = stateFolder();
  const child = run(`
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    setFlagsFromString('--expose-gc');
    lockFolder(${JSON.stringify(folder)});
    for (let n = 0; n < 3; n++) {
      runInNewContext('gc')();
      await new Promise(setImmediate);
    }
    say('held');
    setInterval(() => {}, 1000);
  `);
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  assert.throws(() => lockFolder(folder), { reason: 'ISSUER_BUSY' });
  child.kill('SIGKILL');
  await once(child, 'close');
  lockFolder(folder)();
});

test('a lock whose file a disk has filled with something is a lock all the same', () => {
  const folder = stateFolder();
  const path = join(folder, 'issuer.lock');
  writeFileSync(path, Buffer.alloc(5_000, 'x'));
  const release = lockFolder(folder);
  assert.throws(() => lockFolder(folder), { reason: 'ISSUER_BUSY' });
  release();
  lockFolder(folder)();
});

test('four processes in a race for one lock never hold it together', { timeout: 30_000 }, async () => {
  const folder = stateFolder();
  const inside = join(folder, 'inside');
  const script = `
    import { mkdirSync, rmdirSync } from 'node:fs';
    const until = Date.now() + 700;
    let taken = 0;
    while (Date.now() < until) {
      let release;
      try { release = lockFolder(${JSON.stringify(folder)}); } catch (error) { if (error.reason !== 'ISSUER_BUSY') throw error; continue; }
      mkdirSync(${JSON.stringify(inside)});
      taken++;
      for (let spin = 0; spin < 20_000; spin++) Math.sqrt(spin);
      rmdirSync(${JSON.stringify(inside)});
      release();
    }
    say(taken);
  `;
  const four = Array.from({ length: 4 }, () => run(script));
  const taken = await Promise.all(
    four.map(async (child) => {
      let text = '';
      for await (const part of child.stdout ?? []) text += part;
      // A second one inside would have failed to make the folder and told nothing.
      return Number(text || 'NaN');
    }),
  );
  assert.ok(
    taken.every((times) => times >= 0),
    String(taken),
  );
  assert.ok(taken.reduce((sum, times) => sum + times, 0) > 4, String(taken));
});

/** Bytes that this process gave to write calls so far. */
function bytesWritten(): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

const skip = existsSync('/proc/self/io') ? false : 'this kernel does not count the bytes of a process';

test('enrolling a thousand nodes writes bytes in proportion to the nodes', { skip }, () => {
  const folder = stateFolder();
  const issuer = new Issuer({
    authorityFolder: pki.store.folder,
    stateFolder: folder,
    disk: { writeSync, ftruncateSync, fsyncSync: () => undefined },
  });
  const csr = hints();
  const enrol = (from: number, to: number) => {
    const before = bytesWritten();
    for (let n = from; n < to; n++) {
      const { identity } = issuer.enrol(issuer.createToken(`node-${n}`, 0).token, csr);
      issuer.renew(identity, csr);
    }
    return (bytesWritten() - before) / (to - from);
  };
  const early = enrol(0, 250);
  enrol(250, 750);
  const late = enrol(750, 1000);
  issuer.close();
  assert.ok(early > 500, `${early} bytes a node`);
  assert.ok(late < early * 1.5, `${early} bytes a node at first, ${late} in the end`);
  const reopened = issuerIn(folder);
  assert.equal(reopened.listNodes('', 2000).length, 1000);
  reopened.close();
  rmSync(folder, { recursive: true });
});
