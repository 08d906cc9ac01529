/**
 * What a check sees of the past. Series are named "area/subject/quantity": "nic/eth0/rx_errors", "clock//offset_seconds".
 * Counters are kept as the kernel counts them; a value below the one before is a reset and begins anew.
 */

/** How much a counter grew. */
export interface Growth {
  readonly delta: number;
  /** The time between the first and the last sample that it is taken from, in ms. */
  readonly overMs: number;
}

/** A sample of the past. */
export interface Point {
  /** ms since the epoch */
  readonly at: number;
  readonly value: number;
}

/** What was recognised in the kernel's log, of one signature and device, since this is counted. */
export interface PastEvent {
  readonly signature: string;
  /** Empty where it names none. */
  readonly device: string;
  readonly count: number;
  /** How many of these are of the running boot. */
  readonly countThisBoot: number;
  /** ms since the epoch; the first is undefined where the clock was not set then. */
  readonly firstMs: number | undefined;
  readonly lastMs: number;
}

/** The past, as far as it was sampled. Times are counted back from the machine's now. */
export interface HistoryView {
  /** The growth of a counter over at most the last `windowMs`, up to its newest sample; undefined where there are not two samples. */
  growth(series: string, windowMs: number): Growth | undefined;
  /** Samples of the last `windowMs`, oldest first. */
  points(series: string, windowMs: number): readonly Point[];
  /** When a counter last grew, ms since the epoch; undefined where it never did since it is sampled. */
  lastGrowth(series: string): number | undefined;
  /** Names of the series that begin so and were sampled in the last day. */
  series(prefix: string): readonly string[];
  /** What was recognised in the kernel's log, also in what its buffer does not hold any more, and before the last boot. */
  events(): readonly PastEvent[];
}

/** The past of a machine that keeps none. */
export const NO_HISTORY: HistoryView = {
  growth: () => undefined,
  points: () => [],
  lastGrowth: () => undefined,
  series: () => [],
  events: () => [],
};
