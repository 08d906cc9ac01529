// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How far an upgrade is. All in bytes since it was started, over interruptions.
 */
export interface UpgradeProgress {
  /**
   * What the running phase works on: "root", "kernel", "initrd".
   */
  'part'?: (string);
  /**
   * Done in this phase.
   */
  'doneBytes'?: (number | string | Long);
  /**
   * To do in this phase, or 0 where nobody knows.
   */
  'totalBytes'?: (number | string | Long);
  /**
   * Received as operations.
   */
  'wireBytes'?: (number | string | Long);
  /**
   * Written to the slot.
   */
  'writtenBytes'?: (number | string | Long);
  /**
   * Of the written: copied from what the node has.
   */
  'reusedBytes'?: (number | string | Long);
}

/**
 * How far an upgrade is. All in bytes since it was started, over interruptions.
 */
export interface UpgradeProgress__Output {
  /**
   * What the running phase works on: "root", "kernel", "initrd".
   */
  'part': (string);
  /**
   * Done in this phase.
   */
  'doneBytes': (number);
  /**
   * To do in this phase, or 0 where nobody knows.
   */
  'totalBytes': (number);
  /**
   * Received as operations.
   */
  'wireBytes': (number);
  /**
   * Written to the slot.
   */
  'writtenBytes': (number);
  /**
   * Of the written: copied from what the node has.
   */
  'reusedBytes': (number);
}
