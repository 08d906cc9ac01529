// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * How chronyd is configured.
 */
export interface ClockConfiguration {
  /**
   * The main file.
   */
  'path'?: (string);
  /**
   * Lines that name a server or a peer.
   */
  'servers'?: (number);
  /**
   * Lines that name a pool.
   */
  'pools'?: (number);
  /**
   * Lines that name a reference clock.
   */
  'refclocks'?: (number);
  /**
   * Sources that are asked with Network Time Security.
   */
  'nts'?: (number);
  /**
   * "1 3": from how many seconds on the clock is stepped, and in how many first updates; empty where it never is.
   */
  'makestep'?: (string);
  /**
   * Whether the kernel keeps the hardware clock and is told that the clock is set.
   */
  'rtcsync'?: (boolean);
  /**
   * Whether it serves its own clock where it has no source.
   */
  'local'?: (boolean);
}

/**
 * How chronyd is configured.
 */
export interface ClockConfiguration__Output {
  /**
   * The main file.
   */
  'path': (string);
  /**
   * Lines that name a server or a peer.
   */
  'servers': (number);
  /**
   * Lines that name a pool.
   */
  'pools': (number);
  /**
   * Lines that name a reference clock.
   */
  'refclocks': (number);
  /**
   * Sources that are asked with Network Time Security.
   */
  'nts': (number);
  /**
   * "1 3": from how many seconds on the clock is stepped, and in how many first updates; empty where it never is.
   */
  'makestep': (string);
  /**
   * Whether the kernel keeps the hardware clock and is told that the clock is set.
   */
  'rtcsync': (boolean);
  /**
   * Whether it serves its own clock where it has no source.
   */
  'local': (boolean);
}
