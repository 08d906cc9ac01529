/** The watch for drift: folders that are moved, removed and closed, busy ones, and another writer that never gives up. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditSink } from '../../proto/serve/audit.ts';
import type { ConfigDomain } from './domain.ts';
import { DriftWatch } from './drift.ts';
import { ORIGIN, openConfig } from './testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-drift-'));
after(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const { signal } = new AbortController();
const document = (content: object) =>
  JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', ...content });

async function watched(content: object): Promise<{
  domain: ConfigDomain;
  drift: DriftWatch;
  audited: string[];
  path: (name: string) => string;
  close: () => void;
}> {
  const folder = join(top, String(folders++));
  const domain = await openConfig(folder);
  const text = document(content);
  await domain.apply({ text, mode: 'live', timeoutSeconds: 0, origin: ORIGIN, connection: 'c' }, signal);
  const audited: string[] = [];
  const audit = {
    ready: async () => {},
    append: async ({ method, status }: { method: string; status: string }) =>
      void audited.push(`${method} ${status}`),
  } as unknown as AuditSink;
  const drift = new DriftWatch({
    domain,
    root: join(folder, 'root'),
    now: () => Date.now(),
    log: silent,
    audit,
  });
  await drift.start();
  await until(() => drift.state.checkedMs > 0);
  const close = () => {
    drift.stop();
    domain.close();
  };
  return { domain, drift, audited, path: (name) => join(folder, 'root', name), close };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}
const FILES = { files: { '/etc/app/a.conf': { content: 'a\n' }, '/etc/motd': { content: 'm\n' } } };
/** The slow comparison comes after five minutes: what is seen sooner was watched. */
const drifted = (drift: DriftWatch) => drift.state.drifted.map(({ change }) => change.resource.id).sort();

test('a file that is replaced, removed or gets another mode', async () => {
  const { drift, path, close } = await watched(FILES);
  try {
    writeFileSync(path('etc/new'), 'theirs\n');
    renameSync(path('etc/new'), path('etc/motd'));
    await until(() => drifted(drift).length === 1);
    writeFileSync(path('etc/motd'), 'm\n');
    await until(() => drifted(drift).length === 0);
    chmodSync(path('etc/motd'), 0o600);
    await until(() => drifted(drift).length === 1);
    rmSync(path('etc/motd'));
    await until(() => drift.state.drifted[0]?.change.differences[0]?.from === 'absent');
    const since = drift.state.drifted[0]?.sinceMs ?? 0;
    await drift.check();
    assert.equal(drift.state.drifted[0]?.sinceMs, since);
  } finally {
    close();
  }
});

test('a folder that is removed and made again, and one that is moved away and back, is still watched', async () => {
  const { drift, path, close } = await watched(FILES);
  try {
    for (let round = 0; round < 2; round++) {
      rmSync(path('etc/app'), { recursive: true });
      await until(() => drifted(drift).join() === 'file//etc/app/a.conf');
      mkdirSync(path('etc/app'));
      writeFileSync(path('etc/app/a.conf'), 'a\n');
      await until(() => drifted(drift).length === 0);
      writeFileSync(path('etc/app/a.conf'), 'theirs\n');
      await until(() => drifted(drift).length === 1);
      writeFileSync(path('etc/app/a.conf'), 'a\n');
      await until(() => drifted(drift).length === 0);
    }
    renameSync(path('etc/app'), path('etc/away'));
    await until(() => drifted(drift).length === 1);
    renameSync(path('etc/away'), path('etc/app'));
    await until(() => drifted(drift).length === 0);
  } finally {
    close();
  }
});

test('a folder in which something else is busy neither keeps the comparison away nor causes one each time', async () => {
  const { drift, path, close } = await watched(FILES);
  const busy = setInterval(() => writeFileSync(path('etc/busy.log'), String(Math.random())), 20);
  try {
    const { checkedMs } = drift.state;
    await sleep(1_500);
    assert.equal(drift.state.checkedMs, checkedMs);
    // Also where it is the managed file itself that never rests.
    const restless = setInterval(() => writeFileSync(path('etc/motd'), String(Math.random())), 50);
    await until(() => drifted(drift).length === 1);
    clearInterval(restless);
  } finally {
    clearInterval(busy);
    close();
  }
});

test('what cannot be compared is told, and no longer when it can be', async () => {
  const { drift, path, close } = await watched(FILES);
  try {
    rmSync(path('etc/app'), { recursive: true });
    writeFileSync(path('etc/app'), 'a file where a folder was');
    await until(() => drift.warnings.length === 1);
    assert.match(drift.warnings[0] ?? '', /not known: .*ENOTDIR/);
    rmSync(path('etc/app'));
    await until(() => drift.warnings.length === 0);
  } finally {
    close();
  }
});

test('another writer is corrected five times an hour, and then told', async () => {
  const { drift, audited, path, close } = await watched({ drift: { policy: 'correct' }, ...FILES });
  try {
    for (let round = 1; round <= 5; round++) {
      writeFileSync(path('etc/motd'), `theirs ${round}\n`);
      await drift.check();
      assert.equal(readFileSync(path('etc/motd'), 'utf8'), 'm\n');
      assert.equal(drift.state.corrections, round);
    }
    assert.match(drift.warnings.join(), /file\/\/etc\/motd was corrected 5 times within an hour/);
    writeFileSync(path('etc/motd'), 'theirs at last\n');
    await drift.check();
    assert.equal(readFileSync(path('etc/motd'), 'utf8'), 'theirs at last\n');
    assert.deepEqual(drifted(drift), ['file//etc/motd']);
    // Others are still corrected.
    writeFileSync(path('etc/app/a.conf'), 'theirs\n');
    await drift.check();
    assert.equal(readFileSync(path('etc/app/a.conf'), 'utf8'), 'a\n');
    assert.deepEqual(audited, Array(6).fill('nodectl.config/Correct OK'));
  } finally {
    close();
  }
});

test('a correction that fails is audited as such, and is no correction', async () => {
  const { drift, audited, path, close } = await watched({ drift: { policy: 'correct' }, ...FILES });
  try {
    rmSync(path('etc/motd'));
    mkdirSync(path('etc/motd'));
    await drift.check();
    assert.deepEqual(audited, ['nodectl.config/Correct FAILED_PRECONDITION']);
    assert.equal(drift.state.corrections, 0);
    assert.deepEqual(drifted(drift), ['file//etc/motd']);
  } finally {
    close();
  }
});

test('while a document is tried nothing is compared or corrected', async () => {
  const { domain, drift, path, close } = await watched({ drift: { policy: 'correct' }, ...FILES });
  try {
    const text = document({ files: { '/etc/motd': { content: 'tried\n' } } });
    await domain.apply({ text, mode: 'try', timeoutSeconds: 600, origin: ORIGIN, connection: 'c' }, signal);
    await assert.rejects(drift.check(), /applied or tried/);
    await sleep(1_500);
    assert.equal(readFileSync(path('etc/motd'), 'utf8'), 'tried\n');
    assert.deepEqual(drift.warnings, []);
    await domain.revert('', false, signal);
  } finally {
    close();
  }
});
