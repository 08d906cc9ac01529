/** Declared log files: their lines as records, what is chosen of them, and what is refused. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { compilePattern } from '../pattern.ts';
import { at, cursorOf, fresh, pack, stamp } from '../testing/declared-files.ts';
import { collect } from '../testing/read.ts';
import { declaredFile } from './declared.ts';

test('lines are records with times, priorities and cursors; lines without a time belong to the one before', async () => {
  const { source } = fresh(`${stamp(1)} one\n\tat a.b(c)\n<3>${stamp(2)} two\n\n`);
  const { records, end } = await collect(source);
  assert.deepEqual(
    records.map((record) => [record.text, record.usec, record.priority]),
    [
      [`${stamp(1)} one`, at(1), 255],
      ['\tat a.b(c)', at(1), 255],
      [`<3>${stamp(2)} two`, at(2), 3],
      ['', at(2), 255],
    ],
  );
  assert.deepEqual(end, { records: 4, cursor: records.at(-1)?.cursor });
});

test('the last line needs no newline where nothing is followed, and its cursor leads behind it', async () => {
  const { path, source } = fresh('one\ntwo');
  const first = await collect(source);
  assert.deepEqual(first.texts, ['one', 'two']);
  assert.equal(first.end?.cursor, first.records.at(-1)?.cursor);
  appendFileSync(path, '\nthree\n');
  const more = await collect(source, { cursor: cursorOf(first.end?.cursor) });
  assert.deepEqual(more.texts, ['', 'three']);
  assert.deepEqual(more.gaps, []);
});

test('any bytes pass: invalid UTF-8, NULs, carriage returns', async () => {
  const content = Buffer.from([0, 255, 0xc3, 10, 13, 10, 0xe9, 0x80, 10]);
  const { source } = fresh(content);
  for (const matcher of [undefined, compilePattern('', false), compilePattern('^', false)]) {
    const { records } = await collect(source, { matcher });
    assert.deepEqual(Buffer.concat(records.flatMap((record) => [record.bytes, Buffer.from('\n')])), content);
  }
});

test('lines of a mebibyte are cut with a mark, and the lines around them are whole', async () => {
  const long = 'x'.repeat(1 << 20);
  const edge = 'y'.repeat(65_536);
  const { source } = fresh(
    `before\n${long}\nbetween\n${edge}\n${edge}z\n${'w'.repeat(200_000)}\nbehind\n${long}`,
  );
  for (const matcher of [undefined, compilePattern('.', false), compilePattern('[a-z]', true)]) {
    const { records } = await collect(source, { matcher });
    assert.deepEqual(
      records.map((record) => [record.text.slice(0, 8), record.bytes.length, record.truncated]),
      [
        ['before', 6, false],
        ['xxxxxxxx', 65_536, true],
        ['between', 7, false],
        ['yyyyyyyy', 65_536, false],
        ['yyyyyyyy', 65_536, true],
        ['wwwwwwww', 65_536, true],
        ['behind', 6, false],
        ['xxxxxxxx', 65_536, true],
      ],
    );
    for (const [i, record] of records.entries()) {
      const rest = await collect(source, { cursor: cursorOf(record.cursor) });
      assert.equal(rest.texts.length, records.length - 1 - i);
    }
  }
});

test('a line of a gibibyte takes little memory', async () => {
  const { path, source } = fresh('first\n');
  const fd = openSync(path, 'r+');
  ftruncateSync(fd, 2 ** 30);
  closeSync(fd);
  appendFileSync(path, '\nlast\n');
  const base = process.memoryUsage().rss;
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss - base)), 5);
  const { records } = await collect(source);
  clearInterval(timer);
  assert.deepEqual(
    records.map((record) => [record.bytes.length, record.truncated]),
    [
      [5, false],
      [65_536, true],
      [4, false],
    ],
  );
  assert.ok(peak < 200 << 20, `${peak >> 20} MiB`);
});

test('conditions on time, priority and message are joined by and', async () => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => `<${i % 8}>${stamp(i)} ${i % 3 === 0 ? 'fizz' : 'plain'} ${i}`,
  );
  const { source } = fresh(`${lines.join('\n')}\n`);
  const wanted = (from: number, to: number) =>
    lines.filter((_, i) => i >= from && i < to && (i % 8 === 3 || i % 8 === 4) && i % 3 === 0);
  const options = { priorityMask: 0b11000, matcher: compilePattern('FIZZ', true) };
  const found = await collect(source, { ...options, sinceUsec: at(1000), untilUsec: at(4000) });
  assert.deepEqual(found.texts, wanted(1000, 4000));
  const tail = await collect(source, { ...options, tail: 7 });
  assert.deepEqual(tail.texts, wanted(0, 5000).slice(-7));
  assert.deepEqual((await collect(source, { tail: 0 })).texts, []);
  assert.deepEqual((await collect(source, { tail: 5001 })).texts, lines);
  assert.deepEqual((await collect(source, { tail: 3, sinceUsec: at(4999) })).texts, lines.slice(-1));
});

test('a priority is refused where no line has one, also to a follower and for the newest; one that has suffices', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `${stamp(i)} status installed ${i}`).join('\n');
  const refused = { reason: 'BAD_ARGUMENT', message: /no line of file\/app that was read has one/ };
  const { source, path } = fresh(`${lines}\n`);
  const options = { priorityMask: 0b11111 };
  for (const more of [{}, { tail: 10 }, { follow: true }, { follow: true, tail: 10 }, { sinceUsec: at(200) }])
    await assert.rejects(collect(source, { ...options, ...more }), refused, JSON.stringify(more));
  const [first] = (await collect(source, { tail: 2 })).records;
  assert.deepEqual((await collect(source, { ...options, cursor: cursorOf(first?.cursor) })).texts, []);
  appendFileSync(path, `<6>${stamp(400)} not severe\n`);
  assert.deepEqual((await collect(source, options)).texts, []);
  const empty = fresh('');
  const seen = await collect(
    empty.source,
    { ...options, follow: true },
    (_, { event }) => event === 'watermark',
  );
  assert.deepEqual(seen.texts, []);
});

test('the newest lines since a time, where lines have none of their own', async () => {
  const { source, path } = fresh('one\ntwo\nthree\n');
  const changed = statSync(path).mtimeMs * 1000;
  assert.deepEqual((await collect(source, { sinceUsec: changed - 1e6, tail: 2 })).texts, ['two', 'three']);
  assert.deepEqual((await collect(source, { untilUsec: changed + 1e6, tail: 1 })).texts, ['three']);
  assert.deepEqual((await collect(source, { sinceUsec: changed + 1e6, tail: 2 })).texts, []);
  // The trace of the second error is longer than what is read at once.
  const trace = Array.from({ length: 12_000 }, (_, i) => `\tat frame ${i} of the trace`).join('\n');
  const long = fresh(`${stamp(1)} first\n${stamp(5)} second\n${trace}\n`).source;
  const { texts } = await collect(long, { sinceUsec: at(4), tail: 12_000 });
  assert.deepEqual([texts.length, texts[0]], [12_000, '\tat frame 0 of the trace']);
  assert.equal((await collect(long, { untilUsec: at(4), tail: 5 })).texts.join(), `${stamp(1)} first`);
});

test('a time is found in a large file without reading it all, and the newest lines by reading backwards', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${stamp(i)} line ${i} ${'.'.repeat(i % 50)}`);
  const { source } = fresh(`${lines.join('\n')}\n`);
  assert.deepEqual((await collect(source, { sinceUsec: at(43_210) })).texts, lines.slice(43_210));
  assert.deepEqual((await collect(source, { sinceUsec: at(99_999_999) })).texts, []);
  assert.deepEqual((await collect(source, { tail: 17_000 })).texts, lines.slice(-17_000));
  assert.deepEqual((await collect(source, { tail: 2, matcher: compilePattern('line 1 ', false) })).texts, [
    lines[1],
  ]);
});

test('what cannot be a log file is refused and never hangs', async () => {
  const { path, source } = fresh();
  assert.match((await source.inspect()).unavailable, /does not exist/);
  await assert.rejects(collect(source), { reason: 'SOURCE_UNAVAILABLE' });
  execFileSync('mkfifo', [path]);
  assert.match((await source.inspect()).unavailable, /not a regular file/);
  await assert.rejects(collect(source), { reason: 'SOURCE_UNAVAILABLE' });
  rmSync(path);
  symlinkSync('/etc/passwd', path);
  assert.match((await source.inspect()).unavailable, /symbolic link/);
  await assert.rejects(collect(source), { reason: 'SOURCE_UNAVAILABLE' });
  for (const name of ['../x', '', 'a/b', '.x', 'x'.repeat(64)]) {
    assert.throws(() => declaredFile({ name, path: '/x' }), { reason: 'BAD_CONFIG' });
  }
  for (const bad of ['x', '/a/../b', '/a/', '/a//b']) {
    assert.throws(() => declaredFile({ name: 'x', path: bad }), { reason: 'BAD_CONFIG' });
  }
});

test('a cursor is refused when malformed, and a gap is said when its file is gone or was truncated', async () => {
  const { path, source } = fresh('one line of text\ntwo\nthree\n');
  const { records } = await collect(source);
  const cursor = cursorOf(records[1]?.cursor);
  await assert.rejects(collect(source, { cursor: { prefix: 'f.1.2', position: 1 } }), {
    reason: 'BAD_CURSOR',
  });
  truncateSync(path);
  appendFileSync(path, 'a new beginning\n');
  const after = await collect(source, { cursor });
  assert.deepEqual([after.gaps[0]?.cause, after.texts], ['TRUNCATED', ['a new beginning']]);
  // Kept open, so that its inode number is not given to the next file.
  const held = openSync(path, 'r');
  rmSync(path);
  writeFileSync(path, 'another file\n');
  const gone = await collect(source, { cursor });
  closeSync(held);
  assert.deepEqual(
    [gone.gaps[0]?.cause, gone.gaps[0]?.records, gone.texts],
    ['ROTATED', -1, ['another file']],
  );
});

test('behind a cursor whose file is gone nothing is left out, also where its number was given to a newer file', async () => {
  const { path, source } = fresh('of the cursor\n');
  const { records } = await collect(source);
  const { prefix, position } = cursorOf(records[0]?.cursor);
  rmSync(path);
  writeFileSync(`${path}.1`, 'written meanwhile\n');
  writeFileSync(path, 'newest\n');
  // What a file system may do, and this one may not do just now.
  const parts = prefix.split('.');
  parts[2] = statSync(path).ino.toString(36);
  parts[3] = (Number.parseInt(parts[3] ?? '', 36) - 1).toString(36);
  const { gaps, texts } = await collect(source, { cursor: { prefix: parts.join('.'), position } });
  assert.deepEqual([gaps.map(({ cause }) => cause), texts], [['ROTATED'], ['written meanwhile', 'newest']]);
});

test('behind a cursor whose copy is gone the newer copies come, and not those that were read before it', async () => {
  const { path, source } = fresh();
  const write = (file: string, text: string, second: number) => {
    writeFileSync(file, `${text}\n`);
    utimesSync(file, at(second) / 1e6, at(second) / 1e6);
  };
  write(`${path}.1`, 'read long ago', 1);
  write(path, 'of the cursor, in a file that stays', 2);
  const { records } = await collect(source);
  const cursor = cursorOf(records[0]?.cursor);
  write(path, 'newest', 9);
  const truncated = await collect(source, { cursor });
  assert.deepEqual([truncated.gaps.map(({ cause }) => cause), truncated.texts], [['TRUNCATED'], ['newest']]);
  // Copied and truncated again and again: the copy of what the cursor was in has gone by now.
  write(`${path}.2`, 'older copy', 3);
  write(`${path}.1`, 'newer copy', 6);
  pack(`${path}.2`);
  const copied = await collect(source, { cursor });
  assert.deepEqual(
    [copied.gaps.map(({ cause }) => cause), copied.texts],
    [['TRUNCATED'], ['older copy', 'newer copy', 'newest']],
  );
});

test('a line that is cut stays before those behind it, and a read goes on behind each of them', async () => {
  const { source } = fresh(`first\n${'x'.repeat(800_000)}\nbehind\nlast\n`);
  const { records } = await collect(source);
  const starts = (texts: readonly string[]) => texts.map((text) => text.slice(0, 6));
  assert.deepEqual(starts(records.map(({ text }) => text)), ['first', 'xxxxxx', 'behind', 'last']);
  for (const [index, { cursor }] of records.entries()) {
    const rest = await collect(source, { cursor: cursorOf(cursor) });
    assert.deepEqual(starts(rest.texts), ['first', 'xxxxxx', 'behind', 'last'].slice(index + 1));
  }
});

test('a long read goes through one buffer: what is read leaves nothing for the garbage collector', async () => {
  const line = `${stamp(1)} ${'x'.repeat(200)}\n`;
  const { source } = fresh(line.repeat(8_000));
  const memories = new Set<unknown>();
  let batches = 0;
  await collect(source, {}, (_, event) => {
    if (event.event !== 'batch') return false;
    batches++;
    memories.add(event.batch.text.buffer);
    return false;
  });
  assert.ok(batches > 3, `${batches}`);
  assert.equal(memories.size, 1);
});
