/**
 * Reads files of an ext4 file system without mounting it, from anywhere that gives ranges: out of a raw image, and out of the frames
 * of one that is in a registry, of which only what is asked for is fetched. debugfs would want the whole image as a file, and
 * e2fsprogs, which not every workstation has. It knows what mke2fs makes: extents, linear and hashed directories, 64-bit group
 * descriptors; file systems with inline data, encryption or meta block groups are refused (fs/ext4/ext4.h has the structures).
 */

import type { RangeSource } from '../../../proto/registry/blobs.ts';

/** Why a file system cannot be read; its message is a clause about "the root image". */
export class FileSystemUnreadable extends Error {
  override readonly name = 'FileSystemUnreadable';
}

const ROOT_INODE = 2;
const MAX_DEPTH = 5;
const MAX_LINKS = 20;
const MAX_FOLDER_BYTES = 8 << 20;
const MAX_EXTENTS = 65_536;

const INCOMPAT = {
  extents: 0x40,
  is64: 0x80,
  metaBlockGroups: 0x10,
  journalDevice: 0x8,
  compression: 0x1,
} as const;
const FLAG = { extents: 0x80000, inline: 0x10000000, encrypted: 0x800 } as const;
const TYPE = { mask: 0xf000, folder: 0x4000, file: 0x8000, link: 0xa000 } as const;

interface Inode {
  mode: number;
  size: number;
  flags: number;
  /** The 60 bytes that say where its blocks are. */
  map: Buffer;
}

interface Extent {
  /** The first block of the file, how many, and the first block of the file system, or -1 for zeros. */
  first: number;
  count: number;
  start: number;
}

/** A file system. */
export class Ext4 {
  readonly #image: RangeSource;
  readonly #blockBytes: number;
  readonly #inodesPerGroup: number;
  readonly #inodeBytes: number;
  readonly #descriptorBytes: number;
  readonly #descriptorsAt: number;
  readonly #folders = new Map<number, Promise<Map<string, number>>>();

  private constructor(image: RangeSource, superblock: Buffer) {
    const incompat = superblock.readUInt32LE(0x60);
    if (incompat & (INCOMPAT.metaBlockGroups | INCOMPAT.journalDevice | INCOMPAT.compression))
      throw new FileSystemUnreadable('has features of ext4 that are not known here');
    this.#image = image;
    const logBlock = superblock.readUInt32LE(0x18);
    if (logBlock > 6) throw new FileSystemUnreadable('has a damaged superblock');
    this.#blockBytes = 1_024 << logBlock;
    this.#inodesPerGroup = superblock.readUInt32LE(0x28);
    this.#inodeBytes = superblock.readUInt16LE(0x58) || 128;
    this.#descriptorBytes = incompat & INCOMPAT.is64 ? superblock.readUInt16LE(0xfe) : 32;
    this.#descriptorsAt = (superblock.readUInt32LE(0x14) + 1) * this.#blockBytes;
    if (this.#inodesPerGroup === 0 || this.#inodeBytes < 128 || this.#descriptorBytes < 32)
      throw new FileSystemUnreadable('has a damaged superblock');
  }

  /** Opens a file system. @throws FileSystemUnreadable where it is another one, and what the source throws */
  static async open(image: RangeSource): Promise<Ext4> {
    const superblock = image.size < 4_096 ? Buffer.alloc(1_024) : await image.readRange(1_024, 1_024);
    if (superblock.readUInt16LE(0x38) === 0xef53) return new Ext4(image, superblock);
    if (superblock.readUInt32LE(0) === 0xe0f5e1e2)
      throw new FileSystemUnreadable('is erofs, which is not read here');
    const begin = await image.readRange(0, Math.min(4, image.size));
    throw new FileSystemUnreadable(
      begin.toString('latin1') === 'hsqs' ? 'is squashfs, which is not read here' : 'is no ext4',
    );
  }

  /** A file's bytes, or undefined where there is none. Symbolic links are followed. @throws FileSystemUnreadable where it is larger */
  async read(path: string, maxBytes: number): Promise<Buffer | undefined> {
    const inode = await this.#walk(path);
    return inode && (inode.mode & TYPE.mask) === TYPE.file ? this.#content(inode, maxBytes) : undefined;
  }

  /** The names in a folder, sorted, or undefined where there is none. */
  async list(path: string): Promise<string[] | undefined> {
    const inode = await this.#walk(path);
    if (!inode || (inode.mode & TYPE.mask) !== TYPE.folder) return undefined;
    return [...parseFolder(await this.#content(inode, MAX_FOLDER_BYTES)).keys()].sort();
  }

  /** Whether there is something of this path, links followed. */
  async has(path: string): Promise<boolean> {
    return (await this.#walk(path)) !== undefined;
  }

  async #walk(path: string): Promise<Inode | undefined> {
    let rest = path.split('/').filter(Boolean);
    let above: number[] = [ROOT_INODE];
    for (let links = 0; rest.length > 0; ) {
      const [name = '', ...others] = rest;
      rest = others;
      if (name === '..') above = above.length > 1 ? above.slice(0, -1) : above;
      if (name === '..' || name === '.') continue;
      const number = (await this.#folder(above.at(-1) ?? ROOT_INODE)).get(name);
      if (number === undefined) return undefined;
      const inode = await this.#inode(number);
      if ((inode.mode & TYPE.mask) !== TYPE.link) {
        above = [...above, number];
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) throw new FileSystemUnreadable(`has a circle of links at ${path}`);
      // A short target stands where the map of blocks is in other inodes.
      const isShort = inode.size < 60 && (inode.flags & FLAG.extents) === 0;
      const target = (
        isShort ? inode.map.subarray(0, inode.size) : await this.#content(inode, 4_096)
      ).toString();
      if (target.startsWith('/')) above = [ROOT_INODE];
      rest = [...target.split('/').filter(Boolean), ...rest];
    }
    return this.#inode(above.at(-1) ?? ROOT_INODE);
  }

  #folder(number: number): Promise<Map<string, number>> {
    const known =
      this.#folders.get(number) ??
      this.#inode(number).then(async (inode) =>
        (inode.mode & TYPE.mask) === TYPE.folder
          ? parseFolder(await this.#content(inode, MAX_FOLDER_BYTES))
          : new Map<string, number>(),
      );
    this.#folders.set(number, known);
    return known;
  }

  async #inode(number: number): Promise<Inode> {
    const group = Math.floor((number - 1) / this.#inodesPerGroup);
    const descriptor = await this.#bytes(
      this.#descriptorsAt + group * this.#descriptorBytes,
      this.#descriptorBytes,
    );
    const high = this.#descriptorBytes >= 64 ? descriptor.readUInt32LE(0x28) : 0;
    const table = (high * 2 ** 32 + descriptor.readUInt32LE(8)) * this.#blockBytes;
    const bytes = await this.#bytes(table + ((number - 1) % this.#inodesPerGroup) * this.#inodeBytes, 128);
    const flags = bytes.readUInt32LE(0x20);
    if (flags & (FLAG.inline | FLAG.encrypted))
      throw new FileSystemUnreadable('has inline or encrypted files');
    const size = bytes.readUInt32LE(0x6c) * 2 ** 32 + bytes.readUInt32LE(4);
    return { mode: bytes.readUInt16LE(0), size, flags, map: bytes.subarray(0x28, 0x28 + 60) };
  }

  async #content({ size, flags, map }: Inode, maxBytes: number): Promise<Buffer> {
    if (size > maxBytes)
      throw new FileSystemUnreadable(`has a file of ${size} bytes where a small one belongs`);
    if ((flags & FLAG.extents) === 0 && size > 0)
      throw new FileSystemUnreadable('has files without extents, as ext3 has them');
    const bytes = Buffer.alloc(size);
    for (const { first, count, start } of size > 0 ? await this.#extents(map, MAX_DEPTH, []) : []) {
      const at = first * this.#blockBytes;
      const length = Math.min(count * this.#blockBytes, size - at);
      if (start >= 0 && length > 0) (await this.#bytes(start * this.#blockBytes, length)).copy(bytes, at);
    }
    return bytes;
  }

  /** The extents below a node of the tree (struct ext4_extent_header and what follows it). */
  async #extents(node: Buffer, most: number, found: Extent[]): Promise<Extent[]> {
    const [magic, entries, depth] = [node.readUInt16LE(0), node.readUInt16LE(2), node.readUInt16LE(6)];
    if (magic !== 0xf30a || depth > most || 12 + entries * 12 > node.length || found.length > MAX_EXTENTS)
      throw new FileSystemUnreadable('has a damaged map of blocks');
    for (let at = 12; at < 12 + entries * 12; at += 12) {
      if (depth > 0) {
        const block = node.readUInt16LE(at + 8) * 2 ** 32 + node.readUInt32LE(at + 4);
        await this.#extents(await this.#bytes(block * this.#blockBytes, this.#blockBytes), depth - 1, found);
        continue;
      }
      const length = node.readUInt16LE(at + 4);
      const start = node.readUInt16LE(at + 6) * 2 ** 32 + node.readUInt32LE(at + 8);
      // More than 32768 says that so many less were set aside and not written: they read as zeros.
      const isWritten = length <= 32_768;
      found.push({
        first: node.readUInt32LE(at),
        count: isWritten ? length : length - 32_768,
        start: isWritten ? start : -1,
      });
    }
    return found;
  }

  async #bytes(offset: number, length: number): Promise<Buffer> {
    if (offset + length > this.#image.size) throw new FileSystemUnreadable('points beyond its own end');
    return this.#image.readRange(offset, length);
  }
}

/** Names and inodes of a folder. Blocks of a hashed folder's index look like entries that are not in use, and are passed over. */
function parseFolder(bytes: Buffer): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = 0; at + 8 <= bytes.length; ) {
    const inode = bytes.readUInt32LE(at);
    const length = bytes.readUInt16LE(at + 4);
    const nameLength = bytes[at + 6] ?? 0;
    if (length < 8 || length % 4 !== 0 || at + length > bytes.length || nameLength + 8 > length)
      throw new FileSystemUnreadable('has a damaged folder');
    const name = bytes.toString('utf8', at + 8, at + 8 + nameLength);
    if (inode !== 0 && name !== '.' && name !== '..') found.set(name, inode);
    at += length;
  }
  return found;
}
