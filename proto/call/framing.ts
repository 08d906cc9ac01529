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

/** So much room a message has from the start, if it is so long; it gets more as it comes, since its length is the peer's word alone. */
const FIRST_ROOM_BYTES = 256 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Cuts a stream of chunks into messages, copying a message only where chunks split it. What is kept is a message's bytes alone, however
 * small or empty the chunks are.
 */
export class Deframer {
  /** What has come of a message that is not whole yet: its first #length bytes, and room. */
  #held = NOTHING;
  #length = 0;
  #wanted = HEADER_BYTES;

  /** Whether a message has begun and not ended. */
  get incomplete(): boolean {
    return this.#length > 0;
  }

  /** Takes a chunk and gives the messages that it completes. Throws a Failure for a frame that is not acceptable. */
  *push(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    for (;;) {
      if (this.#length === 0 && rest.length >= HEADER_BYTES) {
        this.#wanted = HEADER_BYTES + messageLength(rest);
        if (rest.length >= this.#wanted) {
          const message = rest.subarray(HEADER_BYTES, this.#wanted);
          rest = rest.subarray(this.#wanted);
          this.#wanted = HEADER_BYTES;
          yield message;
          continue;
        }
      }
      const part = rest.subarray(0, this.#wanted - this.#length);
      rest = rest.subarray(part.length);
      this.#keep(part);
      if (this.#length < this.#wanted) return;
      if (this.#wanted === HEADER_BYTES) {
        this.#wanted += messageLength(this.#held);
        if (this.#wanted > HEADER_BYTES) continue;
      }
      const message = this.#held.subarray(HEADER_BYTES, this.#wanted);
      this.#held = NOTHING;
      this.#length = 0;
      this.#wanted = HEADER_BYTES;
      yield message;
    }
  }

  #keep(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#held.length) {
      const room = Math.max(length, 2 * this.#held.length, FIRST_ROOM_BYTES);
      const held = Buffer.allocUnsafe(Math.min(room, this.#wanted));
      this.#held.copy(held, 0, 0, this.#length);
      this.#held = held;
    }
    part.copy(this.#held, this.#length);
    this.#length = length;
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
