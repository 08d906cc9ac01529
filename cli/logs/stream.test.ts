import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import { retryDelay } from './retry.ts';
import {
  type LogRequest,
  resumedStream,
  type StreamClock,
  type StreamEvent,
  type StreamOpener,
} from './stream.ts';
import { batchBytes, eventBytes } from './testing.ts';

const REQUEST: LogRequest = {
  source: '',
  sinceUsec: 0,
  untilUsec: 0,
  boot: '',
  grep: '',
  grepIgnoreCase: false,
  priorities: [],
  tail: undefined,
  follow: true,
  cursor: '',
  fields: [],
};

/** A clock that sleeps at once and notes for how long it was asked to. */
function fakeClock(): StreamClock & { slept: number[] } {
  let ms = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => ms,
    sleep: async (span) => {
      slept.push(span);
      ms += span;
    },
    random: () => 0.5,
  };
}

const start = eventBytes({ start: { source: 'file/x', node: 'n1' } });
const random = (n: number) => Math.floor(Math.random() * n);
const lost = (reason: Reason = 'CONNECTION_LOST') => new Failure(reason, 'gone');

async function collect(
  open: StreamOpener,
  options: {
    request?: Partial<LogRequest>;
    clock?: StreamClock;
    retryForMs?: number;
    renewed?: () => boolean;
    stop?: AbortController;
    patient?: boolean;
    begunUsec?: number;
  } = {},
): Promise<{ events: StreamEvent[]; failure: Failure | undefined }> {
  const events: StreamEvent[] = [];
  const stop = options.stop ?? new AbortController();
  try {
    for await (const event of resumedStream({
      open,
      request: { ...REQUEST, ...options.request },
      retryForMs: options.retryForMs ?? 60_000,
      ...(options.renewed ? { renewed: options.renewed } : {}),
      ...(options.patient ? { patient: true } : {}),
      ...(options.begunUsec ? { begunUsec: options.begunUsec } : {}),
      signal: stop.signal,
      clock: options.clock ?? fakeClock(),
    }))
      events.push(event);
  } catch (error) {
    return { events, failure: error as Failure };
  }
  return { events, failure: undefined };
}

const kinds = (events: StreamEvent[]) => events.map((one) => one.kind).join(' ');

test('a log that is cut off two hundred times at random places comes out whole and once', async () => {
  const written: string[] = [];
  const stop = new AbortController();
  let kills = 0;
  const open: StreamOpener = async function* (request) {
    if (random(4) === 0)
      throw lost((['CONNECTION_REFUSED', 'CONNECT_TIMEOUT', 'NOT_A_NODECTL_AGENT'] as const)[random(3)]);
    yield start;
    let at = request.cursor ? Number.parseInt(request.cursor.split(':')[1] ?? '', 36) : 0;
    for (;;) {
      for (let more = random(9); more > 0 && kills < 200; more--) written.push(`line ${written.length + 1}`);
      if (at < written.length) {
        const part = written.slice(at, at + 1 + random(4));
        yield batchBytes(
          part.map((message, i) => ({ time: at + i + 1, message })),
          {},
          at + 1,
        );
        at += part.length;
      } else if (random(2))
        yield eventBytes({ watermark: { timeUsec: at + 1, cursor: at ? `t:${at.toString(36)}` : '' } });
      if (kills < 200 && random(3) === 0) {
        kills += 1;
        // A dropped stream ends with an error, or without one and without an end.
        if (random(2)) return;
        throw lost();
      }
      if (kills === 200 && at === written.length) {
        yield eventBytes({ end: { records: at, cursor: '' } });
        return;
      }
    }
  };
  // The first opening must succeed, or the stream is not tried again.
  let first = true;
  const { events, failure } = await collect(
    (request, signal) => {
      if (!first) return open(request, signal);
      first = false;
      return (async function* () {
        yield start;
      })();
    },
    { stop },
  );
  assert.equal(failure, undefined);
  const received = events.flatMap((event) =>
    event.kind === 'batch'
      ? Array.from({ length: event.batch.count }, (_, at) => event.batch.message(at).toString())
      : [],
  );
  assert.equal(kills, 200);
  assert.deepEqual(received, written);
});

test('a stream that could not be opened at first is not tried again', async () => {
  let opens = 0;
  const clock = fakeClock();
  const { events, failure } = await collect(
    () => {
      opens += 1;
      throw lost('CONNECTION_REFUSED');
    },
    { clock },
  );
  assert.equal(failure?.reason, 'CONNECTION_REFUSED');
  assert.deepEqual([opens, events, clock.slept], [1, [], []]);
});

test('a source that cannot be read from the start is told at once, one that was read is tried again', async () => {
  let opens = 0;
  const never = await collect(async function* () {
    opens += 1;
    yield start;
    throw lost('SOURCE_UNAVAILABLE');
  });
  assert.deepEqual([never.failure?.reason, opens, kinds(never.events)], ['SOURCE_UNAVAILABLE', 1, 'start']);

  opens = 0;
  const later = await collect(async function* () {
    opens += 1;
    yield start;
    if (opens === 1) throw lost();
    throw lost('SOURCE_UNAVAILABLE');
  });
  assert.equal(later.failure?.reason, 'SOURCE_UNAVAILABLE');
  assert.equal(opens, 9);
});

test('a failure that does not pass ends the stream', async () => {
  for (const reason of [
    'PERMISSION_DENIED',
    'CERTIFICATE_EXPIRED',
    'UNKNOWN_SOURCE',
    'BAD_CURSOR',
    'WRONG_NODE',
    'INTERNAL',
  ] as const) {
    let opens = 0;
    const { events, failure } = await collect(async function* () {
      opens += 1;
      yield start;
      throw lost(reason);
    });
    assert.deepEqual([failure?.reason, opens, kinds(events)], [reason, 1, 'start']);
  }
});

test('what may be an agent that restarts is tried a few times and no more', async () => {
  let opens = 0;
  const { events, failure } = await collect(
    async function* () {
      opens += 1;
      if (opens > 1) throw lost('CERTIFICATE_REFUSED');
      yield start;
      throw lost();
    },
    { retryForMs: 3_600_000 },
  );
  assert.equal(failure?.reason, 'CERTIFICATE_REFUSED');
  assert.equal(opens, 9);
  assert.equal(kinds(events), 'start lost');
});

test('waiting grows to ten seconds, and a node that stays away is given up', async () => {
  const clock = fakeClock();
  let opens = 0;
  const { events, failure } = await collect(
    async function* () {
      opens += 1;
      if (opens > 1) throw lost('HOST_UNREACHABLE');
      yield start;
    },
    { clock, retryForMs: 60_000 },
  );
  assert.equal(failure?.reason, 'HOST_UNREACHABLE');
  assert.equal(kinds(events), 'start lost');
  assert.deepEqual(clock.slept.slice(0, 8), [150, 300, 600, 1_200, 2_400, 4_800, 7_500, 7_500]);
  assert.ok(clock.now() >= 60_000 && clock.now() < 70_000);
  assert.deepEqual(
    [retryDelay(1, 0), retryDelay(1_000, 0.999) <= 10_000, retryDelay(3, 0)],
    [100, true, 400],
  );
});

test('a peer that takes every call and drops it is given up as well', async () => {
  const clock = fakeClock();
  const { events, failure } = await collect(
    async function* () {
      yield start;
    },
    { clock, retryForMs: 30_000 },
  );
  assert.equal(failure?.reason, 'CONNECTION_LOST');
  assert.match(kinds(events), /^start( lost back start)+ lost$/);
  assert.ok(clock.slept.length < 20);
});

test('it goes on from the last record, from the last watermark, and where nothing came from the time of that', async () => {
  const asked: LogRequest[] = [];
  const answers: Buffer[][] = [
    [start, eventBytes({ watermark: { timeUsec: 5_000 } })],
    [
      start,
      batchBytes([
        { time: 6_000, message: 'a' },
        { time: 6_001, message: 'b' },
      ]),
    ],
    [start, eventBytes({ watermark: { timeUsec: 7_000, cursor: 't:9' } })],
    [start, eventBytes({ end: { cursor: 't:9' } })],
  ];
  const { events } = await collect(
    async function* (request) {
      asked.push(request);
      yield* answers[asked.length - 1] ?? [];
      if (asked.length < 4) throw lost();
    },
    { request: { tail: 0, grep: 'x' } },
  );
  assert.deepEqual(
    asked.map(({ tail, sinceUsec, cursor, grep }) => ({ tail, sinceUsec, cursor, grep })),
    [
      { tail: 0, sinceUsec: 0, cursor: '', grep: 'x' },
      { tail: undefined, sinceUsec: 5_000, cursor: '', grep: 'x' },
      { tail: undefined, sinceUsec: 5_000, cursor: 't:2', grep: 'x' },
      { tail: undefined, sinceUsec: 5_000, cursor: 't:9', grep: 'x' },
    ],
  );
  assert.equal(
    kinds(events),
    'start watermark lost back start batch lost back start watermark lost back start end',
  );
});

test('an interrupt ends it at once, without an error, also while it waits', async () => {
  const stop = new AbortController();
  const clock = fakeClock();
  clock.sleep = async () => stop.abort();
  const { events, failure } = await collect(
    async function* () {
      yield start;
      throw lost();
    },
    { stop, clock },
  );
  assert.equal(failure, undefined);
  assert.equal(kinds(events), 'start lost');
});

test('a stream that ended with the credential goes on where that was renewed, and only there', async () => {
  let opens = 0;
  const open: StreamOpener = async function* () {
    yield start;
    yield batchBytes([{ time: 1, message: `${++opens}` }], {}, opens);
    if (opens === 1) throw lost('CERTIFICATE_EXPIRED');
    yield eventBytes({ end: { records: 1, cursor: 't:z' } });
  };
  const renewed = await collect(open, { renewed: () => true });
  assert.equal(renewed.failure, undefined);
  assert.equal(kinds(renewed.events), 'start batch lost back start batch end');
  opens = 0;
  assert.equal((await collect(open, { renewed: () => false })).failure?.reason, 'CERTIFICATE_EXPIRED');
});

test('a follower that reaches its node late gets the tail from before it began and all that was written since', async () => {
  // Records 1 to 40, a microsecond apart; the read began at 21 and reaches the node when all are there.
  const all = Array.from({ length: 40 }, (_, at) => ({ time: at + 1, message: `${at + 1}` }));
  for (const [tail, first, sinceUsec] of [
    ...[[10, 11, 0] as const, [0, 21, 0] as const, [10, 25, 25] as const, [10, 15, 15] as const],
  ])
    for (const breaks of [false, true]) {
      const stop = new AbortController();
      const requests: LogRequest[] = [];
      const read: StreamOpener = async function* (request) {
        requests.push(request);
        if (requests.length < 3) throw new Failure('CONNECTION_REFUSED', 'nothing listens');
        const behind = request.cursor ? Number.parseInt(request.cursor.split(':')[1] ?? '', 36) : -1;
        let wanted = all.filter(
          ({ time }, at) =>
            at > behind &&
            (request.cursor !== '' || time >= request.sinceUsec) &&
            (request.untilUsec === 0 || time < request.untilUsec),
        );
        if (request.tail !== undefined && request.cursor === '')
          wanted = wanted.slice(wanted.length - Math.min(request.tail, wanted.length));
        if (breaks) wanted = wanted.slice(0, 3);
        yield start;
        for (const one of wanted) yield batchBytes([one], {}, all.indexOf(one));
        if (breaks && wanted.length === 3) throw lost();
        if (!request.follow) {
          yield eventBytes({ watermark: { timeUsec: 99, cursor: 't:zz' } });
          yield eventBytes({ end: { records: wanted.length, cursor: 't:zz' } });
        } else stop.abort();
      };
      const { events, failure } = await collect(read, {
        ...{ request: { tail, sinceUsec }, patient: true, begunUsec: 21, stop },
      });
      assert.equal(failure, undefined);
      const texts = events.flatMap((event) =>
        event.kind === 'batch' ? Array.from(event.batch.times, String) : [],
      );
      const wanted = all.slice(first - 1).map(({ message }) => message);
      assert.deepEqual(texts, wanted, `tail ${tail} since ${sinceUsec}${breaks ? ', breaking' : ''}`);
    }
});
