// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A link.
 */
export interface NicLink {
  /**
   * In Mbit/s.
   */
  'speedMbps'?: (number | string | Long);
  /**
   * "full", "half" or empty where that is not known.
   */
  'duplex'?: (string);
  /**
   * "on", "off" or empty where that is not known.
   */
  'autonegotiation'?: (string);
  /**
   * "Twisted Pair", "FIBRE", "Direct Attach Copper" and others.
   */
  'port'?: (string);
  /**
   * Why there is no link, in the driver's words.
   */
  'reason'?: (string);
  /**
   * Modes that the device can.
   */
  'supported'?: (string)[];
  /**
   * Modes that it offers.
   */
  'advertised'?: (string)[];
  /**
   * Modes that the other side offers. Empty where it does not tell.
   */
  'partner'?: (string)[];
  /**
   * Lanes.
   */
  'lanes'?: (number);
  /**
   * What wakes the machine: letters of ethtool's.
   */
  'wakeOn'?: (string);
  '_speedMbps'?: "speedMbps";
  '_lanes'?: "lanes";
}

/**
 * A link.
 */
export interface NicLink__Output {
  /**
   * In Mbit/s.
   */
  'speedMbps'?: (number);
  /**
   * "full", "half" or empty where that is not known.
   */
  'duplex': (string);
  /**
   * "on", "off" or empty where that is not known.
   */
  'autonegotiation': (string);
  /**
   * "Twisted Pair", "FIBRE", "Direct Attach Copper" and others.
   */
  'port': (string);
  /**
   * Why there is no link, in the driver's words.
   */
  'reason': (string);
  /**
   * Modes that the device can.
   */
  'supported': (string)[];
  /**
   * Modes that it offers.
   */
  'advertised': (string)[];
  /**
   * Modes that the other side offers. Empty where it does not tell.
   */
  'partner': (string)[];
  /**
   * Lanes.
   */
  'lanes'?: (number);
  /**
   * What wakes the machine: letters of ethtool's.
   */
  'wakeOn': (string);
  '_speedMbps'?: "speedMbps";
  '_lanes'?: "lanes";
}
