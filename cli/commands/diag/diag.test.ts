import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import type { Finding, NodeReport } from '../../diag/fold/model.ts';
import { madeFinding, madeReport } from '../../diag/testing.ts';
import { FakeFleet, type FakeNode } from '../../testing/fleet.ts';
import { MemorySink, runCli } from '../../testing/run.ts';

const warning = madeFinding({ id: 'nic.errors' });
const critical = madeFinding({ id: 'disk.smart', severity: 'SEVERITY_CRITICAL' });
const info = madeFinding({ id: 'kernel.tainted', severity: 'SEVERITY_INFO' });
const refused = new Failure('CONNECTION_REFUSED', 'nothing listens at 10.0.0.9:7443');

const answer = (node: string, findings: readonly Finding[]): NodeReport['answer'] =>
  madeReport({ node, labels: {}, traits: [] }, findings, ['nic.errors', 'disk.smart', 'kernel.tainted'])
    .answer;

/** Runs on a fleet of nodes with these findings, or that cannot be reached. */
async function diag(nodes: Record<string, readonly Finding[] | Failure>, ...argv: string[]) {
  const requests: Record<string, unknown>[] = [];
  const fleet = new FakeFleet(
    Object.fromEntries(
      Object.entries(nodes).map(([name, has]): [string, FakeNode] => [
        name,
        has instanceof Failure
          ? { unreachable: has }
          : {
              answers: {
                Diagnose: (request) => {
                  requests.push(request);
                  return answer(name, has);
                },
                GetNode: () => ({ labels: { rack: 'a' }, machineId: name }),
              },
            },
      ]),
    ),
  );
  try {
    return { ...(await runCli(['diag', ...argv], { env: fleet.env, open: fleet.connect })), requests };
  } finally {
    fleet.remove();
  }
}

test('the exit status says how bad it is, and nodes that fail hide no critical', async () => {
  const cases: [nodes: Record<string, readonly Finding[] | Failure>, argv: string[], status: number][] = [
    [{ a: [] }, [], 0],
    [{ a: [info] }, [], 0],
    [{ a: [warning], b: [info] }, [], 10],
    [{ a: [warning], b: [critical] }, [], 11],
    [{ a: refused, b: [critical] }, [], 11],
    [{ a: refused, b: [warning] }, [], 3],
    [{ a: refused, b: refused }, [], 5],
    [{ a: [warning] }, ['--severity', 'critical'], 0],
    [{ a: [warning, critical] }, ['--severity', 'critical'], 11],
    [{ a: [critical] }, ['-o', 'jsonl'], 11],
  ];
  for (const [nodes, argv, status] of cases)
    assert.equal((await diag(nodes, ...argv)).status, status, JSON.stringify([Object.keys(nodes), argv]));
});

test('areas and checks go to the nodes; checks over the fleet do not', async () => {
  assert.deepEqual((await diag({ a: [] }, 'nic', 'clock')).requests, [
    { areas: ['nic', 'clock'], checks: [] },
  ]);
  const { requests, stdout } = await diag({ a: [warning], b: [] }, '--check', 'fleet.mixed-kernels');
  assert.deepEqual(requests[0], { areas: [], checks: [] });
  assert.doesNotMatch(stdout, /nic\.errors|WARN/);
  const both = await diag({ a: [] }, '--check', 'fleet.mixed-kernels', '--check', 'nic.errors');
  assert.deepEqual(both.requests, [{ areas: [], checks: ['nic.errors'] }]);
});

test('labels of the context and of the node count as traits', async () => {
  const { stdout } = await diag(
    Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`n${at}`, at < 7 ? [warning] : []])),
    '-o',
    'json',
  );
  const { items, summary } = JSON.parse(stdout);
  assert.deepEqual([summary.asked, summary.healthy, summary.warnings], [14, 7, 1]);
  // All have rack=a by their own word, so it tells nobody apart.
  assert.deepEqual(items[0].attribution.distinctions, []);
});

test('a failed node is an item with its error, and a line on stderr', async () => {
  const nodes = { a: refused, b: [warning] };
  const lines = (await diag(nodes, '-o', 'jsonl')).stdout.trim().split('\n');
  assert.deepEqual(
    lines
      .map((line) => JSON.parse(line))
      .map(({ type, id, node, error }) => [type, id ?? node, error?.reason]),
    [
      ['trouble', 'nic.errors', undefined],
      ['node', 'a', 'CONNECTION_REFUSED'],
    ],
  );
  const { stderr, stdout } = await diag(nodes);
  assert.match(stderr, /^error: a: nothing listens at 10\.0\.0\.9:7443 \[CONNECTION_REFUSED\]\n$/);
  assert.match(stdout, /3 checks on 1 of 2 nodes/);
});

test('options that contradict each other, and intervals that are none, are refused', async () => {
  for (const argv of [
    ['--list', '--explain', 'a'],
    ['--watch', '0'],
    ['--watch', 'soon'],
    ['--watch', '--from', '.'],
    ['--watch', '-o', 'json'],
  ])
    assert.equal((await diag({ a: [] }, ...argv)).status, 2, argv.join(' '));
});

test('--list and --explain ask no node', async () => {
  const listed = await diag({ a: refused }, '--list', '-o', 'json');
  const { items } = JSON.parse(listed.stdout);
  assert.equal(listed.status, 0);
  for (const { id } of items.slice(0, 3)) {
    const { stdout, status } = await diag({ a: refused }, '--explain', id);
    assert.equal(status, 0);
    assert.ok(stdout.startsWith(id));
  }
  const { stdout: clock } = await diag({ a: refused }, '--explain', 'clock.offset');
  assert.match(clock, /^Reads$[\s\S]*^ {2}chronyc -c -m tracking[\s\S]*^ {2}ntpq -c rv$[\s\S]*^Thresholds$/m);
  const areas = new Set(
    JSON.parse((await diag({}, '--list', 'memory', '-o', 'json')).stdout).items.map(
      (one: { area: string }) => one.area,
    ),
  );
  assert.deepEqual([...areas], ['memory']);
});

test('--explain tells thresholds that named nodes have otherwise', async () => {
  const threshold = { name: 'errors', defaultValue: 5, unit: '1/h', source: 'netdata' };
  const info = { id: 'fleet.mixed-kernels', area: 'nic', title: '', about: '', reads: [], links: [] };
  const node = (value: number): FakeNode => ({
    answers: { ListChecks: () => ({ checks: [{ ...info, thresholds: [{ ...threshold, value }] }] }) },
  });
  const fleet = new FakeFleet({ a: node(5), b: node(50) });
  try {
    const argv = ['diag', '--explain', 'fleet.mixed-kernels', '--all', '-o', 'json'];
    const { stdout } = await runCli(argv, { env: fleet.env, open: fleet.connect });
    assert.deepEqual(JSON.parse(stdout).items[0].moved, [{ name: 'errors', value: 50, nodes: ['b'] }]);
  } finally {
    fleet.remove();
  }
});

/** A fleet whose only node answers one thing after the other, and then has the watcher interrupted. */
async function watched(
  answers: readonly (readonly Finding[] | Failure)[],
  columns?: number,
  ...argv: string[]
) {
  let at = 0;
  const fleet = new FakeFleet({
    a: {
      answers: {
        Diagnose: () => {
          const now = answers[at++];
          if (at >= answers.length) process.emit('SIGINT', 'SIGINT');
          if (now instanceof Failure) throw now;
          return answer('a', now ?? []);
        },
      },
    },
  });
  try {
    return await runCli(['diag', '--watch', '1', ...argv], {
      ...{ env: fleet.env, open: fleet.connect, stdout: new MemorySink(columns) },
    });
  } finally {
    fleet.remove();
  }
}

test('--watch tells a pipe what changes, and Ctrl-C ends with the status of the last look', async () => {
  // The look in which the interruption falls is not finished.
  const { stdout, status } = await watched([[warning], [warning, critical], refused, [critical], []]);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\S+Z {2}/, ''));
  assert.deepEqual(lines, [
    'new   WARN  a  The trouble nic.errors [nic.errors]',
    'new   CRIT  a  The trouble disk.smart [disk.smart]',
    'a does not answer',
    'a answers again',
    'gone  WARN  a  The trouble nic.errors [nic.errors]',
  ]);
  assert.equal(status, 11);
});

test('--watch -o jsonl gives an object a change', async () => {
  const { stdout, status } = await watched([[warning], [], []], undefined, '-o', 'jsonl');
  const changes = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    changes.map(({ change, node, id, severity }) => [change, node, id, severity]),
    [
      ['new', 'a', 'nic.errors', 'warning'],
      ['gone', 'a', 'nic.errors', 'warning'],
    ],
  );
  assert.equal(status, 0);
});

test('--watch draws anew on a terminal', async () => {
  const { stdout } = await watched([[warning], []], 80);
  assert.equal(stdout.split('\x1b[H\x1b[2J').length, 2);
  assert.match(stdout, /Ctrl-C ends/);
});

test('a check of another area than the one that is named is refused: nothing looked at is nothing well', async () => {
  const words = ['diag', 'clock', '--check', 'nic.link-down', '--from', '.'];
  for (const more of [[], ['--check', 'clock.offset'], ['-o', 'jsonl']]) {
    const { status, stdout, stderr } = await runCli([...words, ...more]);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /nic\.link-down is a check of nic, not of clock/);
  }
});

test('a captured machine alone is called what it calls itself, and several are called after their files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-diag-'));
  const paths = ['before.txt', 'after.txt'].map((name) => join(folder, name));
  try {
    for (const path of paths)
      writeFileSync(path, 'Nov 28 03:00:07 db-2 kernel: EXT4-fs error (device sda2): x: y\n');
    const nodes = async (...from: string[]) => {
      const { stdout } = await runCli([
        'diag',
        'disk',
        '-o',
        'json',
        ...from.flatMap((one) => ['--from', one]),
      ]);
      return JSON.parse(stdout).items[0].nodes;
    };
    assert.deepEqual(await nodes(paths[0] ?? ''), ['db-2']);
    assert.deepEqual((await nodes(...paths)).sort(), ['after', 'before']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
