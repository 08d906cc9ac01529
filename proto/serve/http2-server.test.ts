/** What is assumed of grpc-js's inside; fails when a new version of it changes that. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server as TlsServer } from 'node:tls';
import { Server } from '@grpc/grpc-js';
import { testPki } from '../../test/support/pki.ts';
import { MutualTls } from './credentials.ts';
import { makeHttp2Server } from './http2-server.ts';
import { DEFAULT_LIMITS } from './limits.ts';

test('a grpc-js server gives its HTTP/2 server, one for each address, made with our options', async () => {
  const pki = testPki();
  const { key, chain } = await pki.node('node-1');
  const grpc = new Server({ 'grpc.enable_channelz': 0 });
  const tls = new MutualTls({ key, chain, trust: pki.trust }, 'certificates', DEFAULT_LIMITS);
  const [first, second] = [makeHttp2Server(grpc, tls), makeHttp2Server(grpc, tls)];
  assert.ok(first instanceof TlsServer && second instanceof TlsServer);
  assert.notEqual(first, second);
  assert.equal(first.listening, false);
  assert.ok(first.listenerCount('stream') > 0 && first.listenerCount('session') > 0);
  pki.remove();
});

test('an inside that is not known is refused rather than guessed at', () => {
  assert.throws(() => makeHttp2Server({ createConnectionInjector: () => undefined } as never, {} as never), {
    reason: 'INTERNAL',
  });
});
