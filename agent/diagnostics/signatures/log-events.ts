/** What the history remembers of troubles in the kernel's log, put beside the log. */

import type { PastEvent } from '../../history/view.ts';
import { SIGNATURES } from './catalogue.ts';
import type { LoggedTroubles } from './facts.ts';
import { bySeverity, type Group } from './tally.ts';

/**
 * A log with what the history remembers: since when each trouble is known, and those of this boot whose messages the kernel's
 * buffer does not hold any more.
 */
export function withPast(log: LoggedTroubles, past: readonly PastEvent[]): LoggedTroubles {
  const keyOf = (signature: string, device = '') => `${signature}\0${device}`;
  const remembered = new Map(past.map((one) => [keyOf(one.signature, one.device), one]));
  const groups = log.groups.map((group): Group => {
    const known = remembered.get(keyOf(group.signature.id, group.device));
    remembered.delete(keyOf(group.signature.id, group.device));
    if (!known) return group;
    const firstMs = known.firstMs ?? Number.POSITIVE_INFINITY;
    return {
      ...group,
      count: Math.max(group.count, known.countThisBoot),
      ...(firstMs < (group.first.timeMs ?? 0)
        ? { first: { line: 0, timeMs: firstMs, uptime: undefined } }
        : {}),
    };
  });
  if (!log.lost) return { ...log, groups };
  const gone = [...remembered.values()].flatMap((one) => gonePart(one, log));
  return { ...log, groups: [...groups, ...gone].sort(bySeverity) };
}

/** A trouble of this boot of which no message is in the log any more. */
function gonePart(
  { signature, device, countThisBoot, firstMs, lastMs }: PastEvent,
  log: LoggedTroubles,
): Group[] {
  const found = SIGNATURES.find(({ id }) => id === signature);
  if (!found || countThisBoot === 0) return [];
  const uptime = log.uptime === undefined ? undefined : log.uptime - (log.nowMs - lastMs) / 1_000;
  return [
    {
      signature: found,
      ...{
        device: device === '' ? undefined : device,
        host: undefined,
        driver: undefined,
        bus: undefined,
        count: countThisBoot,
      },
      first: { line: 0, timeMs: firstMs, uptime: undefined },
      last: { line: 0, timeMs: lastMs, uptime },
      newest: ['The kernel’s buffer does not hold the messages any more; nodectl dmesg or the journal may.'],
      ...{ recent: [], perHour: undefined },
    },
  ];
}
