/** Ending what a crash or a deadline left: what the journal says was under way when nobody works on it any more. */

import { DamagedFile } from '../kept-json.ts';
import type { Revision } from '../revisions.ts';
import { inThisBoot, leftOf } from '../trial.ts';
import { finish } from './commit.ts';
import { correct } from './correct.ts';
import type { ApplyJournal } from './journal.ts';
import { CUT_OFF, putBack } from './put-back.ts';
import { onDisk, type Workbench } from './workbench.ts';

/** Ends what was left, if anything was and its time is over. Gives the revision that was put back or cut off. */
export async function recover(bench: Workbench, signal: AbortSignal): Promise<Revision | undefined> {
  const { journal, revisions, host } = bench.parts;
  let open: ApplyJournal | undefined;
  try {
    open = journal.read();
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    return withoutJournal(bench, signal);
  }
  if (!open) {
    sweep(bench);
    return undefined;
  }
  if (open.correction) {
    await correct(bench, new Set(open.before.map(({ id }) => id)), signal);
    return undefined;
  }
  if (revisions.running()?.number === open.revision) {
    // Only what follows the commit was cut off.
    finish(bench, open, (await bench.resources(open.text, '', 'restore')).named);
    return undefined;
  }
  if (open.trial && leftOf(open.trial, host.machine) > 0) {
    const trial = inThisBoot(open.trial, host.machine);
    if (trial !== open.trial) onDisk(() => journal.write({ ...open, trial }));
    return undefined;
  }
  return putBack(
    bench,
    open,
    open.trial
      ? { outcome: 'reverted', reason: 'the trial was not confirmed in time' }
      : { outcome: 'interrupted', reason: CUT_OFF },
    signal,
  );
}

/** Revisions whose end was not noted: what runs was applied, what does not was cut off before or after its journal. */
function sweep(bench: Workbench): Revision | undefined {
  const { revisions } = bench.parts;
  const running = revisions.running()?.number;
  let cut: Revision | undefined;
  for (const { number, outcome } of revisions.all())
    if (outcome === 'applying' || outcome === 'trial') {
      if (number === running) bench.noted(number, { outcome: 'applied' });
      else cut = bench.noted(number, { outcome: 'interrupted', reason: CUT_OFF });
    }
  return cut;
}

/** The journal is damaged, so nobody knows what was before: the running document is made to hold again, whole. */
async function withoutJournal(bench: Workbench, signal: AbortSignal): Promise<Revision | undefined> {
  bench.parts.journal.setAside();
  const cut = sweep(bench);
  const text = bench.runningText();
  if (text === '') return cut;
  const { named } = await bench.resources(text, '');
  await correct(bench, named, signal);
  return cut;
}
