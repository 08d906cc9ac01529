/** The innermost part of a call: decodes the request, runs the handler, and writes the answers at the caller's pace. */

import { Failure } from '../failure.ts';
import type { Route, ServerCall } from './call.ts';
import { Encoded } from './handlers.ts';

/** Runs the handler and writes what it streams; a unary answer is left in `call.answer`. Requests have at most `mostBytes`. */
export async function runCall(call: ServerCall, mostBytes: number): Promise<void> {
  const { handler } = call.route;
  const { request } = call.wire;
  if (handler.kind === 'both') return sendAll(call, handler.run(decodeAll(call, request), call));
  if (!(request instanceof Uint8Array)) throw new Failure('BAD_ARGUMENT', 'the method takes one request');
  call.sawRequest(request);
  if (request.length > mostBytes)
    throw new Failure(
      'REQUEST_TOO_LARGE',
      `the request has ${request.length} bytes; at most ${mostBytes} are taken`,
    );
  const message = decode(call.route, request);
  if (handler.kind === 'stream') return sendAll(call, handler.run(message, call));
  call.answer = encode(call.route, await call.while(handler.run(message, call)));
}

/** The requests of a stream. The audit log takes the digest of the first, which says what the others are for. */
async function* decodeAll(call: ServerCall, requests: ServerCall['wire']['request']): AsyncGenerator<object> {
  let first = true;
  for await (const bytes of requests instanceof Uint8Array ? [requests] : requests) {
    if (first) call.sawRequest(bytes);
    first = false;
    yield decode(call.route, bytes);
  }
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
      const full = call.wire.send(encode(call.route, value));
      if (full) await call.while(full);
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
