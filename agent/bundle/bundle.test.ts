/** A bundle of this machine and of simulated ones: the same findings come of it, and no secret is in it. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { capturedParts, openLocal } from '../diagnostics/captured-channel.ts';
import { DiagnosticsDomain, type DiagnosticsParts } from '../diagnostics/domain.ts';
import type { Report } from '../diagnostics/report.ts';
import { History } from '../history/history.ts';
import { LiveMachine } from '../host/live-machine.ts';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { simulatedMachine } from '../sim/server.ts';
import { type BundleContent, collectBundle } from './collect.ts';
import { ANSWERS } from './extras.ts';

const ALL = { logs: true, history: true, version: '1.2.3' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function collect(parts: DiagnosticsParts, options = ALL): Promise<BundleContent[]> {
  const files: BundleContent[] = [];
  for await (const file of collectBundle(parts, options, AbortSignal.timeout(60_000))) files.push(file);
  return files;
}

function unpack(files: readonly BundleContent[]): string {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

interface Index {
  files: { path: string; size: number; sha256: string; how: string }[];
  failed: { what: string; kind: string; why: string }[];
  leftOut: { what: string; why: string }[];
  agentVersion: string;
}

function parsed<T>(files: readonly BundleContent[], path: string): T {
  const file = files.find((one) => one.path === path);
  assert.ok(file, `${path} is missing`);
  return JSON.parse(file.bytes.toString()) as T;
}

/** What a report says, without the numbers that time changes. */
function said({ findings, checks }: Report) {
  return {
    findings: findings
      .map(
        ({ id, severity, subject, title }) => `${severity} ${id} ${subject.kind} ${subject.name}: ${title}`,
      )
      .sort(),
    checks: checks.map(({ id, status }) => `${id}: ${status}`),
  };
}

async function replayed(): Promise<Report> {
  const domain = new DiagnosticsDomain(capturedParts('web-1', folder));
  return domain.diagnose({ areas: [], ids: [] }, AbortSignal.timeout(60_000));
}

test('a bundle of this machine gives the findings of this machine', async () => {
  const files = await collect({ node: 'web-1', machine: new LiveMachine() });
  unpack(files);
  assert.deepEqual(said(await replayed()), said(parsed<Report>(files, 'nodectl/report.json')));
  const index = parsed<Index>(files, 'index.json');
  assert.equal(index.agentVersion, '1.2.3');
  assert.deepEqual(
    index.files,
    files
      .filter(({ path }) => path !== 'index.json')
      .map(({ path, bytes }, at) => ({
        ...{ path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
        how: index.files[at]?.how,
      })),
  );
  assert.ok(index.files.some(({ path }) => path === 'proc/meminfo'));
  assert.ok(index.files.some(({ how }) => how === 'uname -a'));
});

test('what other commands show of this machine is in its bundle too', async () => {
  const files = await collect({ node: 'web-1', machine: new LiveMachine() });
  const channel = openLocal(capturedParts('web-1', unpack(files)));
  for (const [name, method, request] of ANSWERS) {
    const kept = parsed<Record<string, unknown>>(files, `nodectl/${name}.json`);
    const again = (await channel.unary(method, request)) as unknown as Record<string, unknown>;
    assert.deepEqual(Object.keys(kept).sort(), Object.keys(again).sort());
    assert.doesNotMatch(JSON.stringify(again), /not in the bundle/, method);
  }
});

test('a bundle of a simulated machine with troubles gives these', async () => {
  const machine = simulatedMachine({
    name: 'web-1',
    rack: 'a',
    index: 1,
    faults: ['clock', 'nic', 'kernel'],
  });
  const parts = { node: 'web-1', machine, thresholds: () => ({ 'memory.nearly-full': { usedPercent: 0 } }) };
  const files = await collect(parts);
  unpack(files);
  const before = parsed<Report>(files, 'nodectl/report.json');
  assert.ok(before.findings.some(({ id }) => id === 'memory.nearly-full'));
  assert.ok(before.findings.some(({ severity }) => severity !== 'info'));
  assert.deepEqual(said(await replayed()), said(before));
});

test('what was not asked when the bundle was taken is not taken for missing', async () => {
  unpack(
    await collect({
      node: 'web-1',
      machine: new MemoryMachine({ files: new Map([['proc/version', 'Linux\n']]) }),
    }),
  );
  const { machine } = capturedParts('web-1', folder);
  assert.equal(machine.text('proc/meminfo'), undefined);
  assert.throws(() => machine.text('proc/never-asked'), { kind: 'not-captured' });
  assert.throws(() => machine.list('sys/never'), { kind: 'not-captured' });
  await assert.rejects(machine.run('never', []), { kind: 'not-captured' });
  await assert.rejects(machine.run('uname', ['-a']), { kind: 'missing-tool' });
});

test('secrets that lie about are in no file', async () => {
  const secret = 'Zu7kaeP9hohX3eiqu';
  const planted = new MemoryMachine({
    files: new Map([
      ['proc/cmdline', `root=/dev/vda rd.iscsi.password=${secret}\n`],
      ['proc/version', 'Linux version 6.1.0\n'],
      ['proc/sys/kernel/osrelease', '6.1.0\n'],
      ['etc/shadow', `root:${secret}:1:0\n`],
      ['etc/resolv.conf', `# token: ${secret}\nnameserver 192.0.2.1\n`],
      ['etc/chrony/chrony.conf', `server a key 1\n# api_key = "${secret}"\n`],
    ]),
    tools: new Map([
      ['ps -eo pid,ppid,stat,ni,rss,etimes,wchan:32,comm --sort=-rss', 'PID COMMAND\n1 init\n'],
      ['dmesg --time-format iso --decode', `kern: systemd: Authorization: Bearer ${secret}\n`],
      [
        'journalctl -u nodectl-agent -n 5000 -o short-iso-precise --no-pager',
        `started with nctl_${secret}\n`,
      ],
      ['ip address show', `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----\n`],
    ]),
  });
  const files = await collect({ node: 'web-1', machine: planted });
  assert.ok(files.some(({ path }) => path === 'etc/resolv.conf'));
  for (const { path, bytes } of files) assert.ok(!bytes.includes(secret), `${path} has the secret`);
  const { leftOut } = parsed<Index>(files, 'index.json');
  assert.ok(leftOut.some(({ what, why }) => what === 'proc/cmdline' && /taken out/.test(why)));
});

test('the history goes along, and checks see it', async () => {
  const ring = join(folder, 'ring');
  const machine = simulatedMachine({ name: 'web-1', rack: 'a', index: 1, faults: [] });
  const history = new History({
    ...{ folder: ring, machine, everyMs: 60_000, limits: { maxBytes: 20 << 20, keepMs: 1e9 } },
    samplers: async () => [{ id: 'x', read: () => [{ series: 'x//y', value: 7 }] }],
  });
  await history.tick();
  await history.stop();
  const parts = { node: 'web-1', machine, history: history.view, ring: history.source };
  unpack(await collect(parts));
  const { history: past } = capturedParts('web-1', folder);
  assert.deepEqual(
    past?.points('x//y', 3_600_000).map(({ value }) => value),
    [7],
  );
  const without = await collect(parts, { ...ALL, history: false, logs: false });
  assert.ok(!without.some(({ path }) => path.startsWith('nodectl/history')));
  assert.ok(
    !parsed<Index>(without, 'index.json').failed.some(({ what }) => what.startsWith('journalctl -k')),
  );
});
