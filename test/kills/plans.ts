/** What is done with a node between two kills: upgrades by all ways of sending, rollbacks, and every way in which they end. */

import type { Upgrade } from '../../agent/upgrade/state.ts';

/** How an upgrade is meant to end. */
export type Ending =
  | 'confirmed'
  | 'confirmed by hand'
  | 'aborted early'
  | 'aborted when armed'
  | 'aborted on trial'
  | 'panics';

/** One upgrade. */
export interface Plan {
  readonly rollback: boolean;
  /** The number of the image that is sent, or that is gone back to. */
  readonly image: number;
  readonly sending: 'all' | 'differences' | 'comparing';
  readonly ending: Ending;
  /** Whether it stops when it is armed, until a restart is asked for. */
  readonly noReboot: boolean;
}

/** What a node has. */
export interface Holding {
  readonly running: number;
  /** What could be gone back to; undefined where that is nothing. */
  readonly other: number | undefined;
  readonly images: number;
}

/** One of some things, each with its share. */
function pick<T extends string>(random: () => number, shares: Readonly<Record<T, number>>): T {
  const all = Object.entries(shares) as [T, number][];
  let at = random() * all.reduce((sum, [, share]) => sum + share, 0);
  for (const [one, share] of all) {
    at -= share;
    if (at < 0) return one;
  }
  return (all[0] as [T, number])[0];
}

/** Draws what is done next. */
export function drawPlan(random: () => number, { running, other, images }: Holding): Plan {
  const rollback = other !== undefined && random() < 0.4;
  // An image that neither slot has: of what a slot holds already nothing would have to be written.
  const fresh = Array.from({ length: images }, (_, at) => at).filter((at) => at !== running && at !== other);
  const ending: Ending = rollback
    ? pick(random, {
        ...{ confirmed: 4, 'confirmed by hand': 1, 'aborted when armed': 8 },
        ...{ 'aborted on trial': 2, panics: 1 },
      })
    : pick(random, {
        ...{ confirmed: 8, 'confirmed by hand': 3, 'aborted early': 1, 'aborted when armed': 16 },
        ...{ 'aborted on trial': 3, panics: 2 },
      });
  return {
    rollback,
    ending,
    image: rollback ? other : (fresh[Math.floor(random() * fresh.length)] ?? 0),
    sending: pick(random, { all: 6, differences: 2, comparing: 2 }),
    noReboot: ending === 'aborted when armed' || random() < 0.3,
  };
}

/** What may have come of a plan. */
export interface Happened {
  /** How often the new slot was booted. */
  readonly boots: number;
  /** Whether the boot loader then took the slot before: restarts had used up the tries. */
  readonly leftAgain: boolean;
}

/** The states in which an upgrade may end. */
export function endStates({ ending }: Plan, { boots, leftAgain }: Happened): Upgrade['state'][] {
  const fellBack: Upgrade['state'][] = leftAgain ? ['fell-back'] : [];
  switch (ending) {
    case 'confirmed':
    case 'confirmed by hand':
      return ['confirmed', ...fellBack];
    case 'aborted early':
      return ['aborted'];
    case 'aborted when armed':
      // A restart of the node has booted what was armed before anybody could take it back, or before the loader knew of it.
      return ['aborted', ...(boots > 0 ? (['confirmed', 'fell-back'] as const) : [])];
    case 'aborted on trial':
    case 'panics':
      return ['fell-back'];
  }
}
