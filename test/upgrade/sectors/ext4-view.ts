/**
 * ext4 as GRUB reads it: the blocks where they stand, without its journal and without its checksums. Only what mke2fs makes by default
 * is known: extents, linear or hashed folders (whose leaves are linear).
 */

import type { FileView } from '../boot-models.ts';
import type { ReadBytes } from './sector-image.ts';
import { type Entry, treeView } from './tree-view.ts';

const SUPER = 1_024;
const ROOT_INODE = 2;
const EXTENT_MAGIC = 0xf30a;
const DEEPEST = 5;
const KIND = 0xf000;
const FOLDER = 0x4000;
const FILE = 0x8000;
const INDEXED_BY_EXTENTS = 0x80000;

/** The files of an ext4 file system. */
export function ext4View(read: ReadBytes): FileView {
  const head = read(SUPER, 1_024);
  const block = 1_024 << head.readUInt32LE(24);
  const inodesPerGroup = head.readUInt32LE(40);
  const inodes = head.readUInt32LE(0);
  const blocks = head.readUInt32LE(4);
  const inodeBytes = head.readUInt16LE(88);
  const wide = (head.readUInt32LE(96) & 0x80) !== 0;
  const groupBytes = wide ? head.readUInt16LE(254) : 32;
  const groups = (head.readUInt32LE(20) + 1) * block;

  const inode = (number: number): Buffer | undefined => {
    if (number < 1 || number > inodes) return undefined;
    const group = Math.floor((number - 1) / inodesPerGroup);
    const table = read(groups + group * groupBytes, groupBytes).readUInt32LE(8);
    if (table >= blocks) return undefined;
    return read(table * block + ((number - 1) % inodesPerGroup) * inodeBytes, inodeBytes);
  };

  /** Puts the blocks below a node of the tree of extents into place; false where the tree is none. */
  const gather = (node: Buffer, into: Buffer, depth: number): boolean => {
    if (node.readUInt16LE(0) !== EXTENT_MAGIC || depth > DEEPEST) return false;
    const entries = node.readUInt16LE(2);
    const leaf = node.readUInt16LE(6) === 0;
    if (12 + entries * 12 > node.length) return false;
    for (let at = 12; at < 12 + entries * 12; at += 12) {
      if (!leaf) {
        const child = node.readUInt32LE(at + 4);
        if (child >= blocks || !gather(read(child * block, block), into, depth + 1)) return false;
        continue;
      }
      const length = node.readUInt16LE(at + 4);
      // Longer than that: allocated and not written, which reads as zeros.
      if (length > 32_768) continue;
      const [logical, physical] = [node.readUInt32LE(at), node.readUInt32LE(at + 8)];
      if (physical + length > blocks) return false;
      if (logical * block < into.length) read(physical * block, length * block).copy(into, logical * block);
    }
    return true;
  };

  const content = (number: number): Buffer | undefined => {
    const node = inode(number);
    if (!node || (node.readUInt32LE(32) & INDEXED_BY_EXTENTS) === 0) return undefined;
    const bytes = node.readUInt32LE(4);
    if (bytes > 1 << 24) return undefined;
    const into = Buffer.alloc(bytes);
    return gather(node.subarray(40, 100), into, 0) ? into : undefined;
  };

  const list = (number: number): Entry<number>[] => {
    const bytes = content(number) ?? Buffer.alloc(0);
    const found: Entry<number>[] = [];
    for (let at = 0; at + 8 <= bytes.length; ) {
      const child = bytes.readUInt32LE(at);
      const length = bytes.readUInt16LE(at + 4);
      const name = bytes.toString('latin1', at + 8, at + 8 + bytes.readUInt8(at + 6));
      if (length < 8) break;
      at += length;
      const mode = child === 0 ? 0 : (inode(child)?.readUInt16LE(0) ?? 0);
      const folder = (mode & KIND) === FOLDER;
      if ((folder || (mode & KIND) === FILE) && name !== '.' && name !== '..')
        found.push({ name, folder, handle: child });
    }
    return found;
  };
  return treeView(ROOT_INODE, list, content, (name) => name);
}
