/** The commit: the moment from which the new document is the running one, and what follows it. */

import type { Revision } from '../revisions.ts';
import type { ApplyJournal } from './journal.ts';
import { NEVER, onDisk, quietly, type Workbench } from './workbench.ts';

/** Makes the journal's revision the running one. Until that is on disk it throws, and everything can still be put back. */
export async function commit(bench: Workbench, open: ApplyJournal): Promise<Revision> {
  const { revisions, originals } = bench.parts;
  const { step } = bench.site(NEVER);
  const { named } = await bench.resources(open.text, '', 'restore');
  // Those of resources that are no longer named go when there is no way back any more.
  onDisk(() =>
    originals.keep(
      [...named, ...originals.read().keys()],
      new Map(open.before.map(({ id, snapshot }) => [id, snapshot])),
    ),
  );
  step('originals kept');
  try {
    onDisk(() => revisions.setRunning(open.revision));
  } catch (error) {
    // The folder may not have been flushed, but the pointer is replaced: what it says is what counts.
    if (revisions.running()?.number !== open.revision) throw error;
  }
  step('committed');
  return finish(bench, open, named);
}

/** What follows a commit. A failure leaves the journal, and whoever reads it next does this again. */
export function finish(bench: Workbench, { revision }: ApplyJournal, named: ReadonlySet<string>): Revision {
  const { revisions, journal, originals } = bench.parts;
  const { step } = bench.site(NEVER);
  const noted = bench.noted(revision, { outcome: 'applied', reason: '' });
  quietly(() => {
    originals.keep(named, new Map());
    step('originals forgotten');
    journal.forgetAside();
    originals.forgetAside();
    journal.remove();
    step('journal removed');
    revisions.prune();
  });
  return noted;
}
