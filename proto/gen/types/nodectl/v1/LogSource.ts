// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { LogSourceKind as _nodectl_v1_LogSourceKind, LogSourceKind__Output as _nodectl_v1_LogSourceKind__Output } from '../../nodectl/v1/LogSourceKind.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One source of log records.
 */
export interface LogSource {
  /**
   * The name to ask for: "journal", "kernel", "file/NAME", "pod/NAMESPACE/POD/CONTAINER".
   */
  'name'?: (string);
  /**
   * The kind of the source.
   */
  'kind'?: (_nodectl_v1_LogSourceKind);
  /**
   * What it reads, in words, for example the path of a file.
   */
  'description'?: (string);
  /**
   * Whether it is what `logs` reads when no source is named.
   */
  'isDefault'?: (boolean);
  /**
   * Why it cannot be read now, or empty when it can.
   */
  'unavailable'?: (string);
  /**
   * Bytes on disk, or 0 when unknown.
   */
  'bytes'?: (number | string | Long);
  /**
   * Why only some of it can be read, and what to do, or empty when all can.
   */
  'incomplete'?: (string);
}

/**
 * One source of log records.
 */
export interface LogSource__Output {
  /**
   * The name to ask for: "journal", "kernel", "file/NAME", "pod/NAMESPACE/POD/CONTAINER".
   */
  'name': (string);
  /**
   * The kind of the source.
   */
  'kind': (_nodectl_v1_LogSourceKind__Output);
  /**
   * What it reads, in words, for example the path of a file.
   */
  'description': (string);
  /**
   * Whether it is what `logs` reads when no source is named.
   */
  'isDefault': (boolean);
  /**
   * Why it cannot be read now, or empty when it can.
   */
  'unavailable': (string);
  /**
   * Bytes on disk, or 0 when unknown.
   */
  'bytes': (number);
  /**
   * Why only some of it can be read, and what to do, or empty when all can.
   */
  'incomplete': (string);
}
