/** gRPC's framing of messages: a flag byte, a length of four bytes, big-endian, and the message. */

import { Failure } from '../failure.ts';

/** The longest message that a caller takes or sends. Batches are kept far below it; a peer that exceeds it is broken or hostile. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

const HEADER_BYTES = 5;

/** A message with its frame header. @throws Failure REQUEST_TOO_LARGE: a peer might end the connection instead of the call */
export function frame(message: Uint8Array): Buffer {
  if (message.length > MAX_MESSAGE_BYTES)
    throw new Failure(
      'REQUEST_TOO_LARGE',
      `the request has ${message.length} bytes; at most ${MAX_MESSAGE_BYTES} are sent`,
    );
  const out = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  out[0] = 0;
  out.writeUInt32BE(message.length, 1);
  out.set(message, HEADER_BYTES);
  return out;
}

/** Cuts a stream of chunks into messages, copying a message only where chunks split it. */
export class Deframer {
  #parts: Buffer[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;

  /** Whether a message has begun and not ended. */
  get incomplete(): boolean {
    return this.#held > 0;
  }

  /** Takes a chunk and gives the messages that it completes. Throws a Failure for a frame that is not acceptable. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= this.#wanted) {
      const all = this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : Buffer.concat(this.#parts);
      this.#parts = [all];
      const length = messageLength(all);
      const end = HEADER_BYTES + length;
      if (all.length < end) {
        this.#wanted = end;
        return;
      }
      const rest = all.subarray(end);
      this.#parts = rest.length > 0 ? [rest] : [];
      this.#held = rest.length;
      this.#wanted = HEADER_BYTES;
      yield all.subarray(HEADER_BYTES, end);
    }
  }
}

function messageLength(bytes: Buffer): number {
  if (bytes[0] !== 0)
    throw new Failure('INTERNAL', 'the peer sent a compressed message, which was not asked for');
  const length = bytes.readUInt32BE(1);
  if (length > MAX_MESSAGE_BYTES)
    throw new Failure(
      'INTERNAL',
      `the peer sent a message of ${length} bytes; at most ${MAX_MESSAGE_BYTES} are taken`,
    );
  return length;
}
