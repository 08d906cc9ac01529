/** The end of commands that begin something on nodes: what they answered, or with --no-wait at once, else how it ends. */

import { Failure } from '../../proto/failure.ts';
import type { Result } from '../fleet/fan-out.ts';
import type { Target } from '../fleet/target.ts';
import { flag, type Session } from '../session.ts';
import { followAll, progressSession } from './follow-all.ts';
import { printStandings, type UpgradeOf } from './show.ts';

/** Whether the command waits: it does unless --no-wait is written. Throws BAD_ARGUMENT where --watch is as well. */
export function waits(session: Session): boolean {
  if (session.options.wait !== false) return true;
  if (flag(session, 'watch')) throw new Failure('BAD_ARGUMENT', '--watch and --no-wait say the opposite');
  return false;
}

/** Prints how the upgrades stand, unless --no-wait is written once they have ended. Gives the exit status. */
export async function printOrFollow(
  session: Session,
  targets: readonly Target[],
  begun: readonly Result<UpgradeOf>[],
): Promise<number> {
  const shown = progressSession(session);
  if (!waits(session)) return printStandings(shown, begun);
  const ids = new Map(
    begun.flatMap((one) => ('value' in one && one.value ? [[one.node, one.value.id] as const] : [])),
  );
  const followed = await followAll(
    shown,
    targets.filter(({ name }) => ids.has(name)),
    (node) => ids.get(node) ?? '',
  );
  return printStandings(shown, [...followed, ...begun.filter((one) => 'failure' in one)]);
}
