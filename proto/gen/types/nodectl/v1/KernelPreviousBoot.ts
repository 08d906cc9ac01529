// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How the previous boot ended.
 */
export interface KernelPreviousBoot {
  /**
   * Whether the system shut down in order.
   */
  'clean'?: (boolean);
  /**
   * The last lines of its journal.
   */
  'tail'?: (string)[];
  /**
   * Lines of trouble among its last kernel messages.
   */
  'trouble'?: (string)[];
  /**
   * When its last line was written, in microseconds since the epoch, or 0.
   */
  'lastUsec'?: (number | string | Long);
}

/**
 * How the previous boot ended.
 */
export interface KernelPreviousBoot__Output {
  /**
   * Whether the system shut down in order.
   */
  'clean': (boolean);
  /**
   * The last lines of its journal.
   */
  'tail': (string)[];
  /**
   * Lines of trouble among its last kernel messages.
   */
  'trouble': (string)[];
  /**
   * When its last line was written, in microseconds since the epoch, or 0.
   */
  'lastUsec': (number);
}
