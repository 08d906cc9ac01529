import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../../proto/failure.ts';
import { batchBytes, eventBytes } from '../../logs/testing.ts';
import { END, FLEET, nodectl, type Read, START, sends, sshd, T } from './testing.ts';

test('one node has no prefix, several have theirs and are merged', async () => {
  const one = await nodectl(['logs', 'sshd', '-n', 'web-1', '--utc'], FLEET);
  assert.equal(one.out, 'Aug 02 10:05:03 sshd[7]: one\nAug 02 10:05:03 sshd[7]: three\n');
  assert.deepEqual([one.status, one.err, one.requests['web-1']?.source], [0, '', 'sshd']);
  const two = await nodectl(['logs', '-n', 'web-1,web-2', '--utc'], FLEET);
  assert.equal(
    two.out,
    'web-1: Aug 02 10:05:03 sshd[7]: one\nweb-2: Aug 02 10:05:03 sshd[7]: two\nweb-1: Aug 02 10:05:03 sshd[7]: three\n',
  );
  const bare = await nodectl(['logs', '-n', 'web-[1-2]', '--utc', '--no-prefix', '-o', 'raw'], FLEET);
  assert.equal(bare.out, 'one\ntwo\nthree\n');
  const lines = (await nodectl(['logs', '-n', 'web-[1-2]', '-o', 'jsonl'], FLEET)).out.trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).node),
    ['web-1', 'web-2', 'web-1'],
  );
});

test('a node that cannot be reached is reported, the others are shown, and the status is 3', async () => {
  const { status, out, err } = await nodectl(['logs', '--all', '-o', 'raw'], FLEET);
  assert.equal(out, 'one\ntwo\nthree\n');
  assert.equal(status, 3);
  assert.match(err, /^error: down: nothing listens at 127\.0\.0\.1:3 \[CONNECTION_REFUSED\]\n/);
  assert.match(err, /\nresume: nodectl logs --all --output raw --resume \S+\n$/);
});

test('where no node can be reached the status says so', async () => {
  const { status, out, err } = await nodectl(['logs', 'a', 'b', '-n', 'down'], FLEET);
  assert.deepEqual([status, out], [5, '']);
  assert.equal(err.match(/error:/g)?.length, 1);
});

test('nothing found is told, and where the source was not named, how to see which one was read', async () => {
  const quiet = { read: { 'web-1': sends([]) } };
  const unnamed = await nodectl(['logs', '-n', 'web-1', '-g', 'x'], quiet);
  assert.deepEqual(
    [unnamed.status, unnamed.err],
    [0, 'nodectl: there are no such records in the default source, which nodectl logs --list names\n'],
  );
  const named = await nodectl(['logs', 'sshd', '-n', 'web-1', '-g', 'x'], quiet);
  assert.equal(named.err, 'nodectl: there are no such records\n');
});

test('the resume line goes on where the read stopped, on the nodes and sources of its cursor', async () => {
  const first = await nodectl(['logs', '-n', 'web-1,down', '-o', 'raw'], FLEET);
  const cursor = /--resume (\S+)\n/.exec(first.err)?.[1] ?? '';
  const second = await nodectl(['logs', '--resume', cursor, '-o', 'raw', '--show-cursor'], FLEET);
  assert.deepEqual([second.status, second.opened.length, second.requests['web-1']?.cursor], [0, 1, 't:z']);
  assert.match(second.err, /^resume: nodectl logs --output raw --resume \S+\n$/);
  const other = await nodectl(['logs', '--resume', cursor, '-n', 'web-2'], FLEET);
  assert.match(other.err, /^BAD_CURSOR: .*belongs to other nodes/);
  assert.equal(other.opened.length, 0);
});

test('the resume line keeps --tail for a node that was never reached: the others go on from their cursors', async () => {
  const part = await nodectl(['logs', '-n', 'web-1,down', '--tail', '1', '-o', 'raw'], FLEET);
  const cursor = /\nresume: nodectl logs --tail 1 .*--resume (\S+)\n/.exec(part.err)?.[1] ?? '';
  const back = { read: { ...FLEET.read, down: sends([{ time: T, message: 'four' }]) } };
  const again = await nodectl(['logs', '-n', 'web-1,down', '--tail', '1', '--resume', cursor], back);
  assert.deepEqual([again.requests.down?.cursor, again.requests.down?.tail], ['', 1]);
  assert.equal(again.requests['web-1']?.cursor, 't:z');
  const whole = await nodectl(['logs', '-n', 'web-1', '--tail', '1', '--show-cursor'], FLEET);
  assert.doesNotMatch(whole.err, /--tail/);
});

test('a node whose log has no priorities is told at once, and the others are followed on', async () => {
  const refusal = new Failure('BAD_ARGUMENT', 'a priority was given, but no line of file/dpkg has one');
  const refuses: Read = async function* () {
    yield eventBytes({ start: { source: 'file/dpkg' } });
    throw refusal;
  };
  const follows: Read = async function* (_, signal) {
    yield eventBytes(START);
    await wait(20);
    yield batchBytes([{ time: T, message: 'went on' }]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const until = async (out: () => string) => {
    while (!out().includes('went on')) await wait(5);
  };
  const argv = ['logs', '-f', '-n', 'web-[1-2]', '-p', 'warning', '-o', 'raw'];
  const fleet = { read: { 'web-1': refuses, 'web-2': follows } };
  const { out, err } = await nodectl(argv, fleet, { stop: until });
  assert.equal(out, 'went on\n');
  assert.match(
    err,
    /^error: web-1: a priority was given, but no line of file\/dpkg has one \[BAD_ARGUMENT\]\n/,
  );
});

test('a source that may be read in part only is told once, also where the stream breaks and begins again', async () => {
  let reads = 0;
  const read: Read = async function* () {
    yield eventBytes(START);
    yield eventBytes({ gap: { records: -1, cause: 'LOG_GAP_CAUSE_NOT_PERMITTED', detail: '1 of 3 files' } });
    yield batchBytes([{ time: T + reads, message: `part ${++reads}` }], {}, reads);
    if (reads === 1) throw new Failure('CONNECTION_LOST', 'the connection ended');
    yield eventBytes(END);
  };
  const text = await nodectl(['logs', '-n', 'web-1', '-o', 'raw'], { read: { 'web-1': read } });
  assert.deepEqual([text.status, text.out], [0, 'part 1\npart 2\n']);
  assert.equal(text.err.match(/web-1, journal: not all of it is shown: 1 of 3 files\n/g)?.length, 1);
  reads = 1;
  const json = await nodectl(['logs', '-n', 'web-1', '-o', 'json'], { read: { 'web-1': read } });
  const [first] = JSON.parse(json.out).items;
  assert.deepEqual([first.gap.cause, first.gap.records], ['NOT_PERMITTED', null]);
});

test('an interrupted follow ends with 130 and says how to go on', async () => {
  const follow: Read = async function* (_request, signal) {
    yield eventBytes(START);
    yield batchBytes([{ time: T, message: 'hello', origin: sshd }]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const shown = async (out: () => string) => {
    while (!out().includes('hello')) await wait(5);
  };
  const { status, err, requests } = await nodectl(
    ['logs', '-f', '-n', 'web-1,down'],
    { read: { 'web-1': follow } },
    { stop: shown },
  );
  assert.equal(status, 130);
  assert.match(
    err,
    /^nodectl: down: not reached: .*; trying again\nresume: nodectl logs --follow --node web-1,down --resume \S+\n$/,
  );
  assert.deepEqual([requests['web-1']?.tail, requests['web-1']?.follow], [10, true]);
});

test('who follows several nodes gets those too that were not there at first', async () => {
  const writes = (message: string): Read =>
    async function* (_request, signal) {
      yield eventBytes(START);
      yield batchBytes([{ time: T, message, origin: sshd }]);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
  const read: Record<string, Read> = { 'web-1': writes('first') };
  const shown = async (out: () => string) => {
    while (!out().includes('first')) await wait(5);
    read['web-2'] = writes('later');
    while (!out().includes('later')) await wait(5);
  };
  const { status, out, err } = await nodectl(
    ['logs', '-f', '-n', 'web-1,web-2', '-o', 'raw'],
    { read },
    { stop: shown },
  );
  assert.deepEqual([status, out], [130, 'first\nlater\n']);
  assert.match(
    err,
    /^nodectl: web-2: not reached: .*; trying again\nnodectl: web-2: there after \d\.\d s\nresume: /,
  );
});

test('where none of several nodes is there a follow ends at once, with all of them', async () => {
  const { status, out, err } = await nodectl(['logs', '-f', 'a', 'b', '-n', 'web-1,down'], {});
  assert.deepEqual([status, out], [5, '']);
  assert.match(err, /^error: (?!.*trying again)/);
  assert.match(err, /web-1/);
  assert.match(err, /down/);
});

test('a broken stream is opened again and told', async () => {
  let reads = 0;
  const read: Read = async function* () {
    yield eventBytes(START);
    yield batchBytes([{ time: T + reads, message: `part ${++reads}` }], {}, reads);
    if (reads === 1) throw new Failure('CONNECTION_LOST', 'the connection ended');
    yield eventBytes(END);
  };
  const { status, out, err } = await nodectl(['logs', '-n', 'web-1', '-o', 'raw'], {
    read: { 'web-1': read },
  });
  assert.deepEqual([status, out], [0, 'part 1\npart 2\n']);
  assert.match(
    err,
    /^nodectl: web-1: lost: the connection ended; trying again\nnodectl: web-1: back after 0\.\d s, going on where it broke off\n$/,
  );
  reads = 0;
  const once = await nodectl(['logs', '-n', 'web-1', '-o', 'raw', '--retry-for', '0'], {
    read: { 'web-1': read },
  });
  assert.deepEqual([once.status, once.out], [5, 'part 1\n']);
});

test('a terminal gets escapes made visible, and a gap in its place', async () => {
  const read: Read = async function* () {
    yield eventBytes({ start: { source: 'file/app' } });
    yield batchBytes([{ time: T, message: 'a\x1b[2Jb' }]);
    yield eventBytes({ gap: { records: 3, detail: 'the file was truncated before it was read' } });
    yield eventBytes(END);
  };
  const { out, err } = await nodectl(
    ['logs', 'app', '-n', 'web-1'],
    { read: { 'web-1': read } },
    { tty: true },
  );
  assert.equal(
    out,
    'a\\x1b[2Jb\n-- web-1, file/app: 3 records lost here: the file was truncated before it was read --\n',
  );
  assert.equal(err, '');
  const piped = await nodectl(['logs', 'app', '-n', 'web-1'], { read: { 'web-1': read } });
  assert.deepEqual([piped.out, piped.err.split(':')[0]], ['a\x1b[2Jb\n', 'nodectl']);
});
