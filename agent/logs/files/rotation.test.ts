/** Declared log files with the rotated ones before them: in their order, under load, and compressed. */

import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { at, cursorOf, fresh, pack, stamp } from '../testing/declared-files.ts';
import { collect, dice } from '../testing/read.ts';

test('tail and since reach back into rotated files, in their order', async () => {
  const { path, source } = fresh(`${stamp(30)} c\n`);
  writeFileSync(`${path}.10`, `${stamp(1)} old\n`);
  writeFileSync(`${path}.2`, `${stamp(10)} a\n`);
  writeFileSync(`${path}.1`, `${stamp(20)} b\n`);
  writeFileSync(`${path}.1.gz`, 'packed');
  writeFileSync(`${path}-errors`, `${stamp(40)} another log\n`);
  for (const [suffix, second] of [
    ['.10', 1],
    ['.2', 10],
    ['.1', 20],
    ['', 30],
  ] as const) {
    utimesSync(path + suffix, at(second) / 1e6, at(second) / 1e6);
  }
  assert.deepEqual((await collect(source)).texts, [`${stamp(30)} c`]);
  assert.deepEqual((await collect(source, { tail: 3 })).texts, [
    `${stamp(10)} a`,
    `${stamp(20)} b`,
    `${stamp(30)} c`,
  ]);
  assert.deepEqual((await collect(source, { sinceUsec: at(15) })).texts, [
    `${stamp(20)} b`,
    `${stamp(30)} c`,
  ]);
});

/** A writer of numbered lines that rotates at random; `stop` ends it and gives how many lines it wrote. */
function startWriter(
  path: string,
  mode: 'rename' | 'copytruncate' | 'mixed' | 'compress',
  seed: number,
  total: number,
) {
  const roll = dice(seed);
  let fd = openSync(path, 'a');
  let written = 0;
  // As many as there can be: what is removed before it is read is lost, and that is not what this is about.
  const keep = 60;
  let kept = 0;
  const shift = () => {
    for (let i = kept; i >= 1; i--) {
      const ending = existsSync(`${path}.${i}`) ? '' : '.gz';
      renameSync(`${path}.${i}${ending}`, `${path}.${i + 1}${ending}`);
    }
    kept++;
    if (kept > keep) rmSync(`${path}.${kept--}${mode === 'compress' ? '.gz' : ''}`);
  };
  const rotate = () => {
    shift();
    if (mode === 'copytruncate' || (mode === 'mixed' && roll(2) === 0)) {
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
      return;
    }
    renameSync(path, `${path}.1`);
    if (roll(2) === 0) writeSync(fd, `${written++} late ${'l'.repeat(roll(100))}\n`);
    closeSync(fd);
    fd = openSync(path, 'a');
    // As logrotate does with delaycompress: the newest of the old ones stays as it is for one more round.
    if (mode === 'compress' && kept > 1) pack(`${path}.2`);
  };
  const done = (async () => {
    while (written < total) {
      for (let i = roll(400); i > 0; i--) {
        const line = `${written++} ${'.'.repeat(roll(200))}\n`;
        const cut = roll(20) === 0 ? roll(line.length) : line.length;
        writeSync(fd, line.slice(0, cut));
        if (cut === line.length) continue;
        await delay(1);
        writeSync(fd, line.slice(cut));
      }
      await delay(roll(4));
      if (roll(6) === 0) {
        rotate();
        await delay(roll(25));
      }
    }
    closeSync(fd);
    return written;
  })();
  return { done, total };
}

for (const mode of ['rename', 'copytruncate', 'mixed', 'compress'] as const) {
  test(`rotation by ${mode} under load, with sixty breaks: none lost, none twice`, async () => {
    const { path, source } = fresh('');
    const writer = startWriter(path, mode, 42, 60_000);
    const roll = dice(5);
    const seen: number[] = [];
    let cursor = '';
    let breaks = 0;
    let finished = -1;
    void writer.done.then((written) => {
      finished = written;
    });
    while (finished < 0 || seen.length < finished) {
      const limit = breaks < 60 ? 1 + roll(2000) : Number.POSITIVE_INFINITY;
      let idle = 0;
      let taken = 0;
      const { records, gaps } = await collect(
        source,
        { follow: true, cursor: cursor === '' ? undefined : cursorOf(cursor) },
        (sofar, event) => {
          if (event.event === 'watermark' && event.watermark.cursor !== '') idle++;
          taken = sofar.records.length;
          return (
            taken >= limit ||
            (idle > 2 && finished >= 0) ||
            (finished >= 0 && seen.length + taken >= finished)
          );
        },
      );
      breaks++;
      assert.deepEqual(gaps, [], `after ${seen.length} lines`);
      // The connection breaks in the middle of a batch: only so many arrived.
      const arrived = records.slice(0, limit);
      for (const record of arrived) seen.push(Number(record.text.split(' ')[0]));
      cursor = arrived.at(-1)?.cursor ?? cursor;
      if (idle > 2 && finished >= 0) break;
    }
    assert.ok(breaks > 50, `${breaks} breaks`);
    assert.ok(readdirSync(join(path, '..')).length > 3, 'it was rotated');
    const expected = Array.from({ length: finished }, (_, i) => i);
    const wrong = seen.findIndex((number, i) => number !== expected[i]);
    assert.equal(wrong, -1, `at ${wrong}: ${seen.slice(wrong - 2, wrong + 3)} instead of ${wrong}`);
    assert.equal(seen.length, finished);
  });
}

test('every cursor of a read leads to exactly what comes after it, also across rotated files', async () => {
  const { path, source } = fresh();
  const roll = dice(9);
  let number = 0;
  for (const suffix of ['.3', '.2', '.1', '']) {
    const lines = Array.from({ length: 50 }, () => `${number++} ${'x'.repeat(roll(100))}`);
    writeFileSync(path + suffix, `${lines.join('\n')}\n`);
  }
  pack(`${path}.3`, zstdCompressSync, '.zst');
  pack(`${path}.2`);
  const all = await collect(source, { tail: 1000 });
  assert.equal(all.records.length, 200);
  for (let i = 0; i < 60; i++) {
    const index = roll(200);
    const rest = await collect(source, { cursor: cursorOf(all.records[index]?.cursor) });
    assert.deepEqual(rest.texts, all.texts.slice(index + 1));
    assert.deepEqual(rest.gaps, []);
  }
});

test('a compressed file that is damaged is read as far as it goes, and said to be', async () => {
  const { path, source } = fresh(`${stamp(30)} c\n`);
  const lines = Array.from({ length: 40_000 }, (_, number) => `${stamp(1)} ${number} ${number ** 3}`);
  const packed = gzipSync(`${lines.join('\n')}\n`);
  writeFileSync(`${path}.1.gz`, packed.subarray(0, packed.length / 2));
  const { texts, gaps } = await collect(source, { sinceUsec: at(1) });
  assert.equal(texts.at(-1), `${stamp(30)} c`);
  assert.ok(texts.length > 1_000, `${texts.length}`);
  // The last line that was unpacked may be a part of one.
  assert.deepEqual(texts.slice(0, -2), lines.slice(0, texts.length - 2));
  assert.match(gaps[0]?.detail ?? '', /app\d+\.log\.1\.gz cannot be unpacked as a whole/);
  assert.equal(gaps.length, 1);
});
