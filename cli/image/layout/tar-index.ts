/** Where the files of a tar archive stand, so that each can be read from anywhere: ustar, pax and GNU's long names. */

import type { RangeSource } from '../../../proto/registry/blobs.ts';

/** Where a file's bytes are in the archive. */
export interface TarPlace {
  readonly offset: number;
  readonly size: number;
}

const BLOCK = 512;
/** More entries than these are no image's. */
const MAX_ENTRIES = 10_000;
/** A name or a record of pax is shorter. */
const MAX_EXTRA = 64 * 1024;

/**
 * The plain files of an archive by their paths, without a leading "./". Throws an Error that says what is wrong: damaged, cut short, too
 * many entries, a name twice.
 * @param most how many entries there may be
 */
export async function readTarIndex(
  archive: RangeSource,
  most: number = MAX_ENTRIES,
): Promise<Map<string, TarPlace>> {
  const { size: end } = archive;
  const found = new Map<string, TarPlace>();
  let extra: { path?: string; size?: number } = {};
  let at = 0;
  for (let count = 0; at + BLOCK <= end; count++) {
    if (count >= most) throw new Error(`it has more than ${most} entries`);
    const head = await readAt(archive, at, BLOCK);
    if (head.every((byte) => byte === 0)) return found;
    if (!isTarHeader(head)) throw new Error(`there is no entry of tar at byte ${at}`);
    const type = String.fromCharCode(head[156] ?? 0);
    const size = extra.size ?? numberIn(head.subarray(124, 136));
    const offset = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > end)
      throw new Error('it is cut short, or says sizes that cannot be');
    if (type === 'x' || type === 'L') {
      if (size > MAX_EXTRA) throw new Error('a name in it is too long');
      const body = await readAt(archive, offset, size);
      extra = type === 'x' ? { ...extra, ...paxOf(body) } : { ...extra, path: textOf(body) };
    } else {
      const path = (extra.path ?? nameOf(head)).replace(/^(?:\.\/)+/, '');
      extra = {};
      if (type === '0' || type === '\0') {
        if (found.has(path)) throw new Error(`${path.slice(0, 200)} is in it twice`);
        found.set(path, { offset, size });
      }
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error('it is cut short: the end of the archive is missing');
}

async function readAt(archive: RangeSource, offset: number, length: number): Promise<Buffer> {
  return offset + length > archive.size
    ? Promise.reject(new Error('it is cut short, or says sizes that cannot be'))
    : archive.readRange(offset, length);
}

function textOf(bytes: Buffer): string {
  const zero = bytes.indexOf(0);
  return bytes.toString('utf8', 0, zero < 0 ? bytes.length : zero);
}

function nameOf(head: Buffer): string {
  const prefix = head.toString('latin1', 257, 262) === 'ustar' ? textOf(head.subarray(345, 500)) : '';
  return `${prefix && `${prefix}/`}${textOf(head.subarray(0, 100))}`;
}

/** Octal digits, or the binary number of GNU and star whose first bit is set. */
function numberIn(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0) {
    const text = textOf(field).trim();
    return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : text === '' ? 0 : Number.NaN;
  }
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f);
}

/** Whether bytes begin with the header of an entry: its checksum is right. */
export function isTarHeader(bytes: Buffer): boolean {
  if (bytes.length < BLOCK) return false;
  const head = bytes.subarray(0, BLOCK);
  const sum = head.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return numberIn(head.subarray(148, 156)) === sum;
}

/** Path and size of records "LENGTH name=value\n". */
function paxOf(body: Buffer): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space < 0 ? at : space));
    if (!Number.isInteger(length) || length < 5 || at + length > body.length)
      throw new Error('a record of pax in it is damaged');
    const record = body.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (record.slice(0, equals) === 'path') found.path = record.slice(equals + 1);
    if (record.slice(0, equals) === 'size') found.size = Number(record.slice(equals + 1));
    at += length;
  }
  return found;
}
