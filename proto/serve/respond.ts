/** One HTTP/2 stream from its first header to its last: which method it calls, the way through the interceptors, its status. */

import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Failure } from '../failure.ts';
import { type Route, ServerCall } from './call.ts';
import type { Connection } from './connection.ts';
import { timeoutOf } from './deadline.ts';
import type { Log } from './log.ts';
import { RESPONSE_HEADERS, sendHeaders, sendMessage } from './run-call.ts';
import { statusHeaders } from './status.ts';

/** What a stream is answered with. */
export interface Responder {
  /** By the path of the request, "/package.Service/Method". */
  readonly routes: ReadonlyMap<string, Route>;
  /** Every interceptor around the handler. */
  readonly run: (call: ServerCall) => Promise<void>;
  readonly log: Log;
  /** Whether the server is stopping. */
  readonly draining: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers one stream. Never throws: whatever goes wrong becomes the call's status. */
export async function respond(
  responder: Responder,
  connection: Connection,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  // A stream that its caller resets emits an error; its close says all that is needed.
  stream.on('error', () => undefined);
  const type = headers['content-type'];
  if (headers[':method'] !== 'POST' || !type?.startsWith('application/grpc')) {
    stream.respond({ ':status': constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
    stream.close();
    return;
  }
  const started = responder.now();
  const path = String(headers[':path']);
  const route = responder.routes.get(path);
  if (!route) {
    const failure = unknownMethod(path.slice(1));
    end(stream, failure, {});
    responder.log.info({ method: path.slice(1, 200), ...outcome(failure), peer: connection.peer }, 'call');
    return;
  }
  const call = new ServerCall(route, stream, connection, responder.log);
  connection.calls++;
  stream.once('close', () => {
    connection.calls--;
    connection.idleSince = responder.now();
    call.stop(new Failure('CANCELLED', 'the caller ended the call'));
  });
  const failure = await outcomeOf(responder, call, headers['grpc-timeout']);
  finish(call, failure);
  logCall(responder, call, failure, responder.now() - started);
}

async function outcomeOf(
  responder: Responder,
  call: ServerCall,
  timeout: string | string[] | undefined,
): Promise<Failure | undefined> {
  try {
    const limit = timeoutOf(timeout?.toString());
    if (limit !== undefined) call.deadline = responder.now() + limit;
    if (responder.draining()) throw draining();
    await responder.run(call);
    return undefined;
  } catch (error) {
    return Failure.from(error);
  }
}

/** The failure of calls that come, or are open, while the server stops. */
export function draining(): Failure {
  return new Failure('DRAINING', 'the agent is stopping and takes no new calls', {
    hint: 'call again when it is back; a stream goes on from its last cursor',
  });
}

function unknownMethod(path: string): Failure {
  return new Failure('UNKNOWN_METHOD', `the agent has no method ${path.slice(0, 200)}`, {
    hint: 'the agent may be older than the caller: nodectl version',
  });
}

/** Sends what is left of a call: a unary answer, and the status. */
function finish(call: ServerCall, failure: Failure | undefined): void {
  const { stream } = call;
  if (stream.destroyed || stream.closed) return;
  if (!failure && call.answer) sendMessage(call, call.answer);
  if (!failure && !stream.headersSent) sendHeaders(call);
  end(stream, failure, call.trailers);
}

function end(
  stream: ServerHttp2Stream,
  failure: Failure | undefined,
  trailers: Record<string, string>,
): void {
  const last = { ...trailers, ...statusHeaders(failure) };
  if (stream.headersSent) {
    stream.once('wantTrailers', () => {
      stream.sendTrailers(last);
      closeRead(stream);
    });
    // What a denied or late caller has not taken yet is not sent any more: the status must not wait for a stalled reader.
    stream.end();
  } else {
    stream.respond({ ...RESPONSE_HEADERS, ...last }, { endStream: true });
    closeRead(stream);
  }
}

/** Gives up on the rest of a request whose answer is complete, so that nobody can keep the stream half open. */
function closeRead(stream: ServerHttp2Stream): void {
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

function outcome(failure: Failure | undefined) {
  return { status: failure?.status ?? 'OK', ...(failure ? { reason: failure.reason } : {}) };
}

function logCall(responder: Responder, call: ServerCall, failure: Failure | undefined, ms: number): void {
  const fields = {
    caller: call.identity.uri,
    method: call.method,
    ...outcome(failure),
    ms: Math.round(ms),
    peer: call.peer,
    ...(failure ? { why: failure.message.slice(0, 300) } : {}),
  };
  // Probes come every few seconds for ever; only their failures are news.
  if (!failure && call.method.startsWith('grpc.health.')) responder.log.debug(fields, 'call');
  else responder.log.info(fields, 'call');
}
