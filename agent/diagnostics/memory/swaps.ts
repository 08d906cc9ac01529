/** Swap: devices and files with their use, by /proc/swaps. */

import { savedMemory } from '../activity/saved-memory.ts';
import { fact } from '../fact.ts';
import { required } from '../required.ts';

/** A swap area. Sizes are bytes. */
export interface Swap {
  /** "/dev/dm-1", "/swapfile". */
  readonly path: string;
  readonly kind: 'partition' | 'file' | 'zram';
  readonly size: number;
  readonly used: number;
  readonly priority: number;
}

/** Parses /proc/swaps: "Filename Type Size Used Priority", sizes in KiB, white space in names as \040. */
export function parseSwaps(text: string): Swap[] {
  const swaps: Swap[] = [];
  for (const row of text.split('\n').slice(1, 200)) {
    const match = /^(\S+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(-?\d+)/.exec(row);
    if (!match?.[1]) continue;
    const path = match[1];
    swaps.push({
      path,
      kind: /\/zram\d+$/.test(path) ? 'zram' : match[2] === 'file' ? 'file' : 'partition',
      size: Number(match[3]) * 1_024,
      used: Number(match[4]) * 1_024,
      priority: Number(match[5]),
    });
  }
  return swaps;
}

/** Swap areas; empty where there is no swap. */
export const swaps = fact({
  id: 'memory.swaps',
  reads: ['/proc/swaps', 'swapon -s, free or top, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Swap[] => {
    if (machine.live || machine.has('proc/swaps')) return parseSwaps(required(machine, 'proc/swaps'));
    const listed = (machine.saved?.('swapon') ?? []).flatMap(({ text }) => parseSwaps(text));
    if (listed.length > 0) return listed;
    const told = savedMemory(machine);
    if (!told?.swap) return parseSwaps(required(machine, 'proc/swaps'));
    const { total: size, used } = told.swap;
    return size === 0 ? [] : [{ path: 'all swap', kind: 'partition', size, used, priority: 0 }];
  },
});
