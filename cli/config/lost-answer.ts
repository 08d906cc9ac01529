/**
 * The answer of an apply, also where it is lost: what moves the address of a node cuts the very connection that its answer would
 * come over. So while a change that could do that is under way, and after one that was cut off, the node is asked over new
 * connections what came of it.
 */

import { createHash } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import type { ApplyConfigResponse__Output as Applied } from '../../proto/gen/types/nodectl/v1/ApplyConfigResponse.ts';
import type { ListRevisionsResponse__Output as Revisions } from '../../proto/gen/types/nodectl/v1/ListRevisionsResponse.ts';
import type { PlanConfigResponse__Output as Plan } from '../../proto/gen/types/nodectl/v1/PlanConfigResponse.ts';
import { sleep } from '../../proto/sleep.ts';
import { notReached } from '../fleet/not-reached.ts';
import type { Target } from '../fleet/target.ts';
import { withNode } from '../fleet/with-node.ts';
import type { Session } from '../session.ts';

/** A node that answers within this is not asked by other ways; so often is it asked then. */
const [FIRST_MS, PAUSE_MS] = [3_000, 1_000];
/** One attempt to reach it. */
const LOOK_MS = 10_000;

/** An apply that is under way. */
export interface Applying {
  readonly call: Promise<Applied>;
  readonly target: Target;
  readonly plan: Plan;
  readonly document: string;
  /** How long the node may take to be reached again once the connection is lost, in ms. */
  readonly waitMs: number;
}

/**
 * What came of an apply.
 * @throws Failure what the node said; or why its answer was lost, where the node is not reached again or knows of no such change
 */
export async function answerOf(session: Session, applying: Applying): Promise<Applied> {
  const { call, plan, target, waitMs } = applying;
  const over = new AbortController();
  let ended: { value: Applied } | { failure: Failure } | undefined;
  const settled = call.then(
    (value) => {
      ended = { value };
    },
    (error: unknown) => {
      ended = { failure: Failure.from(error) };
    },
  );
  const pause = (ms: number) => sleep(ms, AbortSignal.any([session.signal, over.signal]));
  try {
    await (plan.risksConnection ? Promise.race([settled, pause(FIRST_MS)]) : settled);
    for (
      let until: number | undefined;
      ;
      await (ended ? pause(PAUSE_MS) : Promise.race([settled, pause(PAUSE_MS)]))
    ) {
      if (ended && 'value' in ended) return ended.value;
      if (ended && (session.signal.aborted || !notReached(ended.failure))) throw ended.failure;
      if (ended) until ??= performance.now() + waitMs;
      const answer = await look(session, applying);
      if (typeof answer === 'object') return answer;
      if (ended && 'failure' in ended && (answer === 'none' || performance.now() > (until ?? 0)))
        throw new Failure(ended.failure.reason, ended.failure.message, {
          hint: `what is tried is put back by the node itself unless it is confirmed; nodectl config history -n ${target.name} tells what came of it`,
          cause: ended.failure,
        });
    }
  } finally {
    over.abort();
  }
}

/** Asks the node over a new connection. */
async function look(
  session: Session,
  { target, plan, document }: Applying,
): Promise<Applied | 'under way' | 'none' | 'not reached'> {
  const until = AbortSignal.any([session.signal, AbortSignal.timeout(LOOK_MS)]);
  const limits = { ...session.limits(), timeoutMs: LOOK_MS };
  try {
    const revisions = await withNode(
      session,
      target,
      (channel) => channel.unary('nodectl.v1.ConfigService/ListRevisions', {}, limits),
      until,
    );
    return answerIn(revisions, plan, document);
  } catch (error) {
    if (until.aborted || notReached(Failure.from(error))) return 'not reached';
    throw error;
  }
}

/** The answer that a history has. Changes that have ended may be earlier ones of the same document, and are none. */
function answerIn(
  { revisions, trial, deadlineUsec }: Revisions,
  plan: Plan,
  document: string,
): Applied | 'under way' | 'none' {
  const digest = createHash('sha256').update(document).digest('hex');
  const found = revisions.find(
    (one) =>
      one.digest === digest && one.parent === plan.runningRevision && one.number > plan.runningRevision,
  );
  if (found?.outcome === 'CONFIG_OUTCOME_APPLYING') return 'under way';
  if (found?.outcome === 'CONFIG_OUTCOME_TRIAL') return { plan, revision: found, trial, deadlineUsec };
  return found?.running ? { plan, revision: found, trial: '', deadlineUsec: 0 } : 'none';
}
