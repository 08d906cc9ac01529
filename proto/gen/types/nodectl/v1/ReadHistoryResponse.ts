// @ts-nocheck
// Original file: nodectl/v1/history.proto

import type { HistorySeries as _nodectl_v1_HistorySeries, HistorySeries__Output as _nodectl_v1_HistorySeries__Output } from '../../nodectl/v1/HistorySeries.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Some of the series.
 */
export interface ReadHistoryResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Microseconds since the epoch on the node's clock when it began to answer.
   */
  'nowUsec'?: (number | string | Long);
  /**
   * Series, each in one answer, all sorted by name.
   */
  'series'?: (_nodectl_v1_HistorySeries)[];
  /**
   * From when on and until before when samples are told, in microseconds since the epoch.
   */
  'sinceUsec'?: (number | string | Long);
  /**
   * See since_usec.
   */
  'untilUsec'?: (number | string | Long);
}

/**
 * Some of the series.
 */
export interface ReadHistoryResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Microseconds since the epoch on the node's clock when it began to answer.
   */
  'nowUsec': (number);
  /**
   * Series, each in one answer, all sorted by name.
   */
  'series': (_nodectl_v1_HistorySeries__Output)[];
  /**
   * From when on and until before when samples are told, in microseconds since the epoch.
   */
  'sinceUsec': (number);
  /**
   * See since_usec.
   */
  'untilUsec': (number);
}
