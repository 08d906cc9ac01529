/**
 * A bundle's archive, unpacked into a folder of its own for as long as it is looked at: tar, plain or packed with zstd or gzip. Only plain
 * files are taken out; links, devices and paths that lead elsewhere are not what a bundle has.
 */

import { constants, mkdtempSync, rmSync, statSync } from 'node:fs';
import { access, type FileHandle, mkdir, open, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { isTarHeader, readTarIndex } from '../image/layout/tar-index.ts';
import { whyNotRead } from '../not-read.ts';
import { visibleName } from '../output/visible.ts';
import { HEAD, refuseForeign } from './file-kind.ts';
import { unpacked } from './unpacked.ts';

/** A bundle of a hundred nodes has a tenth of it. */
const MAX_BYTES = 4 * 1024 ** 3;
/** An entry is a file; a bundle of one node has some thousand. */
const MAX_ENTRIES = 1_000_000;
const MEBIBYTE = 1024 ** 2;
/** Nothing in a bundle is longer; a recording has at most 64 MiB. */
const MAX_FILE = 256 * MEBIBYTE;

/** Names by which a file is to be an archive, so that a damaged one is not taken for a text. */
const ARCHIVE = /\.(?:tar|t[gbx]z|tar\.\w+)$/i;
const MAX_TEXT = 64 * MEBIBYTE;
/** The first block of an archive tells that it is one. */
const TAR_BLOCK = 512;

/** An archive that was unpacked. */
export interface UnpackedArchive {
  readonly folder: string;
  /** Removes it. */
  remove(): void;
}

/** Unpacks an archive into a temporary folder. Throws BAD_ARGUMENT where it is none, damaged, or too large. */
export function unpackArchive(path: string): Promise<UnpackedArchive> {
  return unpackInto(path, async (folder) => {
    await readable(path);
    return takeOut(path, folder);
  });
}

/** The same of what comes, which ends. @param name what it is called; the machine is called so too */
export function unpackStream(name: string, bytes: AsyncIterable<Buffer>): Promise<UnpackedArchive> {
  return unpackInto(name, (folder) => takeOut(name, folder, bytes));
}

async function unpackInto(
  path: string,
  unpack: (folder: string) => Promise<string>,
): Promise<UnpackedArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-from-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    return { folder: await unpack(folder), remove };
  } catch (cause) {
    remove();
    throw cause instanceof Failure
      ? cause
      : new Failure(
          'BAD_ARGUMENT',
          `${visibleName(path)} cannot be unpacked: ${visibleName((cause as Error).message)}`,
          {
            hint: 'give a bundle (.tar.zst), another tar archive (.tar, .tar.gz, .tar.xz), a text with outputs of tools, or a folder',
            cause,
          },
        );
  }
}

/** Throws BAD_ARGUMENT where a file may not be read, which is no word on its packing. */
async function readable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `${visibleName(path)} cannot be read: ${whyNotRead(cause)}`, {
      hint: 'name a file that you may read',
      cause,
    });
  }
}

/** Takes the files of an archive out, or the text that it is. Gives their folder. */
async function takeOut(path: string, folder: string, bytes?: AsyncIterable<Buffer>): Promise<string> {
  const plain = await open(join(folder, 'plain.tar'), 'wx+', 0o600);
  try {
    const size = bytes
      ? await copyAll(boundedText(path, unpacked(bytes)), plain)
      : await copyPlain(path, plain);
    const mtime = bytes ? new Date() : statSync(path).mtime;
    const readRange = async (offset: number, length: number) => {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await plain.read(bytes, 0, length, offset);
      if (bytesRead !== length) throw new Error('it is cut short');
      return bytes;
    };
    const top = join(folder, 'files');
    const text = await textOf(path, size, readRange);
    if (text !== undefined) {
      const name = basename(path);
      const own = join(top, name.replace(/(?:\.(?:txt|log|out|gz|zst|xz|bz2|md))+$/i, '') || name);
      await mkdir(own, { recursive: true, mode: 0o700 });
      await writeFile(join(own, name.replace(/\.(?:gz|zst|xz|bz2)$/i, '')), text, {
        mode: 0o600,
        flag: 'wx',
      });
      await utimes(own, mtime, mtime);
      return own;
    }
    const index = await readTarIndex({ size, readRange }, MAX_ENTRIES);
    if (index.size === 0) throw new Error('no file is in it');
    const made = new Set<string>();
    for (const [name, place] of index) {
      if (!isInside(name)) throw new Error(`"${visibleName(name.slice(0, 200))}" in it leads elsewhere`);
      if (place.size > MAX_FILE) throw new Error(`${visibleName(name.slice(0, 200))} in it is too long`);
      const to = join(top, name);
      const parent = dirname(to);
      if (!made.has(parent)) await mkdir(parent, { recursive: true, mode: 0o700 });
      made.add(parent);
      await writeFile(to, await readRange(place.offset, place.size), { mode: 0o600, flag: 'wx' });
    }
    // Where no recording says when a machine was captured, its folder's time does.
    for (const one of made) await utimes(one, mtime, mtime);
    return top;
  } finally {
    await plain.close();
  }
}

/**
 * The content of what is a text and no archive: a log, or what somebody wrote down of a machine. Undefined for an archive.
 * @throws Failure BAD_ARGUMENT for what is neither
 */
async function textOf(
  path: string,
  size: number,
  readRange: (offset: number, length: number) => Promise<Buffer>,
): Promise<Buffer | undefined> {
  const name = visibleName(path);
  if (size === 0)
    throw new Failure('BAD_ARGUMENT', `${name} is empty`, {
      hint: 'was what it holds saved before the program had ended?',
    });
  const head = await readRange(0, Math.min(size, HEAD));
  if (ARCHIVE.test(path) || isTarHeader(head)) return undefined;
  // What a program leaves that writes on where it was, when its log was cut to nothing: of that the text behind it tells.
  const zeros = head.every((byte) => byte === 0) && size > HEAD && size <= MAX_TEXT;
  if (!zeros) refuseForeign(name, head);
  if (size > MAX_TEXT)
    throw new Failure(
      'BAD_ARGUMENT',
      `${name} is too long a text: it has ${Math.ceil(size / MEBIBYTE)} MiB, and ${MAX_TEXT / MEBIBYTE} are read`,
      { hint: 'of a kernel’s log "nodectl diag scan FILE" reads any length; else name a part of it' },
    );
  const bytes = await readRange(0, size);
  // Blocks that were never written, of a machine that lost its power.
  const text = bytes.includes(0) ? Buffer.from(bytes.filter((byte) => byte !== 0)) : bytes;
  if (zeros) refuseForeign(name, text.length === 0 ? head : text.subarray(0, HEAD));
  return text;
}

/** Whether a path of an archive stays within it. */
function isInside(name: string): boolean {
  return name !== '' && !name.includes('\0') && name.split('/').every((part) => part !== '..' && part !== '');
}

/** Copies an archive without its packing, and gives its length. Throws an Error. */
async function copyPlain(path: string, to: FileHandle): Promise<number> {
  const from = await open(path, 'r');
  try {
    return await copyAll(unpacked(from.createReadStream({ start: 0, autoClose: false })), to);
  } finally {
    await from.close();
  }
}

/** What comes; what is no archive and longer than a text may be is not waited for. Throws BAD_ARGUMENT. */
async function* boundedText(
  name: string,
  input: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer = Buffer.alloc(0);
  let size = 0;
  for await (const piece of input) {
    if (head.length < TAR_BLOCK) head = Buffer.concat([head, piece.subarray(0, TAR_BLOCK)]);
    size += piece.length;
    if (size > MAX_TEXT && !isTarHeader(head))
      throw new Failure(
        'BAD_ARGUMENT',
        `${visibleName(name)} is too long a text: ${MAX_TEXT / MEBIBYTE} MiB are read`,
        { hint: 'of a kernel’s log "nodectl diag scan -" reads any length' },
      );
    yield piece;
  }
}

/** Copies what comes. Throws an Error where that is too much. */
async function copyAll(input: AsyncIterable<Buffer>, to: FileHandle): Promise<number> {
  let size = 0;
  for await (const bytes of input) {
    size += bytes.length;
    if (size > MAX_BYTES) throw new Error(`it unpacks to more than ${MAX_BYTES / 1024 ** 3} GiB`);
    await to.writeFile(bytes);
  }
  return size;
}
