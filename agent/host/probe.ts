/**
 * Asks a service of this machine whether it answers: over HTTP on a loopback address, or on a socket in the file system. Nothing
 * beyond the machine is ever asked, and what comes back is bounded in size and time.
 */

import { request } from 'node:http';
import { connect } from 'node:net';
import type { ProbeAnswer, ProbeLimits, ProbeTarget } from './machine.ts';
import { Unavailable } from './unavailable.ts';

const TIMEOUT_MS = 2_000;
const MAX_BYTES = 2 << 20;

/** What a client of HTTP/2 says first, with empty settings: every gRPC server answers with its own settings. */
const HTTP2_PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

function nameOf(target: ProbeTarget): string {
  return 'url' in target ? target.url : `/${target.socket}`;
}

/** What an error of a socket means. */
function failure(target: ProbeTarget, error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const name = nameOf(target);
  if (code === 'ENOENT') return new Unavailable('absent', `${name} is not there`, error);
  if (code === 'EACCES' || code === 'EPERM')
    return new Unavailable('denied', `the agent may not connect to ${name}`, error);
  if (code === 'ECONNREFUSED') return new Unavailable('failed', `nobody listens on ${name}`, error);
  return new Unavailable('failed', `${name} broke off (${code})`, error);
}

/** Waits for the first byte of a server that speaks gRPC: the kernel accepts connections even for one that stands still. */
function greet(path: string, signal: AbortSignal): Promise<ProbeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>();
  const socket = connect({ path, signal });
  socket.once('connect', () => socket.write(HTTP2_PREFACE));
  socket.once('data', () => resolve({ status: 0, body: '' }));
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('closed without an answer')));
  return promise.finally(() => socket.destroy());
}

interface HttpPlace {
  readonly host?: string;
  readonly port?: string;
  readonly socketPath?: string;
  readonly path: string;
}

function get(place: HttpPlace, maxBytes: number, signal: AbortSignal): Promise<ProbeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>();
  // No agent: the connection is closed when this is over.
  const call = request({
    ...place,
    agent: false,
    signal,
    headers: { accept: 'text/plain, */*', host: 'localhost' },
  });
  call.once('response', (response) => {
    const parts: Buffer[] = [];
    let size = 0;
    response.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= maxBytes) parts.push(part);
      else reject(new Unavailable('nonsense', `the answer has more than ${maxBytes} bytes`));
    });
    response.once('end', () =>
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
    );
    response.once('error', reject);
  });
  call.once('error', reject);
  call.end();
  return promise.finally(() => call.destroy());
}

/**
 * Asks. An HTTP status that is no success is no error here.
 * @param root the folder that sockets are below
 * @throws Unavailable absent (no such socket), denied (also for what is not loopback), failed, timeout, or nonsense (too much)
 */
export async function probe(
  root: string,
  target: ProbeTarget,
  limits: ProbeLimits = {},
): Promise<ProbeAnswer> {
  const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = limits;
  const over = AbortSignal.timeout(timeoutMs);
  const signal = limits.signal ? AbortSignal.any([over, limits.signal]) : over;
  try {
    if ('url' in target) {
      const url = new URL(target.url);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (url.protocol !== 'http:' || !/^(127\.\d+\.\d+\.\d+|::1)$/.test(host))
        throw new Unavailable('denied', `${target.url} is not a loopback address of HTTP`);
      return await get(
        { host, port: url.port || '80', path: `${url.pathname}${url.search}` },
        maxBytes,
        signal,
      );
    }
    const path = `${root.replace(/\/+$/, '')}/${target.socket}`;
    if (target.speaks === 'grpc') return await greet(path, signal);
    return await get({ socketPath: path, path: target.path }, maxBytes, signal);
  } catch (error) {
    if (over.aborted)
      throw new Unavailable('timeout', `${nameOf(target)} did not answer within ${timeoutMs} ms`, error);
    throw failure(target, error);
  }
}
