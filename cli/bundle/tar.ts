/**
 * Entries of a tar archive, as POSIX.1-2001 has it (ustar with pax headers for what ustar cannot say): what GNU tar, bsdtar and
 * Python read. A package would do the same in ten times the code: archives of plain files need no more than this.
 */

const BLOCK = 512;
/** ustar has twelve octal digits for a size without the closing blank. */
const MAX_SIZE = 8 ** 11 - 1;
const MAX_NAME = 100;

/** A file in an archive. */
export interface TarEntry {
  /** Relative, parts separated by "/". */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** ms since the epoch. */
  readonly modifiedMs: number;
}

/** The bytes of an entry: its header, its content, and zeros up to a whole block. Throws a RangeError for more than 8 GiB. */
export function tarEntry({ path, bytes, modifiedMs }: TarEntry): Buffer[] {
  const parts: Buffer[] = [];
  const name = Buffer.from(path, 'utf8');
  const plain = name.length <= MAX_NAME && /^[\x20-\x7e]+$/.test(path);
  if (!plain) {
    const record = paxRecord('path', path);
    parts.push(header('PaxHeader', 'x', record.length, modifiedMs), ...padded(record));
  }
  const short = plain ? path : `${path.replace(/[^\x20-\x7e]/g, '_').slice(-MAX_NAME)}`;
  parts.push(
    header(short, '0', bytes.length, modifiedMs),
    ...padded(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
  );
  return parts;
}

/** The header of a plain file whose content follows, and the zeros behind that. Throws a RangeError as tarEntry does. */
export function tarFrame(path: string, size: number, modifiedMs: number): { head: Buffer; tail: Buffer } {
  return { head: header(path, '0', size, modifiedMs), tail: Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK) };
}

/** The end of an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

/** "LENGTH name=value\n", where the length counts itself. */
function paxRecord(name: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${name}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  return Buffer.from(`${length} ${name}=${value}\n`, 'utf8');
}

function padded(bytes: Buffer): Buffer[] {
  const over = bytes.length % BLOCK;
  return over === 0 ? [bytes] : [bytes, Buffer.alloc(BLOCK - over)];
}

function header(name: string, type: '0' | 'x', size: number, modifiedMs: number): Buffer {
  if (size > MAX_SIZE) throw new RangeError(`${name} is too long for an archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    block.write(`${Math.max(0, Math.floor(value)).toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  block.write(name, 0, MAX_NAME, 'latin1');
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(modifiedMs / 1_000, 136, 11);
  block.write(type, 156, 'latin1');
  block.write('ustar\0' + '00', 257, 'latin1');
  // The checksum is taken with blanks in its own place.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
