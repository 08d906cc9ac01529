/** How upgrades and slots are called in tables and lines. */

import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';

/** "fell-back" of UPGRADE_STATE_FELL_BACK, "good" of SLOT_HEALTH_GOOD. */
export function wordOf(value: string): string {
  return value
    .replace(/^(UPGRADE_STATE|SLOT_HEALTH|UPGRADE_CONFIRMATION)_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

/** States in which nothing happens any more. */
const ENDED: ReadonlySet<string> = new Set(['confirmed', 'fell-back', 'failed', 'aborted']);

/** Whether an upgrade has ended. */
export function hasEnded({ state }: Pick<Upgrade, 'state'>): boolean {
  return ENDED.has(wordOf(state));
}

/** Whether an upgrade still takes its image. */
export function receivesStill({ state }: Pick<Upgrade, 'state'>): boolean {
  return wordOf(state) === 'planned' || wordOf(state) === 'transferring';
}

/** "2026.11.1 (serial 42)", the version alone where there is no number, or "?" where it is not known what it is. */
export function imageText(version: string, serial: number): string {
  if (version === '') return '?';
  return serial === 0 ? version : `${version} (serial ${serial})`;
}
