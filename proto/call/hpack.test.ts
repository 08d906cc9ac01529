/** Blocks of headers, held against those of node:http2 and against the examples of RFC 7541. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { after, describe, test } from 'node:test';
import { decodeHeaders, encodeHeaders } from './hpack.ts';
import { content, encodeFrame, FLAG, FRAME, FrameReader, PREFACE } from './http2-frames.ts';

/** All that a header may hold in ASCII. */
const VISIBLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('');
const LATIN1 = Array.from({ length: 128 }, (_, at) => String.fromCharCode(0x80 + at)).join('');

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());

/** What node:http2 reads of headers that are sent to it, and what we read of those that it answers with. */
async function exchange(
  sent: readonly [string, string][],
  answer: Record<string, string | string[]>,
): Promise<{ received: IncomingHttpHeaders; read: Record<string, string> }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const received = new Promise<IncomingHttpHeaders>((resolve) =>
    server.once('stream', (stream: ServerHttp2Stream, headers) => {
      stream.respond({ ':status': 200, ...answer }, { endStream: true });
      resolve(headers);
    }),
  );
  const read = new Promise<Record<string, string>>((resolve) => {
    const reader = new FrameReader();
    socket.on('data', (chunk: Buffer) =>
      reader.push(chunk, (frame) => {
        if (frame.type === FRAME.headers) resolve(decodeHeaders(content(frame, true)));
      }),
    );
  });
  // The setting is that of unary-channel.ts: no table of headers to keep.
  const settings = encodeFrame(FRAME.settings, 0, 0, Buffer.from([0, 1, 0, 0, 0, 0]));
  const block = encodeHeaders([
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'a'],
    ...sent,
  ]);
  socket.write(
    Buffer.concat([
      PREFACE,
      settings,
      encodeFrame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, 1, block),
    ]),
  );
  const both = { received: await received, read: await read };
  socket.destroy();
  return both;
}

describe('beside node:http2', () => {
  test('texts of all lengths and letters are read as they were written', async () => {
    const texts = [
      ...[1, 126, 127, 128, 254, 255, 383, 5_000].map((length) => 'x'.repeat(length)),
      `(${VISIBLE})`,
    ];
    const headers = texts.map((text, at): [string, string] => [`x-text-${at}`, text]);
    const { received, read } = await exchange(headers, {
      ...Object.fromEntries(headers),
      'x-latin1': LATIN1,
    });
    for (const [name, text] of headers) {
      assert.equal(received[name], text);
      assert.equal(read[name], text);
    }
    assert.equal(read['x-latin1'], LATIN1);
  });

  test('names and values that have an index are what they stand for, and those that come twice are joined', async () => {
    const answer = {
      'content-type': 'application/grpc+proto',
      'accept-encoding': 'gzip, deflate',
      'www-authenticate': 'none',
      'x-twice': ['a', 'b'],
    };
    const { read } = await exchange([], answer);
    const { date, ...others } = read;
    assert.ok(Number.isFinite(Date.parse(date ?? '')));
    assert.deepEqual({ ...others }, { ':status': '200', ...answer, 'x-twice': 'a, b' });
    assert.equal((await exchange([], { ':status': '404' })).read[':status'], '404');
  });
});

describe('a block', () => {
  const block = (hex: string) => decodeHeaders(Buffer.from(hex, 'hex'));

  test('is read as RFC 7541 has it (C.3.1, C.4.1, C.6.1)', () => {
    const request = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'www.example.com' };
    assert.deepEqual({ ...block('828684410f7777772e6578616d706c652e636f6d') }, request);
    assert.deepEqual({ ...block('828684418cf1e3c2e5f23a6ba0ab90f4ff') }, request);
    const answer =
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3';
    assert.deepEqual(
      { ...block(answer) },
      {
        ':status': '302',
        'cache-control': 'private',
        date: 'Mon, 21 Oct 2013 20:13:21 GMT',
        location: 'https://www.example.com',
      },
    );
  });

  for (const [what, hex, why] of [
    ['that refers to a table that there is not', 'be', /there is no header 62/],
    ['that refers to nothing', '80', /there is no header 0/],
    ['that makes room for a table', '3fe11f', /no room/],
    ['whose text is cut short', '0003616263', /cut short/],
    ['whose text is longer than what is there', '00036162', /cut short/],
    ['whose number never ends', `7f${'80'.repeat(20)}`, /too large/],
    ['whose number is cut short', '7fff', /cut short/],
    ['that holds the end of the Huffman code', '000161' + '84ffffffff', /Huffman/],
    ['whose Huffman code is filled up with a byte too many', '000161' + '82' + '1fff', /within a code/],
    ['whose Huffman code is filled up with zeros', '000161' + '81' + '18', /within a code/],
  ] as const)
    test(`${what} is refused`, () => assert.throws(() => block(hex), why));
});
