/** An upgrade as it begins. */

import { randomBytes } from 'node:crypto';
import type { SlotName } from './boot/backend.ts';
import type { UpgradeSite } from './site.ts';
import { NO_COUNTERS, type Position, type Upgrade } from './state.ts';

const BEGINNING: Position = { role: 'root', offset: 0 };

/** What tells one upgrade from another when it begins. */
type Beginning = Pick<
  Upgrade,
  'image' | 'manifestSha256' | 'options' | 'state' | 'rollback' | 'target' | 'before'
>;

/** An upgrade that begins now, of which nothing is kept yet. @param from the slot that stays if it comes to nothing */
export function newUpgrade(
  { images, parts }: UpgradeSite,
  from: SlotName,
  author: string,
  what: Beginning,
): Upgrade {
  const now = parts.now();
  const before = images.get(from)?.image;
  return {
    ...what,
    id: `${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`,
    ...{ author, startedMs: now, changedMs: now, endedMs: 0 },
    from: { slot: from, version: before?.version ?? '', serial: before?.serial ?? 0 },
    ...{ durable: BEGINNING, windows: [], counters: NO_COUNTERS, reboots: 0, deadlineMs: 0, healthy: false },
    ...{ reason: '', why: '', bootLog: [], failedChecks: [] },
  };
}
