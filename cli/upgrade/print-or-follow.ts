/** The end of commands that begin something on nodes: what they answered, or with --watch how it ends. */

import type { Result } from '../fleet/fan-out.ts';
import type { Target } from '../fleet/target.ts';
import { flag, type Session } from '../session.ts';
import { followAll, progressSession } from './follow-all.ts';
import { awaitsConfirmation } from './roll-out.ts';
import { printStandings, type UpgradeOf } from './show.ts';

/** Prints how the upgrades stand; with --watch follows them first. Gives the exit status. */
export async function printOrFollow(
  session: Session,
  targets: readonly Target[],
  begun: readonly Result<UpgradeOf>[],
): Promise<number> {
  if (!flag(session, 'watch')) return printStandings(session, begun);
  const shown = progressSession(session);
  const ids = new Map(
    begun.flatMap((one) => ('value' in one && one.value ? [[one.node, one.value.id] as const] : [])),
  );
  const followed = await followAll(
    shown,
    targets.filter(({ name }) => ids.has(name)),
    (node) => ids.get(node) ?? '',
    awaitsConfirmation,
  );
  return printStandings(shown, [...followed, ...begun.filter((one) => 'failure' in one)]);
}
