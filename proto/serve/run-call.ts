/** The innermost part of a call: reads the request, runs the handler, and writes the answers at the caller's pace. */

import { once } from 'node:events';
import { Failure } from '../failure.ts';
import type { Route, ServerCall } from './call.ts';
import { Encoded } from './handlers.ts';
import { SEND_BUFFER_BYTES, type ServeLimits } from './limits.ts';
import { onlyMessage, requestMessages } from './request.ts';

/** Reads the request, runs the handler and writes what it streams; a unary answer is left in `call.answer`. */
export async function runCall(call: ServerCall, limits: ServeLimits): Promise<void> {
  const { handler } = call.route;
  const messages = requestMessages(call.stream, limits.requestBytes);
  if (handler.kind === 'both') {
    const requests = decoded(call, messages);
    return sendAll(call, handler.run(requests, call));
  }
  const request = await readRequest(call, messages, limits.requestMs);
  if (handler.kind === 'stream') return sendAll(call, handler.run(request, call));
  call.answer = encode(call.route, await call.while(handler.run(request, call)));
}

async function readRequest(
  call: ServerCall,
  messages: AsyncIterable<Buffer>,
  limitMs: number,
): Promise<object> {
  const late = () =>
    call.stop(new Failure('DEADLINE_EXCEEDED', `the request did not arrive within ${limitMs / 1_000} s`));
  const timer = setTimeout(late, limitMs).unref();
  try {
    const bytes = await call.while(onlyMessage(messages));
    call.sawRequest(bytes);
    return decode(call.route, bytes);
  } finally {
    clearTimeout(timer);
  }
}

async function* decoded(call: ServerCall, messages: AsyncIterable<Buffer>): AsyncGenerator<object> {
  for await (const bytes of messages) yield decode(call.route, bytes);
}

function decode({ method }: Route, bytes: Uint8Array): object {
  try {
    return method.request.decode(bytes);
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `the request is not a ${method.request.name}`, { cause });
  }
}

function encode({ method }: Route, answer: object): Uint8Array {
  return answer instanceof Encoded ? answer.bytes : method.response.encode(answer);
}

/** Writes a stream of answers. The handler is asked for the next one when there is room for it. */
async function sendAll(call: ServerCall, answers: AsyncIterable<object>): Promise<void> {
  const iterator = answers[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await call.while(iterator.next());
      if (done) return;
      sendMessage(call, encode(call.route, value));
      if (call.stream.writableLength >= SEND_BUFFER_BYTES) await call.while(drained(call));
    }
  } catch (error) {
    // A handler that is waiting for something is told by its signal; waiting for it here could last for ever.
    iterator.return?.().catch((late: unknown) => {
      if (!(late instanceof Failure) && !call.signal.aborted)
        call.log.warn({ method: call.method, err: late }, 'a handler failed while it was ended');
    });
    throw error;
  }
}

/** Waits until the caller has taken what was written. A call that has ended meanwhile ends the wait by its signal. */
async function drained(call: ServerCall): Promise<void> {
  await once(call.stream, 'drain', { signal: call.signal });
}

const HEADER_BYTES = 5;

/** Writes one message with its frame header; the first one sends the response headers before it. */
export function sendMessage(call: ServerCall, message: Uint8Array): void {
  const { stream } = call;
  if (!stream.headersSent) sendHeaders(call);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header[0] = 0;
  header.writeUInt32BE(message.length, 1);
  // One write to the socket for both, without copying the message.
  stream.cork();
  stream.write(header);
  stream.write(message);
  stream.uncork();
}

/** Sends the response headers of a call that has an answer. */
export function sendHeaders({ stream }: ServerCall): void {
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
}

/** What every response begins with. */
export const RESPONSE_HEADERS = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'identity',
} as const;
