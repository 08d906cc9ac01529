/** Carrying out what was planned: resources are changed or put back, what they activate is run, all is compared again. */

import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import type { Change } from '../plan.ts';
import type { Activation, ConfigHost, Resource, Snapshot } from '../resource.ts';

/** How long programs that were told of a change may take with it, and how often they are asked. */
const [SETTLE_MS, AGAIN_MS] = [15_000, 250];

/** Where something is carried out. */
export interface Worksite {
  readonly host: ConfigHost;
  readonly signal: AbortSignal;
  /** Called between any two steps, with a name that is stable. */
  readonly step: (name: string) => void;
}

/** Changes resources in their order. Throws at the first that fails. */
export async function changeEach(
  resources: readonly Resource[],
  { host, signal, step }: Worksite,
): Promise<void> {
  for (const resource of resources) {
    signal.throwIfAborted();
    await resource.apply(host);
    step(`apply ${resource.id}`);
  }
}

/** Puts resources back, last ones first. Every one is tried, whatever fails before it; gives what failed. */
export async function restoreAll(
  resources: readonly Resource[],
  snapshots: ReadonlyMap<string, Snapshot>,
  site: Worksite,
): Promise<string[]> {
  const { host, step } = site;
  const failures: string[] = [];
  for (const resource of resources.toReversed()) {
    try {
      await resource.restore(host, snapshots.get(resource.id));
    } catch (error) {
      failures.push(Failure.from(error).message);
    }
    step(`restore ${resource.id}`);
  }
  return [...failures, ...(await activateAll(resources, site))];
}

/** Runs what resources activate, each once, in the order of their ranks. Gives what failed. */
export async function activateAll(
  resources: readonly Resource[],
  { host, signal, step }: Worksite,
): Promise<string[]> {
  const all = new Map<string, Activation>(
    resources.flatMap(({ activates }) => activates.map((one) => [one.id, one] as const)),
  );
  const failures: string[] = [];
  for (const activation of [...all.values()].sort((a, b) => a.rank - b.rank)) {
    try {
      await activation.run(host, signal);
    } catch (error) {
      failures.push(Failure.from(error).message);
    }
    step(`activate ${activation.id}`);
  }
  return failures;
}

/**
 * Compares what was changed until it is as it should be: what other programs were told to do takes them a moment. Throws
 * HOST_CHANGE_FAILED where it is not after a while.
 */
export async function verify(changes: readonly Change[], host: ConfigHost): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  // What takes effect with the next boot can be compared then.
  let left = changes.map(({ resource }) => resource).filter(({ effect }) => effect !== 'reboot');
  for (;;) {
    let difference: { id: string; field: string; from: string } | undefined;
    const still: Resource[] = [];
    for (const resource of left) {
      const [first] = resource.compare(await resource.observe(host));
      if (!first) continue;
      still.push(resource);
      difference ??= { id: resource.id, field: first.field, from: first.from };
    }
    if (!difference) return;
    if (performance.now() > until)
      throw new Failure(
        'HOST_CHANGE_FAILED',
        `${difference.id} was applied, but its ${difference.field} is ${difference.from}`,
        { hint: 'does something else on the node set it too?' },
      );
    left = still;
    await sleep(AGAIN_MS, new AbortController().signal);
  }
}
