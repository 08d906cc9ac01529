/**
 * FAT32 as a boot loader reads it (Microsoft's specification of 2000): what the directories and the first table say at this moment,
 * whether or not they belong together.
 */

import type { FileView } from '../boot-models.ts';
import type { ReadBytes } from './sector-image.ts';
import { type Entry, treeView } from './tree-view.ts';

const SLOT = 32;
const LONG = 0x0f;
const FOLDER = 0x10;
const VOLUME = 0x08;
/** From here on a table's entry is the end of a chain. */
const END = 0x0ffffff8;
/** Of a chain that runs in a circle. */
const MOST_CLUSTERS = 65_536;

interface Handle {
  readonly cluster: number;
  /** Undefined for a folder. */
  readonly bytes?: number;
}

/** The files of a FAT32 file system. */
export function fatView(read: ReadBytes): FileView {
  const boot = read(0, 512);
  const sector = boot.readUInt16LE(11);
  const cluster = boot.readUInt8(13) * sector;
  const table = boot.readUInt16LE(14) * sector;
  const data = table + boot.readUInt8(16) * boot.readUInt32LE(36) * sector;
  const clusters = Math.floor((boot.readUInt32LE(32) * sector - data) / cluster);

  const chain = (first: number, most = MOST_CLUSTERS): Buffer | undefined => {
    const pieces: Buffer[] = [];
    for (let at = first; pieces.length < most; ) {
      if (at < 2 || at >= clusters + 2) return undefined;
      pieces.push(read(data + (at - 2) * cluster, cluster));
      at = read(table + at * 4, 4).readUInt32LE(0) & 0x0fffffff;
      if (at >= END) break;
    }
    return Buffer.concat(pieces);
  };

  const list = ({ cluster: first }: Handle): Entry<Handle>[] => {
    const found: Entry<Handle>[] = [];
    const bytes = chain(first) ?? Buffer.alloc(0);
    let long: { sum: number; next: number; parts: string[] } | undefined;
    for (let at = 0; at + SLOT <= bytes.length; at += SLOT) {
      const slot = bytes.subarray(at, at + SLOT);
      const mark = slot.readUInt8(0);
      if (mark === 0) break;
      const attributes = slot.readUInt8(11);
      if (mark === 0xe5) long = undefined;
      else if (attributes === LONG) {
        const number = mark & 0x3f;
        const sum = slot.readUInt8(13);
        if ((mark & 0x40) !== 0) long = { sum, next: number, parts: [] };
        if (long?.next !== number || long.sum !== sum) long = undefined;
        else {
          long.parts.unshift(longPart(slot));
          long.next--;
        }
      } else {
        const name = long?.next === 0 && long.sum === sumOf(slot) ? long.parts.join('') : shortName(slot);
        long = undefined;
        if ((attributes & VOLUME) !== 0 || name === '.' || name === '..') continue;
        const handle = (slot.readUInt16LE(20) << 16) | slot.readUInt16LE(26);
        const folder = (attributes & FOLDER) !== 0;
        found.push({
          name,
          folder,
          handle: folder ? { cluster: handle } : { cluster: handle, bytes: slot.readUInt32LE(28) },
        });
      }
    }
    return found;
  };

  const content = ({ cluster: first, bytes = 0 }: Handle): Buffer | undefined => {
    if (bytes === 0) return Buffer.alloc(0);
    const whole = chain(first, Math.ceil(bytes / cluster));
    // A chain that ends before the file does is an error to the firmware.
    return whole && whole.length >= bytes ? whole.subarray(0, bytes) : undefined;
  };
  return treeView({ cluster: boot.readUInt32LE(44) }, list, content, (name) => name.toLowerCase());
}

function longPart(slot: Buffer): string {
  const text = Buffer.concat([slot.subarray(1, 11), slot.subarray(14, 26), slot.subarray(28, 32)]).toString(
    'utf16le',
  );
  return text.split('\0', 1)[0] ?? '';
}

function shortName(slot: Buffer): string {
  // Windows NT's bits for names that are in lower case altogether.
  const lower = slot.readUInt8(12);
  const [stem = '', suffix = ''] = [slot.toString('latin1', 0, 8), slot.toString('latin1', 8, 11)].map(
    (one) => one.trimEnd(),
  );
  const shown = [lower & 8 ? stem.toLowerCase() : stem, lower & 16 ? suffix.toLowerCase() : suffix];
  return shown[1] === '' ? (shown[0] ?? '') : shown.join('.');
}

function sumOf(slot: Buffer): number {
  let sum = 0;
  for (const byte of slot.subarray(0, 11)) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}
