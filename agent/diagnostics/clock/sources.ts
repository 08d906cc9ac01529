/** The sources of time in the same words, whichever program asks them. */

import type { Source } from '../../chrony-parser/mod.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { type ChronyReports, chrony } from './chrony.ts';
import { type NtpPeer, ntpd } from './ntpd.ts';

/** A source of time. Times are seconds. */
export interface TimeSource {
  readonly name: string;
  readonly kind: 'server' | 'refclock' | 'unknown';
  /** As chrony-parser has them. */
  readonly state: Source['state'];
  /** Why it is not used, in chrony's words ("too-distant", "stale"); empty where that is not told. */
  readonly reason: string;
  readonly stratum: number;
  /** Between polls. */
  readonly pollSeconds: number;
  /** The last eight polls, a bit each. */
  readonly reach: number;
  /** Since the last good answer; undefined for never. */
  readonly ago: number | undefined;
  /** How far this clock is ahead of it; undefined without an answer. */
  readonly offset: number | undefined;
  /** Margin of the offset's error; undefined without an answer. */
  readonly error: number | undefined;
}

/** Sources, and which program asks them. */
export interface TimeSources {
  readonly daemon: 'chrony' | 'ntpd';
  readonly sources: readonly TimeSource[];
  /** Sources whose name has no address yet: they are not among the others. */
  readonly unresolved: number;
  /** Sources that are not asked at the moment. */
  readonly offline: number;
}

/** Sources that chronyd asks. */
function ofChronySources({
  sources = [],
  selectdata = [],
  activity,
}: Pick<ChronyReports, 'sources' | 'selectdata' | 'activity'>): TimeSources {
  const reasons = new Map(selectdata.map(({ name, state }) => [name, state]));
  return {
    daemon: 'chrony',
    sources: sources.map((one) => ({
      ...{ name: one.name, state: one.state, stratum: one.stratum, reach: one.reach },
      kind: one.mode === 'refclock' ? 'refclock' : one.mode === 'unknown' ? 'unknown' : 'server',
      reason: reasons.get(one.name) ?? '',
      pollSeconds: 2 ** one.poll,
      ...{ ago: one.lastSampleAgo, offset: one.offset, error: one.error },
    })),
    unresolved: activity?.unresolved ?? 0,
    offline: activity?.offline ?? 0,
  };
}

/** Sources that ntpd asks. Lines that stand for a pool or for its own clock are none. */
export function ofPeers(peers: readonly NtpPeer[]): TimeSources {
  const real = peers.filter(
    ({ reference, name }) => !/^\.(POOL|BCST|MCST)\.$/.test(reference) && !isOwnClock(name),
  );
  return {
    daemon: 'ntpd',
    sources: real.map(({ name, state, stratum, pollSeconds, reach, ago, offset, delay, jitter }) => ({
      ...{ name, state, stratum, pollSeconds, reach, ago, reason: '' },
      kind: /^127\.127\.|^[A-Z]+\(\d+\)$/.test(name) ? 'refclock' : 'server',
      // It may have answered a moment ago, or its last answer may be one of the last eight.
      offset: ago === undefined && reach === 0 ? undefined : offset,
      error: ago === undefined && reach === 0 ? undefined : delay / 2 + jitter,
    })),
    unresolved: 0,
    offline: 0,
  };
}

function isOwnClock(name: string): boolean {
  return /^LOCAL\(\d+\)$|^127\.127\.1\.\d+$/.test(name);
}

/** Sources agree that differ by no more, in seconds: ways through the Internet are asymmetric by some ten milliseconds. */
const AGREE = 0.1;

/** The sources of time. */
export const timeSources = fact({
  id: 'clock.sources',
  reads: [...chrony.reads, ...ntpd.reads],
  limitMs: 8_000,
  read: async ({ get }): Promise<TimeSources> => {
    const [tracked, served] = await Promise.allSettled([get(chrony), get(ntpd)]);
    if (tracked.status === 'fulfilled' && tracked.value.sources) return ofChronySources(tracked.value);
    if (served.status === 'fulfilled' && served.value.peers) return ofPeers(served.value.peers);
    const absent = [tracked, served].every(
      (one) => one.status === 'rejected' && one.reason instanceof Unavailable && one.reason.kind === 'absent',
    );
    // systemd-timesyncd has one server, which it tells with its state.
    if (absent) throw new Unavailable('absent', 'no program with a list of sources runs here');
    throw tracked.status === 'rejected'
      ? tracked.reason
      : new Unavailable('failed', 'chronyd did not list its sources');
  },
});

/**
 * How far the clock is ahead of all sources that answer, where they agree on it though none of them is followed: the middle one of
 * their offsets. Undefined where none answers or they differ.
 */
export function agreedOffset({ sources }: TimeSources): { offset: number; sources: number } | undefined {
  const offsets = sources
    .flatMap(({ reach, offset }) => (reach === 0 || offset === undefined ? [] : [offset]))
    .sort((a, b) => a - b);
  const [first, last, middle] = [offsets[0], offsets.at(-1), offsets[offsets.length >> 1]];
  if (first === undefined || last === undefined || middle === undefined) return undefined;
  return last - first <= Math.max(AGREE, Math.abs(middle) / 20)
    ? { offset: middle, sources: offsets.length }
    : undefined;
}

/** How many of the last eight polls were answered. */
export function answered(reach: number): number {
  let count = 0;
  for (let bits = reach & 0xff; bits !== 0; bits >>= 1) count += bits & 1;
  return count;
}

/** How many polls, of the last eight, there were since the first answer that is remembered. */
export function polls(reach: number): number {
  return (reach & 0xff).toString(2).length;
}
