/**
 * Kills at every step, enumerated: what a kill leaves is what is on disk at that moment, so the node's folder is copied at each
 * step, and each copy is opened as the next agent would. Whatever it recovers to, and wherever that is killed in turn, is one
 * of two revisions, complete, and the node says which.
 */

import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ConfigDomain, Mode } from '../domain.ts';
import { ORIGIN, openConfig, type TestNode } from '../testing/test-node.ts';

// In memory where there is such a place: hundreds of copies are flushed.
const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-kill-'));
after(() => rmSync(top, { recursive: true }));
let folders = 0;
const newFolder = () => join(top, String(folders++));
const { signal } = new AbortController();

const document = (content: object) =>
  JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', ...content });
const FIRST = document({
  hostname: 'web-1',
  users: { app: { groups: [], shell: '/bin/sh' } },
  kernel: { sysctls: { 'vm.swappiness': 10 } },
  services: {
    'app.service': { enabled: true, started: true, unit: '[Service]\nExecStart=/bin/app\n' },
    'cron.service': { started: false },
  },
  files: {
    '/etc/app/conf.d/a.conf': { content: 'a=1\n', owner: 'app', restarts: ['app.service'] },
    '/etc/motd': { content: 'first\n' },
  },
});
const SECOND = document({
  hostname: 'web-one',
  users: { other: { groups: [] } },
  kernel: { sysctls: { 'vm.swappiness': 20, 'net.core.somaxconn': 1024 } },
  services: { 'app.service': { enabled: false, unit: '[Service]\nExecStart=/bin/app -2\n' } },
  files: { '/etc/other/b.conf': { content: 'b=1\n' }, '/etc/motd': { absent: true } },
});

/** Everything that the machine is, in an order of its own. */
function look(folder: string): Record<string, string> {
  const seen: Record<string, string> = {};
  const visit = (path: string) => {
    for (const name of readdirSync(join(folder, 'root', path)).sort()) {
      const inner = join(path, name);
      const real = join(folder, 'root', inner);
      const stat = lstatSync(real);
      // Homes stay, as with the real tools; copies of accounts are the tools' own.
      if (inner === 'home' || /^etc\/(?:passwd|group|shadow)-$/.test(inner)) continue;
      if (stat.isDirectory()) {
        seen[`${inner}/`] = 'folder';
        visit(inner);
      } else if (inner === 'var/lib/simulated-units.json')
        seen[inner] = JSON.stringify(
          Object.entries(JSON.parse(readFileSync(real, 'utf8')))
            .filter(([, unit]) => JSON.stringify(unit) !== '{"file":"disabled","active":"inactive"}')
            .sort(),
        );
      else {
        const text = readFileSync(real, 'utf8');
        const rows = /^etc\/(?:passwd|group|shadow)$/.test(inner) ? text.split('\n').sort().join('\n') : text;
        seen[inner] = `${(stat.mode & 0o777).toString(8)} ${rows}`;
      }
    }
  };
  visit('');
  return seen;
}

/** Runs something on a copy, and gives a copy of each of its steps. */
async function copies(
  from: string,
  work: (domain: ConfigDomain) => Promise<unknown>,
  node: TestNode = {},
): Promise<{ end: string; killed: { at: string; folder: string }[] }> {
  const end = newFolder();
  cpSync(from, end, { recursive: true, verbatimSymlinks: true });
  const killed: { at: string; folder: string }[] = [];
  const step = (at: string) => {
    const folder = newFolder();
    cpSync(end, folder, { recursive: true, verbatimSymlinks: true });
    killed.push({ at, folder });
  };
  const domain = await openConfig(end, { ...node, step });
  await work(domain);
  domain.close();
  return { end, killed };
}

const apply = (text: string, mode: Mode) => (domain: ConfigDomain) =>
  domain.apply({ text, mode, timeoutSeconds: 600, origin: ORIGIN, connection: 'c1' }, signal);

async function first(): Promise<string> {
  const folder = newFolder();
  const domain = await openConfig(folder);
  await apply(FIRST, 'live')(domain);
  domain.close();
  return folder;
}

/** Opens what a kill left, twice: the second time from every step of the first. Each must end as one of the two. */
async function recovers(
  killed: readonly { at: string; folder: string }[],
  ends: ReadonlyMap<number, Record<string, string>>,
  node: TestNode = {},
): Promise<number> {
  let count = 0;
  const check = (folder: string, domain: ConfigDomain, at: string) => {
    const running = domain.revisions.running()?.number ?? 0;
    assert.deepEqual(look(folder), ends.get(running), `killed at ${at}: revision ${running}`);
    assert.ok(!domain.underWay, at);
    for (const { number, outcome } of domain.revisions.all())
      assert.ok(
        number === running
          ? outcome === 'applied'
          : ['applied', 'interrupted', 'failed', 'reverted'].includes(outcome),
        `killed at ${at}: ${number} ${outcome}`,
      );
    assert.deepEqual(
      domain.warnings.filter((one) => !one.includes('staged')),
      [],
      at,
    );
    count++;
  };
  for (const { at, folder } of killed) {
    const { end, killed: again } = await copies(folder, async () => undefined, node);
    const domain = await openConfig(end, node);
    check(end, domain, at);
    domain.close();
    for (const second of again) {
      const other = await openConfig(second.folder, node);
      check(second.folder, other, `${at}, then ${second.at}`);
      other.close();
    }
  }
  return count;
}

test('an apply without a trial', async () => {
  const start = await first();
  const { end, killed } = await copies(start, apply(SECOND, 'live'));
  assert.ok(!existsSync(join(end, 'root/etc/app')), 'folders that were made go with their files');
  const count = await recovers(
    killed,
    new Map([
      [1, look(start)],
      [2, look(end)],
    ]),
  );
  assert.ok(killed.length >= 20, `${killed.length} steps`);
  assert.ok(count >= 100, `${count} kills`);
});

test('a trial, its confirmation and its end', async () => {
  const start = await first();
  const tried = await copies(start, apply(SECOND, 'try'));
  const ends = new Map([
    [1, look(start)],
    [2, look(tried.end)],
  ]);
  // The time of the trial is over when the next agent starts: a kill before that leaves it running, as it should.
  const later: TestNode = { boot: 'boot-2', clock: { aheadMs: 601_000 } };
  await recovers(tried.killed, ends, later);
  const confirmed = await copies(tried.end, (domain) => domain.confirm('', 'c2'));
  assert.ok(confirmed.killed.length >= 4);
  await recovers(confirmed.killed, ends, later);
  assert.deepEqual(look(confirmed.end), look(tried.end));
  const reverted = await copies(tried.end, (domain) => domain.revert('', false, signal));
  assert.ok(reverted.killed.length >= 12);
  await recovers(reverted.killed, ends, later);
  assert.deepEqual(look(reverted.end), look(start));
});

test('a document that was staged and is applied by the next boot', async () => {
  const start = await first();
  const staged = await copies(start, apply(SECOND, 'staged'));
  assert.deepEqual(look(staged.end), look(start));
  const booted = await copies(staged.end, async () => undefined, { boot: 'boot-2' });
  const ends = new Map([
    [1, look(start)],
    [2, look(booted.end)],
  ]);
  assert.notDeepEqual(ends.get(1), ends.get(2));
  await recovers(booted.killed, ends, { boot: 'boot-2' });
});

test('a correction of drift ends when the next agent starts, with the restarts that it owes', async () => {
  const start = await first();
  const wanted = look(start);
  const drifted = newFolder();
  cpSync(start, drifted, { recursive: true });
  writeFileSync(join(drifted, 'root/etc/app/conf.d/a.conf'), 'theirs\n');
  writeFileSync(join(drifted, 'root/proc/sys/vm/swappiness'), '99\n');
  writeFileSync(join(drifted, 'root/etc/motd'), 'theirs\n');
  const all = async (domain: ConfigDomain) => {
    const { plan } = await domain.plan(domain.document(0)?.text ?? '');
    await domain.correct(plan.changes.map(({ resource }) => resource.id));
  };
  const { end, killed } = await copies(drifted, all);
  assert.deepEqual(look(end), wanted);
  const restart = killed.findIndex(({ at }) => at === 'activate unit/app.service/restart');
  assert.ok(restart > 0);
  await recovers(killed, new Map([[1, wanted]]));
  const steps: string[] = [];
  const killedBefore = killed[restart - 1]?.folder ?? '';
  (await openConfig(killedBefore, { step: (name) => steps.push(name) })).close();
  assert.ok(
    steps.includes('activate unit/app.service/restart'),
    'the file is right already, the restart is still owed',
  );
});
