/** Putting back: every resource that an apply changed gets what the journal says that it was. */

import { Failure } from '../../../proto/failure.ts';
import { inOrder } from '../resource.ts';
import type { Revision } from '../revisions.ts';
import { restoreAll } from './carry-out.ts';
import type { ApplyJournal } from './journal.ts';
import { NEVER, onDisk, type Workbench } from './workbench.ts';

/** Why and how something ended that was put back. */
export interface End {
  readonly outcome: 'reverted' | 'failed' | 'interrupted';
  readonly reason: string;
}

/** Why something ended that nobody ended. */
export const CUT_OFF = 'the agent or the node stopped in the middle of it';

/** Puts everything back. It is tried for every resource, whatever fails before it; what failed is thrown at the end. */
export async function putBack(
  bench: Workbench,
  open: ApplyJournal,
  end: End,
  signal: AbortSignal,
): Promise<Revision> {
  const { originals } = bench.parts;
  const site = bench.site(signal);
  const { text, fromText, before } = open;
  const resources = inOrder((await bench.resources(text, fromText, 'restore')).all);
  const snapshots = new Map(before.map(({ id, snapshot }) => [id, snapshot]));
  const known = new Set(resources.map(({ id }) => id));
  const failures = await restoreAll(
    resources.filter(({ id }) => snapshots.has(id)),
    snapshots,
    site,
  );
  for (const { id } of before)
    if (!known.has(id)) failures.push(`${id} is not known to this agent, so it was not put back`);
  if (failures.length > 0)
    throw new Failure(
      'HOST_CHANGE_FAILED',
      `not everything could be put back: ${failures.slice(0, 3).join('; ')}`,
      {
        hint: 'it is tried again and again; nodectl config revert tries now, and with --give-up leaves it as it is',
      },
    );
  site.step('put back');
  // A commit that was cut off may have kept originals of what was just put back.
  const { named } = await bench.resources(fromText, '', 'restore');
  onDisk(() => originals.keep(named, new Map()));
  return ended(bench, open, end);
}

/** Notes how what the journal is about ended, and removes the journal. */
export function ended(bench: Workbench, { revision }: ApplyJournal, end: End): Revision {
  const noted = bench.noted(revision, end);
  onDisk(() => bench.parts.journal.remove());
  bench.site(NEVER).step('journal removed');
  return noted;
}
