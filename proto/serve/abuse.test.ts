/** What strangers and misbehaving callers send, while a legitimate caller goes on being served. */

import assert from 'node:assert/strict';
import { type ClientHttp2Session, constants, connect as http2 } from 'node:http2';
import { connect as tcp } from 'node:net';
import { after, before, test } from 'node:test';
import { connect as tls } from 'node:tls';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer, until } from '../../test/support/serve.ts';
import type { Channel } from '../call/channel.ts';

let pki: TestPki;
let served: TestServer;
let admin: TestCredential;
let reader: TestCredential;
let legitimate: Channel;
const sessions: ClientHttp2Session[] = [];

before(async () => {
  pki = testPki();
  served = await startServer(pki, 'node-1', { limits: { connectionsPerAddress: 40, handshakeMs: 500 } });
  admin = await pki.operator('alice', 'admin');
  reader = await pki.operator('mallory', 'reader');
  legitimate = await served.open(admin);
});

after(async () => {
  for (const session of sessions) session.destroy();
  legitimate.close();
  await served.server.drain(100);
  pki.remove();
});

const refusals = (cause: RegExp) => served.log.lines.filter((line) => cause.test(String(line.cause)));

async function assertServing(): Promise<void> {
  assert.equal((await legitimate.unary('nodectl.v1.SystemService/GetVersion', {})).node, 'node-1');
  const fresh = await served.open(admin);
  assert.equal((await fresh.unary('nodectl.v1.SystemService/GetVersion', {})).node, 'node-1');
  fresh.close();
}

/** Sends bytes to the port and gives what comes back until the server hangs up. */
function sendBytes(bytes: Buffer | string): Promise<Buffer> {
  const [host = '', port] = served.address.split(':');
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = tcp({ host, port: Number(port) }, () => socket.write(bytes));
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(parts)));
  });
}

/** An HTTP/2 session of a caller with a good certificate and bad manners. */
async function rude(options: object = {}): Promise<ClientHttp2Session> {
  const session = http2(`https://${served.address}`, {
    ca: pki.trust,
    cert: reader.chain,
    key: reader.key,
    checkServerIdentity: () => undefined,
    ...options,
  });
  sessions.push(session);
  session.on('error', () => undefined);
  await new Promise((resolve, reject) => session.once('remoteSettings', resolve).once('close', reject));
  return session;
}

const CALL = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
const READ_LOGS = { ...CALL, ':path': '/nodectl.v1.LogsService/ReadLogs' };

test('garbage, plain HTTP and silence on the port are refused with their cause in the log', async () => {
  await sendBytes(Buffer.alloc(5_000, 0x5a));
  await sendBytes('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await sendBytes('');
  await until(() => refusals(/^no TLS/).length > 0, 'garbage is logged');
  await until(() => refusals(/^plain HTTP$/).length > 0, 'plain HTTP is logged');
  await until(() => refusals(/took too long/).length > 0, 'silence is logged');
  assert.match(String(refusals(/^plain HTTP$/)[0]?.peer), /^127\.0\.0\.1:\d+$/);
  assert.equal(refusals(/^no TLS/)[0]?.reason, 'NOT_A_CALLER');
  await assertServing();
});

test('TLS 1.2, no certificate and no HTTP/2 are refused', async () => {
  const [host = '', port] = served.address.split(':');
  const attempt = (options: object) =>
    new Promise<string>((resolve) => {
      const common = { host, port: Number(port), ca: pki.trust, checkServerIdentity: () => undefined };
      const socket = tls({ ...common, ...options }, () => socket.write('x'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      socket.on('close', () => resolve('closed'));
    });
  const certificate = { cert: reader.chain, key: reader.key };
  assert.match(
    await attempt({ ...certificate, ALPNProtocols: ['h2'], maxVersion: 'TLSv1.2' }),
    /PROTOCOL_VERSION/,
  );
  assert.match(await attempt({ ALPNProtocols: ['h2'] }), /CERTIFICATE_REQUIRED/);
  assert.match(
    await attempt({ ...certificate, ALPNProtocols: ['spdy/1'] }),
    /NO_APPLICATION_PROTOCOL|closed/,
  );
  await until(() => refusals(/^no certificate was shown$/).length > 0, 'the missing certificate is logged');
  assert.equal(refusals(/^no certificate was shown$/)[0]?.reason, 'NO_CERTIFICATE');
  await until(() => refusals(/^no HTTP\/2 over TLS$/).length > 0, 'the missing protocol is logged');
  await assertServing();
});

test('a session cannot be resumed with a ticket, so that every connection shows its certificate', async () => {
  const [host = '', port] = served.address.split(':');
  const dial = (session?: Buffer) =>
    new Promise<{ ticket: Buffer | undefined; reused: boolean }>((resolve, reject) => {
      let ticket: Buffer | undefined;
      const socket = tls({
        ...{ host, port: Number(port), ca: pki.trust, cert: reader.chain, key: reader.key },
        ...{ ALPNProtocols: ['h2'], checkServerIdentity: () => undefined, ...(session ? { session } : {}) },
      });
      socket.on('session', (given) => {
        ticket = given;
      });
      socket.on('error', reject);
      // The server's first frame comes after its tickets.
      socket.once('data', () => {
        resolve({ ticket, reused: socket.isSessionReused() });
        socket.destroy();
      });
    });
  const { ticket } = await dial();
  assert.equal((await dial(ticket)).reused, false);
});

test('5,000 open streams on one connection starve nobody', async () => {
  served.behaviour.read = async function* (signal) {
    yield { start: { source: 'x' } };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  // A caller that ignores the server's bound on concurrent streams.
  const session = await rude({ peerMaxConcurrentStreams: 5_000 });
  const empty = Buffer.alloc(5);
  for (let at = 0; at < 5_000 && !session.destroyed; at++) {
    const stream = session.request(READ_LOGS);
    stream.on('error', () => undefined);
    stream.end(empty);
    if (at % 500 === 0) await assertServing();
  }
  assert.ok(served.server.calls.size <= 50, `${served.server.calls.size} calls are open`);
  session.destroy();
  await until(() => served.server.calls.size === 0, 'the calls are ended');
  await assertServing();
});

test('rapid resets end the session that sends them', async () => {
  const session = await rude({ peerMaxConcurrentStreams: 100_000 });
  const closed = new Promise((resolve) => session.once('close', resolve));
  for (let round = 0; round < 200 && !session.destroyed; round++) {
    for (let at = 0; at < 40 && !session.destroyed; at++) {
      const stream = session.request(READ_LOGS);
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await new Promise(setImmediate);
  }
  await closed;
  await assertServing();
});

test('huge headers are refused', async () => {
  const session = await rude();
  const stream = session.request({ ...READ_LOGS, 'x-large': 'x'.repeat(60_000) });
  await new Promise((resolve) => stream.on('error', resolve).on('close', resolve));
  await assertServing();
});

test('floods of pings and of settings do not stop the service', async () => {
  for (const flood of ['ping', 'settings'] as const) {
    const session = await rude({ maxOutstandingPings: 100_000, maxOutstandingSettings: 100_000 });
    for (let round = 0; round < 50 && !session.destroyed; round++) {
      for (let at = 0; at < 100 && !session.destroyed; at++)
        if (flood === 'ping') session.ping(() => undefined);
        else session.settings({ initialWindowSize: 65_535 + at });
      await new Promise(setImmediate);
    }
    await assertServing();
    session.destroy();
  }
});

test('a stream that never sends its request is ended', async () => {
  const slow = await startServer(pki, 'node-2', { limits: { requestMs: 100 } });
  const session = http2(`https://${slow.address}`, {
    ...{ ca: pki.trust, cert: reader.chain, key: reader.key, checkServerIdentity: () => undefined },
  });
  sessions.push(session);
  const stream = session.request(READ_LOGS);
  stream.write(Buffer.from([0, 0, 0]));
  await new Promise((resolve) => stream.on('error', () => undefined).on('close', resolve));
  assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
  session.destroy();
  await slow.server.drain(100);
});

test('requests that are no gRPC, of no known method, or no message of theirs are answered and change nothing', async () => {
  const session = await rude();
  const ask = (headers: object, body: Buffer) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const stream = session.request({ ...headers });
      let answer: Record<string, unknown> = {};
      stream.on('response', (got) => {
        answer = { ...answer, ...got };
      });
      stream.on('trailers', (got) => {
        answer = { ...answer, ...got };
      });
      stream.on('error', () => undefined);
      stream.on('close', () => resolve(answer));
      stream.resume();
      stream.end(body);
    });
  const message = Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]);
  assert.equal((await ask({ ...READ_LOGS, 'content-type': 'text/html' }, message))[':status'], 415);
  assert.equal((await ask({ ...CALL, ':path': '/nodectl.v1.Shell/Exec' }, message))['grpc-status'], '12');
  assert.equal((await ask(READ_LOGS, message))['grpc-status'], '3');
  assert.equal((await ask(READ_LOGS, Buffer.from([0, 0, 0, 0, 9])))['grpc-status'] === '0', false);
  await assertServing();
});

test('more connections from one address than are allowed are dropped, and the rest goes on', async () => {
  const [host = '', port] = served.address.split(':');
  const sockets = Array.from({ length: 60 }, () => tcp({ host, port: Number(port) }));
  for (const socket of sockets) socket.on('error', () => undefined);
  await until(() => refusals(/too many of this address/).length > 0, 'the excess is logged');
  assert.equal((await legitimate.unary('nodectl.v1.SystemService/GetVersion', {})).node, 'node-1');
  for (const socket of sockets) socket.destroy();
});
