/** Bundles of nodes that are not to be trusted: nothing of them leaves its folder, and none fills the memory. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Channel } from '../../proto/call/channel.ts';
import { receiveBundle } from './receive.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const head = (path: string, size = 0, digest = sha256(Buffer.alloc(Math.max(size || 0, 0)))) => ({
  file: { path, size, sha256: digest },
});
const limits = { timeoutMs: 1_000, signal: new AbortController().signal };

/** Receives what a node answers. */
async function received(answers: Iterable<object>): Promise<string[]> {
  const channel = {
    serverStream: async function* () {
      yield* answers;
    },
  } as unknown as Channel;
  const paths: string[] = [];
  for await (const { path, bytes } of receiveBundle(channel, {}, limits))
    paths.push(`${path} ${bytes.length}`);
  return paths;
}

function* endless(data: Buffer) {
  yield head('a', 32 << 20);
  for (;;) yield { data };
}

test('what an honest node sends is received', async () => {
  const half = Buffer.alloc(3);
  assert.deepEqual(
    await received([head('a/b', 6), { data: half }, { data: half }, head('c'), head('index.json')]),
    ['a/b 6', 'c 0', 'index.json 0'],
  );
});

test('names that lead out of the folder, and files that are not what they say, are refused', async () => {
  const paths = ['../x', 'a/../../x', '/etc/passwd', 'a//b', './a', 'a/.', '', 'a\0b', 'x'.repeat(2_000)];
  for (const path of paths) await assert.rejects(received([head(path)]), { reason: 'INTERNAL' }, path);
  const one = { data: Buffer.alloc(1) };
  const cases: [what: object[], message: RegExp][] = [
    [[head('a', 40 << 20)], /too large/],
    [[head('a', -1)], /too large/],
    [[head('a', Number.NaN)], /too large/],
    [Array.from({ length: 9 }, (_, at) => head(`a${at}`, 0)).concat(head('a0')), /came twice/],
    [[head('a', 1), head('b')], /ended too early/],
    [[head('a', 1), { data: Buffer.alloc(2) }], /bytes of no file/],
    [[one], /bytes of no file/],
    [[head('a', 1, sha256(Buffer.alloc(0))), one], /checksum/],
    [[head('a', 1)], /ended too early/],
    [[head('a')], /ended too early/],
  ];
  for (const [answers, message] of cases)
    await assert.rejects(received(answers), { reason: 'INTERNAL', message });
});

test('a node that sends crumbs without end, or nothing without end, is left', async () => {
  await assert.rejects(received(endless(Buffer.alloc(1))), /too many parts/);
  await assert.rejects(received(endless(Buffer.alloc(0))), /too many parts/);
});
