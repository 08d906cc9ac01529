/**
 * The new slot runs: is the node as well as it was, and who says that it stays? Until that is answered the boot loader counts its
 * boots, and a guard outside the agent watches the deadline.
 */

import { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import { keepWhy } from './give-up.ts';
import type { UpgradeSite } from './site.ts';

/** Tests what runs, and confirms it or restarts into the slot before. Rejects for an abort alone. */
export async function trial(site: UpgradeSite, signal: AbortSignal): Promise<void> {
  const { gate, peers, now } = site.parts;
  const upgrade = site.running();
  const { baseline, options } = upgrade;
  const leftMs = timeLeft(site);
  const late = AbortSignal.timeout(leftMs);
  if (upgrade.reason !== '') return goBack(site, upgrade.reason as Reason, upgrade.why);
  if (!upgrade.healthy) {
    site.wait('waits for the node to be as well as it was before');
    const checks = upgrade.rollback ? [] : (site.manifestIfKept()?.health?.checks ?? []);
    const tell = (failed: readonly string[]) =>
      site.wait(
        failed.length === 0
          ? 'waits for the node to stay as well as it is'
          : `waits for the node to be as well as it was before; ${firstOf(failed)}`,
      );
    const verdict = await gate.run({ baseline, checks, deadlineMs: now() + leftMs, tell }, signal);
    site.step('gate');
    if (!verdict.healthy)
      return goBack(
        site,
        'UPGRADE_UNHEALTHY',
        `the node was not as well as before, or a declared check did not hold; ${firstOf(verdict.failed)}`,
        verdict.failed,
      );
    site.update({ healthy: true });
  }
  if (options.confirmation === 'automatic') return confirm(site);
  /** Why peers do not see the node, which is why it falls back where they never do. */
  let unseen: readonly string[] = [];
  try {
    if (options.confirmation === 'quorum') {
      const needed = options.quorum > 0 ? options.quorum : Math.floor(options.peers.length / 2) + 1;
      const wait = `waits for ${needed} of ${options.peers.length} peers to see the node`;
      site.wait(wait);
      await peers.seen(options.peers, needed, AbortSignal.any([signal, late]), ({ seen, unseen: now }) => {
        unseen = now;
        site.wait(`${wait}; ${seen} ${seen === 1 ? 'does' : 'do'}; ${now.join('; ')}`);
      });
      return await confirm(site);
    }
    site.wait('waits to be confirmed: nodectl upgrade confirm');
    await new Promise<never>((_, reject) => {
      const either = AbortSignal.any([signal, late]);
      if (either.aborted) reject(either.reason);
      else either.addEventListener('abort', () => reject(either.reason), { once: true });
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
    return goBack(site, 'UPGRADE_NOT_CONFIRMED', 'it was not confirmed in time', unseen);
  }
}

/** The first of what does not hold, and how many more there are. */
function firstOf(failed: readonly string[]): string {
  const [first = 'what is not told', ...others] = failed;
  return others.length === 0 ? first : `${first}; and ${others.length} more`;
}

/**
 * ms until the deadline. It counts from the boot, as it does for the guard outside of the agent: a node that has just booted is often
 * one whose wall clock is about to be set, by hours. Where the node does not tell its time since boot, the wall clock is all there is.
 */
function timeLeft(site: UpgradeSite): number {
  const { parts } = site;
  const { deadlineMs, options } = site.running();
  const uptimeMs = parts.uptimeMs?.();
  const left = uptimeMs === undefined ? deadlineMs - parts.now() : options.deadlineSeconds * 1_000 - uptimeMs;
  return Math.max(0, Math.min(left, options.deadlineSeconds * 1_000));
}

/** The running slot stays: the boot loader first, then everything that follows from it. */
export async function confirm(site: UpgradeSite): Promise<void> {
  const { backend, deadline } = site.parts;
  const { target, deployed } = site.running();
  await backend.confirm(target, deployed?.deployId);
  site.step('loader confirmed');
  await afterConfirm(site);
  await deadline.disarm();
}

/** What follows once the boot loader has confirmed the slot: again after a crash. Throws the system's error. */
export async function afterConfirm(site: UpgradeSite): Promise<void> {
  const image = site.images.get(site.running().target);
  if (image) site.images.raiseFloor(image);
  site.step('floor raised');
  site.end('confirmed', { reason: '', why: '' });
}

/** Restarts into the slot before. What the reason is stays in the journal, and the next boot puts it into the history. */
export async function goBack(
  site: UpgradeSite,
  reason: Reason,
  why: string,
  failedChecks: readonly string[] = site.running().failedChecks,
): Promise<void> {
  const { backend, boot } = site.parts;
  keepWhy(site, { reason, why, failedChecks });
  try {
    await backend.markBad(site.running().target);
    site.step('loader marked bad');
    site.wait('restarts into the slot before');
    await boot.reboot();
    site.step('reboot asked for');
  } catch (error) {
    const failure = Failure.from(error);
    site.parts.log.error({ err: error }, 'the slot before could not be booted');
    // There is nothing to go back to: a node that runs is worth more than one that restarts forever.
    if (failure.reason === 'UPGRADE_NO_FALLBACK') {
      site.end('failed', { why: `${why}; and ${failure.message}` });
      await site.parts.deadline.disarm();
      return;
    }
    site.wait(`the node could not be restarted into the slot before: ${failure.message}`, { stuck: true });
  }
}
