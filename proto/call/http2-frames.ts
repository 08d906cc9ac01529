/** Frames of HTTP/2 (RFC 9113, sections 4 and 6), as far as unary calls need them. */

/** Types of frames. */
export const FRAME = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. A number means one thing in some types and another one in others. */
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** What a caller sends first of all (section 3.4). */
export const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** The longest payload that each side takes where it has not said otherwise. We never do. */
export const MAX_PAYLOAD_BYTES = 16_384;

const HEADER_BYTES = 9;
/** The highest bit of a stream's number is reserved. */
const STREAM_BITS = 0x7fff_ffff;

/** One frame. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** The number of the stream; 0 is the connection. */
  readonly stream: number;
  readonly payload: Buffer;
}

/** A frame's bytes. The payload has at most MAX_PAYLOAD_BYTES. */
export function encodeFrame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  out.writeUIntBE(payload.length, 0, 3);
  out[3] = type;
  out[4] = flags;
  out.writeUInt32BE(stream, 5);
  out.set(payload, HEADER_BYTES);
  return out;
}

/** Cuts what arrives into frames. */
export class FrameReader {
  #held: Buffer | undefined;

  /** Takes a chunk and hands on the frames that it completes. Throws an Error for one that is longer than any may be. */
  push(chunk: Buffer, take: (frame: Frame) => void): void {
    let bytes = this.#held ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = undefined;
    while (bytes.length >= HEADER_BYTES) {
      const length = bytes.readUIntBE(0, 3);
      if (length > MAX_PAYLOAD_BYTES) throw new Error(`a frame of ${length} bytes is too long`);
      const end = HEADER_BYTES + length;
      if (bytes.length < end) break;
      take({
        type: bytes.readUInt8(3),
        flags: bytes.readUInt8(4),
        stream: bytes.readUInt32BE(5) & STREAM_BITS,
        payload: bytes.subarray(HEADER_BYTES, end),
      });
      bytes = bytes.subarray(end);
    }
    if (bytes.length > 0) this.#held = bytes;
  }
}

/** The payload of a frame without its padding, and without the priority that headers may have (sections 6.1 and 6.2). */
export function content({ flags, payload }: Frame, hasPriority: boolean): Buffer {
  const padding = flags & FLAG.padded ? (payload[0] ?? payload.length) : 0;
  const from = (flags & FLAG.padded ? 1 : 0) + (hasPriority && flags & FLAG.priority ? 5 : 0);
  const to = payload.length - padding;
  if (from > to) throw new Error('a frame is all padding and more');
  return payload.subarray(from, to);
}
