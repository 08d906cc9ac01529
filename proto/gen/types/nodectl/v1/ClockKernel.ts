// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * The kernel's own state of the clock, from adjtimex(2).
 */
export interface ClockKernel {
  /**
   * Whether the kernel has been told that the clock is set. chronyd without rtcsync never tells it.
   */
  'synchronised'?: (boolean);
  /**
   * Bits of its status: "PLL", "UNSYNC", "INS", "NANO" and others.
   */
  'flags'?: (string)[];
  /**
   * What is left to be slewed, in seconds.
   */
  'offsetSeconds'?: (number | string);
  /**
   * The correction of the frequency, in parts per million: positive makes the clock faster.
   */
  'frequencyPpm'?: (number | string);
  /**
   * Bound of the error as the kernel reckons it, in seconds; 16 is "not known".
   */
  'maxErrorSeconds'?: (number | string);
  /**
   * Its estimate of the error, in seconds.
   */
  'estimatedErrorSeconds'?: (number | string);
  /**
   * Length of a tick in microseconds.
   */
  'tickUsec'?: (number | string);
  /**
   * TAI - UTC in seconds; 0 where nobody has told the kernel.
   */
  'taiSeconds'?: (number);
  '_tickUsec'?: "tickUsec";
  '_taiSeconds'?: "taiSeconds";
}

/**
 * The kernel's own state of the clock, from adjtimex(2).
 */
export interface ClockKernel__Output {
  /**
   * Whether the kernel has been told that the clock is set. chronyd without rtcsync never tells it.
   */
  'synchronised': (boolean);
  /**
   * Bits of its status: "PLL", "UNSYNC", "INS", "NANO" and others.
   */
  'flags': (string)[];
  /**
   * What is left to be slewed, in seconds.
   */
  'offsetSeconds': (number);
  /**
   * The correction of the frequency, in parts per million: positive makes the clock faster.
   */
  'frequencyPpm': (number);
  /**
   * Bound of the error as the kernel reckons it, in seconds; 16 is "not known".
   */
  'maxErrorSeconds': (number);
  /**
   * Its estimate of the error, in seconds.
   */
  'estimatedErrorSeconds': (number);
  /**
   * Length of a tick in microseconds.
   */
  'tickUsec'?: (number);
  /**
   * TAI - UTC in seconds; 0 where nobody has told the kernel.
   */
  'taiSeconds'?: (number);
  '_tickUsec'?: "tickUsec";
  '_taiSeconds'?: "taiSeconds";
}
