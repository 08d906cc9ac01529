/** A node's config against crashes, clocks, several callers at once, and state that a disk gives back damaged. */

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../proto/failure.ts';
import type { ConfigDomain, Mode } from './domain.ts';
import { ORIGIN, openConfig } from './testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-domain-'));
after(() => rmSync(top, { recursive: true }));
let folders = 0;
const newFolder = () => join(top, String(folders++));
const { signal } = new AbortController();
const reason = (expected: string) => (error: unknown) => Failure.from(error).reason === expected;

const document = (content: object) =>
  JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', ...content });
const motd = (text: string, more: object = {}) =>
  document({ files: { '/etc/motd': { content: text } }, ...more });

function apply(domain: ConfigDomain, text: string, mode: Mode = 'live', timeoutSeconds = 600) {
  return domain.apply({ text, mode, timeoutSeconds, origin: ORIGIN, connection: 'c1' }, signal);
}

/** A node that has been brought to a first and a second document. */
async function twice(): Promise<string> {
  const folder = newFolder();
  const domain = await openConfig(folder);
  await apply(domain, motd('first\n', { labels: { rack: 'a' } }));
  await apply(domain, motd('second\n', { labels: { rack: 'b' } }));
  domain.close();
  return folder;
}
const state = (folder: string, name: string) => join(folder, 'state', name);
const read = (folder: string, path: string) => readFileSync(join(folder, 'root', path), 'utf8');
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

for (const damage of ['not a number', '0', '-3', '99', '\0\0\0', ''])
  test(`"running" says ${JSON.stringify(damage)}: the newest revision that was applied counts, and that is told`, async () => {
    const folder = await twice();
    writeFileSync(state(folder, 'running'), damage);
    const domain = await openConfig(folder);
    assert.equal(domain.revisions.running()?.number, 2);
    assert.match(domain.warnings.join(), /revision 2 counts/);
    assert.equal(domain.heeded.labels.rack, 'b');
    await apply(domain, motd('third\n'));
    assert.deepEqual(domain.warnings, []);
    domain.close();
  });

test('the running document is damaged: the last known good one counts, and nothing is corrected until somebody has looked', async () => {
  const folder = await twice();
  const { digest = '' } = (await openConfig(folder)).revisions.running() ?? {};
  writeFileSync(state(folder, `documents/${digest}.yaml`), 'apiVersion: nodectl.dev/v1\nkind: Node\n');
  const domain = await openConfig(folder);
  assert.equal(domain.revisions.running()?.number, 1);
  assert.match(domain.warnings.join(), /revision 2 is lost.*revision 1 counts/);
  assert.equal(domain.certain, false);
  assert.equal(read(folder, 'etc/motd'), 'second\n');
  assert.equal((await domain.plan(motd('third\n'))).plan.changes.length, 1);
  await apply(domain, motd('third\n'));
  assert.equal(domain.certain, true);
  domain.close();
});

test('every revision is damaged: the node starts, says so, and takes a document', async () => {
  const folder = await twice();
  for (const name of readdirSync(state(folder, 'revisions')))
    writeFileSync(state(folder, `revisions/${name}`), '{}');
  const domain = await openConfig(folder);
  assert.match(domain.warnings.join(), /lost/);
  await apply(domain, motd('third\n'));
  assert.deepEqual([read(folder, 'etc/motd'), domain.warnings.length], ['third\n', 0]);
  domain.close();
});

test('a document that this agent does not understand any more: its predecessor is heeded, and the next can be applied', async () => {
  const folder = await twice();
  const before = await openConfig(folder);
  const text = document({ labels: { rack: 'c' }, future: {} });
  before.revisions.setRunning(before.revisions.add(text, 2, ORIGIN, 0, 'applied').number);
  before.close();
  const domain = await openConfig(folder);
  assert.equal(domain.heeded.labels.rack, 'b');
  assert.match(domain.warnings.join(), /revision 3 cannot be read.*revision 2/);
  await apply(domain, motd('third\n'));
  assert.deepEqual(domain.warnings, []);
  domain.close();
});

for (const damage of ['', '{', '[]', 'null', '{"revision":2}', '\0'.repeat(4_096)])
  test(`the journal is ${JSON.stringify(damage.slice(0, 20))}: the running revision is made to hold again, and that is told`, async () => {
    const folder = await twice();
    const cut = await openConfig(folder, {
      step: (name) => {
        if (name === 'verified') throw new Error('as if killed');
      },
    }).then((domain) => {
      domain.revisions.add(motd('third\n'), 2, ORIGIN, 0, 'applying');
      return domain;
    });
    cut.close();
    writeFileSync(join(folder, 'root/etc/motd'), 'third\n');
    writeFileSync(state(folder, 'apply.json'), damage);
    const domain = await openConfig(folder);
    assert.equal(read(folder, 'etc/motd'), 'second\n');
    assert.equal(domain.revisions.get(3).outcome, 'interrupted');
    assert.match(domain.warnings.join(), /journal damaged/);
    domain.close();
    // Told until somebody has applied something.
    const again = await openConfig(folder);
    assert.match(again.warnings.join(), /journal damaged/);
    await apply(again, motd('fourth\n'));
    assert.deepEqual(again.warnings, []);
    again.close();
  });

for (const damage of ['{', '[1]', ''])
  test(`the originals are ${JSON.stringify(damage)}: documents can be applied, and what is lost is told`, async () => {
    const folder = await twice();
    writeFileSync(state(folder, 'originals.json'), damage);
    const domain = await openConfig(folder);
    assert.equal((await domain.plan(motd('third\n'))).plan.changes.length, 1);
    assert.match(domain.warnings.join(), /not undone/);
    await apply(domain, motd('third\n'));
    assert.deepEqual(domain.warnings, []);
    domain.close();
  });

test('files of the state that are folders, and staged ones that are damaged, keep no node from starting', async () => {
  const folder = await twice();
  for (const name of ['running', 'apply.json', 'originals.json', 'staged.json']) {
    rmSync(state(folder, name), { force: true });
    mkdirSync(state(folder, name));
  }
  const domain = await openConfig(folder);
  assert.ok(domain.warnings.length > 0);
  domain.close();
});

test('what could not be put back is tried again, refuses nothing for ever, and can be given up', async () => {
  const folder = await twice();
  let broken = true;
  const domain = await openConfig(folder, {
    host: (host) => {
      const set = host.files.set.bind(host.files);
      host.files.set = (path, content) => {
        if (broken && path === '/etc/b' && content.kind === 'file')
          throw new Failure('HOST_CHANGE_FAILED', 'no room');
        if (
          broken &&
          path === '/etc/motd' &&
          content.kind === 'file' &&
          /second|now/.test(content.content.toString())
        )
          throw new Failure('HOST_CHANGE_FAILED', 'no room');
        set(path, content);
      };
      return host;
    },
  });
  const third = document({ files: { '/etc/motd': { content: 'third\n' }, '/etc/b': { content: 'b' } } });
  await assert.rejects(apply(domain, third), /no room; not everything could be put back/);
  assert.equal(read(folder, 'etc/motd'), 'third\n');
  assert.match(domain.warnings.join(), /revision 3/);
  assert.ok(domain.underWay);
  // The next apply puts back first, and fails with the reason that it cannot.
  await assert.rejects(apply(domain, motd('fourth\n')), /not everything could be put back/);
  await assert.rejects(domain.revert('', false, signal), /not everything could be put back/);
  broken = false;
  await apply(domain, motd('now\n'));
  assert.equal(domain.revisions.get(3).outcome, 'interrupted');
  broken = true;
  await assert.rejects(apply(domain, third));
  broken = true;
  const given = await domain.revert('', true, signal);
  assert.match(given.reason, /given up|stopped/);
  assert.ok(!domain.underWay);
  domain.close();
});

test('two applies at once: one is refused, and takes nothing of the other away', async () => {
  const folder = await twice();
  const told: string[] = [];
  const timer = {
    arm: async (deadlineMs: number) => void told.push(`arm ${deadlineMs > 0}`),
    disarm: async () => void told.push('disarm'),
  };
  const domain = await openConfig(folder, { timer });
  const results = await Promise.allSettled([
    apply(domain, motd('a\n'), 'try'),
    apply(domain, motd('b\n'), 'try'),
  ]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const [refused] = results.filter((one) => one.status === 'rejected');
  assert.equal(Failure.from(refused?.reason).reason, 'TRIAL_RUNNING');
  assert.deepEqual(told, ['arm true', 'arm true']);
  // During the trial: refused, staged ones too, and the timer of the trial is left alone.
  for (const mode of ['live', 'try', 'staged', 'auto'] as const)
    await assert.rejects(apply(domain, motd('c\n'), mode), reason('TRIAL_RUNNING'));
  assert.deepEqual(told, ['arm true', 'arm true']);
  await assert.rejects(domain.confirm('', 'c1'), reason('BAD_ARGUMENT'));
  await domain.confirm('', 'c2');
  assert.deepEqual(told.at(-1), 'disarm');
  domain.close();
});

for (const [name, byMs] of [
  ['back a year', -365 * 86_400_000],
  ['forward a year', 365 * 86_400_000],
] as const)
  test(`the clock is set ${name} during a trial: it ends when its time is over, not before and not later`, async () => {
    const folder = await twice();
    const clock = { aheadMs: 0, uptimeMs: 1_000_000 };
    const domain = await openConfig(folder, { clock });
    await apply(domain, motd('tried\n'), 'try', 100);
    clock.aheadMs += byMs;
    domain.close();
    const again = await openConfig(folder, { clock });
    assert.equal(again.trial()?.revision, 3);
    assert.equal(read(folder, 'etc/motd'), 'tried\n');
    again.close();
    clock.uptimeMs += 100_001;
    const last = await openConfig(folder, { clock });
    assert.equal(last.trial(), undefined);
    assert.equal(read(folder, 'etc/motd'), 'second\n');
    assert.equal(last.revisions.get(3).outcome, 'reverted');
    last.close();
  });

test('after a reboot with a clock that went back a year a trial lasts its own time at most', async () => {
  const folder = await twice();
  const domain = await openConfig(folder, { clock: { aheadMs: 0 } });
  await apply(domain, motd('tried\n'), 'try', 10);
  domain.close();
  const again = await openConfig(folder, { boot: 'boot-2', clock: { aheadMs: -365 * 86_400_000 } });
  assert.equal(again.trial()?.revision, 3);
  await until(() => again.trial() === undefined);
  assert.equal(read(folder, 'etc/motd'), 'second\n');
  again.close();
});

test('an agent that starts during a trial goes on to its deadline, and takes the confirmation', async () => {
  const folder = await twice();
  const domain = await openConfig(folder);
  const { trial } = await apply(domain, motd('tried\n'), 'try');
  domain.close();
  const again = await openConfig(folder);
  assert.equal(again.trial()?.trial.id, trial?.id);
  assert.equal((await again.confirm(trial?.id ?? '', 'c2')).outcome, 'applied');
  assert.equal(again.heeded.policy, 'report');
  again.close();
});

test('what was staged: the next boot applies it as the revision that it is, unless another was applied since', async () => {
  const folder = await twice();
  const domain = await openConfig(folder);
  await apply(domain, motd('earlier\n'), 'staged');
  await apply(domain, motd('staged\n'), 'staged');
  assert.match(domain.revisions.get(3).reason, /revision 4 was staged/);
  domain.close();
  const restarted = await openConfig(folder);
  assert.equal(read(folder, 'etc/motd'), 'second\n');
  restarted.close();
  const booted = await openConfig(folder, { boot: 'boot-2' });
  assert.deepEqual([read(folder, 'etc/motd'), booted.revisions.running()?.number], ['staged\n', 4]);
  await apply(booted, motd('overtaken\n'), 'staged');
  await apply(booted, motd('since\n'));
  booted.close();
  const last = await openConfig(folder, { boot: 'boot-3' });
  assert.equal(read(folder, 'etc/motd'), 'since\n');
  assert.equal(last.revisions.get(5).outcome, 'failed');
  assert.match(last.warnings.join(), /revision 5 was staged for this boot and not applied/);
  last.close();
});

test('health checks decide: what does not hold in time puts everything back with the reason', async () => {
  const folder = await twice();
  const domain = await openConfig(folder, {
    host: (host) => ({
      ...host,
      reach: {
        tcp: async (name) => {
          if (name !== 'up.example') throw new Error('connect ECONNREFUSED');
        },
        http: async (url) => (url.endsWith('/ok') ? 302 : 503),
      },
    }),
  });
  const checked = (health: object) => motd('checked\n', { health });
  await assert.rejects(
    apply(
      domain,
      checked({
        cron: { unit: 'cron.service', timeoutSeconds: 0.2 },
        gone: { unit: 'gone.service', timeoutSeconds: 0.2 },
        gateway: { tcp: 'down.example:443', timeoutSeconds: 0.2 },
        web: { http: 'http://127.0.0.1/broken', timeoutSeconds: 0.2 },
      }),
    ),
    /gone: gone\.service is inactive.*gateway: .*ECONNREFUSED.*web: .*503, after 0\.2 s/,
  );
  assert.equal(read(folder, 'etc/motd'), 'second\n');
  assert.match(domain.revisions.get(3).reason, /health checks do not hold/);
  await apply(
    domain,
    checked({
      cron: { unit: 'cron.service' },
      a: { tcp: 'up.example:1' },
      b: { http: 'http://x.example/ok' },
    }),
  );
  assert.equal(read(folder, 'etc/motd'), 'checked\n');
  domain.close();
});

test('a threshold that no check has is refused with its place, however it is applied', async () => {
  const folder = newFolder();
  const domain = await openConfig(folder);
  const wrong =
    'apiVersion: nodectl.dev/v1\nkind: Node\ndiagnostics:\n  thresholds:\n    clock.ofset: {warn: 1}\n';
  const refused = (error: unknown) => {
    const { reason, message } = Failure.from(error);
    assert.equal(reason, 'BAD_DOCUMENT');
    assert.match(message, /^document:5:5: diagnostics\.thresholds\.clock\.ofset: no such check$/);
    return true;
  };
  await assert.rejects(domain.plan(wrong), refused);
  for (const mode of ['live', 'staged'] as const) await assert.rejects(apply(domain, wrong, mode), refused);
  assert.equal(domain.revisions.running(), undefined);
  domain.close();
});
