/**
 * An entry of systemd-boot as we write it: a file of the Boot Loader Specification, type 1, whose name carries the count of boots:
 * nodectl-b+3.conf has three tries left, nodectl-b+2-1.conf two after one, nodectl-b.conf is not counted. systemd-boot renames it
 * before it starts the kernel. Of a name it takes the last + and what follows as the counter, if that is one.
 */

import { SLOT_NAMES, type SlotName } from './backend.ts';
import { assetPaths } from './boot-assets.ts';
import { isDeployId } from './deployment.ts';

/** A counter of systemd-boot is a number of 16 bits, or else no counter. */
const MOST_COUNT = 0xffff;
const NAME = /^nodectl-([ab])(?:\+(\d{1,5})(?:-(\d{1,5}))?)?\.conf$/;
/** All entries of this project sort by it, so that their versions decide. */
const SORT_KEY = 'nodectl';
/** Versions are compared part by part; of the same length the higher number is the higher version. */
const VERSION_DIGITS = 10;

/** What an entry's name says. */
export interface EntryName {
  readonly slot: SlotName;
  /** Boots that are left; undefined where they are not counted. */
  readonly left?: number;
  /** Boots that were made; 0 where the name does not say. */
  readonly done: number;
}

/** What an entry says. */
export interface BootEntry {
  readonly slot: SlotName;
  readonly title: string;
  /** The deployment's serial, as the entry's version: the higher one sorts first. */
  readonly serial: number;
  /** Empty for the image that the machine was installed with. */
  readonly deployId: string;
  readonly initrd: boolean;
  /** The kernel's whole command line. */
  readonly options: string;
}

/** What a name of the entries' folder says; undefined for one that is not ours, or is not as we and systemd-boot make them. */
export function parseEntryName(name: string): EntryName | undefined {
  const [, slot, left, done] = NAME.exec(name) ?? [];
  if (slot !== 'a' && slot !== 'b') return undefined;
  if (left === undefined) return { slot, done: 0 };
  const counts = { left: Number(left), done: Number(done ?? 0) };
  return counts.left > MOST_COUNT || counts.done > MOST_COUNT ? undefined : { slot, ...counts };
}

/** The name of an entry. */
export function formatEntryName({ slot, left, done }: EntryName): string {
  const counter = left === undefined ? '' : `+${left}${done > 0 ? `-${done}` : ''}`;
  return `nodectl-${slot}${counter}.conf`;
}

/** Whether systemd-boot may take a name for an entry of a slot, also one whose counter is none. FAT knows no case. */
export function mayBeEntryOf(name: string, slot: SlotName): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith(`nodectl-${slot}`) && lower.endsWith('.conf');
}

/** The entry's text. */
export function formatEntry({ slot, title, serial, initrd, options }: BootEntry): Buffer {
  const paths = assetPaths(slot);
  return Buffer.from(
    [
      ['title', title],
      ['sort-key', SORT_KEY],
      ['version', String(serial).padStart(VERSION_DIGITS, '0')],
      ['linux', `/${paths.kernel}`],
      ...(initrd ? [['initrd', `/${paths.initrd}`]] : []),
      ['options', options],
    ]
      .map(([key, value]) => `${key} ${value}\n`)
      .join(''),
  );
}

/** What an entry of ours says; undefined for a text that is not exactly as we write it: it was cut off, damaged or edited. */
export function parseEntry(content: Buffer): BootEntry | undefined {
  const text = content.toString('latin1');
  const found =
    /^title ([ -~]+)\nsort-key nodectl\nversion (\d{10})\nlinux (\S+)\n(?:initrd (\S+)\n)?options ([ -~]+)\n$/.exec(
      text,
    );
  if (!found) return undefined;
  const [, title = '', version, linux, initrd, options = ''] = found;
  const slot = SLOT_NAMES.find((one) => linux === `/${assetPaths(one).kernel}`);
  if (slot === undefined || (initrd !== undefined && initrd !== `/${assetPaths(slot).initrd}`))
    return undefined;
  const serial = Number(version);
  if (serial > 0xffff_ffff) return undefined;
  const words = options.split(' ');
  const value = (key: string) => words.findLast((word) => word.startsWith(key))?.slice(key.length);
  const deployId = value('nodectl.deploy=') ?? '';
  if (value('nodectl.slot=') !== slot || (deployId !== '' && !isDeployId(deployId))) return undefined;
  if (!value('root=')) return undefined;
  return { slot, title, serial, deployId, initrd: initrd !== undefined, options };
}

/** Whether one entry comes before another: those with no tries left come last, and else the higher serial first. */
export function compareEntries(
  one: { left?: number | undefined; serial: number },
  other: { left?: number | undefined; serial: number },
): number {
  return Number(one.left === 0) - Number(other.left === 0) || other.serial - one.serial;
}

/** The sort-key of any entry, ours or another's; undefined where it has none: it then comes after all that have one. */
export function sortKeyOf(content: Buffer): string | undefined {
  return /^sort-key[ \t]+(\S+)/m.exec(content.toString('latin1'))?.[1];
}

/** Whether a sort-key comes before ours. */
export function sortsBeforeOurs(key: string): boolean {
  return key < SORT_KEY;
}
