// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { LogOrigin as _nodectl_v1_LogOrigin, LogOrigin__Output as _nodectl_v1_LogOrigin__Output } from '../../nodectl/v1/LogOrigin.ts';
import type { LogFields as _nodectl_v1_LogFields, LogFields__Output as _nodectl_v1_LogFields__Output } from '../../nodectl/v1/LogFields.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Records in columns: the n-th entry of each column belongs to the n-th record. Columns rather than one message a
 * record let a node send and a reader take several hundred thousand records a second.
 */
export interface LogBatch {
  /**
   * How many records.
   */
  'count'?: (number);
  /**
   * The messages' bytes one after the other, each with a newline behind it that is not part of the message.
   * Messages are raw bytes: mostly UTF-8, but that is not promised, and a message may hold newlines of its own.
   */
  'text'?: (Buffer | Uint8Array | string);
  /**
   * Each message's length in bytes, without the newline. Empty when no message holds a newline, so that splitting
   * `text` at newlines gives the messages.
   */
  'lengths'?: (number)[];
  /**
   * Times in microseconds since the epoch, each as the difference to the one before; the first to `base_usec`.
   * Empty when all are `base_usec`.
   */
  'timeDeltas'?: (number | string | Long)[];
  /**
   * What the first of `time_deltas` counts from.
   */
  'baseUsec'?: (number | string | Long);
  /**
   * Priorities, a byte each, 0 (emergency) to 7 (debug), 255 where a record has none. Empty when no record has one.
   */
  'priorities'?: (Buffer | Uint8Array | string);
  /**
   * Who wrote the record, as an index into `origins`. Empty when all are 0.
   */
  'originIndex'?: (number)[];
  /**
   * The distinct origins in this batch.
   */
  'origins'?: (_nodectl_v1_LogOrigin)[];
  /**
   * The part that the records' cursors share. A record's cursor is this, a colon, and its position in base 36.
   */
  'cursorPrefix'?: (string);
  /**
   * Positions, each as the difference to the one before; the first to `base_position`.
   */
  'positionDeltas'?: (number | string | Long)[];
  /**
   * What the first of `position_deltas` counts from.
   */
  'basePosition'?: (number | string | Long);
  /**
   * Fields that were asked for: one entry a record, or empty.
   */
  'fields'?: (_nodectl_v1_LogFields)[];
  /**
   * Records whose message was cut to the longest that is sent (65,536 bytes), as indexes into the batch.
   */
  'truncated'?: (number)[];
}

/**
 * Records in columns: the n-th entry of each column belongs to the n-th record. Columns rather than one message a
 * record let a node send and a reader take several hundred thousand records a second.
 */
export interface LogBatch__Output {
  /**
   * How many records.
   */
  'count': (number);
  /**
   * The messages' bytes one after the other, each with a newline behind it that is not part of the message.
   * Messages are raw bytes: mostly UTF-8, but that is not promised, and a message may hold newlines of its own.
   */
  'text': (Buffer);
  /**
   * Each message's length in bytes, without the newline. Empty when no message holds a newline, so that splitting
   * `text` at newlines gives the messages.
   */
  'lengths': (number)[];
  /**
   * Times in microseconds since the epoch, each as the difference to the one before; the first to `base_usec`.
   * Empty when all are `base_usec`.
   */
  'timeDeltas': (number)[];
  /**
   * What the first of `time_deltas` counts from.
   */
  'baseUsec': (number);
  /**
   * Priorities, a byte each, 0 (emergency) to 7 (debug), 255 where a record has none. Empty when no record has one.
   */
  'priorities': (Buffer);
  /**
   * Who wrote the record, as an index into `origins`. Empty when all are 0.
   */
  'originIndex': (number)[];
  /**
   * The distinct origins in this batch.
   */
  'origins': (_nodectl_v1_LogOrigin__Output)[];
  /**
   * The part that the records' cursors share. A record's cursor is this, a colon, and its position in base 36.
   */
  'cursorPrefix': (string);
  /**
   * Positions, each as the difference to the one before; the first to `base_position`.
   */
  'positionDeltas': (number)[];
  /**
   * What the first of `position_deltas` counts from.
   */
  'basePosition': (number);
  /**
   * Fields that were asked for: one entry a record, or empty.
   */
  'fields': (_nodectl_v1_LogFields__Output)[];
  /**
   * Records whose message was cut to the longest that is sent (65,536 bytes), as indexes into the batch.
   */
  'truncated': (number)[];
}
