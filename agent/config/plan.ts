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

const STRENGTH: Readonly<Record<Effect | 'none', number>> = { none: 0, live: 1, restart: 2, reboot: 3 };

/** Looks at every resource. @throws Unavailable or Failure where one cannot be looked at: a plan with holes is none */
export async function makePlan(resources: readonly Resource[], host: ConfigHost): Promise<Plan> {
  const changes: Change[] = [];
  for (const resource of inOrder(resources)) {
    const before = await resource.observe(host);
    const differences = resource.compare(before);
    if (differences.length > 0) changes.push({ resource, before, differences });
  }
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
