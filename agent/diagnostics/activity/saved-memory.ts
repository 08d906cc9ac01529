/** How much memory and swap a captured machine has and uses, by `free`, the head of `top` or `sar -r`. */

import type { Machine } from '../../host/machine.ts';
import { savedTops } from './activity.ts';
import { parseFree } from './free.ts';
import { savedSar } from './sar.ts';

/** Bytes. */
export interface SavedMemory {
  readonly total: number;
  readonly available: number;
  /** Undefined where it is not told; a total of 0 is a machine without. */
  readonly swap: { readonly total: number; readonly used: number } | undefined;
}

/** What was saved of it; undefined for nothing, and of a live machine. */
export function savedMemory(machine: Machine): SavedMemory | undefined {
  if (machine.live) return undefined;
  for (const output of machine.saved?.('free') ?? []) {
    const told = parseFree(output.text, output.words);
    if (told)
      return {
        ...{ total: told.total, available: told.available },
        swap: { total: told.swapTotal, used: told.swapUsed },
      };
    machine.notUsed?.(output, 'it is no table of free');
  }
  const top = savedTops(machine).find(({ memory }) => memory);
  if (top?.memory) return { ...top.memory, swap: top.swap };
  const table = savedSar(machine).flatMap(({ tables }) => tables.get('r') ?? [])[0];
  const [free, used, available] = ['kbmemfree', 'kbmemused', 'kbavail'].map((name) => table?.of(name));
  // Versions before 11.5 do not tell what is available.
  if (free === undefined || used === undefined || available === undefined) return undefined;
  return { total: (free + used) * 1_024, available: available * 1_024, swap: undefined };
}
