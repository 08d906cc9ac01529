import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseCursor } from '../cursor.ts';
import { compilePattern } from '../pattern.ts';
import { collect, dice } from '../testing/read.ts';
import { containerSource, containerSources } from './pods.ts';

let base = '';
before(() => {
  base = mkdtempSync(join(tmpdir(), 'nodectl-pods-'));
});
after(() => rmSync(base, { recursive: true }));

const time = (second: number) =>
  `${new Date(Date.UTC(2026, 10, 24, 1, 0, second)).toISOString().slice(0, -1)}456789Z`;
const entry = (second: number, text: string, tag = 'F', stream = 'stdout') =>
  `${time(second)} ${stream} ${tag} ${text}\n`;
const cursorOf = (text: string | undefined) => parseCursor(text ?? '', 'CONTAINER');

function pod(folder = 'default_web-0_aaaa-1', container = 'app') {
  const root = mkdtempSync(join(base, 'case-'));
  const path = join(root, folder, container);
  mkdirSync(path, { recursive: true });
  const source = containerSource(root, 'pod/default/web-0/app');
  assert.ok(source);
  return { root, path, source };
}

test('entries become records without their heads; parts are joined by stream', async () => {
  const { path, source } = pod();
  writeFileSync(
    join(path, '0.log'),
    entry(1, 'hello world') +
      entry(2, 'part one, ', 'P') +
      entry(3, 'an error', 'F', 'stderr') +
      entry(4, 'part two', 'F') +
      entry(5, '') +
      'not in the format\n',
  );
  const { records, end } = await collect(source, { fields: ['*'] });
  assert.deepEqual(
    records.map((record) => [record.text, (record.usec / 1e6) % 60, record.fields.stream?.toString()]),
    [
      ['hello world', 1.000456, 'stdout'],
      ['an error', 3.000456, 'stderr'],
      ['part one, part two', 2.000456, 'stdout'],
      ['', 5.000456, 'stdout'],
      ['not in the format', 5.000456, 'stdout'],
    ].map(([text, second, stream]) => [
      text,
      ((Date.UTC(2026, 10, 24, 1, 0, 0) * 1000) / 1e6 + Number(second)) % 60,
      stream,
    ]),
  );
  assert.deepEqual(records[0]?.origin, { identifier: 'app', unit: '', pid: 0 });
  assert.equal(end?.records, 5);
});

test('a line of many parts is cut at the longest message, in bounded memory', async () => {
  const { path, source } = pod();
  const part = 'x'.repeat(16_384);
  writeFileSync(
    join(path, '0.log'),
    Array.from({ length: 64 }, () => entry(1, part, 'P')).join('') + entry(2, 'end') + entry(3, 'next'),
  );
  const { records } = await collect(source);
  assert.deepEqual(
    records.map((record) => [record.bytes.length, record.truncated]),
    [
      [65_536, true],
      [4, false],
    ],
  );
});

test('restarts, rotated pieces and incarnations of the pod are one source in order; compressed pieces are said', async () => {
  const { root, path, source } = pod();
  writeFileSync(join(path, '0.log'), entry(1, 'a'));
  writeFileSync(join(path, '1.log.20261124-010002'), entry(2, 'b'));
  writeFileSync(join(path, '1.log.20261124-010003'), entry(3, 'c'));
  writeFileSync(join(path, '1.log.20261124-010001.gz'), 'packed');
  writeFileSync(join(path, '1.log'), entry(4, 'd'));
  const again = join(root, 'default_web-0_bbbb-2', 'app');
  mkdirSync(again, { recursive: true });
  writeFileSync(join(again, '0.log'), entry(5, 'e'));
  mkdirSync(join(root, 'default_web-01_cccc-3', 'app'), { recursive: true });
  const { texts, gaps } = await collect(source);
  assert.deepEqual(texts, ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual([gaps.length, gaps[0]?.cause, gaps[0]?.bytes], [1, 'ROTATED', 6]);
  assert.deepEqual((await collect(source, { tail: 2 })).texts, ['d', 'e']);
  assert.deepEqual((await collect(source, { tail: 1, matcher: compilePattern('[abc]', false) })).texts, [
    'c',
  ]);
  assert.deepEqual(
    (await containerSources(root)).map(({ name }) => name),
    ['pod/default/web-0/app', 'pod/default/web-01/app'],
  );
});

test('names that are none in Kubernetes are no sources', () => {
  for (const name of [
    'pod/a/b',
    'pod/../b/c',
    'pod/a/b/..',
    'pod/a/b/c/d',
    'pod/a_b/c/d',
    'pod/a/b/C',
    'file/x',
    'pod//b/c',
  ]) {
    assert.equal(containerSource('/var/log/pods', name), undefined, name);
  }
});

test('every cursor leads to exactly what comes after it, also between the parts of a line', async () => {
  const { path, source } = pod();
  const roll = dice(4);
  const files = ['0.log', '1.log.20261124-010002', '1.log', '2.log'];
  let second = 0;
  for (const file of files) {
    let content = '';
    for (let i = 0; i < 60; i++) {
      const stream = roll(2) === 0 ? 'stdout' : 'stderr';
      content += entry(second++, `${second} ${'x'.repeat(roll(80))}`, roll(3) === 0 ? 'P' : 'F', stream);
    }
    writeFileSync(join(path, file), content + entry(second++, 'z') + entry(second++, 'z', 'F', 'stderr'));
  }
  const all = await collect(source);
  assert.ok(all.records.length > 100);
  for (const [i, record] of all.records.entries()) {
    const rest = await collect(source, { cursor: cursorOf(record.cursor) });
    assert.deepEqual(rest.texts, all.texts.slice(i + 1), `after ${i}`);
  }
  for (const tail of [1, 5, 50, 100]) {
    const { texts } = await collect(source, { tail });
    assert.deepEqual(texts.slice(-tail), all.texts.slice(-tail));
  }
});

test('a restart and a rotation while following are seen', async () => {
  const { path, source } = pod();
  writeFileSync(join(path, '0.log'), entry(1, 'one'));
  const steps = [
    () => writeFileSync(join(path, '1.log'), entry(2, 'two')),
    () => {
      renameSync(join(path, '1.log'), join(path, '1.log.20261124-010002'));
      writeFileSync(join(path, '1.log'), entry(3, 'three'));
    },
    () => appendFileSync(join(path, '1.log'), entry(4, 'fo', 'P') + entry(4, 'ur')),
  ];
  const { texts } = await collect(source, { follow: true }, (sofar, event) => {
    if (event.event === 'batch') steps.shift()?.();
    return sofar.texts.includes('four');
  });
  assert.deepEqual(texts, ['one', 'two', 'three', 'four']);
});
