/** Pools of huge pages, by size. */

import { number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

const ROOT = 'sys/kernel/mm/hugepages';

/** Huge pages of one size. */
export interface HugePages {
  /** Of one page, in bytes. */
  readonly size: number;
  readonly total: number;
  readonly free: number;
  /** Promised to a process that has not touched them yet: they count as free, but are spoken for. */
  readonly reserved: number;
}

/** Pools of huge pages, the small ones first; those that have no page are left out. */
export const hugePages = fact({
  id: 'memory.huge-pages',
  reads: [`/${ROOT}/hugepages-*kB/{nr_hugepages,free_hugepages,resv_hugepages}`],
  limitMs: 1_000,
  read: ({ machine }): readonly HugePages[] => {
    const names = machine.list(ROOT).filter((name) => /^hugepages-\d+kB$/.test(name));
    if (names.length === 0) throw nothing(machine, 'huge pages');
    return names
      .map((name) => ({
        size: Number(name.slice('hugepages-'.length, -2)) * 1_024,
        total: number(machine, `${ROOT}/${name}/nr_hugepages`) ?? 0,
        free: number(machine, `${ROOT}/${name}/free_hugepages`) ?? 0,
        reserved: number(machine, `${ROOT}/${name}/resv_hugepages`) ?? 0,
      }))
      .filter(({ total }) => total > 0)
      .sort((a, b) => a.size - b.size);
  },
});
