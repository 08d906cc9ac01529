/** The disks whose sectors are recorded: what is where on them, and what goes into it. Used by the guest and by the replay. */

import type { SlotName } from '../../../agent/upgrade/boot/backend.ts';

/** Bytes of a sector. */
export const SECTOR = 512;
const MIB_SECTORS = 2_048;

/** A part of a disk, in sectors. */
export interface Part {
  readonly start: number;
  readonly sectors: number;
}

/** The parts, numbered from 1 in this order. Into `marks` the guest writes what it is about to do. */
export const PARTS: Readonly<Record<'boot' | SlotName | 'marks', Part>> = {
  boot: { start: MIB_SECTORS, sectors: 40 * MIB_SECTORS },
  a: { start: 41 * MIB_SECTORS, sectors: 512 },
  b: { start: 42 * MIB_SECTORS, sectors: 512 },
  marks: { start: 43 * MIB_SECTORS, sectors: 8 },
};
/** Of the whole disk, with room for the second partition table. */
export const DISK_SECTORS = 45 * MIB_SECTORS;
/** Bytes of a kernel; an initrd has twice as many. */
export const KERNEL_BYTES = 60_000;

/** What root= says. */
export const ROOTS: Readonly<Record<SlotName, string>> = { a: 'PARTUUID=aa', b: 'PARTUUID=bb' };

/** What is recorded. */
export interface Recording {
  /** The disk's serial number in the guest. */
  readonly name: string;
  readonly loader: 'grub' | 'systemd-boot';
  readonly fileSystem: 'ext4' | 'vfat';
}

/** All of them. */
export const RECORDINGS: readonly Recording[] = [
  { name: 'grub-ext4', loader: 'grub', fileSystem: 'ext4' },
  { name: 'grub-vfat', loader: 'grub', fileSystem: 'vfat' },
  { name: 'sdboot-vfat', loader: 'systemd-boot', fileSystem: 'vfat' },
];

/** The whole content of a slot's root of a version: no two of its blocks are alike. */
export function rootContent(version: string): Buffer {
  const bytes = PARTS.a.sectors * SECTOR;
  let text = '';
  for (let at = 0; text.length < bytes; at++) text += `root of ${version}, line ${at}\n`;
  return Buffer.from(text.slice(0, bytes));
}
