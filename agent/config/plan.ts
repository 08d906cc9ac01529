/** A plan: what a document would change on the machine as it is now, and how each change takes effect. */

import type { ConfigHost, Difference, Effect, Resource, Snapshot } from './resource.ts';
import { inOrder } from './resource.ts';

/** A resource that is not as it should be. */
export interface Change {
  readonly resource: Resource;
  readonly before: Snapshot;
  readonly differences: readonly Difference[];
}

/** A plan. */
export interface Plan {
  /** In the order in which they are applied. */
  readonly changes: readonly Change[];
  /** The strongest effect of all. */
  readonly effect: Effect | 'none';
  /** Whether any change can cut the connection to the node. */
  readonly risksConnection: boolean;
}

/** More programs at once only wait for each other. */
const AT_ONCE = 8;

const STRENGTH: Readonly<Record<Effect | 'none', number>> = { none: 0, live: 1, restart: 2, reboot: 3 };

/** Looks at every resource. @throws Unavailable or Failure where one cannot be looked at: a plan with holes is none */
export async function makePlan(resources: readonly Resource[], host: ConfigHost): Promise<Plan> {
  const ordered = inOrder(resources);
  const found: (Change | undefined)[] = [];
  let next = 0;
  const look = async () => {
    for (let at = next++; at < ordered.length; at = next++) {
      const resource = ordered[at];
      if (!resource) continue;
      const before = await resource.observe(host);
      const differences = resource.compare(before);
      found[at] = differences.length > 0 ? { resource, before, differences } : undefined;
    }
  };
  // Some ask programs of the machine, which answer side by side.
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  const changes = found.filter((one) => one !== undefined);
  const effects = changes.map(({ resource }) => resource.effect);
  return {
    changes,
    effect: effects.reduce<Plan['effect']>(
      (most, one) => (STRENGTH[one] > STRENGTH[most] ? one : most),
      'none',
    ),
    risksConnection: changes.some(({ resource }) => resource.risksConnection),
  };
}
