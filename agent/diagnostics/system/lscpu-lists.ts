/** Which processors are used and which are not, as `lscpu` tells it of captured machines. */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { type Processors, parseCpuList } from './processors.ts';

/** The lists; a machine of which it tells no offline ones has none. @throws Unavailable absent on a running machine, not-captured */
export const lscpuLists = fact({
  id: 'system.lscpu-lists',
  reads: ['lscpu, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): Pick<Processors, 'online' | 'present'> => {
    for (const { text } of machine.live ? [] : (machine.saved?.('lscpu') ?? [])) {
      const list = (word: string) =>
        new RegExp(`^${word} CPU\\(s\\) list:\\s+([\\d,-]{1,2000})\\s*$`, 'm').exec(text)?.[1];
      const [on, off] = [list('On-line'), list('Off-line')];
      if (on === undefined) continue;
      const online = parseCpuList(on);
      return { online, present: [...online, ...parseCpuList(off ?? '')] };
    }
    throw nothing(machine, 'the output of lscpu');
  },
});
