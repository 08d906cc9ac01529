/** Every signature against its samples, all samples against all signatures, and nothing against what is healthy. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, SIGNATURES } from './catalogue.ts';
import { type Hit, LineScanner } from './line-scanner.ts';
import { FAMILIES } from './signature.ts';
import { compileTemplate } from './template.ts';
import { benignLogs, samples } from './testing/samples.ts';

const all = samples();

function scan(lines: readonly string[]): Hit[] {
  const hits: Hit[] = [];
  const scanner = new LineScanner(catalogue(), { referenceMs: 0, hit: (hit) => hits.push(hit) });
  scanner.push(Buffer.from(`${lines.join('\n')}\n`));
  scanner.end();
  return hits;
}

test('every sample is recognised as its signature, with its device', () => {
  const wrong = all.samples.flatMap(({ text, signature, device, at }) => {
    const [hit] = scan([`[  12.345678] ${text}`]);
    const found = hit && `${hit.signature.id} ${hit.device ?? '-'}`;
    return found === `${signature} ${device ?? '-'}` ? [] : [`${at}: ${found ?? 'nothing'} in ${text}`];
  });
  assert.deepEqual(wrong, []);
});

test('every signature has samples, and samples name signatures', () => {
  const named = new Set(all.samples.map(({ signature }) => signature));
  const ids = SIGNATURES.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id) => !named.has(id)),
    [],
  );
  assert.deepEqual(
    [...named].filter((id) => !ids.includes(id)),
    [],
  );
});

test('no lookalike and no line of a healthy machine is recognised', () => {
  const lines = [...all.lookalikes, ...benignLogs().flatMap(({ lines }) => lines)];
  const found = scan(lines).map(({ signature, text }) => `${signature.id}: ${text}`);
  assert.deepEqual(found, []);
});

test('identifiers are unique, and families known', () => {
  const ids = SIGNATURES.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
  for (const id of ids) assert.match(id, /^kernel-log\.[a-z0-9]+(?:-[a-z0-9]+)*$/);
  for (const { id, family } of SIGNATURES) assert.ok(FAMILIES.includes(family), id);
});

test('what a signature explains is there', () => {
  const ids = SIGNATURES.map(({ id }) => id);
  const unknown = SIGNATURES.flatMap(({ id, explains }) =>
    explains
      .filter((one) => one.startsWith('kernel-log.'))
      .filter(
        (one) =>
          !ids.some((other) => (one.endsWith('*') ? other.startsWith(one.slice(0, -1)) : other === one)),
      )
      .map((one) => `${id}: ${one}`),
  );
  assert.deepEqual(unknown, []);
});

test('titles have no numbers, and texts are sentences', () => {
  for (const { id, title, about, remedy } of SIGNATURES) {
    assert.doesNotMatch(title, /(?<!-)\b\d+\b|\.$/, id);
    assert.match(about, /\.$/, id);
    assert.match(remedy.text, /\.$/, id);
  }
});

test('no wording stands twice: the second would never be reached', () => {
  const wordings = SIGNATURES.flatMap(({ lines }) => lines);
  assert.deepEqual(
    wordings.filter((line, index) => wordings.indexOf(line) !== index),
    [],
  );
});

test('every template costs a bounded number of steps a line', () => {
  for (const { id, lines, except } of SIGNATURES) {
    for (const template of [...lines, ...except]) {
      const { steps } = compileTemplate(template);
      assert.ok(steps <= 500_000, `${id}: ${template} takes up to ${steps} steps`);
    }
  }
});
