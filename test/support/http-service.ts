/** Small HTTP services on loopback whose every answer a test decides. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as it came, with its body. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A service that runs. */
export interface HttpService {
  /** HOST:PORT. */
  readonly host: string;
  /** What came, in order. */
  readonly received: Received[];
  stop(): Promise<void>;
}

/** Answers one request. */
export type Handler = (received: Received, answer: ServerResponse, request: IncomingMessage) => void;

/** Starts a service. A request whose body breaks off is not answered. */
export async function startService(handle: Handler): Promise<HttpService> {
  const received: Received[] = [];
  const server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on('error', () => undefined);
    answer.on('error', () => undefined);
    request.on('data', (bytes: Buffer) => parts.push(bytes));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(parts) };
      received.push(one);
      handle(one, answer, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { host: `127.0.0.1:${address.port}`, received, stop };
}
