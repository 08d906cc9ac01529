/** An upgrade as it is shown: what the journal has, how far the running phase is, and what is waited for; and how that goes on. */

import type { UpgradeEngine } from './engine.ts';
import { NO_WAITING, type PhaseProgress, type Waiting } from './site.ts';
import type { Upgrade } from './state.ts';

/** An upgrade as it is shown. */
export interface UpgradeView {
  readonly upgrade: Upgrade;
  readonly progress: PhaseProgress;
  readonly waiting: Waiting;
}

const NO_PROGRESS: PhaseProgress = { part: '', done: 0, total: 0 };
/** Progress is told at most, and anything at least, every so many ms. */
const [MOST_OFTEN_MS, LEAST_OFTEN_MS] = [250, 5_000];

/** How an upgrade stands. */
export function viewOf({ site }: UpgradeEngine, upgrade: Upgrade): UpgradeView {
  if (upgrade.id !== site.current?.id) return { upgrade, progress: NO_PROGRESS, waiting: NO_WAITING };
  return { upgrade, progress: site.progress, waiting: site.waiting };
}

/** How an upgrade goes on, until it has ended. Throws UPGRADE_UNKNOWN, and for an abort. */
export async function* watch(
  engine: UpgradeEngine,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<UpgradeView> {
  let shown = engine.find(id);
  // Nothing was ever upgraded: there is nothing to wait for.
  if (!shown) return;
  for (;;) {
    const view = viewOf(engine, shown);
    yield view;
    if (shown.endedMs > 0) return;
    await changed(engine, view, signal);
    shown = engine.find(view.upgrade.id);
  }
}

/**
 * Resolves soon after a change from what was told, at once after one of the state, and at the latest after five seconds. What
 * changed while that was being told counts too: whoever reads may be slow.
 */
async function changed({ site }: UpgradeEngine, told: UpgradeView, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    let soon: NodeJS.Timeout | undefined;
    const end = () => {
      off();
      clearTimeout(soon);
      clearTimeout(late);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const look = () => {
      if (site.current?.state !== told.upgrade.state || site.waiting !== told.waiting) end();
      else if (site.current !== told.upgrade || site.progress !== told.progress)
        soon ??= setTimeout(end, MOST_OFTEN_MS);
    };
    const off = site.onChange(look);
    const late = setTimeout(end, LEAST_OFTEN_MS);
    signal.addEventListener('abort', end, { once: true });
    look();
  });
}
