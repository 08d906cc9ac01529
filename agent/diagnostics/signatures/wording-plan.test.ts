import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNATURES } from './catalogue.ts';
import { compileForScan, LineScanner, planForScan } from './line-scanner.ts';
import { planOf } from './plan-wordings.ts';
import { benignLogs, samples } from './testing/samples.ts';
import { packPlan, unpackPlan, type WordingPlan } from './wording-plan.ts';

/** What is found in a log, by a recogniser that was made of a plan. */
function found(log: string, plan?: WordingPlan): string[] {
  const hits: string[] = [];
  const scanner = new LineScanner(compileForScan(SIGNATURES, plan), {
    referenceMs: 0,
    hit: ({ line, signature, device }) => hits.push(`${line} ${signature.id} ${device}`),
  });
  scanner.push(Buffer.from(log));
  scanner.end();
  return hits;
}

test('a plan that was packed finds what one does that is made at run time', () => {
  const plan = planForScan(SIGNATURES);
  const packed = unpackPlan(packPlan(plan));
  assert.deepEqual(packed, plan);
  const log = [...samples().samples.map(({ text }) => text), ...benignLogs().flatMap(({ lines }) => lines)];
  const hits = found(log.join('\n'), packed);
  assert.ok(hits.length > SIGNATURES.length);
  assert.deepEqual(hits, found(log.join('\n')));
});

test('a wording by which no line could be found is refused', () => {
  assert.throws(() => planOf(['{dev}: {n} bad'], []), /"\{dev\}: \{n\} bad" has no text of 5 characters/);
});
