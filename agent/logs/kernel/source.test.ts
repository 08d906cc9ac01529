import assert from 'node:assert/strict';
import { accessSync, closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../../proto/failure.ts';
import type { KmsgReader } from '../../host/kmsg.ts';
import { parseCursor } from '../cursor.ts';
import { compilePattern } from '../pattern.ts';
import { collect, dice } from '../testing/read.ts';
import { parseKernelRecord, unescapeKernel } from './record.ts';
import { KernelSource, realKernel } from './source.ts';

const BOOT = '0123456789abcdef0123456789abcdef';
const BASE = 1_790_000_000_000_000;
const cursorOf = (text: string | undefined) => parseCursor(text ?? '', 'KERNEL');

/** A ring buffer like the kernel's: of so many records, each with a number, the oldest overwritten. */
class Ring {
  records: { sequence: number; line: string }[] = [];
  next = 0;
  readonly size: number;
  open = 0;

  constructor(size: number) {
    this.size = size;
  }

  write(text: string, level = 6): void {
    this.records.push({ sequence: this.next, line: `${level},${this.next},${this.next * 1000},-;${text}\n` });
    this.next++;
    if (this.records.length > this.size) this.records.shift();
  }

  reader(): KmsgReader {
    let at = this.records[0]?.sequence ?? this.next;
    this.open++;
    return {
      next: () => {
        const oldest = this.records[0]?.sequence ?? this.next;
        if (at < oldest) {
          at = oldest;
          return 'overrun';
        }
        const record = this.records[at - oldest];
        if (record === undefined) return 'empty';
        at++;
        return Buffer.from(record.line);
      },
      close: () => {
        this.open--;
      },
    };
  }

  source(boot = BOOT): KernelSource {
    return new KernelSource({ open: () => this.reader(), bootId: () => boot, bootTimeUsec: () => BASE });
  }
}

test('records have times, priorities, fields and cursors; escapes are undone', async () => {
  const ring = new Ring(100);
  ring.write('plain');
  ring.write('tab\\x09 back\\x5cslash \\xc3\\xa9 \\xzz\n SUBSYSTEM=net\n DEVICE=+pci:0000\\x3a00', 27);
  const { records, end } = await collect(ring.source(), { fields: ['*'] });
  assert.deepEqual(
    records.map((record) => [record.text, record.usec, record.priority, record.cursor]),
    [
      ['plain', BASE, 6, `k.${BOOT}:0`],
      ['tab\t back\\slash é \\xzz', BASE + 1000, 3, `k.${BOOT}:1`],
    ],
  );
  assert.deepEqual(
    records.map(({ origin }) => origin),
    ['kern', 'daemon'].map((identifier) => ({ identifier, unit: '', pid: 0 })),
  );
  assert.deepEqual(
    Object.entries(records[1]?.fields ?? {}).map(([name, value]) => `${name}=${value}`),
    [
      'SYSLOG_FACILITY=3',
      '_SOURCE_MONOTONIC_TIMESTAMP=1000',
      '_KERNEL_SUBSYSTEM=net',
      '_KERNEL_DEVICE=+pci:0000:00',
    ],
  );
  assert.deepEqual(end, { records: 2, cursor: `k.${BOOT}:1` });
  const { records: some } = await collect(ring.source(), { fields: ['_KERNEL_SUBSYSTEM'] });
  assert.deepEqual(
    some.map((record) => Object.keys(record.fields)),
    [[], ['_KERNEL_SUBSYSTEM']],
  );
});

test('an overrun is a gap with the exact count, in its place', async () => {
  const ring = new Ring(100);
  for (let i = 0; i < 100; i++) ring.write(`n${i}`);
  const lines: string[] = [];
  const { texts, gaps, order } = await collect(ring.source(), { follow: true }, (sofar, event) => {
    if (event.event === 'batch' && sofar.texts.length === 100)
      for (let i = 0; i < 250; i++) ring.write(`m${i}`);
    if (event.event === 'gap') lines.push(sofar.texts.at(-1) ?? '');
    return sofar.texts.at(-1) === 'm249';
  });
  assert.deepEqual([gaps.length, gaps[0]?.cause, gaps[0]?.records], [1, 'OVERRUN', 150]);
  assert.deepEqual(
    [texts.length, texts[100], lines, order.filter((name) => name !== 'watermark')[1]],
    [200, 'm150', ['n99'], 'gap'],
  );
});

test('an overrun in the middle of a slice stands between what was before and behind it', async () => {
  const ring = new Ring(1000);
  for (const sequence of [5, 6, 9, 10])
    ring.records.push({ sequence, line: `6,${sequence},1,-;r${sequence}\n` });
  // The ring of this test has a hole, as when several were overwritten between two reads.
  const lines = ring.records.map((record) => Buffer.from(record.line));
  const source = new KernelSource({
    open: () => ({ next: () => lines.shift() ?? 'empty', close: () => undefined }),
    bootId: () => BOOT,
    bootTimeUsec: () => BASE,
  });
  const { order, texts, gaps } = await collect(source);
  assert.deepEqual(order, ['batch', 'gap', 'batch', 'end']);
  assert.deepEqual([texts, gaps[0]?.records], [['r5', 'r6', 'r9', 'r10'], 2]);
});

test('a cursor leads behind its record; lost ones are counted; another boot is said', async () => {
  const ring = new Ring(50);
  for (let i = 0; i < 120; i++) ring.write(`${i}`);
  const rest = await collect(ring.source(), { cursor: cursorOf(`k.${BOOT}:${(100).toString(36)}`) });
  assert.deepEqual([rest.texts[0], rest.texts.length, rest.gaps.length], ['101', 19, 0]);
  const lost = await collect(ring.source(), { cursor: cursorOf(`k.${BOOT}:${(10).toString(36)}`) });
  assert.deepEqual([lost.gaps[0]?.records, lost.texts[0]], [59, '70']);
  const exact = await collect(ring.source(), { cursor: cursorOf(`k.${BOOT}:${(69).toString(36)}`) });
  assert.deepEqual([exact.gaps.length, exact.texts.length], [0, 50]);
  const other = await collect(ring.source('f'.repeat(32)), {
    cursor: cursorOf(`k.${BOOT}:${(10).toString(36)}`),
  });
  assert.deepEqual([other.gaps[0]?.cause, other.gaps[0]?.records, other.texts.length], ['REBOOT', -1, 50]);
});

test('conditions and the newest N', async () => {
  const ring = new Ring(1000);
  for (let i = 0; i < 500; i++) ring.write(`${i % 2 ? 'odd' : 'even'} ${i}`, (i % 8) + 8 * 3);
  const source = ring.source();
  assert.deepEqual((await collect(source, { tail: 2 })).texts, ['even 498', 'odd 499']);
  assert.deepEqual((await collect(source, { tail: 0 })).texts, []);
  assert.equal((await collect(source, { tail: 900 })).texts.length, 500);
  assert.equal((await collect(source, { priorityMask: 1 })).texts.length, 63);
  assert.equal((await collect(source, { sinceUsec: BASE + 499_000 })).texts.length, 1);
  assert.equal((await collect(source, { untilUsec: BASE + 499_000 })).texts.length, 499);
  assert.deepEqual((await collect(source, { matcher: compilePattern('ODD', true), tail: 1 })).texts, [
    'odd 499',
  ]);
  assert.equal((await collect(source, { boot: 'this' })).texts.length, 500);
  assert.equal((await collect(source, { boot: BOOT })).texts.length, 500);
  await assert.rejects(collect(source, { boot: '-1' }), {
    reason: 'BAD_ARGUMENT',
    hint: /the journal may have that one/,
  });
  assert.equal(ring.open, 0, 'every reader was closed');
});

test('read and broken off at random: none lost, none twice, and every overwritten one counted', async () => {
  const ring = new Ring(300);
  const roll = dice(21);
  let cursor = '';
  let expected = 0;
  let lost = 0;
  for (let round = 0; round < 80; round++) {
    for (let i = roll(round % 10 === 0 ? 900 : 250); i > 0; i--) ring.write(`${ring.next}`);
    if (ring.next === 0) continue;
    const limit = 1 + roll(200);
    const { records, order, gaps } = await collect(
      ring.source(),
      cursor === '' ? { follow: true } : { follow: true, cursor: cursorOf(cursor) },
      (sofar, event) =>
        sofar.records.length >= limit ||
        event.event === 'watermark' ||
        sofar.records.at(-1)?.text === `${ring.next - 1}`,
    );
    if (order[0] === 'gap') {
      lost += gaps[0]?.records ?? 0;
      expected += gaps[0]?.records ?? 0;
    } else if (cursor === '') expected = Number(records[0]?.text ?? 0);
    for (const record of records.slice(0, limit)) assert.equal(Number(record.text), expected++);
    cursor = records.slice(0, limit).at(-1)?.cursor ?? cursor;
  }
  assert.ok(lost > 0);
});

test('garbage is no record and no error', () => {
  for (const text of ['', ';', 'a,b,c;x', '1,2;x', '1,2,3', '\0\0\0;'])
    assert.equal(parseKernelRecord(Buffer.from(text)), undefined);
  assert.equal(unescapeKernel(Buffer.from('\\x4')).toString(), '\\x4');
  assert.equal(unescapeKernel(Buffer.from('\\x41\\')).toString(), 'A\\');
});

test('a ring buffer that may not be read is unavailable, with the reason', async () => {
  const source = new KernelSource(realKernel({ path: '/nonexistent/kmsg' }));
  assert.match((await source.inspect()).unavailable, /ENOENT/);
  await assert.rejects(
    collect(source),
    (error: unknown) => error instanceof Failure && error.reason === 'SOURCE_UNAVAILABLE',
  );
});

function realKmsg(): string | false {
  try {
    accessSync('/dev/kmsg', constants.R_OK | constants.W_OK);
    return process.getuid?.() === 0 ? false : 'needs root';
  } catch {
    return '/dev/kmsg may not be read and written here';
  }
}

test('the real ring buffer: markers are followed, with times and without repeats after a break', {
  skip: realKmsg(),
}, async () => {
  const source = new KernelSource(realKernel());
  const mark = `nodectl-test-${process.pid}`;
  const start = Date.now() * 1000;
  const options = { follow: true, matcher: compilePattern(`${mark} \\d+`, false) };
  const fd = openSync('/dev/kmsg', 'w');
  // Ten lines in five seconds are allowed; a line without its newline would be shown only with the next one.
  const writing = (async () => {
    for (let i = 0; i < 6; i++) {
      writeSync(fd, `<${i}>${mark} ${i} t\tb\n`);
      await delay(30);
    }
    closeSync(fd);
  })();
  const first = await collect(source, options, (sofar) => sofar.texts.length >= 3);
  await writing;
  const second = await collect(source, {
    ...options,
    follow: false,
    cursor: cursorOf(first.records[2]?.cursor),
  });
  const all = [...first.records.slice(0, 3), ...second.records];
  assert.deepEqual(
    all.map((record) => [record.text, record.priority]),
    [0, 1, 2, 3, 4, 5].map((i) => [`${mark} ${i} t\tb`, i]),
  );
  for (const { usec } of all) assert.ok(Math.abs(usec - start) < 30e6, `${usec - start}`);
  const everything = await collect(source);
  assert.deepEqual(everything.gaps, []);
  assert.equal(
    everything.end?.cursor.split(':')[0],
    `k.${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '')}`,
  );
});
