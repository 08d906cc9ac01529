/** ConfigService of the contract: translates requests and answers, nothing else. */

import type { ConfigChange } from '../../proto/gen/types/nodectl/v1/ConfigChange.ts';
import type { ConfigRevision } from '../../proto/gen/types/nodectl/v1/ConfigRevision.ts';
import type { PlanConfigResponse } from '../../proto/gen/types/nodectl/v1/PlanConfigResponse.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import { upper } from '../../proto/upper.ts';
import type { ConfigDomain, Mode } from './domain.ts';
import type { DriftWatch } from './drift.ts';
import type { Change, Plan } from './plan.ts';
import type { Revision } from './revisions.ts';

const MODE = {
  CONFIG_MODE_UNSPECIFIED: 'auto',
  CONFIG_MODE_LIVE: 'live',
  CONFIG_MODE_STAGED: 'staged',
  CONFIG_MODE_TRY: 'try',
} as const satisfies Record<string, Mode>;

function toChange({ resource, differences }: Change, textDiffs = false): ConfigChange {
  return {
    resource: resource.id,
    effect: `CONFIG_EFFECT_${upper(resource.effect)}`,
    risksConnection: resource.risksConnection,
    differences: differences.map(({ field, from, to, lines }) => ({
      ...{ field, from, to },
      diff: textDiffs ? [...(lines?.() ?? [])] : [],
    })),
    restarts: resource.activates.flatMap(({ id }) => /^unit\/(.+)\/restart$/.exec(id)?.slice(1) ?? []),
  };
}

function toRevision(revision: Revision, running: number | undefined): ConfigRevision {
  const { number, digest, parent, timeMs, outcome, reason, changes, author, commit, dirty, message } =
    revision;
  return {
    ...{ number, digest, parent, reason, changes: [...changes] },
    timeUsec: Math.round(timeMs * 1_000),
    origin: { author, commit, dirty, message },
    outcome: `CONFIG_OUTCOME_${upper(outcome)}`,
    running: number === running,
  };
}

/** The handlers of the service, over the config of a node. */
export function configService(
  domain: ConfigDomain,
  drift: DriftWatch,
): ServiceHandlers<'nodectl.v1.ConfigService'> {
  const { node, revisions } = domain;
  const running = () => revisions.running()?.number;
  const toPlan = (plan: Plan, mode: Exclude<Mode, 'auto'>, textDiffs = false): PlanConfigResponse => ({
    node,
    runningRevision: running() ?? 0,
    changes: plan.changes.map((one) => toChange(one, textDiffs)),
    effect: plan.effect === 'none' ? 'CONFIG_EFFECT_UNSPECIFIED' : `CONFIG_EFFECT_${upper(plan.effect)}`,
    risksConnection: plan.risksConnection,
    mode: `CONFIG_MODE_${upper(mode)}`,
  });
  const trialOf = () => {
    const open = domain.trial();
    return { trial: open?.trial.id ?? '', deadlineUsec: Math.round((open?.trial.deadlineMs ?? 0) * 1_000) };
  };
  return {
    PlanConfig: async ({ document, textDiffs, toApply }) => {
      if (toApply) domain.refuseDuringTrial();
      const { plan, mode } = await domain.plan(document);
      return toPlan(plan, mode, textDiffs);
    },

    ApplyConfig: async (request, call) => {
      const { origin } = request;
      const answer = await domain.apply(
        {
          text: request.document,
          mode: MODE[request.mode],
          timeoutSeconds: request.timeoutSeconds,
          origin: {
            author: call.identity.uri,
            commit: /^[0-9a-f]{7,64}$/.test(origin?.commit ?? '') ? (origin?.commit ?? '') : '',
            dirty: origin?.dirty ?? false,
            message: (origin?.message ?? '').slice(0, 500),
          },
          connection: call.peer,
          // An optional field that is not set is absent or null, depending on who decoded it.
          ...(request.expectedRevision == null ? {} : { expected: request.expectedRevision }),
        },
        // Whoever asked may be cut off by the very change: that must not stop it in the middle.
        new AbortController().signal,
      );
      return {
        plan: toPlan(answer.plan, answer.mode),
        revision: answer.revision ? toRevision(answer.revision, running()) : null,
        ...(answer.trial ? trialOf() : {}),
      };
    },

    ConfirmConfig: async ({ trial }, call) => ({
      revision: toRevision(await domain.confirm(trial, call.peer), running()),
    }),

    RevertConfig: async ({ reason, giveUp }) => ({
      revision: toRevision(
        await domain.revert(reason.slice(0, 500), giveUp, new AbortController().signal),
        running(),
      ),
    }),

    GetConfig: async ({ revision }) => {
      const found = domain.document(revision);
      if (!found) return { node };
      return { node, revision: toRevision(found.revision, running()), document: found.text };
    },

    ListRevisions: async () => ({
      node,
      revisions: revisions.all().map((one) => toRevision(one, running())),
      ...trialOf(),
    }),

    CaptureConfig: async () => {
      const { capture, capturedText } = await import('./capture.ts');
      const captured = await capture(domain.machine);
      return { node, document: capturedText(captured), leftOut: [...captured.leftOut] };
    },

    GetSealKey: async () => ({ node, recipient: await domain.sealKey.recipient() }),

    GetDrift: async ({ refresh }) => {
      const { drifted, checkedMs } =
        refresh || drift.state.checkedMs === 0 ? await drift.check() : drift.state;
      return {
        node,
        runningRevision: running() ?? 0,
        drifted: drifted.map(({ change, sinceMs }) => ({
          change: toChange(change),
          sinceUsec: Math.round(sinceMs * 1_000),
        })),
        checkedUsec: Math.round(checkedMs * 1_000),
        policy: domain.heeded.policy,
        corrections: drift.state.corrections,
      };
    },
  };
}
