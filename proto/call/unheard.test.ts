/** Connections that end before the node has said a word: whether it refused the caller is asked once more. */

import assert from 'node:assert/strict';
import { createSecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { Channel, ChannelTarget } from './channel.ts';
import { openChannel } from './open.ts';
import { failureOf, GET_VERSION, KINDS, listening, READ_LOGS, startRig, tlsServer } from './testing.ts';

const REFLECT = 'grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

const rig = await startRig();
after(() => rig.stop());
const { pki, target, keyAndCert } = rig;

/** A node that does something of its own with its first connection, or with all of them, once a request has arrived. */
async function hangingUp(how: 'end' | 'reset', connections = Infinity): Promise<ChannelTarget> {
  const caller = { ca: pki.trust, requestCert: true, rejectUnauthorized: false };
  const server = createSecureServer({ ...(await keyAndCert()), ...caller });
  const serve = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  const raw: Socket[] = [];
  server.on('connection', (socket: Socket) => raw.push(socket));
  let seen = 0;
  server.removeAllListeners('secureConnection').on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => {});
    if (++seen > connections) return serve.forEach((listener) => void listener.call(server, socket));
    // The caller of the first connection speaks; whoever asks a second time only listens.
    const act = () => (how === 'end' ? socket.destroy() : raw.at(-1)?.resetAndDestroy());
    if (seen === 1) socket.once('readable', act);
    else act();
  });
  server.on('sessionError', () => {});
  server.unref();
  return target(await listening(server));
}

const ENDS = [
  ['ends', 'end'],
  ['is reset', 'reset'],
] as const;
for (const [how, act, kind, more] of ENDS.flatMap((end) => KINDS.map((one) => [...end, ...one] as const))) {
  test(`a connection that ${how} unheard by a node that accepts the caller is lost, not refused${kind}`, async () => {
    assert.equal((await failureOf({ ...(await hangingUp(act, 1)), ...more })).reason, 'CONNECTION_LOST');
  });
  test(`a connection that ${how} unheard, and the next one as well, is refused${kind}`, async () => {
    assert.equal((await failureOf({ ...(await hangingUp(act)), ...more })).reason, 'CERTIFICATE_REFUSED');
  });
  test(`one that ${how} unheard where a token stands in for the certificate is lost${kind}`, async () => {
    const { credential: _, ...where } = await hangingUp(act, 1);
    assert.equal((await failureOf({ ...where, ...more })).reason, 'CONNECTION_LOST');
  });
  test(`a connection that ${how} unheard is put down to our own certificate where that has ended${kind}`, async () => {
    const credential = await pki.operator('bob', 'admin', 60_000, Date.now() - 3_600_000);
    const where = { ...(await hangingUp(act, 1)), credential, ...more };
    const { reason, hint } = await failureOf(where);
    assert.equal(reason, 'CERTIFICATE_EXPIRED');
    assert.match(hint, /makes a new one: nodectl pki operator bob --role admin;/);
  });
}

const CALLS: readonly [kind: string, call: (channel: Channel) => AsyncIterable<unknown>][] = [
  [
    'unary',
    async function* (channel) {
      yield await channel.unary(GET_VERSION, {});
    },
  ],
  ['streaming', (channel) => channel.serverStream(READ_LOGS, {})],
  ['bidirectional', (channel) => channel.bidiStream(REFLECT, (async function* () {})())],
];
for (const [kind, call] of CALLS)
  test(`a ${kind} call that begins on a connection that has ended unheard is lost, not refused`, async () => {
    const channel = await openChannel(await hangingUp('end', 1));
    await assert.rejects(channel.unary(GET_VERSION, {}), { reason: 'CONNECTION_LOST' });
    await assert.rejects(
      async () => {
        for await (const _ of call(channel));
      },
      { reason: 'CONNECTION_LOST' },
    );
    channel.close();
  });

for (const [when, event] of [
  ['while the node says nothing', 'secureConnection'],
  ['in its handshake', 'connection'],
] as const)
  test(`asking a node again whether it accepts the caller is cancelled with the call, ${when}`, async () => {
    const stop = new AbortController();
    const server = tlsServer(await pki.node('web-1'), { ca: pki.trust, requestCert: true });
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => {});
      server.removeAllListeners('secureConnection').removeAllListeners(event);
      server.on(event, () => stop.abort());
      socket.destroy();
    });
    server.unref();
    const channel = await openChannel(target(await listening(server)));
    await assert.rejects(channel.unary(GET_VERSION, {}, { signal: stop.signal }), { reason: 'CANCELLED' });
    channel.close();
  });

test('a node that is gone after a connection ended unheard is told as gone', async () => {
  const server = tlsServer(await pki.node('web-1'), { ca: pki.trust, requestCert: true });
  server.on('secureConnection', (socket: TLSSocket) => {
    server.close();
    socket.destroy();
  });
  assert.equal((await failureOf(target(await listening(server)))).reason, 'CONNECTION_REFUSED');
});
