/** What processors, memory and disks did while somebody looked with vmstat, top, mpstat, sar or iostat: of captured machines. */

import type { Machine, SavedOutput } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { observedOfSar, parseSar } from './sar.ts';
import type { Observed } from './shares.ts';
import { parseSysstat } from './sysstat.ts';
import { parseTop, type Top } from './top.ts';
import { parseVmstat } from './vmstat.ts';

const SYSSTAT = ['mpstat', 'sar', 'iostat', 'sysstat'] as const;

/** Outputs of a program that were read; those in which there is nothing are told as of no use. */
function readAll<T>(machine: Machine, program: string, read: (text: string) => T | undefined): T[] {
  return (machine.saved?.(program) ?? []).flatMap((output: SavedOutput) => {
    const found = read(output.text);
    // Of other tables of sar there are other readers.
    if (found === undefined && !(SYSSTAT.some((one) => one === program) && parseSar(output.text)))
      machine.notUsed?.(output, `it is no table of ${program}`);
    return found === undefined ? [] : [found];
  });
}

/** Heads of `top`; none of a live machine. */
export function savedTops(machine: Machine): Top[] {
  return machine.live ? [] : readAll(machine, 'top', parseTop);
}

/** Everything of the kind that was saved, that of most looks first. */
export const activity = fact({
  id: 'activity',
  reads: ['vmstat, top, mpstat, sar (-u, -d, -q, -W) and iostat -x, where they were saved'],
  limitMs: 2_000,
  read: ({ machine }): readonly Observed[] => {
    if (machine.live) throw nothing(machine, 'saved output of vmstat');
    const found = [
      ...readAll(machine, 'vmstat', parseVmstat),
      ...SYSSTAT.flatMap((program) => readAll(machine, program, parseSysstat)),
      ...SYSSTAT.flatMap((program) =>
        (machine.saved?.(program) ?? []).flatMap(({ text }) => observedOfSar(text) ?? []),
      ),
      ...savedTops(machine),
    ];
    if (found.length === 0) throw nothing(machine, 'the output of vmstat, top, mpstat or iostat');
    return found.sort((a, b) => b.looks - a.looks);
  },
});
