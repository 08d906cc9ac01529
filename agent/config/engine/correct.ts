/** Correcting drift: resources of the running document are made again what it says. */

import { Failure } from '../../../proto/failure.ts';
import { makePlan } from '../plan.ts';
import { inOrder } from '../resource.ts';
import { activateAll, changeEach, verify } from './carry-out.ts';
import { onDisk, type Workbench } from './workbench.ts';

/** Has a journal too: a unit that was to be restarted for a file must be, although the file is right by then. */
export async function correct(
  bench: Workbench,
  ids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const { host, journal, revisions } = bench.parts;
  const site = bench.site(signal);
  const text = bench.runningText();
  const all = (await bench.resources(text, '')).all.filter(({ id }) => ids.has(id));
  const plan = await makePlan(all, host);
  const changed = plan.changes.map(({ resource }) => resource);
  const resumed = bench.open()?.correction === true;
  // Who resumes does not know what was changed before, and activates for all.
  const touched = resumed ? inOrder(all) : changed;
  if (touched.length === 0) return;
  const number = revisions.running()?.number ?? 0;
  const before = touched.map(({ id }) => ({ id, snapshot: null }));
  if (!resumed)
    onDisk(() =>
      journal.write({ revision: number, from: number, text: '', fromText: '', before, correction: true }),
    );
  let failures: string[] = [];
  try {
    site.step('correction');
    await changeEach(changed, site);
  } finally {
    // Also where one fails: those that were changed must take effect, and what is not right is still drift.
    failures = await activateAll(touched, site);
    onDisk(() => journal.remove());
  }
  if (failures[0] !== undefined) throw new Failure('HOST_CHANGE_FAILED', failures[0]);
  await verify(plan.changes, host);
}
