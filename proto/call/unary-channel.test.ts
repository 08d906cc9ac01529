/** Channels for short questions: frames as peers may send them, and peers that break the rules. What all channels do is in open.test.ts. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { contractMethod } from '../contract.ts';
import { frame as framed } from './framing.ts';
import { encodeHeaders } from './hpack.ts';
import { encodeFrame, FLAG, FRAME, type Frame, FrameReader, PREFACE } from './http2-frames.ts';
import { openChannel } from './open.ts';
import { GET_VERSION, listening, READ_LOGS, startRig, tlsServer } from './testing.ts';

const rig = await startRig();
after(() => rig.stop());
const { pki, node, target } = rig;
const unary = { calls: 'unary' } as const;

const SETTINGS = encodeFrame(FRAME.settings, 0, 0, Buffer.alloc(0));
const HEADERS = encodeHeaders([
  [':status', '200'],
  ['content-type', 'application/grpc+proto'],
]);
const TRAILERS = encodeHeaders([['grpc-status', '0']]);
const MESSAGE = framed(contractMethod(GET_VERSION).response.encode({ node: 'web-1' }));

function number(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

const headers = (flags = FLAG.endHeaders as number, block: Uint8Array = HEADERS, stream = 1) =>
  encodeFrame(FRAME.headers, flags, stream, block);
const data = (bytes: Uint8Array, flags = 0, stream = 1) => encodeFrame(FRAME.data, flags, stream, bytes);
const trailers = headers(FLAG.endHeaders | FLAG.endStream, TRAILERS);
const ANSWER = Buffer.concat([SETTINGS, headers(), data(MESSAGE), trailers]);

/** A node that says what a script says once a request has come. What it was sent is in `seen`. */
async function scripted(script: (socket: TLSSocket) => unknown) {
  const server = tlsServer(await pki.node('web-1'), { ca: pki.trust, requestCert: true });
  const seen: Frame[] = [];
  server.on('secureConnection', (socket: TLSSocket) => {
    const reader = new FrameReader();
    let greeted = false;
    socket.on('data', (chunk: Buffer) => {
      const bytes = greeted ? chunk : chunk.subarray(PREFACE.length);
      if (!greeted) assert.deepEqual(chunk.subarray(0, PREFACE.length), PREFACE);
      greeted = true;
      reader.push(bytes, (frame) => {
        seen.push({ ...frame, payload: Buffer.from(frame.payload) });
        if (frame.type === FRAME.data && frame.stream === 1) script(socket);
      });
    });
  });
  server.unref();
  return { where: target(await listening(server), unary), seen };
}

/** What a call brings of a node that says something. */
async function said(bytes: Buffer) {
  const { where } = await scripted((socket) => socket.write(bytes));
  const channel = await openChannel(where);
  try {
    return await channel.unary(GET_VERSION, {}, { timeoutMs: 60_000 });
  } finally {
    channel.close();
  }
}

describe('an answer', () => {
  const padded = (bytes: Uint8Array) => Buffer.concat([Buffer.from([3]), bytes, Buffer.alloc(3)]);
  for (const [how, bytes] of [
    [
      'with padding',
      [headers(FLAG.endHeaders | FLAG.padded, padded(HEADERS)), data(padded(MESSAGE), FLAG.padded), trailers],
    ],
    [
      'with a priority',
      [
        headers(FLAG.endHeaders | FLAG.priority, Buffer.concat([Buffer.alloc(5), HEADERS])),
        data(MESSAGE),
        trailers,
      ],
    ],
    [
      'whose headers go on in other frames',
      [
        headers(0, HEADERS.subarray(0, 3)),
        encodeFrame(FRAME.continuation, 0, 1, HEADERS.subarray(3, 9)),
        encodeFrame(FRAME.continuation, FLAG.endHeaders, 1, HEADERS.subarray(9)),
        data(MESSAGE),
        trailers,
      ],
    ],
    [
      'that is announced',
      [headers(FLAG.endHeaders, encodeHeaders([[':status', '103']])), headers(), data(MESSAGE), trailers],
    ],
    [
      'among frames of other kinds',
      [
        encodeFrame(0x42, 0xff, 7, Buffer.from('?')),
        headers(),
        data(MESSAGE),
        data(MESSAGE, FLAG.endStream, 9),
        trailers,
      ],
    ],
    ['in many pieces', [headers(), ...[...MESSAGE].map((byte) => data(Buffer.from([byte]))), trailers]],
  ] as const)
    test(`${how} is read`, async () => {
      assert.equal((await said(Buffer.concat([SETTINGS, ...bytes]))).node, 'web-1');
    });

  test('that comes a byte at a time is read', async () => {
    const { where } = await scripted(async (socket) => {
      for (const byte of ANSWER) {
        socket.write(Buffer.from([byte]));
        await sleep(0);
      }
    });
    const channel = await openChannel(where);
    assert.equal((await channel.unary(GET_VERSION, {})).node, 'web-1');
    channel.close();
  });

  test('that is longer than what may be sent ahead is read whole, and another one after it', async () => {
    const version = 'x'.repeat(1_000_000);
    node.behaviour.version = async () => ({ node: 'web-1', version });
    const channel = await openChannel(target(node.address, unary));
    for (let call = 0; call < 3; call++)
      assert.equal((await channel.unary(GET_VERSION, {})).version, version);
    node.behaviour.version = async () => ({ node: 'web-1' });
    channel.close();
  });
});

test('pings are answered, and the settings acknowledged', async () => {
  const ping = Buffer.from('12345678');
  const { where, seen } = await scripted((socket) => {
    socket.write(Buffer.concat([SETTINGS, encodeFrame(FRAME.ping, 0, 0, ping)]));
    socket.on('data', () => socket.write(Buffer.concat([headers(), data(MESSAGE), trailers])));
  });
  const channel = await openChannel(where);
  await channel.unary(GET_VERSION, {});
  const acknowledged = seen.filter(({ flags, stream }) => stream === 0 && flags === FLAG.ack);
  assert.deepEqual(
    acknowledged.map(({ type }) => type),
    [FRAME.ping, FRAME.settings],
  );
  assert.deepEqual(acknowledged[0]?.payload, ping);
  channel.close();
});

describe('a peer', () => {
  const strange = (bytes: Buffer[]) => Buffer.concat([SETTINGS, ...bytes]);
  for (const [what, bytes, why] of [
    ['that sends too long a frame', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 1]), /65536 bytes is too long/],
    ['that pushes', encodeFrame(FRAME.pushPromise, FLAG.endHeaders, 1, Buffer.alloc(8)), /pushes/],
    ['whose padding is all and more', data(Buffer.from([9, 0]), FLAG.padded), /padding/],
    [
      'that goes on with headers that have not begun',
      encodeFrame(FRAME.continuation, 0, 1, HEADERS),
      /not begun/,
    ],
    ['that interrupts headers', Buffer.concat([headers(0), data(MESSAGE)]), /interrupted/],
    [
      'that sends headers without end',
      Buffer.concat([
        headers(0),
        ...Array.from({ length: 8_000 }, () => encodeFrame(FRAME.continuation, 0, 1, Buffer.alloc(0))),
      ]),
      /endless headers/,
    ],
    [
      'that refers to headers that it was not to keep',
      headers(FLAG.endHeaders, Buffer.from([0xbe])),
      /no header 62/,
    ],
    [
      'that resets a call in too few bytes',
      encodeFrame(FRAME.resetStream, 0, 1, Buffer.alloc(2)),
      /too short/,
    ],
  ] as const)
    test(`${what} is no agent`, async () => {
      await assert.rejects(said(strange([bytes])), { reason: 'NOT_A_NODECTL_AGENT', message: why });
    });

  for (const [what, bytes, reason] of [
    [
      'that says good-bye before it has looked at a call',
      encodeFrame(FRAME.goAway, 0, 0, Buffer.alloc(8)),
      'DRAINING',
    ],
    ['that refuses a call', encodeFrame(FRAME.resetStream, 0, 1, number(7)), 'TOO_MANY_STREAMS'],
    ['that resets a call', encodeFrame(FRAME.resetStream, 0, 1, number(2)), 'CONNECTION_LOST'],
    [
      'that ends a call without a status',
      Buffer.concat([headers(), data(MESSAGE, FLAG.endStream)]),
      'CONNECTION_LOST',
    ],
    [
      'that ends a call in the middle of a message',
      Buffer.concat([headers(), data(MESSAGE.subarray(0, -1)), trailers]),
      'CONNECTION_LOST',
    ],
    ['that sends no answer', Buffer.concat([headers(), trailers]), 'CONNECTION_LOST'],
    [
      'that sends two answers',
      Buffer.concat([headers(), data(MESSAGE), data(MESSAGE), trailers]),
      'INTERNAL',
    ],
    [
      'that speaks HTTP alone',
      headers(FLAG.endHeaders | FLAG.endStream, encodeHeaders([[':status', '404']])),
      'NOT_A_NODECTL_AGENT',
    ],
    [
      'that refuses at once',
      headers(
        FLAG.endHeaders | FLAG.endStream,
        encodeHeaders([
          [':status', '200'],
          ['grpc-status', '12'],
        ]),
      ),
      'UNKNOWN_METHOD',
    ],
  ] as const)
    test(`${what}: ${reason}`, async () => {
      await assert.rejects(said(strange([bytes])), { reason });
    });

  test('that hangs up in the middle of an answer has lost the call', async () => {
    const { where } = await scripted((socket) =>
      socket.end(Buffer.concat([SETTINGS, headers(), data(MESSAGE)])),
    );
    const channel = await openChannel(where);
    await assert.rejects(channel.unary(GET_VERSION, {}), { reason: 'CONNECTION_LOST' });
    await assert.rejects(channel.unary(GET_VERSION, {}), { reason: 'CONNECTION_LOST' });
    channel.close();
  });

  test('that has said good-bye may end the calls that it has, and gets no more', async () => {
    const { where } = await scripted((socket) =>
      socket.write(
        Buffer.concat([
          SETTINGS,
          encodeFrame(FRAME.goAway, 0, 0, Buffer.concat([number(1), number(0)])),
          ANSWER,
        ]),
      ),
    );
    const channel = await openChannel(where);
    assert.equal((await channel.unary(GET_VERSION, {})).node, 'web-1');
    await assert.rejects(channel.unary(GET_VERSION, {}), { reason: 'DRAINING' });
    channel.close();
  });
});

test('a peer that pings and does not read is no agent', async () => {
  const pings = Buffer.concat(
    Array.from({ length: 4_000 }, () => encodeFrame(FRAME.ping, 0, 0, Buffer.alloc(8))),
  );
  const { where } = await scripted((socket) => {
    socket.pause().write(SETTINGS);
    const flood = () => {
      while (socket.writable && socket.write(pings));
    };
    socket.on('drain', flood);
    flood();
  });
  const channel = await openChannel(where);
  await assert.rejects(channel.unary(GET_VERSION, {}, { timeoutMs: 60_000 }), {
    reason: 'NOT_A_NODECTL_AGENT',
    message: /pings without end/,
  });
  channel.close();
});

test('a call that is cancelled before it begins is not sent', async () => {
  const { where, seen } = await scripted((socket) => socket.write(ANSWER));
  const channel = await openChannel(where);
  await assert.rejects(channel.unary(GET_VERSION, {}, { signal: AbortSignal.abort() }), {
    reason: 'CANCELLED',
  });
  assert.equal((await channel.unary(GET_VERSION, {})).node, 'web-1');
  assert.deepEqual(
    seen.map(({ type }) => type),
    [FRAME.settings, FRAME.headers, FRAME.data],
  );
  channel.close();
});

test('closing a channel ends its calls', async () => {
  const { where } = await scripted((socket) => {
    socket.write(SETTINGS);
    channel.close();
  });
  const channel = await openChannel(where);
  await assert.rejects(channel.unary(GET_VERSION, {}), { reason: 'CONNECTION_LOST' });
});

test('what is more than a short question is refused as a defect of the program', async () => {
  const channel = await openChannel(target(node.address, unary));
  assert.throws(() => channel.serverStream(READ_LOGS, {}), { reason: 'INTERNAL' });
  await assert.rejects(channel.unary('nodectl.v1.AccessService/Deny', { subject: 'x'.repeat(20_000) }), {
    reason: 'INTERNAL',
  });
  channel.close();
});
