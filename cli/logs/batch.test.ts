import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contractMethod } from '../../proto/contract.ts';
import { Failure } from '../../proto/failure.ts';
import type { RecordBatch } from './batch.ts';
import { decodeEvent } from './events.ts';

const codec = contractMethod('nodectl.v1.LogsService/ReadLogs').response;
const encode = (event: object) => Buffer.from(codec.encode(event));

function batchOf(columns: object): RecordBatch {
  const event = decodeEvent(encode({ batch: columns }));
  assert.equal(event?.kind, 'batch');
  return (event as { batch: RecordBatch }).batch;
}

test('every column of a batch comes out as it went in', () => {
  const batch = batchOf({
    count: 3,
    text: Buffer.from('one\ntwo\nlines\n\xff\n', 'latin1'),
    lengths: [3, 9, 1],
    timeDeltas: [0, -5, 3_000_000_000],
    baseUsec: 1_785_000_000_123_456,
    priorities: Buffer.from([3, 255, 7]),
    originIndex: [1, 0, 1],
    origins: [{ identifier: 'kernel' }, { identifier: 'sshd', unit: 'ssh.service', pid: 4242 }],
    cursorPrefix: 'f1',
    positionDeltas: [0, 36, -1],
    basePosition: 35,
    fields: [{ values: { _UID: Buffer.from('0'), RAW: Buffer.from([0, 255]) } }, {}, {}],
    truncated: [2],
  });
  assert.equal(batch.count, 3);
  assert.deepEqual(
    [0, 1, 2].map((i) => batch.message(i).toString('latin1')),
    ['one', 'two\nlines', '\xff'],
  );
  assert.deepEqual([...batch.times], [1_785_000_000_123_456, 1_785_000_000_123_451, 1_785_003_000_123_451]);
  assert.deepEqual(
    [0, 1, 2].map((i) => batch.priority(i)),
    [3, undefined, 7],
  );
  assert.deepEqual(batch.origin(0), { identifier: 'sshd', unit: 'ssh.service', pid: 4242 });
  assert.deepEqual(batch.origin(1), { identifier: 'kernel', unit: '', pid: 0 });
  assert.deepEqual(
    [0, 1, 2].map((i) => batch.cursor(i)),
    ['f1:z', 'f1:1z', 'f1:1y'],
  );
  assert.deepEqual(
    [0, 1, 2].map((i) => batch.isTruncated(i)),
    [false, false, true],
  );
  assert.deepEqual([...batch.fields(0)].sort(), [
    ['RAW', Buffer.from([0, 255])],
    ['_UID', Buffer.from('0')],
  ]);
  assert.equal(batch.fields(1).size, 0);
});

test('columns that were left out have their defaults', () => {
  const batch = batchOf({
    count: 2,
    text: Buffer.from('a\n\n'),
    baseUsec: 7,
    cursorPrefix: 'p',
    basePosition: 1,
  });
  assert.deepEqual(
    [0, 1].map((i) => batch.message(i).toString()),
    ['a', ''],
  );
  assert.deepEqual([...batch.times], [7, 7]);
  assert.equal(batch.priority(1), undefined);
  assert.deepEqual(batch.origin(1), { identifier: '', unit: '', pid: 0 });
  assert.equal(batch.cursor(1), 'p:1');
  assert.equal(batch.hasFields || batch.hasPriorities || batch.hasTruncated || batch.multiline, false);
});

test('the other events', () => {
  assert.deepEqual(decodeEvent(encode({ start: { source: 'journal', unit: 'x.service', node: 'n1' } })), {
    kind: 'start',
    source: 'journal',
    unit: 'x.service',
    node: 'n1',
  });
  assert.deepEqual(
    decodeEvent(encode({ gap: { records: -1, bytes: 9, cause: 'LOG_GAP_CAUSE_ROTATED', detail: 'gone' } })),
    { kind: 'gap', gap: { records: -1, bytes: 9, cause: 'ROTATED', detail: 'gone' } },
  );
  assert.deepEqual(decodeEvent(encode({ watermark: { timeUsec: 1_785_000_000_000_001, cursor: 'c' } })), {
    kind: 'watermark',
    timeUsec: 1_785_000_000_000_001,
    cursor: 'c',
  });
  assert.deepEqual(decodeEvent(encode({ end: { records: 12 } })), { kind: 'end', records: 12, cursor: '' });
});

test('events and fields of a newer agent are passed over', () => {
  assert.equal(decodeEvent(Buffer.from([0x7a, 1, 0])), undefined);
  const known = encode({ end: { records: 1 } });
  assert.deepEqual(decodeEvent(Buffer.concat([Buffer.from([0x78, 5]), known])), {
    kind: 'end',
    records: 1,
    cursor: '',
  });
});

test('random batches decode as the reference decoder says', () => {
  const random = (n: number) => Math.floor(Math.random() * n);
  for (let round = 0; round < 200; round++) {
    const count = random(20);
    const messages = Array.from({ length: count }, () =>
      Buffer.from('x\n'.repeat(random(3)) + 'y'.repeat(random(200))),
    );
    const columns = {
      count,
      text: Buffer.concat(messages.flatMap((one) => [one, Buffer.from('\n')])),
      lengths: messages.map((one) => one.length),
      timeDeltas: messages.map(() => random(2 ** 40) - 2 ** 39),
      baseUsec: random(2 ** 50),
      positionDeltas: messages.map(() => random(2 ** 33)),
      basePosition: random(2 ** 40),
      cursorPrefix: 'c',
    };
    const bytes = encode({ batch: columns });
    const oracle = (codec.decode(bytes) as { batch: typeof columns }).batch;
    const batch = batchOf(columns);
    let time = oracle.baseUsec;
    let position = oracle.basePosition;
    for (let index = 0; index < count; index++) {
      time += oracle.timeDeltas[index] as number;
      position += oracle.positionDeltas[index] as number;
      assert.equal(batch.times[index], time);
      assert.equal(batch.cursor(index), `c:${position.toString(36)}`);
      assert.deepEqual(batch.message(index), messages[index]);
    }
  }
});

test('hostile bytes give a failure and never a hang or a wrong record', () => {
  const good = encode({
    batch: {
      count: 3,
      text: Buffer.from('aa\nbb\ncc\n'),
      lengths: [2, 2, 2],
      timeDeltas: [0, 1, 2],
      basePosition: 5,
    },
  });
  for (let round = 0; round < 3_000; round++) {
    const bytes = Buffer.from(
      good.subarray(0, round % 2 ? good.length : Math.floor(Math.random() * good.length)),
    );
    for (let flips = 0; flips < 3 && bytes.length > 0; flips++)
      bytes[Math.floor(Math.random() * bytes.length)] = Math.floor(Math.random() * 256);
    try {
      const event = decodeEvent(bytes);
      if (event?.kind !== 'batch') continue;
      const { batch } = event;
      for (let index = 0; index < batch.count; index++)
        void [
          batch.message(index),
          batch.times[index],
          batch.cursor(index),
          batch.origin(index),
          batch.fields(index),
        ];
    } catch (error) {
      assert.ok(error instanceof Failure, String(error));
    }
  }
  assert.throws(
    () => batchOf({ count: 2_000_000_000, text: Buffer.from('a\n') }),
    /2000000000 records in 2 bytes/,
  );
  assert.throws(() => batchOf({ count: 1, text: Buffer.from('a') }), /newline/);
  assert.throws(() => batchOf({ count: 1, text: Buffer.from('a\nb\n') }).ends, /more than the 1 lines/);
  assert.throws(() => batchOf({ count: 3, text: Buffer.from('a\nb\n') }).ends, /2 lines where 3/);
  assert.throws(() => batchOf({ count: 1, text: Buffer.from('abc\n'), lengths: [2] }).ends, /do not fit/);
});
