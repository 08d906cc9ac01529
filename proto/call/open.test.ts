import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { issueLeaf } from '../../pki/certificate.ts';
import { keyPem, newKey } from '../../pki/csr.ts';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer } from '../../test/support/serve.ts';
import { Failure } from '../failure.ts';
import type { Channel, ChannelTarget } from './channel.ts';
import { openChannel } from './open.ts';

const GET_VERSION = 'nodectl.v1.SystemService/GetVersion';
const REFLECT = 'grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const READ_LOGS = 'nodectl.v1.LogsService/ReadLogs';
const DAY_MS = 86_400_000;

let pki: TestPki;
let other: TestPki;
let node: TestServer;
let admin: TestCredential;

before(async () => {
  pki = testPki();
  other = testPki();
  node = await startServer(pki, 'web-1');
  admin = await pki.operator('alice', 'admin');
});

after(async () => {
  await node.server.drain(0);
  pki.remove();
  other.remove();
});

function target(address: string, more: Partial<ChannelTarget> = {}): ChannelTarget {
  return { address, expect: { kind: 'node', name: 'web-1' }, trust: pki.trust, credential: admin, ...more };
}

/** The failure of connecting and making one call. */
async function failureOf(where: ChannelTarget): Promise<Failure> {
  try {
    const channel = await openChannel(where);
    try {
      await channel.unary(GET_VERSION, {}, { timeoutMs: 5_000 });
    } finally {
      channel.close();
    }
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  throw new assert.AssertionError({ message: 'the call succeeded' });
}

async function listening(server: TcpServer | Http2SecureServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A TLS server that shows a credential and does nothing more. */
function tlsServer({ key, chain }: TestCredential, options: object = {}): TcpServer {
  const server = createTls(
    { key, cert: chain, ALPNProtocols: ['h2'], minVersion: 'TLSv1.3', ...options },
    (socket) => socket.on('error', () => {}),
  );
  server.on('tlsClientError', () => {});
  return server;
}

describe('why a connection fails', () => {
  const cases: [string, string, () => Promise<{ where: ChannelTarget; end?: () => void }>][] = [
    [
      'a name that does not exist',
      'DNS_FAILED',
      async () => ({ where: target('does-not-exist.invalid:7443') }),
    ],
    [
      'a port where nothing listens',
      'CONNECTION_REFUSED',
      async () => {
        const server = createTcp();
        const address = await listening(server);
        await new Promise((resolve) => server.close(resolve));
        return { where: target(address) };
      },
    ],
    [
      'a peer that accepts and says nothing',
      'CONNECT_TIMEOUT',
      async () => {
        const server = createTcp();
        return {
          where: target(await listening(server), { connectTimeoutMs: 200 }),
          end: () => server.close(),
        };
      },
    ],
    [
      'a peer that speaks plain HTTP',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = createHttp();
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a peer that hangs up in the handshake',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = createTcp((socket) => socket.destroy());
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a peer that knows no TLS 1.3',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = tlsServer(await pki.node('web-1'), { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a peer that knows no HTTP/2',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = tlsServer(await pki.node('web-1'), { ALPNProtocols: undefined });
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node of another authority',
      'WRONG_CA',
      async () => {
        const server = tlsServer(await other.node('web-1'));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node of another name',
      'WRONG_NODE',
      async () => {
        const server = tlsServer(await pki.node('web-2'));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node whose certificate has ended',
      'CERTIFICATE_EXPIRED',
      async () => {
        const server = tlsServer(await pki.node('web-1', 60_000, Date.now() - 3_600_000));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node whose certificate has not begun',
      'CERTIFICATE_NOT_YET_VALID',
      async () => {
        const server = tlsServer(await pki.node('web-1', DAY_MS, Date.now() + DAY_MS));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node that was minted by the operators’ authority',
      'WRONG_ISSUER',
      async () => {
        const authority = await pki.store.signer('operators', () => '');
        const key = newKey();
        const leaf = issueLeaf(
          { kind: 'node', name: 'web-1' },
          authority,
          createPublicKey(key),
          Date.now(),
          DAY_MS,
        );
        const server = tlsServer({
          key: keyPem(key),
          chain: leaf.toString() + authority.certificate.toString(),
        });
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'no certificate of our own',
      'NO_CERTIFICATE',
      async () => {
        const { credential: _, ...where } = target(node.address);
        return { where };
      },
    ],
    [
      'our certificate has ended',
      'CERTIFICATE_EXPIRED',
      async () => ({
        where: target(node.address, {
          credential: await pki.operator('bob', 'admin', 60_000, Date.now() - 3_600_000),
        }),
      }),
    ],
    [
      'our certificate has not begun',
      'CERTIFICATE_NOT_YET_VALID',
      async () => ({
        where: target(node.address, {
          credential: await pki.operator('bob', 'admin', DAY_MS, Date.now() + DAY_MS),
        }),
      }),
    ],
    [
      'our certificate is of another authority',
      'WRONG_CA',
      async () => ({ where: target(node.address, { credential: await other.operator('bob', 'admin') }) }),
    ],
    ['an address that is none', 'BAD_ARGUMENT', async () => ({ where: target('web-1') })],
  ];
  for (const [what, reason, arrange] of cases)
    test(`${what}: ${reason}`, async () => {
      const { where, end } = await arrange();
      try {
        const failure = await failureOf(where);
        assert.equal(failure.reason, reason, failure.message);
        assert.notEqual(failure.hint, '', 'a person is told what to do next');
      } finally {
        end?.();
      }
    });
});

describe('calls', () => {
  test('an answer comes back with its types', async () => {
    const channel = await openChannel(target(node.address));
    assert.equal((await channel.unary(GET_VERSION, {})).node, 'web-1');
    channel.close();
  });

  test('many calls share a connection, each with its own answer', async () => {
    const channel = await openChannel(target(node.address));
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
    const channel = await openChannel(target(node.address));
    // On a busy machine the time may be over before the node has heard of the call.
    while (!called)
      await assert.rejects(channel.unary(GET_VERSION, {}, { timeoutMs: 100 }), {
        reason: 'DEADLINE_EXCEEDED',
      });
    while (!aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    node.behaviour.version = async () => ({ node: 'web-1' });
    channel.close();
  });

  test('time in which the caller was held up itself does not count: the answer that has come is taken', async () => {
    const held = new Int32Array(new SharedArrayBuffer(4));
    const channel = await openChannel(target(node.address));
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
    const channel = await openChannel(target(node.address));
    const stop = new AbortController();
    const call = channel.unary(GET_VERSION, {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await assert.rejects(call, { reason: 'CANCELLED' });
    node.behaviour.version = async () => ({ node: 'web-1' });
    channel.close();
  });

  test('a failure of the node arrives with its reason, and inner text stays where it was', async () => {
    const channel = await openChannel(target(node.address));
    await assert.rejects(channel.unary('nodectl.v1.SystemService/GetNode', {}), (error: Failure) => {
      assert.equal(error.reason, 'INTERNAL');
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
    channel.close();
  });

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

async function keyAndCert(): Promise<{ key: string; cert: string }> {
  const { key, chain } = await pki.node('web-1');
  return { key, cert: chain };
}

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
for (const [how, act] of ENDS) {
  test(`a connection that ${how} unheard by a node that accepts the caller is lost, not refused`, async () => {
    assert.equal((await failureOf(await hangingUp(act, 1))).reason, 'CONNECTION_LOST');
  });
  test(`a connection that ${how} unheard, and the next one as well, is refused`, async () => {
    assert.equal((await failureOf(await hangingUp(act))).reason, 'CERTIFICATE_REFUSED');
  });
  test(`one that ${how} unheard where a token stands in for the certificate is lost`, async () => {
    const { credential: _, ...where } = await hangingUp(act, 1);
    assert.equal((await failureOf(where)).reason, 'CONNECTION_LOST');
  });
  test(`a connection that ${how} unheard is put down to our own certificate where that has ended`, async () => {
    const credential = await pki.operator('bob', 'admin', 60_000, Date.now() - 3_600_000);
    const where = { ...(await hangingUp(act, 1)), credential };
    const { reason, hint } = await failureOf(where);
    assert.equal(reason, 'CERTIFICATE_EXPIRED');
    assert.match(hint, /makes a new one: nodectl pki operator bob --role admin;/);
  });
}

const KINDS: readonly [kind: string, call: (channel: Channel) => AsyncIterable<unknown>][] = [
  [
    'unary',
    async function* (channel) {
      yield await channel.unary(GET_VERSION, {});
    },
  ],
  ['streaming', (channel) => channel.serverStream(READ_LOGS, {})],
  ['bidirectional', (channel) => channel.bidiStream(REFLECT, (async function* () {})())],
];
for (const [kind, call] of KINDS)
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

test('where an issuer was called the hint is about the issuer', async () => {
  const closed = createTcp();
  const address = await listening(closed);
  await new Promise((resolve) => closed.close(resolve));
  const failure = await failureOf(target(address, { expect: { kind: 'issuer' } }));
  assert.equal(failure.reason, 'CONNECTION_REFUSED');
  assert.match(failure.hint, /^is the issuer running/);
});
