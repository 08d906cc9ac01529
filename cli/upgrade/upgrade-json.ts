/** An upgrade for programs: words instead of enumerations, times as ISO 8601 beside their microseconds. */

import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { isoTime } from '../duration.ts';
import { wordOf } from './words.ts';

const timeOf = (usec: number): string | null => (usec > 0 ? isoTime(usec) : null);

/** The upgrade with stable keys and plain values. */
export function upgradeJson(upgrade: Upgrade, node: string): Record<string, unknown> {
  return {
    node,
    ...upgrade,
    state: wordOf(upgrade.state),
    confirmation: wordOf(upgrade.confirmation),
    started: timeOf(upgrade.startedUsec),
    changed: timeOf(upgrade.changedUsec),
    ended: timeOf(upgrade.endedUsec),
    deadline: timeOf(upgrade.deadlineUsec),
  };
}
