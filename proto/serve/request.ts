/** The caller's messages, cut out of an HTTP/2 stream, with a bound on their size. */

import type { ServerHttp2Stream } from 'node:http2';
import { Failure } from '../failure.ts';

/** gRPC frames a message with a flag byte and a length of four bytes. */
const HEADER_BYTES = 5;

/**
 * The messages of a request stream, each as its bytes. Reading follows the consumer, so HTTP/2's flow control reaches the
 * caller. Throws REQUEST_TOO_LARGE, UNSUPPORTED_ENCODING for a compressed message, or BAD_ARGUMENT for one that is cut off.
 */
export async function* requestMessages(stream: ServerHttp2Stream, mostBytes: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = HEADER_BYTES;
  for await (const chunk of stream) {
    held.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    while (size >= wanted) {
      const all: Buffer = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
      const end = HEADER_BYTES + messageLength(all, mostBytes);
      held = [all];
      wanted = end;
      if (size < end) break;
      const rest = all.subarray(end);
      held = rest.length > 0 ? [rest] : [];
      size = rest.length;
      wanted = HEADER_BYTES;
      yield all.subarray(HEADER_BYTES, end);
    }
  }
  if (size > 0) throw new Failure('BAD_ARGUMENT', 'the request ended in the middle of a message');
}

function messageLength(bytes: Buffer, mostBytes: number): number {
  if (bytes[0] !== 0)
    throw new Failure('UNSUPPORTED_ENCODING', 'the request is compressed, which the agent does not take', {
      hint: 'call without message compression',
    });
  const length = bytes.readUInt32BE(1);
  if (length > mostBytes)
    throw new Failure('REQUEST_TOO_LARGE', `the request has ${length} bytes; at most ${mostBytes} are taken`);
  return length;
}

/** The only message of a request. Throws BAD_ARGUMENT where there is none or more than one. */
export async function onlyMessage(messages: AsyncIterable<Buffer>): Promise<Buffer> {
  let only: Buffer | undefined;
  for await (const message of messages) {
    if (only)
      throw new Failure('BAD_ARGUMENT', 'the request has more than one message; the method takes one');
    only = message;
  }
  if (!only) throw new Failure('BAD_ARGUMENT', 'the request has no message');
  return only;
}
