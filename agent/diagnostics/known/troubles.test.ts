/** The table of known troubles: every entry matches at the borders of its ranges and not beyond, and needs all it asks for. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { YamlProblems } from '../../../proto/strict-yaml.ts';
import { evaluateTroubles } from './evaluate.ts';
import { parseTroubles } from './schema.ts';
import type { TroubleSubject } from './subject.ts';
import { bareSubject, beforeVersion, subjectOf } from './subject-of.ts';
import type { Trouble } from './trouble.ts';
import { TROUBLES } from './troubles.ts';
import { branchOf } from './version.ts';

const matches = (trouble: Trouble, subject: TroubleSubject) =>
  evaluateTroubles(subject, [trouble]).length === 1;

test('troubles.json is what troubles.yaml gives', () => {
  execFileSync(process.execPath, [join(import.meta.dirname, 'gen.ts'), '--check'], { stdio: 'pipe' });
});

test('every entry matches at both borders of its upstream ranges and not beyond them', () => {
  for (const trouble of TROUBLES)
    for (const range of trouble.upstream) {
      const branch = branchOf(range.introduced ?? range.fixed ?? '');
      const first = range.introduced ?? `${branch}.0`;
      const subject = (stable: string) => subjectOf(trouble, stable);
      assert.ok(matches(trouble, subject(first)), `${trouble.id} on ${first}`);
      if (range.fixed !== undefined) {
        assert.ok(
          matches(trouble, subject(beforeVersion(range.fixed))),
          `${trouble.id} before ${range.fixed}`,
        );
        const again = trouble.upstream.some(({ introduced }) => introduced === range.fixed);
        assert.equal(matches(trouble, subject(range.fixed)), again, `${trouble.id} on ${range.fixed}`);
      }
      // "6.1" as a border is the branch's first release; before it there is nothing of that branch.
      const before = /\.\d+\.[1-9]\d*$/.test(first) ? beforeVersion(first) : '1.0';
      const earlier = trouble.upstream.some(
        (one) => one !== range && branchOf(one.introduced ?? one.fixed ?? '') === branchOf(before),
      );
      if (!earlier) assert.ok(!matches(trouble, subject(before)), `${trouble.id} on ${before}`);
      assert.ok(!matches(trouble, subject('99.0.1')), `${trouble.id} on 99.0.1`);
    }
});

test('every entry matches at both borders of its packages’ ranges and not beyond them', () => {
  for (const trouble of TROUBLES)
    for (const [distribution, ranges] of Object.entries(trouble.packages))
      for (const { introduced, fixed } of ranges) {
        const subject = (version: string): TroubleSubject => ({
          ...subjectOf(trouble, '1.0'),
          kernel: { release: 'x', build: '', distribution, package: version, stable: '', basis: 'vendor' },
        });
        if (introduced !== undefined) {
          assert.ok(matches(trouble, subject(introduced)), `${trouble.id} on ${distribution} ${introduced}`);
          assert.ok(
            !matches(trouble, subject(`${introduced}~`)),
            `${trouble.id} on ${distribution} ${introduced}~`,
          );
        }
        if (fixed !== undefined) {
          assert.ok(matches(trouble, subject(`${fixed}~`)), `${trouble.id} on ${distribution} ${fixed}~`);
          assert.ok(!matches(trouble, subject(fixed)), `${trouble.id} on ${distribution} ${fixed}`);
        }
      }
});

test('every entry matches a machine that is as it asks, whatever its conditions', () => {
  for (const trouble of TROUBLES) {
    const [distribution, ranges] = Object.entries(trouble.packages)[0] ?? [];
    const range = trouble.upstream[0];
    const first = range?.introduced ?? beforeVersion(range?.fixed ?? '6.1.2');
    const subject = subjectOf(trouble, /^\d+\.\d+$/.test(first) ? `${first}.1` : first);
    const version = ranges?.[0]?.introduced;
    const vendors: TroubleSubject = {
      ...subject,
      kernel: {
        release: 'x',
        build: '',
        distribution: distribution ?? '',
        package: version ?? '',
        stable: '',
        basis: 'vendor',
      },
    };
    const found = evaluateTroubles(range === undefined && distribution ? vendors : subject, [trouble]);
    assert.equal(found.length, 1, trouble.id);
    assert.ok((found[0]?.because.length ?? 0) > 0, trouble.id);
  }
});

test('every entry needs what it asks for: a machine of which nothing is known has none of those with conditions', () => {
  for (const trouble of TROUBLES) {
    const stable = trouble.upstream[0]?.introduced ?? trouble.upstream[0]?.fixed ?? '6.1.1';
    const kernel = /^\d+\.\d+$/.test(stable) ? `${stable}.0` : stable;
    if (Object.keys(trouble.where).length === 0) continue;
    assert.ok(!matches(trouble, bareSubject(kernel)), trouble.id);
    const { unless } = trouble;
    if (unless[0] && trouble.upstream[0]?.introduced)
      assert.ok(
        !matches(trouble, { ...subjectOf(trouble, kernel), parameters: new Set([unless[0]]) }),
        trouble.id,
      );
  }
});

test('entries are many, told apart, and each names a public place and how it was verified', () => {
  assert.ok(TROUBLES.length >= 100, `${TROUBLES.length} entries`);
  const titles = TROUBLES.map(({ title }) => title);
  assert.equal(new Set(titles).size, titles.length);
});

test('the source is held against its schema, and what is wrong is told with line and column', () => {
  const good = readFileSync(join(import.meta.dirname, 'troubles.yaml'), 'utf8');
  assert.equal(parseTroubles(good, 'x').length, TROUBLES.length);
  const entry = (more: string) => `troubles:
  - id: known.x
    title: Something that is wrong
    severity: info
    certainty: likely
    symptom: It does not work at all.
    remedy: { text: Do something else., risk: none }
    links: [https://example.org/x]
    reviewed: It was only made up for this test.
${more}`;
  const problem = (text: string): string => {
    try {
      parseTroubles(text, 'f');
    } catch (error) {
      if (error instanceof YamlProblems) return error.problems[0] ?? '';
      throw error;
    }
    return 'none';
  };
  assert.equal(problem(entry('    upstream: [{ introduced: 6.1.3, fixed: 6.1.5 }]')), 'none');
  assert.match(problem(entry('    upstream: [{ introduced: 6.10 }]')), /^f:10:.*"6\.10", with quotes/);
  assert.match(problem(entry('    upstream: [{ introduced: 6.1.3, fixed: 6.2.5 }]')), /one branch/);
  assert.match(problem(entry('    upstream: [{ introduced: 6.1.5, fixed: 6.1.5 }]')), /not before/);
  assert.match(problem(entry('    where: { firmware: [{ fixed: "1" }] }')), /name the drivers/);
  assert.match(problem(entry('    where: { driver: [x] }')), /^f:10:\d+: .*driver/);
  assert.match(problem(entry('')), /true of every machine/);
  assert.match(problem(entry('    where: { modules: [x] }\n').replace('https', 'http')), /^f:8:/);
  const twice = entry('    where: { modules: [x] }\n');
  assert.match(problem(twice + twice.replace('troubles:\n', '')), /^f:11:\d+: known\.x is there twice/);
});
