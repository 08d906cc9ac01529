/** Applying documents to nodes: plan, show, ask, apply, and say what is still to be confirmed. */

import { Failure } from '../../proto/failure.ts';
import type { ApplyConfigResponse__Output as Applied } from '../../proto/gen/types/nodectl/v1/ApplyConfigResponse.ts';
import type { PlanConfigResponse__Output as Plan } from '../../proto/gen/types/nodectl/v1/PlanConfigResponse.ts';
import { sleep } from '../../proto/sleep.ts';
import { parseDuration, tableTime } from '../duration.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import { notReached } from '../fleet/not-reached.ts';
import type { Target } from '../fleet/target.ts';
import { withNode } from '../fleet/with-node.ts';
import { confirm, onNodes } from '../output/confirm.ts';
import { EXIT, exitOfAll } from '../output/exit-codes.ts';
import { errorObject, formatOf, isForPeople, printItems, printResults } from '../output/format.ts';
import { reportFailures } from '../output/report.ts';
import { flag, type Session, text } from '../session.ts';
import type { DocumentOrigin } from './documents.ts';
import { answerOf } from './lost-answer.ts';
import { planLines } from './render-plan.ts';
import { outcomeOf } from './revision-columns.ts';

/** What --mode takes. */
export const MODES = {
  auto: 'CONFIG_MODE_UNSPECIFIED',
  live: 'CONFIG_MODE_LIVE',
  staged: 'CONFIG_MODE_STAGED',
  try: 'CONFIG_MODE_TRY',
} as const;

/** Applying may restart services, which takes as long as they take. */
const APPLY_MS = 10 * 60_000;
/** How long a node may take to be reached again before its trial is confirmed. */
const CONFIRM_MS = 60_000;
/** The same where nobody asked for the confirmation: whoever moved a node to where it is not reached should soon know. */
const LOOK_MS = 15_000;

/** What is to be applied. */
export interface ToApply {
  readonly targets: readonly Target[];
  /** The document of a node. */
  readonly textOf: (node: string) => string;
  readonly origin: DocumentOrigin & { readonly message: string };
}

/** The plans of all nodes. @param toApply whether they are to be applied: a node on which a trial runs refuses */
export function planAll(
  session: Session,
  { targets, textOf }: Pick<ToApply, 'targets' | 'textOf'>,
  toApply: boolean,
): Promise<Result<Plan>[]> {
  // For programs a plan is as long as it has changes; lines of texts are for people.
  const textDiffs = isForPeople(formatOf(session));
  return fanOut(session, targets, (channel, { name }) =>
    channel.unary(
      'nodectl.v1.ConfigService/PlanConfig',
      { document: textOf(name), textDiffs, toApply },
      session.limits(),
    ),
  );
}

/** A plan as programs get it: without the lines for people, which nobody asked for then. */
function planJson({ changes, ...plan }: Plan): Record<string, unknown> {
  return {
    ...plan,
    changes: changes.map(({ differences, ...change }) => ({
      ...change,
      differences: differences.map(({ field, from, to }) => ({ field, from, to })),
    })),
  };
}

/** The mode that --mode asks for. */
function modeOf(session: Session): (typeof MODES)[keyof typeof MODES] {
  return MODES[(text(session, 'mode') ?? 'auto') as keyof typeof MODES];
}

/** Plans to show: a node plans for no mode, and tells the one that it would choose; what --mode asks for goes before it. */
function asWanted(
  session: Session,
  planned: readonly { node: string; value: Plan }[],
): { node: string; plan: Plan }[] {
  const mode = modeOf(session);
  return planned.map(({ node, value }) => ({
    node,
    plan: mode === MODES.auto ? value : { ...value, mode },
  }));
}

/** Plans and shows; with --dry-run that is all. Else asks, applies, and prints what came of it. Gives the exit status. */
export async function planAndApply(session: Session, wanted: ToApply): Promise<number> {
  const plans = await planAll(session, wanted, true);
  if (flag(session, 'dryRun')) return showPlans(session, plans);
  const planned = plans.filter((result) => 'value' in result);
  const { terminal } = session;
  const toChange = planned.filter(({ value }) => value.changes.length > 0);
  const shown = asWanted(session, planned);
  for (const line of planLines((style, part) => terminal.styleError(style, part), shown))
    terminal.stderr.write(`${line}\n`);
  const mode = modeOf(session);
  const risky = toChange.filter(({ value }) => value.risksConnection);
  const noWayBack = mode === 'CONFIG_MODE_LIVE' || mode === 'CONFIG_MODE_STAGED';
  if (noWayBack && risky.length > 0 && text(session, 'acceptRisk') !== 'lose-network')
    throw new Failure(
      'BAD_ARGUMENT',
      `${foldNames(risky.map(({ node }) => node))} could be cut off, and --mode ${text(session, 'mode')} has no way back`,
      { hint: 'leave --mode out to have it tried, or write --accept-risk lose-network' },
    );
  const chosen = wanted.targets.filter(({ name }) => planned.some(({ node }) => node === name));
  if (toChange.length > 0)
    await confirm(session, `Apply ${onNodes(toChange.map(({ node }) => ({ name: node })))}?`);
  const planOf = new Map(planned.map(({ node, value }) => [node, value]));
  const applied = await fanOut(session, chosen, async (channel, target) => {
    const document = wanted.textOf(target.name);
    const plan = planOf.get(target.name);
    if (!plan) throw new Error(`${target.name} was chosen without a plan`);
    const call = channel.unary(
      'nodectl.v1.ConfigService/ApplyConfig',
      {
        ...{ document, mode, origin: wanted.origin, expectedRevision: plan.runningRevision },
        timeoutSeconds: Math.round((parseDuration(text(session, 'trialTime') ?? '') ?? 0) / 1_000),
      },
      { ...session.limits(), timeoutMs: APPLY_MS },
    );
    const waitMs = flag(session, 'confirm') ? CONFIRM_MS : LOOK_MS;
    return answerOf(session, { call, target, plan, document, waitMs });
  });
  const refused = plans.filter((result) => 'failure' in result);
  const status = await printResults<Applied>(session, [...applied, ...refused], APPLIED);
  await confirmTrials(session, applied, chosen);
  return status;
}

const APPLIED = {
  columns: [
    { title: 'NODE', value: ({ node }: { node: string }) => node, whole: true },
    {
      title: 'REVISION',
      value: ({ value }: { value: Applied }) =>
        value.revision ? String(value.revision.number) : 'unchanged',
    },
    { title: 'OUTCOME', value: ({ value }: { value: Applied }) => outcomeOf(value.revision?.outcome) },
    {
      title: 'CHANGES',
      value: ({ value }: { value: Applied }) => String(value.plan?.changes.length ?? 0),
      align: 'right' as const,
    },
    { title: 'TRIAL', value: ({ value }: { value: Applied }) => value.trial },
    {
      title: 'REVERTS AT',
      value: ({ value }: { value: Applied }) => (value.deadlineUsec ? tableTime(value.deadlineUsec) : ''),
    },
  ],
  json: ({ plan, ...value }: Applied, node: string) => ({
    ...{ node, plan: plan ? planJson(plan) : null },
    ...value,
  }),
};

/** Prints plans. 0 where nothing would change, 8 where something would. */
export async function showPlans(session: Session, plans: readonly Result<Plan>[]): Promise<number> {
  const failures = plans.filter((result) => 'failure' in result);
  const planned = plans.filter((result) => 'value' in result);
  if (isForPeople(formatOf(session))) {
    const { terminal } = session;
    const shown = asWanted(session, planned);
    const lines = planLines((style, part) => terminal.style(style, part), shown);
    await terminal.write(lines.map((line) => `${line}\n`).join(''));
    reportFailures(terminal, failures, plans.length);
  } else {
    await printItems(session, plans, {
      columns: [],
      json: (one) =>
        'failure' in one ? { node: one.node, error: errorObject(one.failure) } : planJson(one.value),
      name: ({ node }) => node,
    });
  }
  if (failures.length > 0)
    return exitOfAll(
      failures.map(({ failure }) => failure),
      planned.length,
    );
  return planned.some(({ value }) => value.changes.length > 0) ? EXIT.pending : EXIT.ok;
}

/** With --confirm, confirms each trial over a new connection: that it comes about is what shows that the node is reachable. */
async function confirmTrials(
  session: Session,
  applied: readonly Result<Applied>[],
  targets: readonly Target[],
): Promise<void> {
  const trials = applied.flatMap((result) =>
    'value' in result && result.value.trial !== '' ? [{ node: result.node, trial: result.value.trial }] : [],
  );
  if (trials.length === 0) return;
  if (!flag(session, 'confirm')) {
    const names = foldNames(trials.map(({ node }) => node));
    session.terminal.note(`Look whether all is well, then: nodectl config confirm -n ${names}`);
    return;
  }
  for (const { node, trial } of trials) {
    const target = targets.find(({ name }) => name === node);
    if (target) await confirmOne(session, target, trial);
  }
}

/** Tries again until the node answers: a network that has just been changed takes a moment. */
async function confirmOne(session: Session, target: Target, trial: string): Promise<void> {
  const until = AbortSignal.any([session.signal, AbortSignal.timeout(CONFIRM_MS)]);
  for (;;) {
    try {
      await withNode(
        session,
        target,
        (channel) => channel.unary('nodectl.v1.ConfigService/ConfirmConfig', { trial }, session.limits()),
        until,
      );
      return session.terminal.note(`${target.name}: confirmed`);
    } catch (error) {
      const failure = Failure.from(error);
      // The node has answered: what it says does not change by asking again.
      if (until.aborted || !notReached(failure)) throw failure;
      await sleep(1_000, until);
    }
  }
}
