/** Calls and streams on a connection that stands, and what becomes of them when it breaks. */

import assert from 'node:assert/strict';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { after, describe, test } from 'node:test';
import type { Failure } from '../failure.ts';
import { openChannel } from './open.ts';
import { GET_VERSION, KINDS, listening, READ_LOGS, startRig } from './testing.ts';

const rig = await startRig();
after(() => rig.stop());
const { pki, node, target, keyAndCert } = rig;

for (const [kind, more] of KINDS)
  describe(`unary calls${kind}`, () => {
    test('an answer comes back with its types', async () => {
      const channel = await openChannel(target(node.address, more));
      assert.equal((await channel.unary(GET_VERSION, {})).node, 'web-1');
      channel.close();
    });

    test('many calls share a connection, each with its own answer', async () => {
      const channel = await openChannel(target(node.address, more));
      await channel.unary(GET_VERSION, {});
      const before = node.server.connections;
      const answers = await Promise.all(Array.from({ length: 30 }, () => channel.unary(GET_VERSION, {})));
      assert.ok(answers.every((answer) => answer.node === 'web-1'));
      assert.equal(node.server.connections, before);
      channel.close();
    });

    test('a call past its time limit fails with DEADLINE_EXCEEDED and the node is told', async () => {
      let called = false;
      let aborted = false;
      node.behaviour.version = (signal) =>
        new Promise((_, reject) => {
          called = true;
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('gone'));
          });
        });
      const channel = await openChannel(target(node.address, more));
      // On a busy machine the time may be over before the node has heard of the call.
      while (!called)
        await assert.rejects(channel.unary(GET_VERSION, {}, { timeoutMs: 100 }), {
          reason: 'DEADLINE_EXCEEDED',
          hint: /may be busy or hang: a longer --timeout/,
        });
      while (!aborted) await new Promise((resolve) => setTimeout(resolve, 5));
      node.behaviour.version = async () => ({ node: 'web-1' });
      channel.close();
    });

    test('time in which the caller was held up itself does not count: the answer that has come is taken', async () => {
      const held = new Int32Array(new SharedArrayBuffer(4));
      const channel = await openChannel(target(node.address, more));
      await channel.unary(GET_VERSION, {});
      node.behaviour.version = async () => {
        // The node and its caller are one process here.
        Atomics.wait(held, 0, 0, 700);
        return { node: 'web-1' };
      };
      assert.equal((await channel.unary(GET_VERSION, {}, { timeoutMs: 600 })).node, 'web-1');
      node.behaviour.version = async () => ({ node: 'web-1' });
      channel.close();
    });

    test('a cancelled call fails with CANCELLED', async () => {
      node.behaviour.version = (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))));
      const channel = await openChannel(target(node.address, more));
      const stop = new AbortController();
      const call = channel.unary(GET_VERSION, {}, { signal: stop.signal });
      setTimeout(() => stop.abort(), 20);
      await assert.rejects(call, { reason: 'CANCELLED' });
      node.behaviour.version = async () => ({ node: 'web-1' });
      channel.close();
    });

    test('a failure of the node arrives with its reason, and inner text stays where it was', async () => {
      const channel = await openChannel(target(node.address, more));
      await assert.rejects(channel.unary('nodectl.v1.SystemService/GetNode', {}), (error: Failure) => {
        assert.equal(error.reason, 'INTERNAL');
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
      channel.close();
    });
  });

describe('streams', () => {
  test('leaving a stream tells the node, and flow control holds it back', async () => {
    let sent = 0;
    let ended = false;
    node.behaviour.read = async function* () {
      try {
        for (;;) {
          sent++;
          yield { batch: { count: 1, text: Buffer.alloc(256 * 1024) } };
        }
      } finally {
        ended = true;
      }
    };
    const channel = await openChannel(target(node.address));
    let taken = 0;
    for await (const _ of channel.serverStream(READ_LOGS, {})) {
      // A slow reader: whatever the node had sent by now is all that is in flight.
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (++taken === 5) break;
    }
    while (!ended) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(sent < 200, `the node ran ahead by ${sent} messages`);
    channel.close();
  });

  test('a connection that breaks in the middle of a stream is an error and never an end', async () => {
    const silent = createSecureServer({ ...(await keyAndCert()), ca: pki.trust, requestCert: true });
    silent.on('sessionError', () => {});
    silent.on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => {});
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(Buffer.from([0, 0, 0, 0, 0]));
      setTimeout(() => stream.session?.destroy(), 20);
    });
    const channel = await openChannel(target(await listening(silent)));
    const read = async () => {
      for await (const _ of channel.serverStream(READ_LOGS, {}));
    };
    await assert.rejects(read, { reason: 'CONNECTION_LOST' });
    channel.close();
    silent.close();
  });

  test('a stream that ends without a status is an error and never an end', async () => {
    const rude = createSecureServer({ ...(await keyAndCert()), ca: pki.trust, requestCert: true });
    rude.on('stream', (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.end(Buffer.from([0, 0, 0, 0, 0]));
    });
    const channel = await openChannel(target(await listening(rude)));
    const read = async () => {
      for await (const _ of channel.serverStream(READ_LOGS, {}));
    };
    await assert.rejects(read, { reason: 'CONNECTION_LOST' });
    channel.close();
    rude.close();
  });
});
