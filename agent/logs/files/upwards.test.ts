/** Rotation with rising numbers: log4j2's, where the highest is the newest, and rings, where names say nothing. */

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseCursor } from '../cursor.ts';
import { collect } from '../testing/read.ts';
import { declaredChain } from './chain.ts';
import { declaredFile } from './declared.ts';

const KEPT = 3;
const root = mkdtempSync(join(tmpdir(), 'nodectl-upwards-'));
after(() => rmSync(root, { recursive: true }));

const fresh = () => join(mkdtempSync(join(root, 'case-')), 'app.log');
const names = async (path: string) => (await declaredChain(path).list()).map((file) => basename(file.path));
/** Files of different age, to the millisecond. */
const pause = () => delay(15);

/** As log4j2 does with fileIndex="max": the new one gets the next number, and with too many all move down by one. */
function rollUp(path: string): void {
  let next = 1;
  while (existsSync(`${path}.${next}`)) next++;
  if (next > KEPT) {
    for (let at = 2; at < next; at++) renameSync(`${path}.${at}`, `${path}.${at - 1}`);
    next = KEPT;
  }
  renameSync(path, `${path}.${next}`);
  writeFileSync(path, '');
}

const ring = (path: string, round: number) => {
  renameSync(path, `${path}.${(round % KEPT) + 1}`);
  writeFileSync(path, '');
};

for (const [how, rotate] of [
  ['the highest number is the newest', rollUp],
  ['numbers go round', ring],
] as const)
  test(`a followed file is read once where ${how}`, async () => {
    const path = fresh();
    writeFileSync(path, 'line 0 of this log\n');
    const written = ['line 0 of this log'];
    const abort = { at: 60 };
    let round = 0;
    const read = await collect(declaredFile({ name: 'app', path }), { follow: true }, (sofar) => {
      if (sofar.texts.length >= abort.at) return true;
      if (sofar.texts.length < written.length) return false;
      if (written.length % 5 === 0) rotate(path, round++);
      const line = `line ${written.length} of this log`;
      appendFileSync(path, `${line}\n`);
      written.push(line);
      return false;
    });
    assert.deepEqual(read.texts.slice(0, abort.at), written.slice(0, abort.at));
    assert.deepEqual(read.gaps, []);
  });

test('a read goes on behind a cursor in a file that log4j2 has renamed', async () => {
  const path = fresh();
  const source = declaredFile({ name: 'app', path });
  let cursor = '';
  for (let file = 0; file < 4; file++) {
    if (file > 0) rollUp(path);
    appendFileSync(path, `first of file ${file}\nsecond of file ${file}\n`);
    if (file === 1) cursor = (await collect(source)).records[0]?.cursor ?? '';
    await pause();
  }
  assert.deepEqual(await names(path), ['app.log.1', 'app.log.2', 'app.log.3', 'app.log']);
  const rest = await collect(source, { cursor: parseCursor(cursor, 'FILE') });
  const whole = [2, 3].flatMap((file) => [`first of file ${file}`, `second of file ${file}`]);
  assert.deepEqual(rest.texts, ['second of file 1', ...whole]);
  assert.deepEqual(rest.gaps, []);
});

test('a read goes on behind a cursor in a ring whose numbers go round', async () => {
  const path = fresh();
  const source = declaredFile({ name: 'app', path });
  const cursors: string[] = [];
  const all: string[] = [];
  for (let file = 0; file < 6; file++) {
    if (file > 0) ring(path, file - 1);
    const lines = [`first of file ${file}`, `second of file ${file}`];
    appendFileSync(path, `${lines.join('\n')}\n`);
    all.push(...lines);
    cursors.push((await collect(source)).records[0]?.cursor ?? '');
    await pause();
  }
  // Files 2, 3 and 4 stand under the numbers 3, 1 and 2.
  assert.deepEqual(await names(path), ['app.log.3', 'app.log.1', 'app.log.2', 'app.log']);
  for (const file of [2, 3, 4, 5]) {
    const rest = await collect(source, { cursor: parseCursor(cursors[file] ?? '', 'FILE') });
    assert.deepEqual(rest.texts, all.slice(2 * file + 1));
    assert.deepEqual(rest.gaps, []);
  }
});

test('logrotate’s order stays where only one of the two times speaks against it', async () => {
  const path = fresh();
  for (const name of ['.2', '.1', '']) {
    writeFileSync(path + name, `${name}\n`);
    await pause();
  }
  assert.deepEqual(await names(path), ['app.log.2', 'app.log.1', 'app.log']);
  appendFileSync(`${path}.2`, 'from a writer that never opened the new file\n');
  assert.deepEqual(await names(path), ['app.log.2', 'app.log.1', 'app.log']);
  const restored = fresh();
  for (const [name, age] of [
    ['.1', 100],
    ['.2', 200],
    ['', 0],
  ] as const) {
    writeFileSync(restored + name, readFileSync(path));
    utimesSync(restored + name, Date.now() / 1000 - age, Date.now() / 1000 - age);
    await pause();
  }
  assert.deepEqual(await names(restored), ['app.log.2', 'app.log.1', 'app.log']);
});
