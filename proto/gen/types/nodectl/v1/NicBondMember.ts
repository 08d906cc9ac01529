// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A member of a bond.
 */
export interface NicBondMember {
  /**
   * The interface.
   */
  'name'?: (string);
  /**
   * "up", "down", "going down" or "going back".
   */
  'status'?: (string);
  /**
   * In Mbit/s.
   */
  'speedMbps'?: (number | string | Long);
  /**
   * How often it lost its link.
   */
  'linkFailures'?: (number | string | Long);
  /**
   * The aggregator that it is in, of LACP.
   */
  'aggregator'?: (number);
  /**
   * The address that it was made with.
   */
  'permanentAddress'?: (string);
  /**
   * "none", "monitoring" or "churned": whether LACP agrees, as this side sees it.
   */
  'actorChurn'?: (string);
  /**
   * The same, as the other side sees it.
   */
  'partnerChurn'?: (string);
  '_speedMbps'?: "speedMbps";
  '_linkFailures'?: "linkFailures";
  '_aggregator'?: "aggregator";
}

/**
 * A member of a bond.
 */
export interface NicBondMember__Output {
  /**
   * The interface.
   */
  'name': (string);
  /**
   * "up", "down", "going down" or "going back".
   */
  'status': (string);
  /**
   * In Mbit/s.
   */
  'speedMbps'?: (number);
  /**
   * How often it lost its link.
   */
  'linkFailures'?: (number);
  /**
   * The aggregator that it is in, of LACP.
   */
  'aggregator'?: (number);
  /**
   * The address that it was made with.
   */
  'permanentAddress': (string);
  /**
   * "none", "monitoring" or "churned": whether LACP agrees, as this side sees it.
   */
  'actorChurn': (string);
  /**
   * The same, as the other side sees it.
   */
  'partnerChurn': (string);
  '_speedMbps'?: "speedMbps";
  '_linkFailures'?: "linkFailures";
  '_aggregator'?: "aggregator";
}
