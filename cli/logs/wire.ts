/**
 * Reading protobuf's wire format by hand. Log batches are the one message where a decoded object a message, and an array
 * entry a value, would cost more than everything else that a reader does; the columns are left as bytes until somebody
 * wants them. Encoding: https://protobuf.dev/programming-guides/encoding/
 */

import { Failure } from '../../proto/failure.ts';

/** Wire type of numbers, booleans and enums. */
export const VARINT = 0;
/** Wire type of texts, bytes, messages and packed columns. */
export const BYTES = 2;
const FIXED64 = 1;
const FIXED32 = 5;

/** What is thrown for bytes that are no message. */
export function malformed(what: string): Failure {
  return new Failure('INTERNAL', `the node sent a malformed log batch: ${what}`, {
    hint: 'are the agent and nodectl of compatible versions? nodectl version shows both',
  });
}

/** A position in a message, moving forward. Every read throws a Failure where the bytes end too early. */
export class WireReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.at >= this.end;
  }

  /** An unsigned varint; exact up to 2^53, which bounds every number of the contract. */
  varint(): number {
    const { bytes, end } = this;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (this.at >= end) throw malformed('a number is cut off');
      const byte = bytes[this.at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw malformed('a number is too long');
  }

  /** A zigzag varint (sint64). */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** An int32 or int64. Negative ones come as ten bytes of two's complement. */
  signed(): number {
    const start = this.at;
    const value = this.varint();
    if (value < 2 ** 63) return value;
    let exact = 0n;
    for (let at = start, shift = 0n; at < this.at; at++, shift += 7n)
      exact |= BigInt((this.bytes[at] as number) & 0x7f) << shift;
    return Number(BigInt.asIntN(64, exact));
  }

  /** A length-delimited field: its bytes, not copied. */
  block(): Buffer {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.end) throw malformed('a field is cut off');
    const found = this.bytes.subarray(this.at, end);
    this.at = end;
    return found;
  }

  /** A length-delimited field as UTF-8 text. */
  string(): string {
    return this.block().toString();
  }

  /** Passes over a field of a wire type, as a field that a newer agent added. */
  skip(wireType: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === BYTES) this.block();
    else if (wireType === FIXED64) this.at += 8;
    else if (wireType === FIXED32) this.at += 4;
    else throw malformed(`wire type ${wireType} is not known`);
    if (this.at > this.end) throw malformed('a field is cut off');
  }
}
