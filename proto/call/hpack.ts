/**
 * Headers of HTTP/2 as they travel (HPACK, RFC 7541), without the table that both sides would have to keep alike: what is written
 * here enters nothing into it, and the peer is told that ours has no room, so that each block of headers stands for itself.
 */

import { decodeHuffman } from './huffman.ts';

/** Appendix A: what an index stands for, from 1 on, as far as names go. */
const NAMES = [
  ...[':authority', ':method', ':method', ':path', ':path', ':scheme', ':scheme'],
  ...Array.from({ length: 7 }, () => ':status'),
  ...'accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin age allow'.split(
    ' ',
  ),
  ...'authorization cache-control content-disposition content-encoding content-language content-length'.split(
    ' ',
  ),
  ...'content-location content-range content-type cookie date etag expect expires from host if-match'.split(
    ' ',
  ),
  ...'if-modified-since if-none-match if-range if-unmodified-since last-modified link location max-forwards'.split(
    ' ',
  ),
  ...'proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie'.split(' '),
  ...'strict-transport-security transfer-encoding user-agent vary via www-authenticate'.split(' '),
];
/** Appendix A: the values from 2 to 16 on; those that follow are empty. */
const VALUES = [
  'GET',
  'POST',
  '/',
  '/index.html',
  'http',
  'https',
  '200',
  '204',
  '206',
  '304',
  '400',
  '404',
  '500',
];
const FIRST_VALUE = 2;
/** accept-encoding is the only other one that has a value. */
const ACCEPT_ENCODING = 16;

/** Forms of a header: how many bits of its first byte are an index (section 6). */
const INDEXED = { mark: 0x80, bits: 7 };
const LITERAL_TO_KEEP = { mark: 0x40, bits: 6 };
const TABLE_SIZE = { mark: 0x20, bits: 5 };
const LITERAL_BITS = 4;
const LITERAL = Buffer.from([0]);
const TEXT_BITS = 7;
const IS_HUFFMAN = 0x80;
/** No header of a caller or an agent is longer by far; a number with more bytes than this is an attack. */
const MAX_NUMBER = 2 ** 24;

/** Headers as a block. Names are in lower case, names and values ASCII. */
export function encodeHeaders(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  // A literal without indexing, its name written out.
  return Buffer.concat(
    headers.flatMap(([name, value]) => [LITERAL, ...encodeText(name), ...encodeText(value)]),
  );
}

function encodeText(text: string): [length: Buffer, text: Buffer] {
  const most = 2 ** TEXT_BITS - 1;
  const length = [Math.min(text.length, most)];
  if (text.length >= most) {
    let left = text.length - most;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) length.push((left % 0x80) + 0x80);
    length.push(left);
  }
  return [Buffer.from(length), Buffer.from(text, 'latin1')];
}

/**
 * The headers of a block. Those that come several times are joined by ", " (RFC 9110, section 5.2). Throws an Error where the block is
 * broken, or refers to a table that there is not.
 */
export function decodeHeaders(block: Uint8Array): Record<string, string> {
  const reader = new Reader(block);
  const headers: Record<string, string> = Object.create(null);
  while (!reader.done) {
    const byte = reader.peek();
    if (byte & INDEXED.mark) {
      const index = reader.number(INDEXED.bits);
      add(headers, nameAt(index), valueAt(index));
    } else if ((byte & (LITERAL_TO_KEEP.mark | TABLE_SIZE.mark)) === TABLE_SIZE.mark) {
      if (reader.number(TABLE_SIZE.bits) !== 0) throw new Error('the table of headers has no room');
    } else {
      // A header to keep is too large for a table without room, and so is not kept (section 4.4).
      const index = reader.number(byte & LITERAL_TO_KEEP.mark ? LITERAL_TO_KEEP.bits : LITERAL_BITS);
      const name = index === 0 ? reader.text() : nameAt(index);
      add(headers, name, reader.text());
    }
  }
  return headers;
}

function add(headers: Record<string, string>, name: string, value: string): void {
  headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
}

function nameAt(index: number): string {
  const name = NAMES[index - 1];
  if (name === undefined) throw new Error(`there is no header ${index}`);
  return name;
}

function valueAt(index: number): string {
  return index === ACCEPT_ENCODING ? 'gzip, deflate' : (VALUES[index - FIRST_VALUE] ?? '');
}

/** Reads the numbers and texts of a block (section 5). */
class Reader {
  readonly #block: Uint8Array;
  #at = 0;

  constructor(block: Uint8Array) {
    this.#block = block;
  }

  get done(): boolean {
    return this.#at === this.#block.length;
  }

  /** The next byte, which stays. */
  peek(): number {
    const byte = this.#block[this.#at];
    if (byte === undefined) throw new Error('the headers are cut short');
    return byte;
  }

  /** A number that begins in the low bits of the next byte. */
  number(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (value > MAX_NUMBER || scale > MAX_NUMBER) throw new Error('a number in the headers is too large');
      if (byte < 0x80) return value;
    }
  }

  /** A text with its length before it. */
  text(): string {
    const huffman = (this.peek() & IS_HUFFMAN) !== 0;
    const end = this.number(TEXT_BITS) + this.#at;
    if (end > this.#block.length) throw new Error('the headers are cut short');
    const bytes = this.#block.subarray(this.#at, end);
    this.#at = end;
    return huffman ? decodeHuffman(bytes) : Buffer.from(bytes).toString('latin1');
  }

  #byte(): number {
    const byte = this.peek();
    this.#at++;
    return byte;
  }
}
