/** Logs of the same machine hold the same messages: what was found in several of them is counted once. */

import { bySeverity, type Group, type Moment } from './tally.ts';

/** Groups of several logs as those of one: of each signature and device, the log that has most of it counts. */
export function merged(logs: readonly (readonly Group[])[]): Group[] {
  if (logs.length < 2) return [...(logs[0] ?? [])];
  const found = new Map<string, Group>();
  for (const groups of logs)
    for (const one of groups) {
      const key = `${one.signature.id}\0${one.device ?? ''}`;
      const before = found.get(key);
      found.set(key, before ? both(before, one) : one);
    }
  return [...found.values()].sort(bySeverity);
}

function both(a: Group, b: Group): Group {
  const [more, less] = b.count > a.count ? [b, a] : [a, b];
  return {
    ...more,
    first: earlier(more.first, less.first),
    last: earlier(less.last, more.last) === more.last ? less.last : more.last,
    driver: more.driver ?? less.driver,
    bus: more.bus ?? less.bus,
  };
}

/** The earlier of two moments; the first where they cannot be compared. */
function earlier(a: Moment, b: Moment): Moment {
  if (a.timeMs !== undefined && b.timeMs !== undefined) return b.timeMs < a.timeMs ? b : a;
  return a.timeMs === undefined && b.timeMs !== undefined ? b : a;
}
