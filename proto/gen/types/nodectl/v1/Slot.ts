// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { SlotHealth as _nodectl_v1_SlotHealth, SlotHealth__Output as _nodectl_v1_SlotHealth__Output } from '../../nodectl/v1/SlotHealth.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A slot.
 */
export interface Slot {
  /**
   * "a" or "b".
   */
  'name'?: (string);
  /**
   * The device or file.
   */
  'device'?: (string);
  /**
   * Its size in bytes.
   */
  'bytes'?: (number | string | Long);
  /**
   * What the boot loader makes of it.
   */
  'health'?: (_nodectl_v1_SlotHealth);
  /**
   * Boots that are left to it before it is given up; absent where boots are not counted.
   */
  'triesLeft'?: (number);
  /**
   * Whether it runs.
   */
  'booted'?: (boolean);
  /**
   * Whether it boots next.
   */
  'next'?: (boolean);
  /**
   * The image's name, or empty where it is not known.
   */
  'imageName'?: (string);
  /**
   * The version, or empty.
   */
  'imageVersion'?: (string);
  /**
   * The serial number of the image.
   */
  'imageSerial'?: (number | string | Long);
  /**
   * SHA-256 of its root image, in lower-case hexadecimal, or empty.
   */
  'rootSha256'?: (string);
  /**
   * When it was written, in microseconds since the epoch, or 0.
   */
  'writtenUsec'?: (number | string | Long);
  '_triesLeft'?: "triesLeft";
}

/**
 * A slot.
 */
export interface Slot__Output {
  /**
   * "a" or "b".
   */
  'name': (string);
  /**
   * The device or file.
   */
  'device': (string);
  /**
   * Its size in bytes.
   */
  'bytes': (number);
  /**
   * What the boot loader makes of it.
   */
  'health': (_nodectl_v1_SlotHealth__Output);
  /**
   * Boots that are left to it before it is given up; absent where boots are not counted.
   */
  'triesLeft'?: (number);
  /**
   * Whether it runs.
   */
  'booted': (boolean);
  /**
   * Whether it boots next.
   */
  'next': (boolean);
  /**
   * The image's name, or empty where it is not known.
   */
  'imageName': (string);
  /**
   * The version, or empty.
   */
  'imageVersion': (string);
  /**
   * The serial number of the image.
   */
  'imageSerial': (number);
  /**
   * SHA-256 of its root image, in lower-case hexadecimal, or empty.
   */
  'rootSha256': (string);
  /**
   * When it was written, in microseconds since the epoch, or 0.
   */
  'writtenUsec': (number);
  '_triesLeft'?: "triesLeft";
}
