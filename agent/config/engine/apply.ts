/** Applying a document: planned, written into the journal, changed, verified; then committed, tried, or put back. */

import { Failure } from '../../../proto/failure.ts';
import { makePlan, type Plan } from '../plan.ts';
import type { Origin, Revision } from '../revisions.ts';
import { beginTrial, type Trial, type TrialWanted } from '../trial.ts';
import { activateAll, changeEach, verify } from './carry-out.ts';
import { commit } from './commit.ts';
import type { ApplyJournal } from './journal.ts';
import { putBack } from './put-back.ts';
import { recover } from './recover.ts';
import { NEVER, onDisk, quietly, type Workbench } from './workbench.ts';

/** How a document is applied. */
export interface ApplyOptions {
  readonly text: string;
  readonly origin: Origin;
  /** The number of the revision that the document was made from; undefined where the author does not care. */
  readonly expected?: number;
  /** The revision that was staged with the text, in place of a new one. */
  readonly staged?: number;
  /** A trial, where the document is to be tried. */
  readonly trial?: TrialWanted;
  /** Has somebody outside the agent watch the trial's deadline: called before anything is changed, and when it is known. */
  readonly arm?: (trial: Trial) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What came of an apply. */
export interface Applied {
  readonly revision: Revision;
  readonly plan: Plan;
}

/** What a journal may hold of what was before: it is written, kept and read as a whole. */
const MOST_BEFORE = 64 << 20;

/** That a trial runs, so that nothing else can be applied. */
export function trialRuns(revision: number): Failure {
  return new Failure('TRIAL_RUNNING', `a trial runs on this node already, of revision ${revision}`, {
    hint: 'keep it by nodectl config confirm, put it back by nodectl config revert, or wait for its deadline',
  });
}

/** Applies a document. Throws what ConfigEngine.apply throws. */
export async function applyDocument(
  bench: Workbench,
  { text, origin, expected, staged, trial: wanted, arm, signal }: ApplyOptions,
): Promise<Applied> {
  const { revisions, journal, host } = bench.parts;
  const site = bench.site(signal);
  if (!bench.open()?.trial) await recover(bench, signal);
  const underWay = bench.open();
  if (underWay) throw trialRuns(underWay.revision);
  const running = revisions.running();
  const from = running?.number ?? 0;
  if (expected !== undefined && expected !== from)
    throw new Failure('STALE_REVISION', `this node runs revision ${from}, not ${expected}`, {
      hint: 'look at what has changed: nodectl config diff; then apply again',
      facts: { running: String(from) },
    });
  const fromText = bench.runningText();
  const resources = await bench.resources(text, fromText);
  const plan = await makePlan(resources.all, host);
  const changes = plan.changes.map(
    ({ resource, differences }) => `${resource.id}: ${differences.map(({ field }) => field).join(', ')}`,
  );
  const before = plan.changes.map(({ resource, before: snapshot }) => ({ id: resource.id, snapshot }));
  bounded(before);
  const { number } = staged
    ? revisions.get(staged)
    : onDisk(() => revisions.add(text, from, origin, host.machine.now(), 'applying'));
  const open: ApplyJournal = { revision: number, from, text, fromText, before };
  const begin = wanted && (() => beginTrial(wanted, host.machine));
  try {
    onDisk(() => revisions.update(number, { outcome: 'applying', changes }));
    if (begin) await arm?.(begin());
    site.step('planned');
    onDisk(() => journal.write(open));
  } catch (error) {
    quietly(() => journal.remove());
    quietly(() =>
      revisions.update(number, { outcome: 'failed', reason: Failure.from(error).message, changes }),
    );
    throw error;
  }
  try {
    site.step('journal');
    const resourcesOf = plan.changes.map(({ resource }) => resource);
    await changeEach(resourcesOf, site);
    const [failed] = await activateAll(resourcesOf, site);
    if (failed !== undefined) throw new Failure('HOST_CHANGE_FAILED', failed);
    await verify(plan.changes, host);
    site.step('verified');
    await bench.parts.healthy?.(text, signal);
    site.step('healthy');
    if (!begin) return { plan, revision: await commit(bench, open) };
    const trial = begin();
    await arm?.(trial);
    onDisk(() => journal.write({ ...open, trial }));
    site.step('trial');
    return { plan, revision: bench.noted(number, { outcome: 'trial' }) };
  } catch (error) {
    const failure = Failure.from(error);
    try {
      await putBack(bench, open, { outcome: 'failed', reason: failure.message }, NEVER);
    } catch (second) {
      throw new Failure('HOST_CHANGE_FAILED', `${failure.message}; ${Failure.from(second).message}`, {
        hint: Failure.from(second).hint,
        cause: error,
      });
    }
    throw failure;
  }
}

/** What is kept of the state before is written in one piece: a document that replaces more than that is refused. */
function bounded(before: readonly unknown[]): void {
  let bytes = 0;
  for (const one of before) bytes += JSON.stringify(one).length;
  if (bytes > MOST_BEFORE)
    throw new Failure(
      'HOST_CHANGE_FAILED',
      `what the document replaces is more than ${MOST_BEFORE >> 20} MiB, which is not kept to be put back`,
      { hint: 'large files belong into the image; or apply it in parts' },
    );
}
