/** Scanning as it happens: in pieces of any size, with lines of any length and any bytes, packed or not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../test/upgrade/seeded.ts';
import { LineClock } from '../../logs/line-time.ts';
import { catalogue, SIGNATURES } from './catalogue.ts';
import { kernelLine } from './kernel-line.ts';
import { type Hit, LineScanner } from './line-scanner.ts';
import { scanLog } from './saved-log.ts';
import { Tally } from './tally.ts';
import { benignLogs, samples } from './testing/samples.ts';
import { SHORTEST, TextFinder, WORD } from './text-finder.ts';

const MESSAGE = 'nvme nvme0: I/O 12 QID 3 timeout, aborting';
const { samples: SAMPLES } = samples();

function scan(log: Buffer | string, size = Number.POSITIVE_INFINITY): { hits: Hit[]; lines: number } {
  const bytes = Buffer.from(log);
  const hits: Hit[] = [];
  const scanner = new LineScanner(catalogue(), {
    referenceMs: Date.UTC(2026, 5, 1),
    hit: (hit) => hits.push(hit),
  });
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
  scanner.end();
  return { hits, lines: scanner.lines };
}

/** The lines in which something was found, and what. */
const found = (log: Buffer | string, size?: number) =>
  scan(log, size).hits.map(({ line, signature, device }) => `${line} ${signature.id} ${device ?? '-'}`);

const EXPORT = [
  '__CURSOR=s=0639;i=1',
  '__REALTIME_TIMESTAMP=1767366245000000',
  '_TRANSPORT=kernel',
  'SYSLOG_IDENTIFIER=kernel',
  `MESSAGE=${MESSAGE}`,
  '_SOURCE_MONOTONIC_TIMESTAMP=12345678',
].join('\n');

const FORMATS = [
  MESSAGE,
  `<3>[   12.345678] ${MESSAGE}`,
  `kern  :err   : [   12.345678] ${MESSAGE}`,
  `Jan  2 15:04:05 host kernel: [   12.345678] ${MESSAGE}`,
  `3,812,12345678,-;${MESSAGE}\n SUBSYSTEM=nvme\n DEVICE=c241:0`,
  `${EXPORT}\n`,
  `{"__REALTIME_TIMESTAMP":"1767366245000000","_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"${MESSAGE}"}`,
  `\x1b[32m[   12.345678] \x1b[0m\x1b[33mnvme nvme0\x1b[0m: I/O 12 QID 3 timeout, aborting`,
];

test('in pieces of any size the same is found', () => {
  const log = [
    ...FORMATS,
    'all is well',
    ...SAMPLES.slice(0, 80).map(({ text }) => `[ 1.0] ${text}`),
    ...FORMATS,
  ].join('\n');
  const whole = found(log);
  assert.ok(whole.length > FORMATS.length * 2 + 70, `${whole.length}`);
  for (const size of [1, 2, 3, 7, 64, 1_000, 65_536]) assert.deepEqual(found(log, size), whole, `${size}`);
});

test('every format, with line breaks of both kinds and no last one', () => {
  for (const format of FORMATS) {
    assert.equal(found(format).length, 1, format);
    assert.equal(found(format.replaceAll('\n', '\r\n')).length, 1, `${format} with CRLF`);
    assert.equal(found(`\ufeff${format}`).length, 1, `${format} behind a byte order mark`);
  }
});

test('messages that are no UTF-8, in text and as the journal gives them', () => {
  const raw = Buffer.concat([Buffer.from('[ 1.0] '), Buffer.from(`${MESSAGE} \xff\xfe`, 'latin1')]);
  assert.equal(scan(raw).hits[0]?.text, `${MESSAGE} \ufffd\ufffd`);
  const bytes = [...Buffer.from(`${MESSAGE} \xff`, 'latin1')];
  const json = JSON.stringify({ _TRANSPORT: 'kernel', MESSAGE: bytes });
  assert.deepEqual(found(json), ['1 kernel-log.nvme-timeout nvme0']);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  const binary = Buffer.concat([
    Buffer.from('__REALTIME_TIMESTAMP=1767366245000000\n_TRANSPORT=kernel\nMESSAGE\n'),
    ...[length, Buffer.from(bytes), Buffer.from('\n\n')],
  ]);
  assert.deepEqual(found(binary), ['4 kernel-log.nvme-timeout nvme0']);
});

test('lines of any length are counted and cost no more than their beginning', () => {
  const long = 'x'.repeat(3 << 20);
  const log = `[ 1.0] ${MESSAGE} ${long}\n${long}\n${long} ${MESSAGE}\n[ 2.0] ${MESSAGE}\n`;
  for (const size of [Number.POSITIVE_INFINITY, 100_000]) {
    const { hits, lines } = scan(log, size);
    assert.equal(lines, 4);
    assert.deepEqual(
      hits.map(({ line }) => line),
      [1, 4],
    );
  }
});

test('no bytes throw, and every line is counted', () => {
  const next = seededRandom(7);
  for (let round = 0; round < 60; round++) {
    const bytes = Buffer.alloc(20_000);
    for (let at = 0; at < bytes.length; at++) bytes[at] = next() * 256;
    for (let at = 0; at < bytes.length; at += 70) bytes[Math.floor(at + next() * 60)] = 10;
    // Parts of real lines in between, so that what comes behind a text is looked at too.
    for (let at = 0; at < 200; at++) {
      const { text } = SAMPLES[Math.floor(next() * SAMPLES.length)] ?? { text: '' };
      bytes.write(text.slice(0, next() * text.length), Math.floor(next() * bytes.length), 'latin1');
    }
    const { lines } = scan(bytes, 1 + Math.floor(next() * 5_000));
    const breaks = bytes.filter((one) => one === 10).length;
    assert.ok(lines === breaks || lines === breaks + 1);
  }
});

test('real lines that were damaged are read without harm', () => {
  const next = seededRandom(11);
  const pick = (text: string) => Math.floor(next() * text.length);
  for (const { text } of SAMPLES) {
    const format = FORMATS[Math.floor(next() * FORMATS.length)] ?? MESSAGE;
    let line = format.replace(MESSAGE, () => text);
    for (let edits = 0; edits < 6; edits++) {
      const at = pick(line);
      const kind = next();
      if (kind < 0.4) line = line.slice(0, at) + line.slice(at + 1 + Math.floor(next() * 4));
      else if (kind < 0.7)
        line = line.slice(0, at) + '[]{}<>:;"\\,\n\0= 9'[Math.floor(next() * 17)] + line.slice(at);
      else line = line.slice(0, at) + line.slice(pick(line), pick(line)) + line.slice(at);
    }
    scan(line, 13);
  }
});

test('the finder finds what a search for each text finds', () => {
  const next = seededRandom(3);
  const text = (length: number) => Array.from({ length }, () => 'abA 9'[Math.floor(next() * 5)]).join('');
  for (let shortest = SHORTEST; shortest <= WORD + 1; shortest++)
    for (let round = 0; round < 150; round++) {
      const texts = [...new Set(Array.from({ length: 40 }, () => text(shortest + next() * 4)))];
      const finder = new TextFinder(
        texts.map((one) => ({ text: one, at: Math.floor(next() * (one.length - shortest + 1)) })),
      );
      const bytes = Buffer.from(text(300));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let start = 0; start < bytes.length; start += 50) {
        const end = start + 50 - Math.floor(next() * 50);
        const line = bytes.toString('latin1', start, end);
        const there = texts.flatMap((one, index) => (line.includes(one) ? [index] : []));
        assert.deepEqual(
          [...finder.find(bytes, view, start, end)].sort((a, b) => a - b),
          there,
        );
        const any = finder.any(bytes, view, start, end);
        assert.equal(any >= 0, there.length > 0);
        if (any >= 0) assert.ok(texts.some((one) => line.startsWith(one, any - start)));
      }
    }
});

test('the same is found as by trying every wording on every line', () => {
  const next = seededRandom(5);
  const any = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  const healthy = benignLogs().flatMap(({ lines }) => lines);
  const troubles = SAMPLES.map(({ text }) => text);
  const lines = [...troubles, ...samples().lookalikes, ...healthy];
  const heads = [
    '',
    '[   12.345678] ',
    'Jan  2 15:04:05 host kernel: ',
    '3,812,12345678,-;',
    '<4>[ 1.0][  T12] ',
  ];
  const mixed = Array.from({ length: 500 }, () => {
    const [one, other] = [any(troubles), any(next() < 0.5 ? troubles : lines)];
    const cut = Math.floor(next() * one.length);
    // Beginnings and ends of different lines, and lines in which a few characters are missing or others.
    return next() < 0.5
      ? `${one.slice(0, cut)}${other.slice(Math.floor(next() * other.length))}`
      : `${one.slice(0, cut)}${any(['', 'x', ' ', '-', '"', 'é'])}${one.slice(cut + Math.floor(next() * 2))}`;
  });
  const recogniser = catalogue();
  const every = SIGNATURES.flatMap(({ lines }) => lines).map((_, index) => index);
  // Trying all wordings takes its time: a third of the lines, and some again with other numbers, whose shapes are known by then.
  const tried = lines.filter((_, index) => index % 3 === 0);
  const again = tried
    .filter((_, index) => index % 3 === 0)
    .map((text) => text.replace(/\d/g, () => String(Math.floor(next() * 10))));
  for (const text of [...tried, ...again, ...mixed]) {
    const line = Buffer.from(`${any(heads)}${text}`);
    const { text: message, program } = kernelLine(line, 0, line.length, new LineClock());
    const slow = recogniser.among(every, message, program);
    const [fast] = scan(line).hits;
    assert.deepEqual(
      [fast?.signature.id, fast?.device, fast?.driver, fast?.bus],
      [slow?.signature.id, slow?.device, slow?.driver, slow?.bus],
      line.toString(),
    );
  }
});

test('what is kept of a log is bounded, and what finds no place is counted by its signature', () => {
  const tally = new Tally();
  const lines = Array.from(
    { length: 2_500 },
    (_, at) => `[${at}.0] nvme nvme${at}: I/O 12 QID 3 timeout, aborting`,
  );
  const again = Array.from({ length: 100 }, (_, at) => `[${3_600 + at}.0] ${MESSAGE}`);
  const late = '[4000.0] BUG: kernel NULL pointer dereference, address: 0000000000000008';
  for (const hit of scan([...lines, ...again, late].join('\n')).hits) tally.add(hit);
  const groups = tally.groups();
  assert.equal(groups.length, 2_002);
  assert.equal(tally.overflow, 501);
  const others = groups.filter(({ device }) => device === undefined);
  assert.deepEqual(
    others.map(({ signature, count }) => [signature.id, count]),
    [
      ['kernel-log.oops-null', 1],
      ['kernel-log.nvme-timeout', 500],
    ],
  );
  const first = groups.find(({ device }) => device === 'nvme0');
  assert.ok(first);
  assert.deepEqual([first.count, first.newest.length, first.recent.length], [101, 3, 32]);
  assert.equal(first.last.uptime, 3_699);
  assert.ok(Math.abs((first.perHour ?? 0) - (100 * 3_600) / 3_699) < 0.01);
});

test('lines that something joined into one are told apart, however long it is', () => {
  const noise = Array.from({ length: 400 }, (_, at) => `[   12.${100_000 + at}] usb 1-1: new device`);
  const trouble = (at: number) => `[   1${at}.345678] nvme nvme${at}: I/O 12 QID 3 timeout, aborting`;
  const lines = [trouble(3), ...noise, trouble(4), ...noise, trouble(5)];
  const entry = (text: string) => ({
    MESSAGE: text.slice(15),
    SYSLOG_IDENTIFIER: 'kernel',
    _HOSTNAME: 'web1',
  });
  const expected = [3, 4, 5].map((at) => `1 kernel-log.nvme-timeout nvme${at}`);
  for (const [name, log] of [
    ['carriage returns', lines.join('\r')],
    ['a string', JSON.stringify({ log: lines.join('\n') })],
    ['a page', `<pre>${lines.join('<br/>')}`],
    ['a paste without breaks', lines.join(' ')],
    ['an array of the journal', JSON.stringify(lines.map(entry))],
    ['an array of dmesg -J', JSON.stringify({ dmesg: lines.map((text) => ({ msg: text.slice(15) })) })],
    ['colours', `\x1b[1m${lines.join('\r')}`],
  ] as const) {
    assert.deepEqual(found(log), expected, name);
    assert.deepEqual(found(log, 1_000), expected, name);
  }
  assert.deepEqual(
    scan(JSON.stringify([trouble(3)].map(entry))).hits.map(({ host }) => host),
    ['web1'],
  );
  // Longer than what is kept of a line: the pieces are of the same line.
  const long = [trouble(3), ...Array.from({ length: 90 }, () => noise).flat(), trouble(4)];
  assert.ok(long.join('').length > 1 << 20);
  assert.deepEqual(found(`${JSON.stringify(long.map(entry))}\n${trouble(5)}`, 1 << 18), [
    ...expected.slice(0, 2),
    '2 kernel-log.nvme-timeout nvme5',
  ]);
});

test('what nodectl dmesg and nodectl logs printed is read, in each of their formats', () => {
  const record = { node: 'web1', source: 'kernel', timeUsec: 1_767_366_245_000_000, identifier: 'kern' };
  const line = JSON.stringify({ ...record, message: MESSAGE, cursor: 'k.1' });
  for (const log of [
    `web1: [Jan  2 15:04:05] ${MESSAGE}`,
    `web1:  Jan  2 15:04:05 kern: ${MESSAGE}`,
    `web1: 2026-01-02T15:04:05.000000+00:00 kern: ${MESSAGE}`,
    `web1: 2026-01-02T15:04:05.000000+00:00 kernel: ${MESSAGE}`,
    line,
    `{"items":[\n${line},\n${line.replace(MESSAGE, 'all is well')}\n]}`,
  ]) {
    const { hits } = scan(log);
    assert.deepEqual(
      hits.map(({ host, text, timeMs }) => [host, text, timeMs]),
      [['web1', MESSAGE, 1_767_366_245_000]],
      log,
    );
  }
  const file = {
    node: 'web1',
    source: 'file/kern',
    identifier: null,
    message: `Jan  2 15:04:05 x kernel: ${MESSAGE}`,
  };
  assert.deepEqual(
    scan(JSON.stringify(file)).hits.map(({ host }) => host),
    ['web1'],
  );
  // What a program has written into its own log is not the kernel's word.
  assert.deepEqual(found(line.replace('"kernel"', '"journal"').replace('"kern"', '"app"')), []);
  assert.deepEqual(found(`web1: 2026-01-02T15:04:05.000000+00:00 app[9]: ${MESSAGE}`), []);
});

test('an object of a collector names the machine', () => {
  const objects = [
    { host: 'web1', message: MESSAGE },
    { _source: {}, host: { name: 'web2' }, message: MESSAGE },
    { short_message: MESSAGE, hostname: 'web3' },
    { message: MESSAGE, host: ['web4'] },
  ];
  const { hits } = scan(objects.map((one) => JSON.stringify(one)).join('\n'));
  assert.deepEqual(
    hits.map(({ host }) => host),
    ['web1', 'web2', 'web3', undefined],
  );
});

test('what a program quotes of a kernel is its own, on however many lines', () => {
  const said = `one\\n[   12.345678] ${MESSAGE}`;
  assert.deepEqual(found(`Jan  2 15:04:05 web1 app[9]: saw ${said}`), []);
  assert.deepEqual(found(JSON.stringify([{ MESSAGE: `saw ${MESSAGE}`, SYSLOG_IDENTIFIER: 'app' }, {}])), []);
});

async function saved(...chunks: Buffer[]) {
  const log = scanLog(
    (async function* () {
      yield* chunks;
    })(),
    0,
  );
  const hits: Hit[] = [];
  for (;;) {
    const { value, done } = await log.next();
    if (done) return { hits, ...value };
    hits.push(...value);
  }
}

test('a log, in whatever pieces it comes', async () => {
  const text = Buffer.from(`[ 1.0] ${MESSAGE}\n[ 2.0] all is well\n`.repeat(500));
  const whole = await saved(text);
  assert.deepEqual([whole.lines, whole.hits.length, whole.groups[0]?.count], [1_000, 500, 500]);
  const pieces = await saved(...[...text.subarray(0, 9)].map((one) => Buffer.from([one])), text.subarray(9));
  assert.equal(pieces.hits.length, 500);
  assert.deepEqual((await saved()).groups, []);
  assert.equal((await saved(Buffer.from([0x1f]))).lines, 1);
});

test('a message that a mail has wrapped is told once, with the number of its first line', () => {
  const wrapped = [
    'On Monday somebody wrote:',
    '> Jan 12 11:42:01 NAS kernel: [ 3179.130696] nvme nvme0: I/O tag 513 (e201)',
    '> opcode 0x2 (I/O Cmd) QID 6 timeout, aborting req_op:READ(0)',
    '> Jan 12 11:42:02 NAS kernel: [ 3180.130696] mlx5_core 0000:3b:00.0:',
    '> poll_health:739:(pid 0): device’s',
    '> health and temperature are well',
    '[ 3181.130696] mlx5_core 0000:3b:00.0: print_health_info:422:(pid 0):',
    'assert_exit_ptr 0x20e58c38',
    // Short enough to have had the next word on it; and not the beginning of a line of a log.
    '[ 3182.130696] a line',
    'assert_exit_ptr 0x20e58c38',
    'that somebody says below it, as long as it likes, without a time, about mlx5_core 0000:3b:00.0:',
    'print_health_info:422:(pid 0): assert_exit_ptr 0x20e58c38',
  ].join('\n');
  const expected = ['2 kernel-log.nvme-timeout nvme0', '7 kernel-log.nic-mlx5-health 0000:3b:00.0'];
  assert.deepEqual(found(wrapped), expected);
  for (const size of [1, 7, 64]) assert.deepEqual(found(wrapped, size), expected);
});
