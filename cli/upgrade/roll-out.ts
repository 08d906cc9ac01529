/**
 * Upgrading many nodes: all receive the image side by side, then they reboot in turn, so many at once as may be missed, and no
 * further one when too many did not end well. What is armed and not booted by then is given up: the next power cut would boot it.
 */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { OfferedImage } from '../../proto/gen/types/nodectl/v1/OfferedImage.ts';
import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import type { UpgradeOptions } from '../../proto/gen/types/nodectl/v1/UpgradeOptions.ts';
import type { UpgradePlan__Output as Plan } from '../../proto/gen/types/nodectl/v1/UpgradePlan.ts';
import { concurrency, type Result } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import type { Target } from '../fleet/target.ts';
import { withNode } from '../fleet/with-node.ts';
import type { Session } from '../session.ts';
import { Away } from './away.ts';
import { followUpgrade } from './follow.ts';
import type { ProgressView, RolloutCounts } from './progress.ts';
import type { UpgradeOf } from './show.ts';
import { receivesStill, wordOf } from './words.ts';

/** What is done around the reboot of a node, for what runs on it. */
export interface Courtesy {
  /** Takes work off the node. Throws a Failure where that does not succeed: the node is then not rebooted. */
  before(node: string, tell: (text: string) => void): Promise<void>;
  /** Lets work back onto a node that is up, with the new image or the one before. */
  after(node: string, tell: (text: string) => void): Promise<void>;
}

/** What is rolled out, and how. */
export interface Rollout {
  readonly image: OfferedImage;
  readonly options: UpgradeOptions;
  /** Nodes that reboot at once. */
  readonly maxUnavailable: number;
  /** Nodes that may end otherwise than well before no further one is begun. */
  readonly maxFailures: number;
  readonly plans: ReadonlyMap<string, Plan>;
  /** Sends what a node lacks. Throws a Failure; one of a broken connection is tried again. */
  send(channel: Channel, upgrade: Upgrade, plan: Plan, signal: AbortSignal): Promise<void>;
  readonly courtesy?: Courtesy;
  /** Nodes are left to themselves once they have the image: only where none has to wait for its turn. */
  readonly leave?: boolean;
}

const START_MS = 60_000;

/** Upgrades the nodes and gives what became of each, in their order. Throws CANCELLED when interrupted. */
export async function rollOut(
  session: Session,
  targets: readonly Target[],
  rollout: Rollout,
  view: ProgressView,
): Promise<Result<UpgradeOf>[]> {
  // Where all may reboot at once the nodes need nobody to go on.
  const turns =
    rollout.courtesy !== undefined || (targets.length > rollout.maxUnavailable && !rollout.options.noReboot);
  if (turns && rollout.leave)
    throw new Failure(
      'BAD_ARGUMENT',
      '--no-wait leaves nodes to themselves, and here they wait for their turn',
      {
        hint: `${rollout.courtesy ? 'leave --drain away, and ' : ''}allow all to reboot at once with --max-unavailable ${targets.length}`,
      },
    );
  const results = new Map<string, Result<UpgradeOf>>();
  const staged = new Map<string, string>();
  const attempt = async (node: string, work: () => Promise<Upgrade | undefined>) => {
    try {
      const upgrade = await work();
      results.set(node, { node, value: upgrade ?? null });
      return upgrade;
    } catch (error) {
      results.set(node, { node, failure: Failure.from(error) });
      return undefined;
    } finally {
      view.done(node);
      if (targets.length > 1) view.rollout(countsOf(targets.length, results));
    }
  };
  await pool(targets, turns ? concurrency(session) : targets.length, async (target) => {
    const upgrade = await attempt(target.name, () => stage(session, target, rollout, turns, view));
    if (upgrade && wordOf(upgrade.state) === 'armed') staged.set(target.name, upgrade.id);
  });
  // Also without turns: one that was begun before may have been told to wait.
  if (!rollout.options.noReboot && !rollout.leave) {
    await pool(targets, rollout.maxUnavailable, async (target) => {
      const id = staged.get(target.name);
      if (id === undefined) return;
      if (amiss(results).length > rollout.maxFailures) {
        await attempt(target.name, () => giveUp(session, target, id, results));
        return;
      }
      await attempt(target.name, () => boot(session, target, id, rollout, view));
    });
  }
  if (session.signal.aborted) throw new Failure('CANCELLED', 'interrupted');
  return targets.flatMap(({ name }) => results.get(name) ?? []);
}

function endedWell(result: Result<UpgradeOf>): boolean {
  // Null is a node that had nothing to do; a node whose upgrade waits for an operator is not amiss.
  if ('failure' in result) return false;
  if (!result.value) return true;
  const { state, reason } = result.value;
  return wordOf(state) === 'confirmed' || (wordOf(state) === 'testing' && reason === '');
}

function isStaged(result: Result<UpgradeOf>): boolean {
  return 'value' in result && result.value !== null && wordOf(result.value.state) === 'armed';
}

function wasStopped(result: Result<UpgradeOf>): boolean {
  return 'failure' in result && result.failure.reason === 'UPGRADE_STOPPED';
}

function countsOf(nodes: number, results: ReadonlyMap<string, Result<UpgradeOf>>): RolloutCounts {
  const all = [...results.values()];
  return {
    ...{ nodes, armed: all.filter(isStaged).length, well: all.filter(endedWell).length },
    ...{ bad: amiss(results).length, stopped: all.filter(wasStopped).length },
  };
}

/** Nodes whose upgrade did not end well, but for those that were given up because of them. */
function amiss(results: ReadonlyMap<string, Result<UpgradeOf>>): string[] {
  return [...results.values()]
    .filter((one) => !endedWell(one) && !isStaged(one) && !wasStopped(one))
    .map(({ node }) => node);
}

async function pool(
  targets: readonly Target[],
  size: number,
  work: (target: Target) => Promise<void>,
): Promise<void> {
  const waiting = [...targets];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(size, targets.length)) }, worker));
}

/** Begins the upgrade, or takes up the same one that was cut off, sends the image and waits until it is armed or has ended. */
async function stage(
  session: Session,
  target: Target,
  rollout: Rollout,
  turns: boolean,
  view: ProgressView,
): Promise<Upgrade | undefined> {
  const { signal } = session;
  const plan = rollout.plans.get(target.name);
  if (!plan || (plan.alreadyRunning && !rollout.options.reinstall)) return undefined;
  const options = { ...rollout.options, noReboot: rollout.options.noReboot === true || turns };
  const upgrade = await withNode(session, target, async (channel) => {
    // Also where it was begun before: the node says whether what is wanted now can still be had.
    const request = { image: rollout.image, options };
    const begun = await channel.unary('nodectl.v1.UpgradeService/StartUpgrade', request, {
      signal,
      timeoutMs: START_MS,
    });
    return begun.upgrade;
  });
  if (!upgrade) return undefined;
  const told = view.of(target.name);
  told.upgrade(upgrade);
  const ending = new AbortController();
  // What the node tells of itself is shown while it is being sent to.
  const sending = receivesStill(upgrade) ? sendAll(session, target, upgrade, plan, rollout, told) : undefined;
  let sends = sending !== undefined;
  sending
    ?.catch(() => ending.abort())
    .finally(() => {
      sends = false;
    });
  try {
    return await followUpgrade(session, {
      ...{ target, id: upgrade.id, told, signal: ending.signal, sending: () => sends },
      until: (now) =>
        now.needsOperator ||
        (wordOf(now.state) === 'armed' && options.noReboot) ||
        (rollout.leave === true && !receivesStill(now)),
    });
  } catch (error) {
    // Where the sending ended it, that is what is to be told.
    await sending;
    throw error;
  }
}

/** Sends until the node has everything, over as many connections as it takes, or until somebody else sends it the same. */
async function sendAll(
  session: Session,
  target: Target,
  upgrade: Upgrade,
  plan: Plan,
  rollout: Rollout,
  told: { silent(milliseconds: number, failure: Failure): void },
): Promise<void> {
  const { signal } = session;
  const away = new Away(signal, told);
  let taken = 0;
  for (;;) {
    try {
      return await withNode(session, target, async (channel) => {
        const now = await channel.unary(
          'nodectl.v1.UpgradeService/GetUpgrade',
          { upgradeId: upgrade.id },
          { signal },
        );
        const wire = now.upgrade?.progress?.wireBytes ?? 0;
        if (wire > taken) away.isBack();
        taken = wire;
        if (!now.upgrade || !receivesStill(now.upgrade)) return;
        await rollout.send(channel, now.upgrade, plan, signal);
      });
    } catch (error) {
      if (Failure.from(error).reason === 'UPGRADE_TAKEN_OVER') return;
      await away.after(error);
    }
  }
}

/** Reboots a node that is armed and follows it to its end. */
async function boot(
  session: Session,
  target: Target,
  upgradeId: string,
  { courtesy }: Rollout,
  view: ProgressView,
): Promise<Upgrade | undefined> {
  const tell = (text: string) => view.note(target.name, text);
  try {
    await courtesy?.before(target.name, tell);
  } catch (error) {
    // It must not boot the new image by chance later on, with its work on it.
    await abort(session, target, upgradeId, Failure.from(error).message);
    throw error;
  }
  let up = true;
  try {
    await reboot(session, target, upgradeId, view.of(target.name));
    const upgrade = await followUpgrade(session, { target, id: upgradeId, told: view.of(target.name) });
    if (upgrade && wordOf(upgrade.state) === 'armed')
      throw new Failure('UPGRADE_REBOOT_FAILED', `${target.name}: ${upgrade.waitingFor}`, {
        hint: 'any restart boots the new image; nodectl upgrade abort ends that',
      });
    return upgrade;
  } catch (error) {
    // One that gets nowhere may still restart at any moment.
    up = !LOST.has(Failure.from(error).reason) && !session.signal.aborted;
    throw error;
  } finally {
    if (up) await courtesy?.after(target.name, tell);
  }
}

/**
 * Has a node reboot, unless it does already, as where somebody else rolls out the same, or where its power failed when its turn came:
 * whoever is armed boots the new image then.
 */
async function reboot(
  session: Session,
  target: Target,
  upgradeId: string,
  told: { silent(milliseconds: number, failure: Failure): void },
): Promise<void> {
  const { signal } = session;
  const away = new Away(signal, told);
  const ask = async (channel: Channel) => {
    try {
      await channel.unary('nodectl.v1.UpgradeService/RebootUpgrade', { upgradeId }, { signal });
    } catch (error) {
      if (Failure.from(error).reason !== 'UPGRADE_WRONG_STATE') throw error;
      const { upgrade } = await channel.unary(
        'nodectl.v1.UpgradeService/GetUpgrade',
        { upgradeId },
        { signal },
      );
      if (!upgrade || !GONE_ON.has(wordOf(upgrade.state))) throw error;
    }
  };
  for (;;)
    try {
      return await withNode(session, target, ask);
    } catch (error) {
      await away.after(error);
    }
}

/** Failures behind which nobody knows whether the node runs. */
const LOST: ReadonlySet<string> = new Set(['UPGRADE_NO_ANSWER', 'UPGRADE_STALLED']);

/** States behind the reboot in which nothing is amiss yet. */
const GONE_ON: ReadonlySet<string> = new Set(['rebooting', 'testing', 'confirmed', 'fell-back']);

/** What a node keeps of a message at most. */
const MESSAGE = 512;

async function abort(session: Session, target: Target, upgradeId: string, message: string): Promise<void> {
  await withNode(session, target, (channel) =>
    channel.unary(
      'nodectl.v1.UpgradeService/AbortUpgrade',
      { upgradeId, message: message.slice(0, MESSAGE) },
      { signal: session.signal },
    ),
  );
}

/** Ends the upgrade of a node that is armed and must not be booted any more. */
async function giveUp(
  session: Session,
  target: Target,
  upgradeId: string,
  results: ReadonlyMap<string, Result<UpgradeOf>>,
): Promise<never> {
  const message = `given up, since the upgrade did not end well on ${foldNames(amiss(results))}`;
  await abort(session, target, upgradeId, message);
  throw new Failure('UPGRADE_STOPPED', message, {
    hint: 'look at those nodes first (nodectl upgrade history -v), or allow more with --max-failures',
  });
}
