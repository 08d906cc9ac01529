import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../proto/failure.ts';
import { Feed } from './feed.ts';
import { Merge, type MergeOutput } from './merge.ts';
import type { StreamEvent } from './stream.ts';
import { batchOf } from './testing.ts';

interface Shown {
  feed: Feed;
  time: number;
  text: string;
}

class Collected implements MergeOutput {
  shown: Shown[] = [];
  gaps: string[] = [];
  full = false;
  records(feed: Feed, batch: Parameters<MergeOutput['records']>[1], from: number, to: number): void {
    assert.ok(from < to && to <= batch.count);
    for (let index = from; index < to; index++)
      this.shown.push({ feed, time: batch.times[index] as number, text: batch.message(index).toString() });
    this.full = this.shown.length % 7 === 0;
  }
  gap(feed: Feed, gap: { detail: string }): void {
    this.gaps.push(`${feed.node}@${this.shown.length}: ${gap.detail}`);
  }
  async flush(): Promise<void> {
    await turn();
    this.full = false;
  }
}

const random = (n: number) => Math.floor(Math.random() * n);

function feedOf(order: number): Feed {
  return new Feed({ node: `n${order}`, asked: '', order, cursor: '' });
}

/** Times cut into random batches, delivered with random pauses. */
async function* deliver(times: number[], name: string, watermarks: boolean): AsyncGenerator<StreamEvent> {
  yield { kind: 'start', source: 'file/x', unit: '', node: name };
  let at = 0;
  while (at < times.length) {
    for (let pause = random(4); pause > 0; pause--) await turn();
    const count = 1 + random(5);
    const part = times.slice(at, at + count);
    const first = at;
    yield {
      kind: 'batch',
      batch: batchOf(part.map((time, i) => ({ time, message: `${name}-${first + i}` }))),
    };
    at += count;
    if (watermarks && random(2))
      yield { kind: 'watermark', timeUsec: (part.at(-1) as number) + random(2), cursor: '' };
  }
  yield { kind: 'end', records: times.length, cursor: 'c:1' };
}

async function merged(lists: number[][], windowMs: number, watermarks = false): Promise<Collected> {
  const feeds = lists.map((_, order) => feedOf(order));
  const output = new Collected();
  const stop = new AbortController();
  const merge = new Merge({ feeds, output, windowMs, signal: stop.signal, now: () => performance.now() });
  const pumps = feeds.map((feed, order) =>
    feed.pump(
      deliver(lists[order] as number[], feed.node, watermarks),
      () => merge.changed(),
      () => performance.now(),
    ),
  );
  await merge.run();
  await Promise.all(pumps);
  return output;
}

test('without follow the order is that of a stable sort, however the streams arrive', async () => {
  for (let round = 0; round < 150; round++) {
    const lists = Array.from({ length: 1 + random(6) }, () => {
      let time = 1_000;
      return Array.from({ length: random(40) }, () => (time += random(3)));
    });
    const { shown } = await merged(lists, Infinity);
    const oracle = lists
      .flatMap((times, order) => times.map((time, at) => ({ time, order, text: `n${order}-${at}` })))
      .sort((a, b) => a.time - b.time || a.order - b.order);
    assert.deepEqual(
      shown.map((one) => one.text),
      oracle.map((one) => one.text),
    );
  }
});

test('with follow and watermarks nothing is lost or twice, and each stream keeps its order', async () => {
  for (let round = 0; round < 60; round++) {
    const lists = Array.from({ length: 1 + random(5) }, () => {
      let time = 1_000;
      return Array.from({ length: random(40) }, () => (time += random(5) - 1));
    });
    const { shown } = await merged(lists, round % 2 ? 20 : 0, true);
    for (const [order, times] of lists.entries())
      assert.deepEqual(
        shown.filter((one) => one.feed.order === order).map((one) => one.text),
        times.map((_, at) => `n${order}-${at}`),
      );
    assert.equal(shown.length, lists.flat().length);
  }
});

/** A stream that is told what to do. */
function script(): {
  stream: AsyncIterable<StreamEvent>;
  send(event: StreamEvent): void;
  end(failure?: Failure): void;
} {
  const queue: (StreamEvent | 'end' | Failure)[] = [];
  let wake = () => {};
  const put = (one: StreamEvent | 'end' | Failure) => {
    queue.push(one);
    wake();
  };
  async function* stream(): AsyncGenerator<StreamEvent> {
    for (;;) {
      const next = queue.shift();
      if (next === 'end') return;
      if (next instanceof Failure) throw next;
      if (next) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return { stream: stream(), send: put, end: (failure) => put(failure ?? 'end') };
}

/** A merge over scripted streams on a clock that stands still. */
function follow(count: number, windowMs = 1_000) {
  const feeds = Array.from({ length: count }, (_, order) => feedOf(order));
  const scripts = feeds.map(script);
  const output = new Collected();
  const stop = new AbortController();
  const clock = { ms: 0 };
  const merge = new Merge({ feeds, output, windowMs, signal: stop.signal, now: () => clock.ms });
  for (const [at, feed] of feeds.entries())
    void feed.pump(
      (scripts[at] as (typeof scripts)[0]).stream,
      () => merge.changed(),
      () => clock.ms,
    );
  const done = merge.run();
  const settle = async () => {
    merge.changed();
    for (let turns = 0; turns < 20; turns++) await turn();
    return output.shown.map((one) => one.text);
  };
  return { feeds, scripts, output, stop, clock, done, settle };
}

const batch = (...records: [time: number, message: string][]): StreamEvent => ({
  kind: 'batch',
  batch: batchOf(records.map(([time, message]) => ({ time, message }))),
});

test('a record waits for the other streams, a watermark frees it, and the window is its longest wait', async () => {
  const { scripts, clock, stop, done, settle, feeds } = follow(2);
  const [a, b] = scripts as [ReturnType<typeof script>, ReturnType<typeof script>];
  a.send(batch([10, 'a10'], [30, 'a30']));
  assert.deepEqual(await settle(), []);
  b.send({ kind: 'watermark', timeUsec: 20, cursor: 'w:1' });
  assert.deepEqual(await settle(), ['a10']);
  assert.equal(feeds[1]?.cursor, 'w:1');
  b.send(batch([25, 'b25']));
  assert.deepEqual(await settle(), ['a10', 'b25']);
  clock.ms = 999;
  assert.deepEqual(await settle(), ['a10', 'b25']);
  clock.ms = 1_000;
  assert.deepEqual(await settle(), ['a10', 'b25', 'a30']);
  b.send(batch([26, 'b26 late']));
  assert.deepEqual(await settle(), ['a10', 'b25', 'a30', 'b26 late']);
  stop.abort();
  await done;
});

test('a node that is away holds nobody up with follow, and everybody without', async () => {
  const failure = new Failure('CONNECTION_LOST', 'gone');
  for (const windowMs of [1_000, Infinity]) {
    const { scripts, stop, done, settle } = follow(2, windowMs);
    const [a, b] = scripts as [ReturnType<typeof script>, ReturnType<typeof script>];
    b.send(batch([5, 'b5']));
    b.send({ kind: 'lost', failure });
    a.send(batch([10, 'a10']));
    assert.deepEqual(await settle(), windowMs === Infinity ? ['b5'] : ['b5', 'a10']);
    b.end(failure);
    a.end();
    assert.deepEqual(await settle(), ['b5', 'a10']);
    await done;
    stop.abort();
  }
});

test('gaps stand behind what came before them, and ended streams give their cursors', async () => {
  const { scripts, done, output, feeds } = follow(2, Infinity);
  const [a, b] = scripts as [ReturnType<typeof script>, ReturnType<typeof script>];
  const gap = { records: 3, bytes: 0, cause: 'OVERRUN', detail: 'three lost' } as const;
  a.send(batch([1, 'a1'], [9, 'a9']));
  a.send({ kind: 'gap', gap });
  a.send(batch([12, 'a12']));
  b.send({ kind: 'gap', gap });
  b.send(batch([5, 'b5'], [11, 'b11']));
  for (const one of [a, b]) {
    one.send({ kind: 'end', records: 3, cursor: 'end:7' });
    one.end();
  }
  await done;
  assert.deepEqual(
    output.shown.map((one) => one.text),
    ['a1', 'b5', 'a9', 'b11', 'a12'],
  );
  assert.deepEqual(output.gaps, ['n1@0: three lost', 'n0@3: three lost']);
  assert.deepEqual(
    feeds.map((feed) => feed.cursor),
    ['end:7', 'end:7'],
  );
});

test('a feed takes two batches ahead and no more, and its cursor is behind what was shown', async () => {
  const feed = feedOf(0);
  let taken = 0;
  async function* stream(): AsyncGenerator<StreamEvent> {
    for (taken = 0; taken < 10; ) {
      taken += 1;
      yield batch([taken, 'x'], [taken, 'y']);
    }
  }
  const pumped = feed.pump(
    stream(),
    () => {},
    () => 0,
  );
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(taken, 2);
  assert.equal(feed.cursor, '');
  feed.pass(1);
  assert.equal(feed.cursor, 't:1');
  feed.pass(2);
  assert.equal(feed.cursor, 't:2');
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(taken, 3);
  feed.stop();
  await pumped;
  assert.equal(taken, 10);
});

test('a malformed batch ends its own stream alone', async () => {
  const { scripts, done, output, feeds } = follow(2, Infinity);
  const [a, b] = scripts as [ReturnType<typeof script>, ReturnType<typeof script>];
  a.send({ kind: 'batch', batch: batchOf([{ time: 1, message: 'x' }], { count: 2 }) });
  b.send(batch([5, 'b5']));
  b.end();
  await done;
  assert.match(feeds[0]?.failure?.message ?? '', /malformed/);
  assert.deepEqual(
    output.shown.map((one) => one.text),
    ['b5'],
  );
});
