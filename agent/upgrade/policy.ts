/** What the node's config document says about upgrades, and the options of one upgrade that follow from it. */

import type { Manifest } from '../../proto/image/manifest.ts';
import type { Confirmation, UpgradeOptions } from './state.ts';
import type { MaintenanceWindow } from './windows.ts';

/** Section "upgrades" of a config document. */
export interface UpgradePolicy {
  readonly confirm?: Confirmation | undefined;
  readonly deadlineSeconds?: number | undefined;
  /** Names of images that the node takes; all where it is not there. */
  readonly allow?: readonly string[] | undefined;
  /** When the node restarts by itself; at any time where there are none. */
  readonly windows?: readonly MaintenanceWindow[] | undefined;
}

/** What a caller wants; what is undefined is left to the node. */
export type WantedOptions = {
  readonly [Key in keyof UpgradeOptions]: Key extends 'confirmation' | 'deadlineSeconds' | 'tries'
    ? UpgradeOptions[Key] | undefined
    : UpgradeOptions[Key];
};

/** Seconds to confirm in: long enough for a server with a terabyte of memory to come up and its services to settle. */
const DEFAULT_DEADLINE_S = 600;
const [LEAST_DEADLINE_S, MOST_DEADLINE_S] = [30, 86_400];
const MOST_TRIES = 3;

/** The options of an upgrade: the caller's, else the node's, else the image's, else ours. */
export function optionsOf(
  wanted: WantedOptions,
  { confirm, deadlineSeconds }: UpgradePolicy,
  manifest: Manifest | undefined,
): UpgradeOptions {
  const seconds =
    wanted.deadlineSeconds ?? deadlineSeconds ?? manifest?.health?.deadlineSeconds ?? DEFAULT_DEADLINE_S;
  return {
    ...wanted,
    confirmation: wanted.confirmation ?? confirm ?? 'automatic',
    deadlineSeconds: Math.min(MOST_DEADLINE_S, Math.max(LEAST_DEADLINE_S, seconds)),
    tries: Math.min(MOST_TRIES, Math.max(1, wanted.tries ?? MOST_TRIES)),
  };
}
