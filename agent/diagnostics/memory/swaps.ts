/** Swap: devices and files with their use, by /proc/swaps. */

import { savedMemory } from '../activity/saved-memory.ts';
import { fact } from '../fact.ts';
import { inFormat, required } from '../required.ts';

/** A swap area. Sizes are bytes. */
export interface Swap {
  /** "/dev/dm-1", "/swapfile". */
  readonly path: string;
  /** Empty where it is not told. */
  readonly kind: 'partition' | 'file' | 'zram' | '';
  readonly size: number;
  readonly used: number;
  readonly priority: number;
}

const SUFFIXES = 'BKMGTP';

/** "1048576", in KiB; "2G", "512K", "1.5G" of `swapon --show`. */
function bytesOf(word: string): number {
  const match = /^(\d{1,15}(?:[.,]\d{1,3})?)([BKMGTP]?)$/.exec(word);
  if (!match) return Number.NaN;
  const unit = match[2] === '' ? 1_024 : 1_024 ** SUFFIXES.indexOf(match[2] ?? '');
  return Number((match[1] ?? '').replace(',', '.')) * unit;
}

/**
 * Parses /proc/swaps: "Filename Type Size Used Priority", sizes in KiB, white space in names as \040; and `swapon --show`, whose sizes have a
 * unit.
 */
export function parseSwaps(text: string): Swap[] {
  const swaps: Swap[] = [];
  for (const row of text.split('\n').slice(1, 200)) {
    const match = /^(\S+)\s+(\S+)\s+([\d.,]+[BKMGTP]?)\s+([\d.,]+[BKMGTP]?)\s+(-?\d+)/.exec(
      row.slice(0, 1_000),
    );
    const [size, used] = [bytesOf(match?.[3] ?? ''), bytesOf(match?.[4] ?? '')];
    if (!match?.[1] || !Number.isFinite(size + used)) continue;
    const path = match[1];
    swaps.push({
      path,
      kind: /\/zram\d+$/.test(path) ? 'zram' : match[2] === 'file' ? 'file' : 'partition',
      ...{ size, used },
      priority: Number(match[5]),
    });
  }
  return swaps;
}

/** Its heading, which stands there without any swap too, or an area. */
const FORMAT = /^\s*(?:Filename|NAME)\b|^\S+\s+(?:partition|file)\s/m;

/** Swap areas; empty where there is no swap. */
export const swaps = fact({
  id: 'memory.swaps',
  reads: ['/proc/swaps', 'swapon -s, free or top, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Swap[] => {
    if (machine.live || machine.has('proc/swaps'))
      return parseSwaps(inFormat(required(machine, 'proc/swaps'), FORMAT, '/proc/swaps'));
    const listed = (machine.saved?.('swapon') ?? []).flatMap(({ text }) => parseSwaps(text));
    if (listed.length > 0) return listed;
    const told = savedMemory(machine);
    if (!told?.swap) return parseSwaps(required(machine, 'proc/swaps'));
    const { total: size, used } = told.swap;
    return size === 0 ? [] : [{ path: 'all swap', kind: '', size, used, priority: 0 }];
  },
});
