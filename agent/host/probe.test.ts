/** Probes: what answers, what does not, what stands still, and that nothing beyond the machine is asked. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecond } from 'node:http2';
import { type AddressInfo, createServer as createPlain, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from './captured-machine.ts';
import { LiveMachine } from './live-machine.ts';
import { Unavailable, type UnavailableKind } from './unavailable.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-probe-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  rmSync(root, { recursive: true });
});
const machine = new LiveMachine(root);
const is = (kind: UnavailableKind) => (error: unknown) => error instanceof Unavailable && error.kind === kind;

async function listen<T extends Server>(server: T, where: string | number): Promise<T> {
  servers.push(server);
  const { promise, resolve } = Promise.withResolvers<void>();
  if (typeof where === 'string') server.listen(join(root, where), resolve);
  else server.listen(where, '127.0.0.1', resolve);
  await promise;
  return server;
}

test('HTTP on loopback: status and body, whatever they are; refused, too much, standing still', async () => {
  const server = await listen(
    createServer((request, response) => {
      if (request.url === '/hangs') return;
      response.statusCode = request.url === '/healthz' ? 200 : 500;
      response.end(request.url === '/much' ? 'x'.repeat(5_000) : 'ok');
    }),
    0,
  );
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.deepEqual(await machine.probe({ url: `${at}/healthz` }), { status: 200, body: 'ok' });
  assert.equal((await machine.probe({ url: `${at}/sick` })).status, 500);
  await assert.rejects(machine.probe({ url: `${at}/much` }, { maxBytes: 100 }), is('nonsense'));
  await assert.rejects(machine.probe({ url: `${at}/hangs` }, { timeoutMs: 50 }), is('timeout'));
  server.close();
  server.closeAllConnections();
  await assert.rejects(machine.probe({ url: `${at}/healthz` }), is('failed'));
});

test('sockets: gRPC by its settings, HTTP by a path; nobody, nothing, one that accepts and says nothing', async () => {
  await listen(createSecond(), 'grpc.sock');
  assert.deepEqual(await machine.probe({ socket: 'grpc.sock', speaks: 'grpc' }), { status: 0, body: '' });
  await listen(
    createServer((_, response) => response.end('OK')),
    'docker.sock',
  );
  const ping = await machine.probe({ socket: 'docker.sock', speaks: 'http', path: '/_ping' });
  assert.deepEqual(ping, { status: 200, body: 'OK' });
  await listen(createPlain(), 'still.sock');
  await assert.rejects(
    machine.probe({ socket: 'still.sock', speaks: 'grpc' }, { timeoutMs: 50 }),
    is('timeout'),
  );
  await assert.rejects(machine.probe({ socket: 'none.sock', speaks: 'grpc' }), is('absent'));
});

test('nothing but loopback is asked; a captured machine is not asked at all', async () => {
  for (const url of [
    'http://192.0.2.1/',
    'https://127.0.0.1/',
    'http://localhost/',
    'http://127.0.0.1.example.org/',
  ])
    await assert.rejects(machine.probe({ url }), is('denied'), url);
  const captured = new CapturedMachine(root);
  await assert.rejects(captured.probe({ url: 'http://127.0.0.1:10248/healthz' }), is('not-captured'));
  await assert.rejects(captured.probe({ socket: 'grpc.sock', speaks: 'grpc' }), is('not-captured'));
});
