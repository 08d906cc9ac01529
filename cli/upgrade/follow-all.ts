/** Following upgrades on many nodes at once. */

import { Failure } from '../../proto/failure.ts';
import type { Result } from '../fleet/fan-out.ts';
import type { Target } from '../fleet/target.ts';
import { formatOf } from '../output/format.ts';
import { type Session, text } from '../session.ts';
import { followUpgrade } from './follow.ts';
import { type ProgressView, progressView } from './progress.ts';
import type { UpgradeOf } from './show.ts';

/**
 * The session of a command that shows progress: where stdout is a pipe and -o says nothing, progress and result are both lines of
 * JSON, since a bar would be of no use to whoever reads.
 */
export function progressSession(session: Session): Session {
  const asked = text(session, 'output') ?? session.env.NODECTL_OUTPUT;
  if (asked !== undefined || session.terminal.isTerminal) return session;
  return Object.create(session, { options: { value: { ...session.options, output: 'jsonl' } } }) as Session;
}

/** What shows the progress of such a session. */
export function viewOf(session: Session): ProgressView {
  return progressView(session.terminal, formatOf(session).name === 'jsonl');
}

/** Follows the upgrade of each node to its end, or to where an operator is waited for. `id` may be empty: see followUpgrade. */
export async function followAll(
  session: Session,
  targets: readonly Target[],
  id: (node: string) => string,
): Promise<Result<UpgradeOf>[]> {
  const view = viewOf(session);
  try {
    return await Promise.all(targets.map((target) => one(session, target, id(target.name), view)));
  } finally {
    view.end();
    if (session.signal.aborted)
      session.terminal.note('The nodes go on by themselves; nodectl upgrade status -w follows them again.');
  }
}

async function one(
  session: Session,
  target: Target,
  id: string,
  view: ProgressView,
): Promise<Result<UpgradeOf>> {
  const node = target.name;
  try {
    const told = view.of(node);
    const upgrade = await followUpgrade(session, { target, id, told });
    return { node, value: upgrade ?? null };
  } catch (error) {
    return { node, failure: Failure.from(error) };
  } finally {
    view.done(node);
  }
}
