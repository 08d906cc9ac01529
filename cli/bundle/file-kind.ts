/**
 * What a file is by its first bytes, so that one that is read here is told from one that is not: a name may say anything. Formats:
 * RFC 1952 (gzip), RFC 8878 (zstd), xz-file-format 1.2, bzip2's "BZh", PKWARE's APPNOTE (zip), 7-Zip's 7zFormat.txt, RAR's technote.
 */

import { Failure } from '../../proto/failure.ts';

/** A packing that is taken off: by Node, or by the program of that name. */
type Packing = 'gzip' | 'zstd' | 'xz' | 'bzip2';

const PACKINGS: readonly (readonly [Packing, string])[] = [
  ['gzip', '\x1f\x8b'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['xz', '\xfd7zXZ\0'],
  ['bzip2', 'BZh'],
];
const FOREIGN: readonly (readonly [string, string])[] = [
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['rar', 'Rar!\x1a\x07'],
];
/** So many first bytes tell what a file is. */
export const HEAD = 8_192;
/** Of the bytes of a text fewer are control characters, of those at one half of its places fewer are zero. */
const MOST_CONTROLS = 0.05;
const MOST_ZEROS = 0.4;

/** How a file is packed that begins so; undefined where it is not. */
export function packingOf(head: Buffer): Packing | undefined {
  return PACKINGS.find(([, mark]) => begins(head, mark))?.[0];
}

/** Refuses what is neither a text nor an archive that is read here. @param head its first bytes, unpacked. @throws Failure BAD_ARGUMENT */
export function refuseForeign(name: string, head: Buffer): void {
  const archive = FOREIGN.find(([, mark]) => begins(head, mark))?.[0];
  if (archive !== undefined)
    throw new Failure('BAD_ARGUMENT', `${name} is an archive of ${archive}, which is not read`, {
      hint: 'unpack it, and name what was in it',
    });
  if (isWide(head))
    throw new Failure('BAD_ARGUMENT', `${name} is a text in UTF-16, which is not read`, {
      hint: 'write it in UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW',
    });
  if (isBinary(head))
    throw new Failure('BAD_ARGUMENT', `${name} is no text: it holds binary data`, {
      hint: 'name a log or another text, plain or packed with gzip, zstd, xz or bzip2',
    });
}

function begins(head: Buffer, mark: string): boolean {
  return head.toString('latin1', 0, mark.length) === mark;
}

/** UTF-16 with the mark of its byte order, or letters that have a zero byte each. */
function isWide(head: Buffer): boolean {
  if (begins(head, '\xff\xfe') || begins(head, '\xfe\xff')) return true;
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const half = head.length / 2;
  return Math.max(even, odd) > half * MOST_ZEROS && Math.min(even, odd) < half * MOST_CONTROLS;
}

/** Zeros alone make no binary file of a log: a machine that lost its power leaves blocks of them. */
function isBinary(head: Buffer): boolean {
  const bytes = head.filter((byte) => byte !== 0);
  // What terminals and programs write into texts: bell, backspace, tab, line feed, form feed, carriage return, escape.
  const controls = bytes.filter((byte) => byte < 7 || byte === 11 || (byte > 13 && byte < 32 && byte !== 27));
  return head.length > 0 && (bytes.length === 0 || controls.length > bytes.length * MOST_CONTROLS);
}
