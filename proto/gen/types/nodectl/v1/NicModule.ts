// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicModuleLane as _nodectl_v1_NicModuleLane, NicModuleLane__Output as _nodectl_v1_NicModuleLane__Output } from '../../nodectl/v1/NicModuleLane.ts';
import type { NicModuleLimits as _nodectl_v1_NicModuleLimits, NicModuleLimits__Output as _nodectl_v1_NicModuleLimits__Output } from '../../nodectl/v1/NicModuleLimits.ts';

/**
 * A pluggable module.
 */
export interface NicModule {
  /**
   * "SFP", "QSFP28" and others.
   */
  'identifier'?: (string);
  /**
   * Its maker.
   */
  'vendor'?: (string);
  /**
   * Its part number.
   */
  'partNumber'?: (string);
  /**
   * Its serial number.
   */
  'serial'?: (string);
  /**
   * What it is for: "10G Ethernet: 10G Base-SR".
   */
  'types'?: (string)[];
  /**
   * Its connector.
   */
  'connector'?: (string);
  /**
   * Its wavelength.
   */
  'wavelength'?: (string);
  /**
   * Its firmware, of CMIS modules.
   */
  'firmware'?: (string);
  /**
   * Its state, of CMIS modules, with what its fault is.
   */
  'state'?: (string);
  /**
   * In °C.
   */
  'temperatureCelsius'?: (number | string);
  /**
   * In V.
   */
  'volts'?: (number | string);
  /**
   * Its lanes.
   */
  'lanes'?: (_nodectl_v1_NicModuleLane)[];
  /**
   * The bounds that its maker set.
   */
  'limits'?: (_nodectl_v1_NicModuleLimits)[];
  /**
   * Bounds that it says are passed, and faults of lanes, in words.
   */
  'alarms'?: (string)[];
  '_temperatureCelsius'?: "temperatureCelsius";
  '_volts'?: "volts";
}

/**
 * A pluggable module.
 */
export interface NicModule__Output {
  /**
   * "SFP", "QSFP28" and others.
   */
  'identifier': (string);
  /**
   * Its maker.
   */
  'vendor': (string);
  /**
   * Its part number.
   */
  'partNumber': (string);
  /**
   * Its serial number.
   */
  'serial': (string);
  /**
   * What it is for: "10G Ethernet: 10G Base-SR".
   */
  'types': (string)[];
  /**
   * Its connector.
   */
  'connector': (string);
  /**
   * Its wavelength.
   */
  'wavelength': (string);
  /**
   * Its firmware, of CMIS modules.
   */
  'firmware': (string);
  /**
   * Its state, of CMIS modules, with what its fault is.
   */
  'state': (string);
  /**
   * In °C.
   */
  'temperatureCelsius'?: (number);
  /**
   * In V.
   */
  'volts'?: (number);
  /**
   * Its lanes.
   */
  'lanes': (_nodectl_v1_NicModuleLane__Output)[];
  /**
   * The bounds that its maker set.
   */
  'limits': (_nodectl_v1_NicModuleLimits__Output)[];
  /**
   * Bounds that it says are passed, and faults of lanes, in words.
   */
  'alarms': (string)[];
  '_temperatureCelsius'?: "temperatureCelsius";
  '_volts'?: "volts";
}
