/**
 * One HTTP exchange with a registry: connected, sent and answered in bounded time. On node:http and node:https and not on fetch:
 * fetch takes no authority for one client alone, hides redirects that must be looked at, unpacks bodies whose bytes are hashed, and
 * sends a body of known length from a stream only in chunks, which registries refuse.
 */

import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  type RequestOptions,
  request,
} from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { getCACertificates, type TLSSocket } from 'node:tls';
import { Failure } from '../failure.ts';
import { MAX_HEAD_BYTES, type RegistryLimits } from './limits.ts';
import { connectionFailure } from './refusals.ts';

/** What is sent. */
export interface Exchange {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose body is still to be read, or to be given up by `discard`. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** What a transport is made of. */
export interface TransportOptions {
  readonly limits: RegistryLimits;
  /** Certificates in PEM that are trusted beside the public authorities. */
  readonly ca?: string | undefined;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, where they are to be heeded. */
  readonly proxyEnv?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Connections are used again while a client lives; `close` ends them. */
export class Transport {
  readonly #limits: RegistryLimits;
  readonly #plain: PlainAgent;
  readonly #tls: TlsAgent;

  constructor({ limits, ca, proxyEnv }: TransportOptions) {
    this.#limits = limits;
    const common = { keepAlive: true, maxSockets: 8, ...(proxyEnv ? { proxyEnv: { ...proxyEnv } } : {}) };
    this.#plain = new PlainAgent(common);
    this.#tls = new TlsAgent({
      ...common,
      minVersion: 'TLSv1.2',
      ...(ca ? { ca: [...getCACertificates('default'), ca] } : {}),
    });
  }

  /** Ends the connections that are open. */
  close(): void {
    this.#plain.destroy();
    this.#tls.destroy();
  }

  /** Sends and gives the answer's head. Throws REGISTRY_UNREACHABLE, REGISTRY_INSECURE, REGISTRY_BAD_ANSWER, CANCELLED. */
  exchange(url: URL, { method, headers, body, signal }: Exchange): Promise<Answer> {
    const { connectMs, answerMs, stallMs } = this.#limits;
    const secure = url.protocol === 'https:';
    const options: RequestOptions = {
      method,
      agent: secure ? this.#tls : this.#plain,
      maxHeaderSize: MAX_HEAD_BYTES,
      headers: {
        'user-agent': 'nodectl',
        // A packed body has another digest than the blob.
        'accept-encoding': 'identity',
        ...(body || method === 'POST' ? { 'content-length': String(body?.length ?? 0) } : {}),
        ...headers,
      },
      ...(signal ? { signal } : {}),
    };
    return new Promise<Answer>((resolve, reject) => {
      const sent = secure ? tlsRequest(url, options) : request(url, options);
      let timer: NodeJS.Timeout | undefined;
      let connected = false;
      let finished = false;
      const giveUp = (what: string) =>
        sent.destroy(new Failure('REGISTRY_UNREACHABLE', `${url.host} ${what}`));
      const watch = () => {
        clearTimeout(timer);
        if (!connected)
          timer = setTimeout(giveUp, connectMs, `could not be connected to within ${connectMs} ms`);
        else if (finished) timer = setTimeout(giveUp, answerMs, `did not answer within ${answerMs} ms`);
        else {
          // While a body goes out, what counts is that it moves.
          let before = -1;
          timer = setInterval(() => {
            const now = sent.socket?.bytesWritten ?? 0;
            if (now === before) giveUp(`took no more of what was sent for ${stallMs} ms`);
            before = now;
          }, stallMs);
        }
      };
      watch();
      sent.once('socket', (socket) => {
        const done = () => {
          connected = true;
          watch();
        };
        // One through a proxy's tunnel comes when it is connected.
        const isOpen = secure ? (socket as TLSSocket).getFinished() !== undefined : !socket.connecting;
        if (sent.reusedSocket || isOpen) done();
        else socket.once(secure ? 'secureConnect' : 'connect', done);
      });
      sent.once('finish', () => {
        finished = true;
        watch();
      });
      sent.once('error', (error) => {
        clearTimeout(timer);
        reject(signal?.aborted ? Failure.from(signal.reason) : connectionFailure(error, url.host));
      });
      sent.once('response', (answer) => {
        clearTimeout(timer);
        // An error on a body that nobody reads must not end the process.
        answer.on('error', () => undefined);
        resolve({ url, status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
      });
      sent.end(body);
    });
  }
}
