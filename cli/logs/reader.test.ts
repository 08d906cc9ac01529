import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { LogTarget } from './node-link.ts';
import { type ReadOptions, readLogs } from './reader.ts';
import { jsonRenderer } from './render-json.ts';
import { rawRenderer } from './render-raw.ts';
import { selection } from './selection.ts';
import type { LogRequest } from './stream.ts';
import { batchBytes, eventBytes } from './testing.ts';

const RULES = { priorityAlone: 'andMoreSevere', followTail: 10 } as const;
const start = eventBytes({ start: { source: 'file/x', node: 'n' } });
const end = eventBytes({ end: { records: 1, cursor: 't:z' } });

class Sink {
  text = '';
  gone = false;
  #left: number;
  constructor(most = Infinity) {
    this.#left = most;
  }
  async write(bytes: Uint8Array): Promise<void> {
    await turn();
    if (this.#left-- <= 0) this.gone = true;
    else this.text += Buffer.from(bytes).toString();
  }
}

/** A node whose streams are what a function gives, with a note of what was done to it. */
function node(name: string, read: (request: LogRequest, signal: AbortSignal) => AsyncIterable<Buffer>) {
  const done = { opened: 0, closed: 0, requests: [] as LogRequest[] };
  const target: LogTarget = {
    node: name,
    open: async () => {
      done.opened += 1;
      return {
        unary: () => Promise.reject(new Error('not here')),
        serverStream: () => {
          throw new Error('not here');
        },
        bidiStream: () => {
          throw new Error('not here');
        },
        serverStreamBytes: (_method: string, request: object, limits?: { signal?: AbortSignal }) => {
          done.requests.push(request as LogRequest);
          return read(request as LogRequest, limits?.signal ?? new AbortController().signal);
        },
        close: () => {
          done.closed += 1;
        },
      } as Channel;
    },
  };
  return { target, done };
}

function read(options: Partial<ReadOptions> & { targets: LogTarget[] }) {
  const output = new Sink();
  const told: string[] = [];
  const result = readLogs({
    sources: [''],
    request: selection({}, RULES),
    places: [],
    renderer: rawRenderer(),
    output,
    tell: (line) => told.push(line),
    retryForMs: 10_000,
    connectAtOnce: 32,
    answerWithinMs: 10_000,
    signal: new AbortController().signal,
    ...options,
  });
  return { result, output, told };
}

test('several nodes come merged, one that fails does not stop the others, and everything is closed', async () => {
  const a = node('a', async function* () {
    yield start;
    yield batchBytes([
      { time: 1, message: 'a1' },
      { time: 4, message: 'a4' },
    ]);
    yield end;
  });
  const b = node('b', async function* () {
    yield start;
    yield batchBytes([
      { time: 2, message: 'b2' },
      { time: 3, message: 'b3' },
    ]);
    throw new Failure('PERMISSION_DENIED', 'no');
  });
  const c: LogTarget = {
    node: 'c',
    open: () => Promise.reject(new Failure('CONNECTION_REFUSED', 'nothing listens')),
  };
  const { result, output, told } = read({ targets: [a.target, b.target, c] });
  const { failures, places, shown } = await result;
  assert.equal(output.text, 'a1\nb2\nb3\na4\n');
  assert.deepEqual(
    failures.map(({ node: name, failure }) => `${name} ${failure.reason}`),
    ['b PERMISSION_DENIED', 'c CONNECTION_REFUSED'],
  );
  assert.deepEqual(places, [
    { node: 'a', source: '', cursor: 't:z' },
    { node: 'b', source: '', cursor: 't:2' },
    { node: 'c', source: '', cursor: '' },
  ]);
  assert.deepEqual([shown, told], [4, []]);
  assert.deepEqual([a.done.opened, a.done.closed, b.done.closed], [1, 1, 1]);
});

test('two sources of a node share a connection; a broken one is made anew and told once', async () => {
  let breaks = 2;
  const a = node('a', async function* (request) {
    yield start;
    const from = request.cursor ? Number.parseInt(request.cursor.slice(2), 36) : 0;
    yield batchBytes([{ time: from + 1, message: `${request.source}${from + 1}` }], {}, from + 1);
    if (breaks-- > 0) throw new Failure('CONNECTION_LOST', 'the cable');
    yield end;
  });
  const { result, output, told } = read({
    targets: [a.target],
    sources: ['x', 'y'],
    places: [{ node: 'a', source: 'y', cursor: 't:5' }],
  });
  const { failures, shown } = await result;
  assert.deepEqual(failures, []);
  assert.equal(shown, 4);
  assert.deepEqual(output.text.split('\n').sort(), ['', 'x1', 'x2', 'y6', 'y7']);
  assert.deepEqual(a.done.requests.map(({ source, cursor }) => source + cursor).sort(), [
    'x',
    'xt:1',
    'yt:5',
    'yt:6',
  ]);
  assert.equal(a.done.opened, a.done.closed);
  assert.deepEqual(told.length, 2);
  assert.match(told[0] ?? '', /^a: lost: the cable; trying again$/);
  assert.match(told[1] ?? '', /^a: back after 0\.\d s, going on where it broke off$/);
});

test('a reader that goes away ends everything quietly', async () => {
  const a = node('a', async function* () {
    yield start;
    for (let at = 1; ; at++) yield batchBytes([{ time: at, message: 'x' }], {}, at);
  });
  const output = new Sink(3);
  const { failures } = await read({ targets: [a.target], output }).result;
  assert.deepEqual([failures, output.gone], [[], true]);
  assert.equal(a.done.closed, 1);
});

test('an interrupt ends a follow, and the places say where to go on', async () => {
  const stop = new AbortController();
  const a = node('a', async function* (_request, signal) {
    yield start;
    yield batchBytes([
      { time: 1, message: 'x' },
      { time: 2, message: 'y' },
    ]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw new Failure('CANCELLED', 'cancelled');
  });
  const { result, output } = read({
    targets: [a.target],
    request: selection({ follow: true }, RULES),
    renderer: jsonRenderer('json'),
    signal: stop.signal,
  });
  while (!output.text.includes('"y"')) await wait(5);
  stop.abort();
  const { failures, places } = await result;
  assert.deepEqual([failures, places], [[], [{ node: 'a', source: '', cursor: 't:2' }]]);
  while (!output.text.endsWith(']}\n')) await wait(5);
  assert.equal(JSON.parse(output.text).items.length, 2);
  assert.equal(a.done.requests[0]?.tail, 10);
});

test('with follow a stream that fails for good is told at once, while the others go on', async () => {
  const stop = new AbortController();
  const a = node('a', async function* (_request, signal) {
    yield start;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  const b = node('b', () => {
    throw new Failure('UNKNOWN_SOURCE', 'no such source');
  });
  const failed = new Promise<string>((resolve) => {
    void read({
      targets: [a.target, b.target],
      request: selection({ follow: true }, RULES),
      onFailure: ({ node: name, failure }) => resolve(`${name} ${failure.reason}`),
      signal: stop.signal,
    }).result;
  });
  assert.equal(await failed, 'b UNKNOWN_SOURCE');
  stop.abort();
});

test('gaps reach a person although the output has no place for them', async () => {
  const a = node('a', async function* () {
    yield start;
    yield eventBytes({ gap: { records: 3, cause: 'LOG_GAP_CAUSE_OVERRUN', detail: 'overwritten' } });
    yield end;
  });
  const { result, told } = read({ targets: [a.target] });
  await result;
  assert.deepEqual(told, ['a, file/x: 3 records lost here: overwritten']);
});

test('a node that takes the connection and then hangs is given up after the time limit', async () => {
  const hung = node('hung', async function* (_request, signal) {
    yield* [] as Buffer[];
    await new Promise((_, reject) => signal.addEventListener('abort', reject));
  });
  const slow = node('slow', async function* () {
    yield start;
    // Only the beginning has a limit.
    await wait(200);
    yield end;
  });
  const { result } = read({ targets: [hung.target, slow.target], answerWithinMs: 50 });
  const { failures } = await result;
  assert.deepEqual(
    failures.map((one) => [one.node, one.failure.reason]),
    [['hung', 'DEADLINE_EXCEEDED']],
  );
  assert.match(failures[0]?.failure.message ?? '', /did not begin to answer within 50 ms/);
});
