/** What an agent costs a node on which nothing happens. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { footprint, voluntarySwitches } from './rig/process.ts';
import { atMost, type Findings, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

/** An agent settles in this time: V8 collects what only its start needed, and collects once or twice more. */
const SETTLE_MS = 60_000;
const WATCHED_MS = 30_000;

/** The benchmark. */
export const idle: Bench = {
  name: 'idle',
  title: 'a packaged agent that nobody calls',
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const { pid, stop } = await rig.startAgent('idle-1');
  await sleep(rig.amount(SETTLE_MS, 5_000));
  const before = voluntarySwitches(pid);
  const watchedMs = rig.amount(WATCHED_MS, 5_000);
  await sleep(watchedMs);
  const wakeUps = ((voluntarySwitches(pid) - before) / watchedMs) * 1_000;
  const { residentBytes, anonymousBytes } = footprint(pid);
  await stop();
  return {
    figures: [
      atMost('resident memory', residentBytes, 60e6, show.megabytes),
      atMost('anonymous memory', anonymousBytes, 18e6, show.megabytes),
      atMost('wake-ups of all threads', wakeUps, 0.1, show.aSecond),
    ],
    notes: [
      'Resident memory includes 40 MB or more of the node binary’s pages, which are shared and can be reclaimed.',
    ],
  };
}
