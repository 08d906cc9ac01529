/**
 * A bundle's archive, unpacked into a folder of its own for as long as it is looked at: tar, plain or packed with zstd or gzip. Only plain
 * files are taken out; links, devices and paths that lead elsewhere are not what a bundle has.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Failure } from '../../proto/failure.ts';
import { readTarIndex } from '../image/layout/tar-index.ts';

/** A bundle of a hundred nodes has a tenth of it. */
const MAX_BYTES = 4 * 1024 ** 3;
/** An entry is a file; a bundle of one node has some thousand. */
const MAX_ENTRIES = 1_000_000;
/** Nothing in a bundle is longer; a recording has at most 64 MiB. */
const MAX_FILE = 256 * 1024 ** 2;

/** An archive that was unpacked. */
export interface UnpackedArchive {
  readonly folder: string;
  /** Removes it. */
  remove(): void;
}

/** Unpacks an archive into a temporary folder. Throws BAD_ARGUMENT where it is none, damaged, or too large. */
export async function unpackArchive(path: string): Promise<UnpackedArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-from-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await takeOut(path, folder);
    return { folder: join(folder, 'files'), remove };
  } catch (cause) {
    remove();
    throw cause instanceof Failure
      ? cause
      : new Failure('BAD_ARGUMENT', `${path} cannot be unpacked: ${(cause as Error).message}`, {
          hint: 'give a bundle (.tar.zst), another tar archive (.tar, .tar.gz), or the folder that came out of it',
          cause,
        });
  }
}

async function takeOut(path: string, folder: string): Promise<void> {
  const plain = await open(join(folder, 'plain.tar'), 'wx+', 0o600);
  try {
    const size = await copyPlain(path, plain);
    const readRange = async (offset: number, length: number) => {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await plain.read(bytes, 0, length, offset);
      if (bytesRead !== length) throw new Error('it is cut short');
      return bytes;
    };
    const index = await readTarIndex({ size, readRange }, MAX_ENTRIES);
    if (index.size === 0) throw new Error('no file is in it');
    const made = new Set<string>();
    const top = join(folder, 'files');
    for (const [name, place] of index) {
      if (!isInside(name)) throw new Error(`"${name.slice(0, 200)}" in it leads elsewhere`);
      if (place.size > MAX_FILE) throw new Error(`${name.slice(0, 200)} in it is too long`);
      const to = join(top, name);
      const parent = dirname(to);
      if (!made.has(parent)) await mkdir(parent, { recursive: true, mode: 0o700 });
      made.add(parent);
      await writeFile(to, await readRange(place.offset, place.size), { mode: 0o600, flag: 'wx' });
    }
    // Where no recording says when a machine was captured, its folder's time does.
    const { mtime } = statSync(path);
    for (const one of made) await utimes(one, mtime, mtime);
  } finally {
    await plain.close();
  }
}

/** Whether a path of an archive stays within it. */
function isInside(name: string): boolean {
  return name !== '' && !name.includes('\0') && name.split('/').every((part) => part !== '..' && part !== '');
}

/** Copies an archive without its packing, and gives its length. Throws an Error. */
async function copyPlain(path: string, to: FileHandle): Promise<number> {
  const from = await open(path, 'r');
  try {
    const head = Buffer.alloc(6);
    await from.read(head, 0, head.length, 0);
    const unpacker = unpackerFor(head);
    const input = from.createReadStream({ start: 0, autoClose: false });
    input.once('error', (error) => unpacker?.destroy(error));
    let size = 0;
    for await (const chunk of unpacker ? input.pipe(unpacker) : input) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MAX_BYTES) throw new Error(`it unpacks to more than ${MAX_BYTES / 1024 ** 3} GiB`);
      await to.writeFile(bytes);
    }
    return size;
  } finally {
    await from.close();
  }
}

/** What unpacks a file that begins so (RFC 8878, RFC 1952); undefined for what is not packed. Throws an Error for xz, which Node has not. */
function unpackerFor(head: Buffer) {
  if (head.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress();
  if (head.readUInt16BE(0) === 0x1f8b) return createGunzip();
  if (head.toString('latin1') === '\xfd7zXZ\0')
    throw new Error('it is packed with xz, which is not read here; unpack it with tar -xf');
  return undefined;
}
