/** Machine checks that mcelog told of on a captured machine, but for those of memory, which are counted with its modules. */

import { fact } from '../fact.ts';
import { type MachineCheck, machineChecksIn, mcelogTexts } from '../memory/mcelog.ts';
import { nothing } from '../required.ts';

/** Records of processors, caches and buses. @throws Unavailable absent on a running machine, not-captured */
export const machineCheckRecords = fact({
  id: 'system.machine-check-records',
  reads: ['mcelog and /var/log/mcelog, where they were saved'],
  limitMs: 1_000,
  read: ({ machine }): readonly MachineCheck[] => {
    const texts = mcelogTexts(machine);
    if (texts.length === 0) throw nothing(machine, 'log of mcelog');
    return texts.flatMap(machineChecksIn).filter(({ memory }) => !memory);
  },
});
