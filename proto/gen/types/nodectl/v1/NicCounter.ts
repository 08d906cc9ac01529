// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * A counter.
 */
export interface NicCounter {
  /**
   * Its name.
   */
  'name'?: (string);
  /**
   * Its value since the interface appeared or the driver was loaded. Rounded beyond 2^53.
   */
  'value'?: (number | string);
  /**
   * How much it grew a second in the last ten minutes. Not set where there is no history of it.
   */
  'perSecond'?: (number | string);
  '_perSecond'?: "perSecond";
}

/**
 * A counter.
 */
export interface NicCounter__Output {
  /**
   * Its name.
   */
  'name': (string);
  /**
   * Its value since the interface appeared or the driver was loaded. Rounded beyond 2^53.
   */
  'value': (number);
  /**
   * How much it grew a second in the last ten minutes. Not set where there is no history of it.
   */
  'perSecond'?: (number);
  '_perSecond'?: "perSecond";
}
