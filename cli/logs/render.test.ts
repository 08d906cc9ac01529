import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gap } from './events.ts';
import { gapText, type Renderer } from './render.ts';
import { jsonRenderer } from './render-json.ts';
import { rawRenderer } from './render-raw.ts';
import { FACILITY_FIELD, MONOTONIC_FIELD, type TextOptions, textRenderer } from './render-text.ts';
import { batchOf, type TestRecord } from './testing.ts';

const T = Date.parse('2026-08-02T10:05:03Z') * 1_000 + 123_456;
const JOURNAL = { node: 'web-1', source: 'journal' };
const FILE = { node: 'web-1', source: 'file/app' };
const sshd = { identifier: 'sshd', unit: 'ssh.service', pid: 42 };
const PLAIN: TextOptions = {
  style: 'text',
  terminal: false,
  colour: false,
  utc: true,
  nodes: [],
  nameSources: false,
};
const TERMINAL: TextOptions = { ...PLAIN, terminal: true, colour: true };

function shown(
  renderer: Renderer,
  place: typeof FILE,
  records: TestRecord[],
  from = 0,
  to = records.length,
): Buffer {
  return renderer.records(place, batchOf(records), from, to);
}
const text = (options: TextOptions, place: typeof FILE, records: TestRecord[]) =>
  shown(textRenderer(options), place, records).toString();

test('on a pipe a journal record is time, writer and message', () => {
  assert.equal(
    text(PLAIN, JOURNAL, [
      { time: T, message: 'Accepted publickey for root', origin: sshd },
      { time: T, message: 'started', origin: { unit: 'cron.service' } },
      { time: T, message: 'nobody' },
    ]),
    'Aug 02 10:05:03 sshd[42]: Accepted publickey for root\n' +
      'Aug 02 10:05:03 cron: started\n' +
      'Aug 02 10:05:03 journal: nobody\n',
  );
  assert.equal(
    text({ ...PLAIN, style: 'iso', nodes: ['web-1', 'db'] }, JOURNAL, [
      { time: T, message: 'x', origin: sshd },
    ]),
    'web-1: 2026-08-02T10:05:03.123456Z sshd[42]: x\n',
  );
});

test('the lines of declared files pass as they are, byte for byte', () => {
  const bytes = Buffer.from('\x1b[31m\xff\xfe\0caf\xe9', 'latin1');
  const lines = [
    { time: T, message: 'one' },
    { time: T, message: bytes },
  ];
  assert.deepEqual(
    shown(textRenderer(PLAIN), FILE, lines),
    Buffer.concat([Buffer.from('one\n'), bytes, Buffer.from('\n')]),
  );
  assert.deepEqual(shown(textRenderer(PLAIN), FILE, lines, 1, 2), Buffer.concat([bytes, Buffer.from('\n')]));
  assert.deepEqual(
    shown(textRenderer({ ...PLAIN, nodes: ['web-1'] }), FILE, lines),
    Buffer.concat([Buffer.from('web-1: one\nweb-1: '), bytes, Buffer.from('\n')]),
  );
  assert.deepEqual(shown(rawRenderer(), FILE, lines, 1, 2), Buffer.concat([bytes, Buffer.from('\n')]));
  assert.equal(shown(rawRenderer(true), FILE, lines).toString(), 'one\n\\x1b[31m\\xff\\xfe\\x00caf\\xe9\n');
  assert.equal(
    text({ ...PLAIN, nameSources: true, nodes: ['web-1'] }, FILE, lines.slice(0, 1)),
    'web-1: app: one\n',
  );
  assert.equal(text({ ...PLAIN, style: 'short' }, FILE, lines.slice(0, 1)), 'Aug 02 10:05:03 app: one\n');
});

test('names from a node cannot break a line, not even on a pipe', () => {
  const evil = { identifier: 'a\nb\x1b[2J', unit: '', pid: 0 };
  assert.equal(
    text(PLAIN, JOURNAL, [{ time: T, message: 'x', origin: evil }]),
    'Aug 02 10:05:03 a\\nb\\x1b[2J: x\n',
  );
});

test('text beyond ASCII stays whole on a pipe and on a terminal', () => {
  const records = [{ time: T, message: 'Grüße 日本 😀', origin: { identifier: 'größe' } }];
  const line = 'Aug 02 10:05:03 größe: Grüße 日本 😀\n';
  assert.equal(text(PLAIN, JOURNAL, records), line);
  assert.equal(text({ ...TERMINAL, colour: false }, JOURNAL, records), line);
});

test('every line of a long message has its node, and the rest is indented below the message', () => {
  assert.equal(
    text({ ...PLAIN, nodes: ['web-1'] }, JOURNAL, [{ time: T, message: 'panic\n  at x\n', origin: sshd }]),
    'web-1: Aug 02 10:05:03 sshd[42]: panic\n' +
      'web-1:                             at x\n' +
      'web-1:                           \n',
  );
  assert.equal(text(PLAIN, FILE, [{ time: T, message: 'a\nb' }]), 'a\nb\n');
});

test('a message that was cut says so, but not in raw output', () => {
  const records = [
    { time: T, message: 'abc', truncated: true },
    { time: T, message: 'd' },
  ];
  assert.equal(text(PLAIN, FILE, records), 'abc [cut after 3 bytes]\nd\n');
  assert.equal(shown(rawRenderer(), FILE, records).toString(), 'abc\nd\n');
});

test('a terminal gets the beginning of a very long message, whole characters of it, and a pipe all of it', () => {
  const message = `${'x'.repeat(4_095)}é${'y'.repeat(60_000)}`;
  const records = [{ time: T, message, truncated: true }];
  const plain = text({ ...TERMINAL, colour: false }, FILE, records);
  const said = '[4,095 of 64,097 bytes; on a pipe there are all of them] [cut after 64097 bytes]';
  assert.equal(plain, `${'x'.repeat(4_095)} ${said}\n`);
  const short = [{ time: T, message: 'x'.repeat(4_096) }];
  assert.equal(text({ ...TERMINAL, colour: false }, FILE, short), `${'x'.repeat(4_096)}\n`);
  assert.ok(text(PLAIN, FILE, records).startsWith(message));
});

test('further fields stand behind the message', () => {
  const records = [{ time: T, message: 'm', fields: { _UID: Buffer.from('0'), RAW: Buffer.from([0xff]) } }];
  assert.deepEqual(shown(textRenderer(PLAIN), FILE, records), Buffer.from('m _UID=0 RAW=\xff\n', 'latin1'));
  assert.equal(text({ ...TERMINAL, colour: false }, FILE, records), 'm _UID=0 RAW=\\xff\n');
});

test('on a terminal what could act is escaped, nodes are aligned and coloured, priorities too', () => {
  const options = { ...TERMINAL, nodes: ['web-1', 'db'] };
  assert.equal(
    text(options, { node: 'db', source: 'journal' }, [
      { time: T, message: Buffer.from('\x1b]0;x\x07\xffok\r', 'latin1'), origin: sshd, priority: 3 },
      { time: T, message: 'a\nb', origin: sshd, priority: 6 },
    ]),
    '\x1b[32mdb:   \x1b[0m \x1b[2mAug 02 10:05:03\x1b[0m sshd[42]: \x1b[31m\\x1b]0;x\\x07\\xffok\x1b[0m\n' +
      '\x1b[32mdb:   \x1b[0m \x1b[2mAug 02 10:05:03\x1b[0m sshd[42]: a\n' +
      '\x1b[32mdb:   \x1b[0m                           b\n',
  );
  assert.match(text(options, FILE, [{ time: T, message: 'x' }]), /^\x1b\[36mweb-1:\x1b\[0m x\n$/);
});

test('kernel lines', () => {
  const records = [
    {
      time: T,
      message: 'eth0: link down',
      priority: 4,
      origin: { identifier: 'kernel' },
      fields: { [MONOTONIC_FIELD]: Buffer.from('12345678'), [FACILITY_FIELD]: Buffer.from('3') },
    },
    { time: T, message: 'local', origin: {}, fields: { [FACILITY_FIELD]: Buffer.from('17') } },
  ];
  const hiddenFields = [MONOTONIC_FIELD, FACILITY_FIELD];
  const kernel: TextOptions = { ...PLAIN, style: 'kernel', hiddenFields };
  const source = { node: 'web-1', source: 'kernel' };
  assert.equal(text(kernel, source, records), '[Aug 02 10:05:03] eth0: link down\n[Aug 02 10:05:03] local\n');
  assert.equal(
    text({ ...kernel, sinceBoot: true, facility: true }, source, records),
    '[   12.345678] daemon.warning: eth0: link down\n[           ?] local1.info: local\n',
  );
});

const gap: Gap = { records: 12, bytes: 0, cause: 'OVERRUN', detail: 'the buffer was overwritten' };

test('gaps are a line on a terminal, an object in JSON, and told elsewhere for a pipe', () => {
  assert.equal(gapText(gap), '12 records lost here: the buffer was overwritten');
  assert.equal(gapText({ ...gap, records: 1 }), '1 record lost here: the buffer was overwritten');
  assert.equal(
    gapText({ ...gap, records: -1, detail: '', cause: 'SLOW_READER' }),
    'an unknown number of records lost here: slow reader',
  );
  assert.equal(
    gapText({ ...gap, records: -1, bytes: 12_345 }),
    '12,345 bytes lost here: the buffer was overwritten',
  );
  assert.equal(textRenderer(PLAIN).gap(JOURNAL, gap), undefined);
  assert.equal(rawRenderer().gap(JOURNAL, gap), undefined);
  assert.equal(
    textRenderer({ ...TERMINAL, colour: false })
      .gap(JOURNAL, { ...gap, detail: 'x\x1b[2J' })
      ?.toString(),
    '-- web-1, journal: 12 records lost here: x\\x1b[2J --\n',
  );
  assert.deepEqual(JSON.parse(String(jsonRenderer('jsonl').gap(JOURNAL, gap))), {
    gap: {
      node: 'web-1',
      source: 'journal',
      records: 12,
      bytes: null,
      cause: 'OVERRUN',
      detail: 'the buffer was overwritten',
    },
  });
});

test('JSON holds everything, whatever the bytes', () => {
  const records = [
    { time: T, message: 'plain "q" \\ \x1b', origin: sshd, priority: 6 },
    { time: T + 1, message: 'é\u2028', fields: { _UID: Buffer.from('0'), RAW: Buffer.from([0xff]) } },
    { time: T + 1_000_000, message: Buffer.from([0xff, 0xfe]), truncated: true },
  ];
  const lines = shown(jsonRenderer('jsonl'), JOURNAL, records).toString().trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      {
        node: 'web-1',
        source: 'journal',
        time: '2026-08-02T10:05:03.123456Z',
        timeUsec: T,
        priority: 6,
        identifier: 'sshd',
        unit: 'ssh.service',
        pid: 42,
        message: 'plain "q" \\ \x1b',
        cursor: 't:1',
        fields: {},
      },
      {
        node: 'web-1',
        source: 'journal',
        time: '2026-08-02T10:05:03.123457Z',
        timeUsec: T + 1,
        priority: null,
        identifier: null,
        unit: null,
        pid: null,
        message: 'é\u2028',
        cursor: 't:2',
        fields: { _UID: '0' },
        fieldsBase64: { RAW: '/w==' },
      },
      {
        node: 'web-1',
        source: 'journal',
        time: '2026-08-02T10:05:04.123456Z',
        timeUsec: T + 1_000_000,
        priority: null,
        identifier: null,
        unit: null,
        pid: null,
        messageBase64: '//4=',
        cursor: 't:3',
        truncated: true,
        fields: {},
      },
    ],
  );
  const array = jsonRenderer('json');
  const parts = [
    array.head,
    shown(array, JOURNAL, records.slice(0, 1)),
    array.gap(JOURNAL, gap),
    shown(array, JOURNAL, records.slice(0, 1)),
    array.foot,
  ];
  assert.equal(JSON.parse(parts.join('')).items.length, 3);
  assert.deepEqual(JSON.parse(jsonRenderer('json').head + jsonRenderer('json').foot), { items: [] });
  const bold = shown(jsonRenderer('jsonl', true), JOURNAL, [
    { time: T, message: '\u009b1m\u202e' },
  ]).toString();
  assert.doesNotMatch(bold, /[\x7f-\x9f\u202e]/);
  assert.equal(JSON.parse(bold).message, '\u009b1m\u202e');
});
