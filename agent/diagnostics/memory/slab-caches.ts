/** Which kinds of kernel objects take most memory, as `slabtop -o` tells of captured machines. */

import { fact } from '../fact.ts';
import { savedText } from '../required.ts';

/** A kind of kernel objects. */
interface SlabCache {
  readonly name: string;
  readonly bytes: number;
}

/** Kinds of kernel objects, the largest first; empty where the table has none. */
export const slabCaches = fact({
  id: 'memory.slab-caches',
  reads: ['slabtop -o, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly SlabCache[] =>
    savedText(machine, 'slabtop')
      .split('\n', 2_000)
      .flatMap((line): SlabCache[] => {
        // OBJS ACTIVE USE OBJ-SIZE SLABS OBJ/SLAB CACHE-SIZE NAME
        const match = /^\s*\d+\s+\d+\s+\d+%\s+[\d.]+K\s+\d+\s+\d+\s+(\d{1,15})K (\S{1,64})/.exec(
          line.slice(0, 200),
        );
        return match?.[2] ? [{ name: match[2], bytes: Number(match[1]) * 1_024 }] : [];
      })
      .sort((a, b) => b.bytes - a.bytes),
});
