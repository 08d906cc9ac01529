/** Machine checks that mcelog told of on a captured machine, but for those of memory, which are counted with its modules. */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { type MachineCheck, MCELOG_LOG, machineChecksIn, mcelogTexts } from '../memory/mcelog.ts';
import { nothing } from '../required.ts';

/** What mcelog writes: a record, a line of its daemon, the counts of its client. */
const OF_MCELOG =
  /^\s*(?:Hardware event\.|MCE \d|CPU \d{1,5} |Memory errors|SOCKET \d|STATUS [\da-f]{4}|mcelog: (?:Family|failed to prefill|Running trigger|warning: \d+ bytes ignored|Large number|mcelog server))/im;

/** Records of processors, caches and buses. @throws Unavailable absent on a running machine, not-captured */
export const machineCheckRecords = fact({
  id: 'system.machine-check-records',
  reads: ['mcelog and /var/log/mcelog, where they were saved'],
  limitMs: 1_000,
  read: ({ machine }): readonly MachineCheck[] => {
    const texts = mcelogTexts(machine);
    if (texts.length === 0) throw nothing(machine, 'log of mcelog');
    // A log without a record is empty; what the program printed may be so because it failed.
    if (!texts.some((text) => OF_MCELOG.test(text)) && machine.text(MCELOG_LOG)?.trim() !== '')
      throw new Unavailable('nonsense', 'what was saved of mcelog has nothing in it that mcelog writes');
    return texts.flatMap(machineChecksIn).filter(({ memory }) => !memory);
  },
});
