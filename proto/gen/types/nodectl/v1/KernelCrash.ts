// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How the node is set up for a crash.
 */
export interface KernelCrash {
  /**
   * Whether a crash kernel is loaded.
   */
  'loaded'?: (boolean);
  /**
   * Bytes that are reserved for one.
   */
  'reservedBytes'?: (number | string | Long);
  /**
   * The unit that shall load it, or empty where none is enabled.
   */
  'enabledBy'?: (string);
  /**
   * Settings by name: "kernel.panic", "kernel.hung_task_timeout_secs" and others, as far as the kernel has them.
   */
  'settings'?: ({[key: string]: string});
}

/**
 * How the node is set up for a crash.
 */
export interface KernelCrash__Output {
  /**
   * Whether a crash kernel is loaded.
   */
  'loaded': (boolean);
  /**
   * Bytes that are reserved for one.
   */
  'reservedBytes': (number);
  /**
   * The unit that shall load it, or empty where none is enabled.
   */
  'enabledBy': (string);
  /**
   * Settings by name: "kernel.panic", "kernel.hung_task_timeout_secs" and others, as far as the kernel has them.
   */
  'settings': ({[key: string]: string});
}
