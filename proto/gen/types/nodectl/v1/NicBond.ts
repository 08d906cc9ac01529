// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicBondMember as _nodectl_v1_NicBondMember, NicBondMember__Output as _nodectl_v1_NicBondMember__Output } from '../../nodectl/v1/NicBondMember.ts';

/**
 * A bond.
 */
export interface NicBond {
  /**
   * "802.3ad", "active-backup" and others.
   */
  'mode'?: (string);
  /**
   * How packets are spread over its members.
   */
  'hashPolicy'?: (string);
  /**
   * "up" or "down".
   */
  'status'?: (string);
  /**
   * How often links are looked at, in ms.
   */
  'pollingMs'?: (number);
  /**
   * The member in use, of an active-backup bond.
   */
  'activeMember'?: (string);
  /**
   * "slow" or "fast", of LACP.
   */
  'lacpRate'?: (string);
  /**
   * The other side's address, of LACP.
   */
  'partnerAddress'?: (string);
  /**
   * Its members.
   */
  'members'?: (_nodectl_v1_NicBondMember)[];
  '_pollingMs'?: "pollingMs";
}

/**
 * A bond.
 */
export interface NicBond__Output {
  /**
   * "802.3ad", "active-backup" and others.
   */
  'mode': (string);
  /**
   * How packets are spread over its members.
   */
  'hashPolicy': (string);
  /**
   * "up" or "down".
   */
  'status': (string);
  /**
   * How often links are looked at, in ms.
   */
  'pollingMs'?: (number);
  /**
   * The member in use, of an active-backup bond.
   */
  'activeMember': (string);
  /**
   * "slow" or "fast", of LACP.
   */
  'lacpRate': (string);
  /**
   * The other side's address, of LACP.
   */
  'partnerAddress': (string);
  /**
   * Its members.
   */
  'members': (_nodectl_v1_NicBondMember__Output)[];
  '_pollingMs'?: "pollingMs";
}
