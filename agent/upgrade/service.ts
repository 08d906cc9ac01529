/** UpgradeService of the contract: translates requests and answers, nothing else. */

import { Failure } from '../../proto/failure.ts';
import type { OfferedImage__Output } from '../../proto/gen/types/nodectl/v1/OfferedImage.ts';
import type { Slot } from '../../proto/gen/types/nodectl/v1/Slot.ts';
import type { TransferImageRequest__Output } from '../../proto/gen/types/nodectl/v1/TransferImageRequest.ts';
import type { TransferImageResponse } from '../../proto/gen/types/nodectl/v1/TransferImageResponse.ts';
import type { Upgrade as UpgradeMessage } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import type { UpgradeOptions__Output } from '../../proto/gen/types/nodectl/v1/UpgradeOptions.ts';
import type { UpgradePlan as PlanMessage } from '../../proto/gen/types/nodectl/v1/UpgradePlan.ts';
import type { Caller, ServiceHandlers } from '../../proto/serve/handlers.ts';
import { upper } from '../../proto/upper.ts';
import { otherSlot, SLOT_NAMES, type SlotName } from './boot/backend.ts';
import { carry, type Incoming, type Outgoing } from './carry.ts';
import type { UpgradeEngine } from './engine.ts';
import type { WantedOptions } from './policy.ts';
import type { Offer, UpgradePlan } from './preflight.ts';
import { type Confirmation, needsOperator, type Upgrade } from './state.ts';
import { type UpgradeView, viewOf, watch } from './watch.ts';

const CONFIRMATIONS = {
  UPGRADE_CONFIRMATION_UNSPECIFIED: undefined,
  UPGRADE_CONFIRMATION_AUTOMATIC: 'automatic',
  UPGRADE_CONFIRMATION_MANUAL: 'manual',
  UPGRADE_CONFIRMATION_QUORUM: 'quorum',
} as const satisfies Record<string, Confirmation | undefined>;
const [DEFAULT_PAGE, MOST_PAGE] = [20, 100];
const [MOST_MESSAGE, MOST_PEERS, MOST_TROUBLES] = [512, 32, 64];

/** The handlers of the service. @param node the node's name */
export function upgradeService(
  node: string,
  engine: UpgradeEngine,
): ServiceHandlers<'nodectl.v1.UpgradeService'> {
  const shown = (upgrade: Upgrade | undefined) => (upgrade ? toMessage(viewOf(engine, upgrade)) : null);
  return {
    PlanUpgrade: async ({ image, options }, { identity, signal }) => ({
      node,
      plan: toPlan(await engine.plan(offerOf(image), wantedOf(options, identity), signal)),
    }),

    StartUpgrade: async ({ image, options }, { identity, signal }) => {
      const wanted = wantedOf(options, identity);
      const { plan, upgrade } = await engine.start(offerOf(image), wanted, identity.uri, signal);
      return { node, plan: toPlan(plan), upgrade: shown(upgrade) };
    },

    TransferImage: async function* (requests, { signal }) {
      for await (const answer of carry(engine, incoming(requests), signal)) yield toAnswer(answer);
    },

    RebootUpgrade: async ({ upgradeId }) => ({ upgrade: shown(await engine.reboot(upgradeId)) }),

    ConfirmUpgrade: async ({ upgradeId }) => {
      if (upgradeId === '')
        throw new Failure('BAD_ARGUMENT', 'a confirmation names its upgrade', {
          hint: 'nodectl upgrade status shows its id',
        });
      return { upgrade: shown(await engine.confirm(upgradeId)) };
    },

    AbortUpgrade: async ({ upgradeId, message }, { identity }) => {
      atMost('a message', message.length, MOST_MESSAGE, ' characters');
      return { upgrade: shown(await engine.abort(upgradeId, identity.uri, message)) };
    },

    RollbackUpgrade: async ({ slot, options }, { identity }) => {
      if (slot !== '' && !isSlot(slot)) throw new Failure('BAD_ARGUMENT', 'a slot is "a" or "b"');
      const wanted = wantedOf(options, identity);
      return {
        node,
        upgrade: shown(await engine.rollback(isSlot(slot) ? slot : undefined, wanted, identity.uri)),
      };
    },

    GetUpgrade: async ({ upgradeId }) => ({ node, upgrade: shown(engine.find(upgradeId)) }),

    WatchUpgrade: async function* ({ upgradeId }, { signal }) {
      for await (const view of watch(engine, upgradeId, signal)) yield { node, upgrade: toMessage(view) };
    },

    ListUpgrades: async ({ pageSize, pageToken }) => {
      const all = engine.site.history.all();
      const from = pageToken === '' ? 0 : all.findIndex(({ id }) => id === pageToken) + 1;
      const size = Math.min(MOST_PAGE, pageSize > 0 ? pageSize : DEFAULT_PAGE);
      const upgrades = all.slice(from, from + size);
      const nextPageToken = from + size < all.length ? (upgrades.at(-1)?.id ?? '') : '';
      return { node, upgrades: upgrades.map((one) => shown(one) ?? {}), nextPageToken };
    },

    ListSlots: async () => {
      const state = await engine.site.parts.backend.state();
      const { images } = engine.site;
      const running = images.running(state)?.image.name;
      return {
        ...{ node, backend: state.backend, problems: [...state.problems] },
        serialFloor: running === undefined ? 0 : images.floor(running).serial,
        slots: SLOT_NAMES.map((name): Slot => {
          const { device, bytes, health, triesLeft, deployment } = state.slots[name];
          const given = images.get(name);
          // What was written and what the boot loader names must be one, or nobody knows.
          const known = given?.deployId === (deployment?.deployId ?? '') ? given : undefined;
          return {
            ...{ name, device, bytes, health: `SLOT_HEALTH_${upper(health)}` as const },
            ...(triesLeft === undefined ? {} : { triesLeft }),
            ...{ booted: state.booted === name, next: state.next === name },
            imageName: known ? known.image.name : '',
            imageVersion: known ? known.image.version : (deployment?.version ?? ''),
            imageSerial: known ? known.image.serial : (deployment?.imageSerial ?? 0),
            rootSha256: known ? known.image.rootSha256 : (deployment?.rootSha256 ?? ''),
            writtenUsec: known ? usec(known.writtenMs) : 0,
          };
        }),
      };
    },
  };
}

function isSlot(text: string): text is SlotName {
  return text === 'a' || text === 'b';
}

function usec(ms: number): number {
  return Math.round(ms * 1_000);
}

function offerOf(image: OfferedImage__Output | null): Offer {
  if (!image) throw new Failure('BAD_ARGUMENT', 'the request offers no image');
  return { manifest: image.manifest, signatures: image.signatures };
}

/** @throws Failure PERMISSION_DENIED where only an admin may want that */
function wantedOf(options: UpgradeOptions__Output | null, { kind, role, uri }: Caller): WantedOptions {
  if (options?.allowDowngrade && !(kind === 'operator' && role === 'admin'))
    throw new Failure('PERMISSION_DENIED', `${uri} may not allow a downgrade`, {
      hint: 'it takes an operator’s certificate with the role admin',
    });
  const { message = '', peers = [], acceptTroubles = [] } = options ?? {};
  atMost('a message', message.length, MOST_MESSAGE, ' characters');
  atMost('the list of peers', peers.length, MOST_PEERS);
  atMost('the list of accepted troubles', acceptTroubles.length, MOST_TROUBLES);
  if ((options?.quorum ?? 0) < 0) throw new Failure('BAD_ARGUMENT', 'a quorum is not negative');
  return {
    confirmation: CONFIRMATIONS[options?.confirmation ?? 'UPGRADE_CONFIRMATION_UNSPECIFIED'],
    deadlineSeconds: options?.deadlineSeconds || undefined,
    tries: options?.tries || undefined,
    allowDowngrade: options?.allowDowngrade ?? false,
    acceptTroubles,
    noReboot: options?.noReboot ?? false,
    reinstall: options?.reinstall ?? false,
    message,
    peers,
    quorum: options?.quorum ?? 0,
  };
}

/** @throws Failure BAD_ARGUMENT */
function atMost(what: string, count: number, most: number, unit = ''): void {
  if (count > most)
    throw new Failure('BAD_ARGUMENT', `${what} has ${count}${unit}; at most ${most} are taken`);
}

function toPlan(plan: UpgradePlan): PlanMessage {
  const { manifest, state, active, options } = plan;
  const target = state?.slots[otherSlot(state.booted)];
  return {
    imageName: manifest?.name ?? '',
    imageVersion: manifest?.version ?? '',
    imageSerial: manifest?.serial ?? 0,
    signedBy: [...plan.signedBy],
    ...{ targetSlot: target?.name ?? '', targetBytes: target?.bytes ?? 0, activeSlot: state?.booted ?? '' },
    activeVersion: active?.image.version ?? '',
    activeSerial: active?.image.serial ?? 0,
    activeRootSha256: active?.image.rootSha256 ?? '',
    activeRootSize: active?.image.rootSize ?? 0,
    ...{ bootBytesNeeded: plan.bootNeeded, bootBytesFree: plan.bootFree },
    refusals: plan.refusals.map(({ reason, message, hint }) => ({ reason, message, hint })),
    ...{ warnings: [...plan.warnings], alreadyRunning: plan.alreadyRunning && !options.reinstall },
  };
}

/** An upgrade as the contract has it. */
export function toMessage({ upgrade, progress, waiting }: UpgradeView): UpgradeMessage {
  const { id, author, image, from, options, counters, rollback, reason, why } = upgrade;
  return {
    ...{ id, author, rollback, reason, why, waitingFor: waiting.text },
    needsOperator: waiting.stuck === true || needsOperator(upgrade),
    waitsUntilUsec: usec(waiting.untilMs ?? 0),
    state:
      upgrade.state === 'fell-back' ? 'UPGRADE_STATE_FELL_BACK' : `UPGRADE_STATE_${upper(upgrade.state)}`,
    ...{ startedUsec: usec(upgrade.startedMs), changedUsec: usec(upgrade.changedMs) },
    ...{ endedUsec: usec(upgrade.endedMs), deadlineUsec: usec(upgrade.deadlineMs) },
    ...{ imageName: image.name, imageVersion: image.version, imageSerial: image.serial },
    ...{ manifestSha256: upgrade.manifestSha256, targetSlot: upgrade.target },
    ...{ fromSlot: from.slot, fromVersion: from.version, fromSerial: from.serial },
    confirmation: `UPGRADE_CONFIRMATION_${upper(options.confirmation)}`,
    progress: {
      ...{ part: progress.part, doneBytes: progress.done, totalBytes: progress.total },
      ...{ wireBytes: counters.wire, writtenBytes: counters.written },
      reusedBytes: counters.reused,
    },
    ...{ bootLog: [...upgrade.bootLog], failedChecks: [...upgrade.failedChecks], message: options.message },
  };
}

async function* incoming(requests: AsyncIterable<TransferImageRequest__Output>): AsyncGenerator<Incoming> {
  for await (const { start, index, operations, end } of requests)
    if (start) yield { start };
    else if (end) yield { end: true };
    else if (operations?.length) yield { operations };
    else if (index?.length) yield { index };
}

function toAnswer(answer: Outgoing): TransferImageResponse {
  if ('resume' in answer)
    return { resume: { ...answer.resume, indexKept: answer.indexKept, held: [...answer.held] } };
  return answer;
}
