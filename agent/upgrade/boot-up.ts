/**
 * What happened while the agent was gone: the journal, what the boot loader says and which boot this is are held against each other.
 * `judge` decides and changes nothing; `bootUp` does what it decided.
 */

import type { Reason } from '../../proto/reasons.ts';
import { type BootState, otherSlot } from './boot/backend.ts';
import { giveUp, keepSlot, withSlot } from './give-up.ts';
import { newUpgrade } from './new-upgrade.ts';
import type { UpgradeSite } from './site.ts';
import type { Upgrade } from './state.ts';
import { afterConfirm } from './trial.ts';

/** What is to be done at the agent's start. */
export type Judgement =
  /** No upgrade is under way; the running slot is good, and says so to loaders that count every boot. */
  | { readonly do: 'confirm boot' }
  /** No upgrade is under way, and the running slot is none that may be confirmed. */
  | { readonly do: 'nothing' }
  /** A slot on trial runs, and nobody knows of its upgrade any more. */
  | { readonly do: 'adopt' }
  /** Go on where it was. */
  | { readonly do: 'go on' }
  /** It was given up, and the boot loader may not know of it yet. */
  | { readonly do: 'give up' }
  /** The restart did not happen, or not through the firmware: once more. */
  | { readonly do: 'reboot'; readonly why: string }
  /** The new slot runs. */
  | { readonly do: 'test' }
  /** The new slot runs and was confirmed already. */
  | { readonly do: 'finish' }
  | { readonly do: 'fell back'; readonly reason: Reason; readonly why: string }
  | { readonly do: 'fail'; readonly reason: Reason; readonly why: string };

/**
 * Decides.
 * @param bootId of the running boot
 * @param expired whether a deployment was left at its deadline with its agent doing nothing
 */
export function judge(
  upgrade: Upgrade | undefined,
  boot: BootState,
  bootId: string,
  expired: (deployId: string) => boolean,
): Judgement {
  const running = boot.slots[boot.booted];
  if (!upgrade) {
    if (running.health === 'good') return { do: 'confirm boot' };
    return running.health === 'armed' && boot.bootedDeployId !== undefined
      ? { do: 'adopt' }
      : { do: 'nothing' };
  }
  const { state, target, deployed } = upgrade;
  if (boot.booted !== target) return judgeOld(upgrade, boot, bootId, expired);
  if (!deployed)
    return {
      do: 'fail',
      reason: 'UPGRADE_SLOT_RUNNING',
      why: `slot ${target} was booted while it was being written`,
    };
  if (boot.bootedDeployId !== deployed.deployId)
    return {
      do: 'fail',
      reason: 'UPGRADE_OTHER_BOOTED',
      why: `slot ${target} booted as ${boot.bootedDeployId ?? 'no deployment'}, not as ${deployed.deployId}`,
    };
  // It goes back, also where its slot is good again: none is confirmed that was given up.
  if (upgrade.reason !== '') return { do: 'test' };
  if (running.health === 'good') return { do: 'finish' };
  // Loaders count a boot before they make it. One that was not counted came about without them, by kexec: what the firmware would
  // have made of it is not known.
  const uncounted = running.triesLeft !== undefined && running.triesLeft >= upgrade.options.tries;
  if (state !== 'testing' && (bootId === upgrade.armedBoot || uncounted))
    return { do: 'reboot', why: 'the node did not restart through its boot loader' };
  return { do: 'test' };
}

/** The slot before runs. */
function judgeOld(
  upgrade: Upgrade,
  { slots, booted }: BootState,
  bootId: string,
  expired: (deployId: string) => boolean,
): Judgement {
  const { state, target, deployed, armedBoot, options } = upgrade;
  const { health, triesLeft, deployment } = slots[target];
  if (upgrade.reason !== '' && state !== 'testing') return { do: 'give up' };
  if (!deployed || (state === 'installing' && bootId === armedBoot)) return { do: 'go on' };
  if (bootId === armedBoot) {
    if (state === 'rebooting')
      return { do: 'reboot', why: 'the agent was started again before the node went down' };
    return { do: 'go on' };
  }
  // A power cut between the journal and the boot loader: nothing was armed.
  if (state === 'installing' && (health === 'invalid' || health === 'empty')) return { do: 'go on' };
  if (state === 'installing' && upgrade.rollback && deployment?.deployId !== deployed.deployId)
    return { do: 'go on' };
  if (upgrade.reason !== '') return { do: 'fell back', reason: upgrade.reason as Reason, why: upgrade.why };
  if (state === 'testing')
    return {
      do: 'fell back',
      reason: 'UPGRADE_NOT_CONFIRMED',
      why: `slot ${target} ran and went down before it was confirmed`,
    };
  if (expired(deployed.deployId))
    return {
      do: 'fell back',
      reason: 'UPGRADE_BOOT_FAILED',
      why: `slot ${target} started, and until its deadline there was no agent that would confirm it: it did not come up, or hung`,
    };
  const used = options.tries - (health === 'bad' ? (triesLeft ?? 0) : (triesLeft ?? options.tries));
  if (health === 'armed' && used <= 0)
    return {
      do: 'fell back',
      reason: 'UPGRADE_NOT_TRIED',
      why: `the boot loader took slot ${booted} without trying slot ${target}`,
    };
  const times = used === 1 ? 'once' : `${used} times`;
  return {
    do: 'fell back',
    reason: 'UPGRADE_BOOT_FAILED',
    why:
      used > 0 ? `slot ${target} was tried ${times} and did not come up` : `slot ${target} did not come up`,
  };
}

/** Lines of a failed boot's log. */
const LOG_LINES = 50;

/**
 * To be called once, when the agent has started to serve: a boot is good when the agent is up. Gives what is to be done next.
 * @throws Failure UPGRADE_RUNNING_SLOT_UNKNOWN, UPGRADE_BOOT_UNREADABLE, UPGRADE_BOOT_WRITE_FAILED
 */
export async function bootUp(site: UpgradeSite): Promise<'drive' | 'reboot' | 'test' | undefined> {
  const { parts } = site;
  const { backend, deadline, boot, log } = parts;
  const repaired = await backend.repair();
  for (const one of repaired) log.warn({ repaired: one }, 'the boot loader’s state was put right');
  site.closeEnded();
  const state = await backend.state();
  const judgement = judge(site.current, state, boot.bootId(), (id) => deadline.expired(id));
  site.step(`judged ${judgement.do}`);
  switch (judgement.do) {
    case 'nothing':
      // A crash between the end of an upgrade and this leaves a guard that would restart a node that is well.
      await deadline.disarm();
      return undefined;
    case 'confirm boot':
      await backend.confirm(state.booted, state.bootedDeployId);
      await deadline.disarm();
      return undefined;
    case 'go on':
      // The old slot runs and is good. Once the new one is armed that was said already, and would take the arming back.
      if (state.slots[site.running().target].health !== 'armed') await confirmOld(site, state);
      return 'drive';
    case 'give up':
      await giveUp(site, site.running());
      await confirmOld(site, state);
      return undefined;
    case 'reboot':
      log.warn({ why: judgement.why }, 'the restart into the new slot is asked for again');
      site.update({ state: 'armed' });
      return 'reboot';
    case 'adopt':
      adopt(site, state);
      return 'test';
    case 'test': {
      const { state: before, options } = site.running();
      if (before !== 'testing')
        site.update({ state: 'testing', deadlineMs: parts.now() + options.deadlineSeconds * 1_000 });
      return 'test';
    }
    case 'finish':
      await afterConfirm(site);
      await deadline.disarm();
      return undefined;
    case 'fail':
      site.end('failed', { reason: judgement.reason, why: judgement.why });
      await deadline.disarm();
      return undefined;
    case 'fell back': {
      await confirmOld(site, state);
      const { reason } = judgement;
      const { armedBoot = '', startedMs, target, rollback } = site.running();
      const isAborted = reason === 'UPGRADE_ABORTED';
      const isKept = isAborted && (await keepSlot(site));
      // What did not come up three times is not tried by the next restart, whatever tries are left.
      if (!isKept && state.slots[target].health === 'armed') await backend.markBad(target);
      site.step('old slot confirmed');
      const why = rollback && isAborted ? withSlot(site, judgement.why, isKept) : judgement.why;
      const bootLog = await boot.previousLog(LOG_LINES, armedBoot, startedMs);
      site.end('fell-back', { reason, why, bootLog });
      await deadline.disarm();
      return undefined;
    }
  }
}

async function confirmOld(
  { parts }: UpgradeSite,
  { booted, bootedDeployId, slots }: BootState,
): Promise<void> {
  if (slots[booted].health === 'good') await parts.backend.confirm(booted, bootedDeployId);
}

/** Makes an upgrade of a slot that runs on trial and whose journal is lost: the boot loader knows what it is. */
function adopt(site: UpgradeSite, { booted, slots, bootedDeployId }: BootState): void {
  const { deployment } = slots[booted];
  const upgrade = newUpgrade(site, otherSlot(booted), '', {
    ...{ state: 'testing', rollback: true, manifestSha256: '', target: booted },
    image: site.images.get(booted)?.image ?? {
      ...{ name: '', version: deployment?.version ?? '', serial: deployment?.imageSerial ?? 0 },
      ...{ rootSha256: deployment?.rootSha256 ?? '', rootSize: 0 },
    },
    options: {
      ...{ confirmation: 'automatic', deadlineSeconds: 600, tries: 1, allowDowngrade: false },
      ...{ acceptTroubles: [], noReboot: false, reinstall: false, peers: [], quorum: 0 },
      message: 'the journal of this upgrade was lost',
    },
  });
  const deployed = { deployId: bootedDeployId ?? '', serial: deployment?.serial ?? 0 };
  const deadlineMs = upgrade.startedMs + upgrade.options.deadlineSeconds * 1_000;
  const [at] = upgrade.id.split('-');
  site.begin({ ...upgrade, id: `${at}-adopted`, deployed, armedBoot: '', deadlineMs }, undefined);
}
