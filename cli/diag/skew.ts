/**
 * How far clocks are apart, measured over calls: each exchange gives four times, and of several the one with the shortest
 * round trip counts, because it leaves the least room for a way that was slower in one direction (RFC 5905, sections 8 and
 * 10). Pure: the caller makes the calls.
 */

import { wallUsec } from '../../proto/wall-clock.ts';

/** The node's two times, in microseconds on its clock. */
export interface Exchange {
  readonly receiveUsec: number;
  readonly transmitUsec: number;
}

/** What was measured of a node. */
export interface Measured {
  /** How far its clock is ahead of this machine's, in seconds. */
  readonly offset: number;
  /** The offset is within this of it, in seconds: half of the round trip. */
  readonly error: number;
  /** The shortest round trip, in seconds. */
  readonly roundTrip: number;
  readonly samples: number;
}

/** So often both clocks are read: of looks that something else came between, one is enough that nothing did. */
const LOOKS = 8;

/**
 * A clock for the caller's own two times: the wall clock of now, carried on by the monotonic one, so that a step of this
 * machine's clock in the midst of it does not spoil what is measured. The two are never read at once, and what holds this process up between
 * them would be an error that no bound tells: the look counts that took the least time.
 * @param wall µs since the epoch. @param steady ns of a clock that is never set
 */
export function steadyClock(wall = wallUsec, steady = process.hrtime.bigint): () => number {
  const now = () => Number(steady()) / 1_000;
  let ahead = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look++) {
    const before = now();
    const at = wall();
    const took = now() - before;
    if (took >= least) continue;
    least = took;
    ahead = at - before - took / 2;
  }
  return () => ahead + now();
}

/**
 * Exchanges times, and gives the best of them.
 * @param exchange makes a call. @param count how many count, behind one that does not: the first loads code on both sides.
 * @param clock microseconds, as steadyClock gives them. @param pause waits a moment between two of them
 */
export async function measure(
  exchange: () => Promise<Exchange>,
  count: number,
  clock: () => number,
  pause: () => Promise<void>,
): Promise<Measured> {
  await exchange();
  let best: Measured | undefined;
  for (let made = 0; made < count; made++) {
    await pause();
    const sent = clock();
    const { receiveUsec, transmitUsec } = await exchange();
    const received = clock();
    // A clock that was stepped in between may make it negative: nothing is quicker than 0.
    const roundTrip = Math.max(0, received - sent - Math.max(0, transmitUsec - receiveUsec)) / 1e6;
    if (best && best.roundTrip <= roundTrip) continue;
    const offset = (receiveUsec - sent + (transmitUsec - received)) / 2e6;
    best = { offset, roundTrip, error: roundTrip / 2, samples: count };
  }
  return best ?? { offset: 0, error: Number.POSITIVE_INFINITY, roundTrip: 0, samples: 0 };
}

/** How a clock is judged: "unsure" where the error bound is too large to tell. */
export type Judgement = 'ok' | 'unsure' | 'warning' | 'critical';

/** A node among the others. */
export interface Compared {
  readonly node: string;
  readonly measured: Measured;
  /** How far it is ahead of the fleet's median, in seconds; of this machine where there are fewer than three nodes. */
  readonly deviation: number;
  /** The deviation is within this of it. */
  readonly bound: number;
  readonly judgement: Judgement;
}

/** Several nodes beside each other. */
export interface Comparison {
  readonly nodes: readonly Compared[];
  /** How far the median of the nodes is ahead of this machine, and within what; undefined with fewer than three nodes. */
  readonly median: { readonly offset: number; readonly error: number } | undefined;
  /** The two nodes that are furthest apart; undefined with fewer than two. */
  readonly furthest:
    | { readonly ahead: string; readonly behind: string; readonly by: number; readonly error: number }
    | undefined;
}

/** Below it nobody can say which of them is right: each is held against this machine. */
const LEAST_FOR_MEDIAN = 3;

/** Compares nodes. A clock is told to be off only where it is so for sure: where |deviation| - bound is beyond a threshold. */
export function compare(
  all: readonly { readonly node: string; readonly measured: Measured }[],
  thresholds: { readonly warning: number; readonly critical: number },
): Comparison {
  const median = all.length >= LEAST_FOR_MEDIAN ? medianOf(all.map(({ measured }) => measured)) : undefined;
  const nodes = all.map(({ node, measured }): Compared => {
    const deviation = measured.offset - (median?.offset ?? 0);
    const bound = measured.error + (median?.error ?? 0);
    const least = Math.abs(deviation) - bound;
    const judgement =
      least > thresholds.critical
        ? 'critical'
        : least > thresholds.warning
          ? 'warning'
          : Math.abs(deviation) + bound > thresholds.warning
            ? 'unsure'
            : 'ok';
    return { node, measured, deviation, bound, judgement };
  });
  const [first, ...others] = [...all].sort((a, b) => a.measured.offset - b.measured.offset);
  const last = others.at(-1);
  return {
    nodes,
    median,
    furthest:
      first && last
        ? {
            ahead: last.node,
            behind: first.node,
            by: last.measured.offset - first.measured.offset,
            error: last.measured.error + first.measured.error,
          }
        : undefined,
  };
}

/** The middle one, or the middle of the two in the middle, with the larger of their errors. */
function medianOf(all: readonly Measured[]): { offset: number; error: number } {
  const sorted = [...all].sort((a, b) => a.offset - b.offset);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  return {
    offset: ((low?.offset ?? 0) + (high?.offset ?? 0)) / 2,
    error: Math.max(low?.error ?? 0, high?.error ?? 0),
  };
}
