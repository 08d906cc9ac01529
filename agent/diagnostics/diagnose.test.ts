/** A run of checks: facts are read once and given up in time, and a check that could not run is never "ok". */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../host/live-machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import { type Check, check, NotApplicable, Skipped } from './check.ts';
import { diagnose } from './diagnose.ts';
import { fact } from './fact.ts';
import { CHECKS } from './registry.ts';

let reads = 0;
const load = fact({
  id: 'test.load',
  reads: ['/proc/loadavg'],
  limitMs: 1_000,
  read: ({ machine }) => {
    reads++;
    return Number(machine.text('proc/loadavg')?.split(' ')[0]);
  },
});
const slow = fact({ id: 'test.slow', reads: [], limitMs: 20, read: () => new Promise<number>(() => {}) });
const absent = fact({
  id: 'test.absent',
  reads: [],
  limitMs: 1_000,
  read: (): number => {
    throw new Unavailable('absent', 'there is none');
  },
});
const broken = fact({
  id: 'test.broken',
  reads: [],
  limitMs: 1_000,
  read: (): number => (undefined as unknown as { n: number }).n,
});

const common = { area: 'system', title: 'A test', about: 'For tests.' } as const;
const remedy = { text: 'Do nothing.', risk: 'none' } as const;

async function run(checks: Check[], more: Partial<Parameters<typeof diagnose>[0]> = {}) {
  const { signal } = new AbortController();
  return diagnose({ machine: new LiveMachine(), signal, checks, traits: [], ...more });
}

test('a fact is read once for all checks, thresholds can be set, drafts are completed', async () => {
  const high = check({
    ...common,
    id: 'system.high',
    needs: { load },
    thresholds: { least: { value: 1e9, unit: '', source: 'test' } },
    evaluate: (facts, { least }) =>
      facts.load >= least
        ? [{ severity: 'warning', title: 'High', remedy, evidence: ['a', 'b', 'c', 'd'] }]
        : [],
  });
  const other = check({ ...common, id: 'system.other', needs: { load }, evaluate: () => [] });
  reads = 0;
  const fine = await run([high, other]);
  assert.equal(reads, 1);
  assert.deepEqual(
    fine.checks.map(({ status }) => status),
    ['ok', 'ok'],
  );
  const { findings } = await run([high], { thresholds: { 'system.high': { least: 0 } } });
  assert.deepEqual(findings[0]?.id, 'system.high');
  assert.deepEqual(findings[0]?.evidence, ['a', 'b', 'c']);
  assert.deepEqual(findings[0]?.subject, { kind: 'node', name: '' });
});

test('a check that costs something runs where it is named alone', async () => {
  const dear = check({ ...common, id: 'system.dear', onRequest: true, needs: {}, evaluate: () => [] });
  assert.deepEqual((await run([dear])).checks, []);
  assert.deepEqual((await run([dear], { areas: ['system'] })).checks, []);
  assert.equal((await run([dear], { ids: ['system.dear'] })).checks[0]?.status, 'ok');
});

test('what hangs is given up, told, and a finding of its own', async () => {
  const one = check({ ...common, id: 'system.slow', needs: { slow }, evaluate: () => [] });
  const report = await run([one]);
  assert.deepEqual(report.checks[0]?.status, 'skipped');
  assert.deepEqual(
    report.findings.map(({ id, subject }) => `${id} ${subject.name}`),
    ['system.reader-hung test.slow'],
  );
});

test('what is late where there is no processor time to spare is told so, and is no warning', async () => {
  const one = check({ ...common, id: 'system.slow', needs: { slow }, evaluate: () => [] });
  for (const [waited, severity] of [
    ['95.20', 'info'],
    ['3.10', 'warning'],
  ] as const) {
    class Busy extends LiveMachine {
      override text(path: string): string | undefined {
        return path === 'proc/pressure/cpu'
          ? `some avg10=${waited} avg60=1.00 avg300=1.00 total=1\n`
          : super.text(path);
      }
    }
    const { findings } = await run([one], { machine: new Busy() });
    assert.deepEqual(
      findings.map((each) => [each.id, each.severity]),
      [['system.reader-hung', severity]],
    );
  }
});

test('absent is not applicable; a defect of a reader skips the check and is told', async () => {
  const report = await run([
    check({ ...common, id: 'system.a', needs: { absent }, evaluate: () => [] }),
    check({ ...common, id: 'system.b', needs: { broken }, evaluate: () => [] }),
    check({ ...common, id: 'system.c', needs: {}, evaluate: () => new NotApplicable('no such thing') }),
    check({ ...common, id: 'system.d', needs: {}, evaluate: () => new Skipped('not now') }),
    check({
      ...common,
      id: 'system.e',
      needs: {},
      wants: { absent, load },
      evaluate: ({ absent: none, load: some }) =>
        none === undefined && some !== undefined ? [] : new Skipped('wrong'),
    }),
  ]);
  assert.deepEqual(
    report.checks.map(({ status }) => status),
    ['not-applicable', 'skipped', 'not-applicable', 'skipped', 'ok'],
  );
  assert.deepEqual(
    report.problems.map(({ what, kind }) => `${what} ${kind}`),
    ['test.broken nonsense'],
  );
});

test('what one fact cannot read is told once, however many build on it', async () => {
  const denied = fact({
    id: 'test.denied',
    reads: [],
    limitMs: 1_000,
    read: (): number => {
      throw new Unavailable('denied', 'it may not be read');
    },
  });
  const above = (id: string) => fact({ id, reads: [], limitMs: 1_000, read: ({ get }) => get(denied) });
  const report = await run([
    check({ ...common, id: 'system.a', needs: { one: above('test.one') }, evaluate: () => [] }),
    check({ ...common, id: 'system.b', needs: { two: above('test.two') }, evaluate: () => [] }),
  ]);
  assert.deepEqual(
    report.checks.map(({ status }) => status),
    ['skipped', 'skipped'],
  );
  assert.deepEqual(
    report.problems.map(({ what }) => what),
    ['test.denied'],
  );
});

test('no two checks have one id, nor two facts', () => {
  const twice = (ids: readonly string[]) => ids.filter((id, at) => ids.indexOf(id) !== at);
  assert.deepEqual(twice(CHECKS.map(({ id }) => id)), []);
  const facts = new Set(CHECKS.flatMap(({ needs }) => Object.values(needs)));
  assert.deepEqual(twice([...facts].map(({ id }) => id)), []);
});
