/** What the node's config document says about upgrades, and the options of one upgrade that follow from it. */

import { Failure } from '../../proto/failure.ts';
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

/**
 * The options of an upgrade: the caller's, else the node's, else the image's, else ours.
 * @throws Failure BAD_ARGUMENT where the caller's are out of bounds; those of documents and images were looked at before
 */
export function optionsOf(
  wanted: WantedOptions,
  { confirm, deadlineSeconds }: UpgradePolicy,
  manifest: Manifest | undefined,
): UpgradeOptions {
  bounded('the deadline', wanted.deadlineSeconds, LEAST_DEADLINE_S, MOST_DEADLINE_S, ' seconds');
  bounded('the number of tries', wanted.tries, 1, MOST_TRIES);
  const seconds =
    wanted.deadlineSeconds ?? deadlineSeconds ?? manifest?.health?.deadlineSeconds ?? DEFAULT_DEADLINE_S;
  return {
    ...wanted,
    confirmation: wanted.confirmation ?? confirm ?? 'automatic',
    deadlineSeconds: seconds,
    tries: wanted.tries ?? MOST_TRIES,
  };
}

function bounded(what: string, wanted: number | undefined, least: number, most: number, unit = ''): void {
  if (wanted !== undefined && (wanted < least || wanted > most))
    throw new Failure('BAD_ARGUMENT', `${what} is ${wanted}${unit}; it can be from ${least} to ${most}`);
}
