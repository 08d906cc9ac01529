// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicCounter as _nodectl_v1_NicCounter, NicCounter__Output as _nodectl_v1_NicCounter__Output } from '../../nodectl/v1/NicCounter.ts';

/**
 * A quantity that drivers count under names of their own.
 */
export interface NicQuantity {
  /**
   * "crc", "missed", "timeouts" and others.
   */
  'name'?: (string);
  /**
   * What it means.
   */
  'meaning'?: (string);
  /**
   * The largest of its counters.
   */
  'value'?: (number | string);
  /**
   * The driver's counters of it that are not zero, largest first.
   */
  'counters'?: (_nodectl_v1_NicCounter)[];
}

/**
 * A quantity that drivers count under names of their own.
 */
export interface NicQuantity__Output {
  /**
   * "crc", "missed", "timeouts" and others.
   */
  'name': (string);
  /**
   * What it means.
   */
  'meaning': (string);
  /**
   * The largest of its counters.
   */
  'value': (number);
  /**
   * The driver's counters of it that are not zero, largest first.
   */
  'counters': (_nodectl_v1_NicCounter__Output)[];
}
