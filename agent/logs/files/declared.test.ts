import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parseCursor } from '../cursor.ts';
import { compilePattern } from '../pattern.ts';
import { collect, dice } from '../testing/read.ts';
import { declaredChain } from './chain.ts';
import { declaredFile } from './declared.ts';
import { PlainFormat } from './plain.ts';
import { FileSource } from './source.ts';

let root = '';
let serial = 0;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'nodectl-files-'));
});
after(() => rmSync(root, { recursive: true }));

function fresh(content?: string | Buffer): { path: string; source: ReturnType<typeof declaredFile> } {
  const folder = mkdtempSync(join(root, 'case-'));
  const path = join(folder, `app${serial++}.log`);
  if (content !== undefined) writeFileSync(path, content);
  return { path, source: declaredFile({ name: 'app', path }) };
}

const cursorOf = (text: string | undefined) => parseCursor(text ?? '', 'FILE');
const at = (second: number) => Date.UTC(2026, 10, 24, 1, 0, second) * 1000;
const stamp = (second: number) => new Date(at(second) / 1000).toISOString();

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

test('follow waits for a file that is made later, holds a line until it is whole, and gives watermarks', async () => {
  const { path, source } = fresh();
  const writing = (async () => {
    await delay(50);
    writeFileSync(path, `${stamp(1)} par`);
    await delay(700);
    appendFileSync(path, 'tial\nnext\n');
  })();
  const before = Date.now() * 1000;
  const { texts, watermarks, order } = await collect(
    source,
    { follow: true },
    (sofar) => sofar.texts.length >= 2,
  );
  await writing;
  assert.deepEqual(texts, [`${stamp(1)} partial`, 'next']);
  assert.ok(watermarks.length >= 1);
  assert.ok(watermarks.every(({ timeUsec }) => timeUsec > before - 1e6 && timeUsec <= Date.now() * 1000));
  assert.ok(!order.includes('end'));
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

test('a follower is told at once that it has caught up, with a cursor that loses nothing, even of an empty file', async () => {
  const { path, source } = fresh('');
  for (const tail of [0, 5]) {
    const { order, watermarks } = await collect(source, { follow: true, tail }, () => true);
    assert.deepEqual(order, ['watermark']);
    appendFileSync(path, 'written meanwhile\n');
    const rest = await collect(source, { cursor: cursorOf(watermarks[0]?.cursor) });
    assert.deepEqual([rest.texts, rest.gaps], [['written meanwhile'], []]);
    truncateSync(path);
  }
});

test('truncation while following loses only what was never seen', async () => {
  const { path, source } = fresh('one\ntwo\n');
  const { texts, gaps } = await collect(source, { follow: true }, (sofar, event) => {
    if (event.event === 'batch' && sofar.texts.length === 2) {
      setTimeout(() => {
        truncateSync(path);
        setTimeout(() => appendFileSync(path, 'three and more than before\n'), 100);
      }, 100);
    }
    return sofar.texts.length >= 3;
  });
  assert.deepEqual([texts, gaps], [['one', 'two', 'three and more than before'], []]);
});

test('a slow reader of a file that is truncated is told how much it lost', async () => {
  const { path, source } = fresh(`${'0123456789'.repeat(5)}\n`.repeat(20_000));
  const { gaps, texts } = await collect(source, { follow: true }, (sofar) => {
    if (sofar.order.length === 1) truncateSync(path);
    if (sofar.order.length === 2) appendFileSync(path, 'afterwards\n');
    return sofar.texts.at(-1) === 'afterwards';
  });
  assert.equal(gaps[0]?.cause, 'TRUNCATED');
  assert.equal((gaps[0]?.bytes ?? 0) + texts.slice(0, -1).join('\n').length + 1, 51 * 20_000);
});

test('a line written between the last read and the rotation is not lost', async () => {
  const { path } = fresh('one\n');
  const chain = declaredChain(path);
  let looks = 0;
  const source = new FileSource({
    name: 'file/app',
    kind: 'FILE',
    description: path,
    missing: '',
    format: (selection) => new PlainFormat(selection),
    chain: {
      ...chain,
      newest: () => {
        // Just now the reader has come to the end; before it sees the new file, the writer adds a line and rotates.
        if (++looks === 1) {
          appendFileSync(path, 'two\n');
          renameSync(path, `${path}.1`);
          writeFileSync(path, 'three\n');
        }
        return chain.newest();
      },
    },
  });
  const { texts } = await collect(source, { follow: true }, (sofar) => sofar.texts.includes('three'));
  assert.deepEqual(texts, ['one', 'two', 'three']);
});

test('what a writer appends to a renamed file whose successor was begun is said to be lost', async () => {
  const { path, source } = fresh('one\n');
  const writer = openSync(path, 'a');
  let step = 0;
  const { texts, gaps } = await collect(source, { follow: true }, (sofar) => {
    if (step === 0 && sofar.texts.includes('one')) {
      step = 1;
      renameSync(path, `${path}.1`);
      writeFileSync(path, 'two\n');
    } else if (step === 1 && sofar.texts.includes('two')) {
      step = 2;
      writeSync(writer, 'late\n');
    }
    return sofar.gaps.length > 0;
  });
  closeSync(writer);
  assert.deepEqual(texts, ['one', 'two']);
  assert.deepEqual([gaps[0]?.cause, gaps[0]?.bytes], ['ROTATED', 5]);
  assert.match(gaps[0]?.detail ?? '', /went on in .*app\d+\.log after its successor had been begun/);
});

/** Compresses a file as gzip does: the new one with the times of the old one, which goes when that is complete. */
function pack(path: string, compress: (bytes: Buffer) => Buffer = gzipSync, ending = '.gz'): void {
  const { atimeMs, mtimeMs } = statSync(path);
  const packed = compress(readFileSync(path));
  writeFileSync(path + ending, packed.subarray(0, packed.length / 2));
  appendFileSync(path + ending, packed.subarray(packed.length / 2));
  utimesSync(path + ending, atimeMs / 1e3, mtimeMs / 1e3);
  rmSync(path);
}

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
