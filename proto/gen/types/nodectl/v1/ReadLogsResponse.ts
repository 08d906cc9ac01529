// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { LogBatch as _nodectl_v1_LogBatch, LogBatch__Output as _nodectl_v1_LogBatch__Output } from '../../nodectl/v1/LogBatch.ts';
import type { LogGap as _nodectl_v1_LogGap, LogGap__Output as _nodectl_v1_LogGap__Output } from '../../nodectl/v1/LogGap.ts';
import type { LogWatermark as _nodectl_v1_LogWatermark, LogWatermark__Output as _nodectl_v1_LogWatermark__Output } from '../../nodectl/v1/LogWatermark.ts';
import type { LogEnd as _nodectl_v1_LogEnd, LogEnd__Output as _nodectl_v1_LogEnd__Output } from '../../nodectl/v1/LogEnd.ts';
import type { LogStart as _nodectl_v1_LogStart, LogStart__Output as _nodectl_v1_LogStart__Output } from '../../nodectl/v1/LogStart.ts';

/**
 * One event of a log stream.
 */
export interface ReadLogsResponse {
  /**
   * Records.
   */
  'batch'?: (_nodectl_v1_LogBatch | null);
  /**
   * Records were lost here, or may not be read.
   */
  'gap'?: (_nodectl_v1_LogGap | null);
  /**
   * Nothing new up to here: lets a reader that merges streams go on, and shows that the stream is alive.
   */
  'watermark'?: (_nodectl_v1_LogWatermark | null);
  /**
   * The read is complete; nothing follows. Never sent with `follow`.
   */
  'end'?: (_nodectl_v1_LogEnd | null);
  /**
   * What the request was resolved to. Always the first event.
   */
  'start'?: (_nodectl_v1_LogStart | null);
  /**
   * What the event is.
   */
  'event'?: "batch"|"gap"|"watermark"|"end"|"start";
}

/**
 * One event of a log stream.
 */
export interface ReadLogsResponse__Output {
  /**
   * Records.
   */
  'batch'?: (_nodectl_v1_LogBatch__Output | null);
  /**
   * Records were lost here, or may not be read.
   */
  'gap'?: (_nodectl_v1_LogGap__Output | null);
  /**
   * Nothing new up to here: lets a reader that merges streams go on, and shows that the stream is alive.
   */
  'watermark'?: (_nodectl_v1_LogWatermark__Output | null);
  /**
   * The read is complete; nothing follows. Never sent with `follow`.
   */
  'end'?: (_nodectl_v1_LogEnd__Output | null);
  /**
   * What the request was resolved to. Always the first event.
   */
  'start'?: (_nodectl_v1_LogStart__Output | null);
  /**
   * What the event is.
   */
  'event'?: "batch"|"gap"|"watermark"|"end"|"start";
}
