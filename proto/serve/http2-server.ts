/**
 * The HTTP/2 server inside a grpc-js server. The library keeps it to itself, and with it what an agent needs: the causes of
 * refused handshakes, bounds on connections, the window of a session, sockets that were handed over by systemd. This is the
 * one place that reaches in; the test beside it fails when a new version of grpc-js changes what is assumed here.
 */

import type { Http2SecureServer } from 'node:http2';
import { Server as TlsServer } from 'node:tls';
import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { Failure } from '../failure.ts';

/**
 * Makes one more HTTP/2 server of a grpc-js server and gives it, not listening yet. It is what a connection injector puts
 * its connections into, so listening on it is no more than an injector's own way.
 */
export function makeHttp2Server(grpc: Server, credentials: ServerCredentials): Http2SecureServer {
  const before = servers(grpc);
  grpc.createConnectionInjector(credentials);
  const made = [...servers(grpc)].filter((one) => !before.has(one));
  const [server] = made;
  if (made.length !== 1 || !(server instanceof TlsServer))
    throw new Failure(
      'INTERNAL',
      'this version of grpc-js keeps its HTTP/2 server in another way than is known here',
    );
  return server as Http2SecureServer;
}

/** Takes no more connections. Those that are open stay: closing as node:http2 does would turn their callers away unheard. */
export function stopListening(http2: Http2SecureServer): void {
  TlsServer.prototype.close.call(http2);
}

function servers(grpc: Server): Set<unknown> {
  const map: unknown = Reflect.get(grpc, 'http2Servers');
  return new Set(map instanceof Map ? map.keys() : []);
}
