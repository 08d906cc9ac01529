// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * A source of time.
 */
export interface ClockTimeSource {
  /**
   * Address or name, or the name of a reference clock.
   */
  'name'?: (string);
  /**
   * "server", "refclock" or "unknown".
   */
  'kind'?: (string);
  /**
   * "best", "combined", "selectable", "falseticker", "jittery", "unusable" or "unknown".
   */
  'state'?: (string);
  /**
   * Why it is used or not, in the words of chrony-parser: "too-distant", "stale"; empty where that is not told.
   */
  'reason'?: (string);
  /**
   * Its stratum.
   */
  'stratum'?: (number);
  /**
   * Seconds between polls.
   */
  'pollSeconds'?: (number | string);
  /**
   * The last eight polls, a bit each, the latest lowest: 255 where all were answered.
   */
  'reach'?: (number);
  /**
   * Seconds since its last good answer; not set for never.
   */
  'lastAnswerAgoSeconds'?: (number | string);
  /**
   * How far the clock is ahead of it, in seconds.
   */
  'offsetSeconds'?: (number | string);
  /**
   * Margin of the offset's error, in seconds.
   */
  'errorSeconds'?: (number | string);
  '_lastAnswerAgoSeconds'?: "lastAnswerAgoSeconds";
  '_offsetSeconds'?: "offsetSeconds";
  '_errorSeconds'?: "errorSeconds";
}

/**
 * A source of time.
 */
export interface ClockTimeSource__Output {
  /**
   * Address or name, or the name of a reference clock.
   */
  'name': (string);
  /**
   * "server", "refclock" or "unknown".
   */
  'kind': (string);
  /**
   * "best", "combined", "selectable", "falseticker", "jittery", "unusable" or "unknown".
   */
  'state': (string);
  /**
   * Why it is used or not, in the words of chrony-parser: "too-distant", "stale"; empty where that is not told.
   */
  'reason': (string);
  /**
   * Its stratum.
   */
  'stratum': (number);
  /**
   * Seconds between polls.
   */
  'pollSeconds': (number);
  /**
   * The last eight polls, a bit each, the latest lowest: 255 where all were answered.
   */
  'reach': (number);
  /**
   * Seconds since its last good answer; not set for never.
   */
  'lastAnswerAgoSeconds'?: (number);
  /**
   * How far the clock is ahead of it, in seconds.
   */
  'offsetSeconds'?: (number);
  /**
   * Margin of the offset's error, in seconds.
   */
  'errorSeconds'?: (number);
  '_lastAnswerAgoSeconds'?: "lastAnswerAgoSeconds";
  '_offsetSeconds'?: "offsetSeconds";
  '_errorSeconds'?: "errorSeconds";
}
