/**
 * How bad a count is: among the packets of the last hour where the agent's history has them, else among all since the interface
 * appeared. Errors of long ago that do not grow any more are no trouble of today.
 */

import type { HistoryView } from '../../history/view.ts';
import { inTime } from '../quantities.ts';
import type { Interface } from './interfaces.ts';
import type { LinkCounter } from './statistics.ts';

const HOUR_MS = 3_600_000;
/** What netdata counts over, and the least that a rate is taken from. */
const TEN_MINUTES_MS = 600_000;
const LEAST_MS = 240_000;

/** What is judged. */
export interface Judged {
  readonly one: Interface;
  readonly history: HistoryView | undefined;
  /** The count since the interface appeared. */
  readonly value: number;
  /** The kernel's counter of the same, of which there is a past; left out where the driver alone counts it. */
  readonly series?: LinkCounter;
  /** The packets among which they are. */
  readonly of: 'rx_packets' | 'tx_packets';
}

/** What came of it. */
export interface Judgement {
  /** The count, among so many packets: the bad ones come on top of those that the kernel counted as received. */
  readonly bad: number;
  /** Undefined where a capture does not tell them. */
  readonly packets: number | undefined;
  /** In percent; 0 where the packets are not known. */
  readonly share: number;
  /** The time that it is taken from; undefined where that is all since the interface appeared. */
  readonly overMs?: number;
  /** How many there were in the last ten minutes; undefined where that is not known. */
  readonly inTenMinutes?: number;
  /** When it last grew, where that is known. */
  readonly lastMs?: number;
}

/** Judges a count; undefined where there is nothing, or nothing new. */
export function judge({ one, history, value, series, of }: Judged): Judgement | undefined {
  if (value <= 0) return undefined;
  const path = (counter: string) => `nic/${one.name}/${counter}`;
  const hour = series && history?.growth(path(series), HOUR_MS);
  const packets = history?.growth(path(of), HOUR_MS);
  if (series && hour && packets && hour.overMs >= LEAST_MS) {
    if (hour.delta <= 0) return undefined;
    const short = history?.growth(path(series), TEN_MINUTES_MS);
    const lastMs = history?.lastGrowth(path(series));
    return {
      ...shareOf(hour.delta, packets.delta),
      overMs: hour.overMs,
      ...(short && short.overMs >= LEAST_MS ? { inTenMinutes: short.delta } : {}),
      ...(lastMs === undefined ? {} : { lastMs }),
    };
  }
  return shareOf(value, one.statistics[of]);
}

function shareOf(bad: number, packets: number | undefined): Pick<Judgement, 'bad' | 'packets' | 'share'> {
  if (packets === undefined) return { bad, packets, share: 0 };
  // A counter that went beyond its packets has another unit, or the packets were reset alone.
  return { bad, packets, share: bad + packets > 0 ? (100 * bad) / Math.max(packets, bad) : 0 };
}

/** The share as a finding's parameter, in percent to three digits; none where the packets are not known, or are fewer. */
export function shareParameter({ bad, packets, share }: Judgement): { sharePercent?: number } {
  return packets === undefined || bad > packets ? {} : { sharePercent: Number(share.toPrecision(3)) };
}

/** "918233 of 48112903 packets (1.9 %) since the interface appeared". */
export function inWords({ bad, packets, share, overMs }: Judgement): string {
  if (packets === undefined) return `${bad}; among how many packets was not captured`;
  const when = overMs === undefined ? 'since the interface appeared' : `in ${inTime(overMs)}`;
  // Broken frames are none of the packets that were received; of another unit a count may be too.
  if (bad > packets) return `${bad} ${when}, more than the ${packets} packets that were counted well`;
  const percent = share >= 0.01 ? `${Number(share.toPrecision(2))} %` : `${share.toExponential(0)} %`;
  return `${bad} of ${packets} packets (${percent}) ${when}`;
}
