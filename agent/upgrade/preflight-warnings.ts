/** What somebody should know of an upgrade before it is begun, and what does not stand against it. */

import type { Manifest } from '../../proto/image/manifest.ts';
import type { BootState } from './boot/backend.ts';
import type { SlotImage } from './slot-images.ts';
import type { Upgrade, UpgradeOptions } from './state.ts';

/** By so much a clock may be behind that of whoever made the image. */
const CLOCKS_APART_MS = 86_400_000;

/** What is planned, as far as it can be told. */
interface Planned {
  readonly manifest: Manifest | undefined;
  readonly state: BootState | undefined;
  /** The image that runs. */
  readonly active: SlotImage | undefined;
  readonly options: UpgradeOptions;
  /** An upgrade that is under way, which the plan goes on with. */
  readonly goesOn: Upgrade | undefined;
}

/** All of it, a sentence each. @param now ms since the epoch */
export function planWarnings({ manifest, state, active, options, goesOn }: Planned, now: number): string[] {
  return [
    ...(goesOn
      ? [`goes on with the upgrade ${goesOn.id} by ${goesOn.author}, which is ${goesOn.state}`]
      : []),
    ...(state?.problems ?? []),
    ...(state && !active
      ? ['what the running slot was made from is not known, so no delta to it can be sent']
      : []),
    ...(options.allowDowngrade
      ? ['a downgrade is allowed: settings and data may be newer than the image']
      : []),
    ...(manifest ? [...clockBehind(manifest, now), ...blanks(manifest)] : []),
  ];
}

/** A clock that is behind the image's making does not tell either whether it has expired. */
function clockBehind({ created }: Manifest, now: number): string[] {
  if (Date.parse(created) - now < CLOCKS_APART_MS) return [];
  return [
    `it is ${new Date(now).toISOString().slice(0, 16)}Z on this node, and the image was made at ${created}: where this clock is wrong, an image that has expired is not found out (nodectl clock)`,
  ];
}

/** What an image does not say of itself, so that nothing is known against it only because nothing could be looked up. */
function blanks({ kernelRelease, modules }: Manifest): string[] {
  const missing = [
    ...(kernelRelease === undefined ? ['its kernel’s release'] : []),
    ...(modules === undefined ? ['the drivers that it carries'] : []),
  ];
  if (missing.length === 0) return [];
  return [
    `the image does not say ${missing.join(' and ')}, so it was not held against ${kernelRelease === undefined ? 'what is known of kernels and ' : ''}this node’s cards`,
  ];
}
