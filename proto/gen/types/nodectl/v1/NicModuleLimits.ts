// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * Bounds of what a module measures.
 */
export interface NicModuleLimits {
  /**
   * "temperature" in °C, "voltage" in V, "bias" in mA, "txPower" and "rxPower" in mW.
   */
  'quantity'?: (string);
  /**
   * Below is an alarm.
   */
  'lowAlarm'?: (number | string);
  /**
   * Below is a warning.
   */
  'lowWarning'?: (number | string);
  /**
   * Above is a warning.
   */
  'highWarning'?: (number | string);
  /**
   * Above is an alarm.
   */
  'highAlarm'?: (number | string);
  '_lowAlarm'?: "lowAlarm";
  '_lowWarning'?: "lowWarning";
  '_highWarning'?: "highWarning";
  '_highAlarm'?: "highAlarm";
}

/**
 * Bounds of what a module measures.
 */
export interface NicModuleLimits__Output {
  /**
   * "temperature" in °C, "voltage" in V, "bias" in mA, "txPower" and "rxPower" in mW.
   */
  'quantity': (string);
  /**
   * Below is an alarm.
   */
  'lowAlarm'?: (number);
  /**
   * Below is a warning.
   */
  'lowWarning'?: (number);
  /**
   * Above is a warning.
   */
  'highWarning'?: (number);
  /**
   * Above is an alarm.
   */
  'highAlarm'?: (number);
  '_lowAlarm'?: "lowAlarm";
  '_lowWarning'?: "lowWarning";
  '_highWarning'?: "highWarning";
  '_highAlarm'?: "highAlarm";
}
