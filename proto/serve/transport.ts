/**
 * Between grpc-js and the interceptors: registers each method with bytes in and bytes out, so that the audit log can digest
 * what came in and a handler can answer with what it encoded, and turns outcomes into statuses.
 */

import type {
  Server as GrpcServer,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { Failure } from '../failure.ts';
import { type Route, ServerCall, type Wire } from './call.ts';
import type { Connections } from './connections.ts';
import { SEND_BUFFER_BYTES } from './limits.ts';
import type { Log } from './log.ts';
import { overtime } from './overtime.ts';
import { metadataOf, statusOf } from './status.ts';

/** What calls are answered with. */
export interface Responder {
  readonly connections: Connections;
  /** The way through all interceptors to the handler. */
  readonly run: (call: ServerCall) => Promise<void>;
  readonly log: Log;
  /** Whether the server is stopping. */
  readonly draining: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Stream = ServerWritableStream<Buffer, Buffer>;
type Both = ServerDuplexStream<Buffer, Buffer>;

/** Registers one method. */
export function register(grpc: GrpcServer, path: string, route: Route, responder: Responder): void {
  const { kind } = route.handler;
  const asBuffer = (bytes: Buffer) => bytes;
  if (kind === 'unary')
    grpc.register<Buffer, Buffer>(
      path,
      (call: Unary, done: Parameters<typeof unary>[3]) => void unary(route, responder, call, done),
      asBuffer,
      asBuffer,
      'unary',
    );
  else
    grpc.register<Buffer, Buffer>(
      path,
      (call: Stream | Both) => void stream(route, responder, call),
      asBuffer,
      asBuffer,
      kind === 'stream' ? 'serverStream' : 'bidi',
    );
}

async function unary(
  route: Route,
  responder: Responder,
  wire: Unary,
  done: (
    error: ReturnType<typeof statusOf> | null,
    answer?: Buffer,
    trailers?: ReturnType<typeof metadataOf>,
  ) => void,
): Promise<void> {
  const { call, failure } = await answered(route, responder, wire, {
    request: wire.request,
    send: () => undefined,
  });
  if (failure || !call?.answer) done(statusOf(failure ?? noAnswer(route), call?.trailers ?? {}));
  else done(null, toBuffer(call.answer), metadataOf(call.trailers));
}

async function stream(route: Route, responder: Responder, wire: Stream | Both): Promise<void> {
  const { call, failure } = await answered(route, responder, wire, {
    // The plain iterator of a stream that goes both ways would destroy the way back when the requests end.
    request: 'request' in wire ? wire.request : wire.iterator({ destroyOnReturn: false }),
    send: sender(wire),
  });
  // A caller that is gone needs no status, and its stream takes none.
  if (wire.cancelled || wire.destroyed) return;
  if (failure) wire.emit('error', statusOf(failure, call?.trailers ?? {}));
  else wire.end(metadataOf(call?.trailers ?? {}));
}

interface Outcome {
  call?: ServerCall;
  failure?: Failure;
}

/** Takes a call through the interceptors. Never throws. */
async function answered(
  route: Route,
  responder: Responder,
  wire: Unary | Stream | Both,
  bytes: Wire,
): Promise<Outcome> {
  const started = responder.now();
  const connection = responder.connections.of(wire.getPeer());
  if (!connection) return { failure: new Failure('CANCELLED', 'the connection ended before the call began') };
  const call = new ServerCall(route, bytes, connection, responder.log);
  const deadline = Number(wire.getDeadline());
  if (Number.isFinite(deadline)) call.deadline = deadline;
  // grpc-js tells this of every call at its end, and a unary one whose handler is done has nothing that could be stopped.
  let done = false;
  (wire as NodeJS.EventEmitter).on('cancelled', () => {
    if (!done) call.stop(gone(call, responder.now()));
  });
  if (wire.cancelled) call.stop(gone(call, started));
  let failure: Failure | undefined;
  try {
    if (responder.draining()) throw draining();
    await responder.run(call);
  } catch (error) {
    failure = Failure.from(error);
  }
  done = route.handler.kind === 'unary';
  logCall(responder, call, failure, responder.now() - started);
  return failure ? { call, failure } : { call };
}

/** Why grpc-js ended a call: it does so for a deadline that has passed and for a caller that went away. */
function gone(call: ServerCall, now: number): Failure {
  return call.deadline !== undefined && now >= call.deadline
    ? overtime(call.method)
    : new Failure('CANCELLED', 'the caller ended the call');
}

/** The failure of calls that come, or are open, while the server stops. */
export function draining(): Failure {
  return new Failure('DRAINING', 'the agent is stopping and takes no new calls', {
    hint: 'call again when it is back; a stream goes on from its last cursor',
  });
}

function noAnswer(route: Route): Failure {
  return new Failure('INTERNAL', `${route.method.path} gave no answer`);
}

/** Sends messages of a stream, and makes the handler wait while too many bytes wait for the caller. */
function sender(wire: Stream | Both): Wire['send'] {
  let waiting = 0;
  let resume: (() => void) | undefined;
  return (message) => {
    waiting += message.length;
    wire.write(toBuffer(message), () => {
      waiting -= message.length;
      if (waiting < SEND_BUFFER_BYTES) resume?.();
    });
    if (waiting < SEND_BUFFER_BYTES) return undefined;
    return new Promise((resolve) => {
      resume = resolve;
    });
  };
}

/** grpc-js writes Buffers only. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function logCall({ log }: Responder, call: ServerCall, failure: Failure | undefined, ms: number): void {
  const fields = {
    caller: call.identity.uri,
    method: call.method,
    status: failure?.status ?? 'OK',
    ...(failure ? { reason: failure.reason, why: failure.message.slice(0, 300) } : {}),
    ms: Math.round(ms),
    peer: call.peer,
  };
  // Probes come every few seconds for ever; only their failures are news.
  if (!failure && call.method.startsWith('grpc.health.')) log.debug(fields, 'call');
  else log.info(fields, 'call');
}
