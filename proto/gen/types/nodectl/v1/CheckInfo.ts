// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type { ThresholdInfo as _nodectl_v1_ThresholdInfo, ThresholdInfo__Output as _nodectl_v1_ThresholdInfo__Output } from '../../nodectl/v1/ThresholdInfo.ts';

/**
 * What a check is.
 */
export interface CheckInfo {
  /**
   * The check's id.
   */
  'id'?: (string);
  /**
   * Its area.
   */
  'area'?: (string);
  /**
   * What it looks for, in one line.
   */
  'title'?: (string);
  /**
   * Why that matters and how it is judged.
   */
  'about'?: (string);
  /**
   * Files and commands that it reads.
   */
  'reads'?: (string)[];
  /**
   * Its thresholds.
   */
  'thresholds'?: (_nodectl_v1_ThresholdInfo)[];
  /**
   * Where more can be read.
   */
  'links'?: (string)[];
}

/**
 * What a check is.
 */
export interface CheckInfo__Output {
  /**
   * The check's id.
   */
  'id': (string);
  /**
   * Its area.
   */
  'area': (string);
  /**
   * What it looks for, in one line.
   */
  'title': (string);
  /**
   * Why that matters and how it is judged.
   */
  'about': (string);
  /**
   * Files and commands that it reads.
   */
  'reads': (string)[];
  /**
   * Its thresholds.
   */
  'thresholds': (_nodectl_v1_ThresholdInfo__Output)[];
  /**
   * Where more can be read.
   */
  'links': (string)[];
}
