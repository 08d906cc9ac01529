/** Whether something answers on the network, as seen from this machine: for the health checks of its config document. */

import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';

/** Ways to reach something. */
export interface Reach {
  /** Connects and closes again. @throws Error why not */
  tcp(host: string, port: number, signal: AbortSignal): Promise<void>;
  /** The status that a GET is answered with; redirects are not followed, and no body is read. @throws Error why not */
  http(url: string, signal: AbortSignal): Promise<number>;
}

/** From this machine. */
export const LIVE_REACH: Reach = {
  tcp: (host, port, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect({ host, port, signal });
    socket.once('connect', resolve);
    socket.on('error', reject);
    return promise.finally(() => socket.destroy());
  },
  http: (url, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    // No agent: the connection is closed when this is over.
    const call = (url.startsWith('https:') ? getHttps : getHttp)(url, { agent: false, signal });
    call.once('response', ({ statusCode = 0 }) => resolve(statusCode));
    call.on('error', reject);
    return promise.finally(() => call.destroy());
  },
};
