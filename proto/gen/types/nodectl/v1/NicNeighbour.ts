// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicNeighbourVlan as _nodectl_v1_NicNeighbourVlan, NicNeighbourVlan__Output as _nodectl_v1_NicNeighbourVlan__Output } from '../../nodectl/v1/NicNeighbourVlan.ts';

/**
 * What a neighbour told over LLDP.
 */
export interface NicNeighbour {
  /**
   * "LLDP", "CDPv2" and others.
   */
  'protocol'?: (string);
  /**
   * The switch's name, or its chassis id.
   */
  'name'?: (string);
  /**
   * Its chassis id.
   */
  'chassisId'?: (string);
  /**
   * Model and firmware in its maker's words.
   */
  'description'?: (string);
  /**
   * Addresses to manage it by.
   */
  'managementAddresses'?: (string)[];
  /**
   * Its port.
   */
  'port'?: (string);
  /**
   * What its port is called.
   */
  'portDescription'?: (string);
  /**
   * VLANs that it carries on the port.
   */
  'vlans'?: (_nodectl_v1_NicNeighbourVlan)[];
  /**
   * The longest frame that it takes, in bytes.
   */
  'maxFrame'?: (number);
  /**
   * What it is: "Bridge", "Router".
   */
  'capabilities'?: (string)[];
  '_maxFrame'?: "maxFrame";
}

/**
 * What a neighbour told over LLDP.
 */
export interface NicNeighbour__Output {
  /**
   * "LLDP", "CDPv2" and others.
   */
  'protocol': (string);
  /**
   * The switch's name, or its chassis id.
   */
  'name': (string);
  /**
   * Its chassis id.
   */
  'chassisId': (string);
  /**
   * Model and firmware in its maker's words.
   */
  'description': (string);
  /**
   * Addresses to manage it by.
   */
  'managementAddresses': (string)[];
  /**
   * Its port.
   */
  'port': (string);
  /**
   * What its port is called.
   */
  'portDescription': (string);
  /**
   * VLANs that it carries on the port.
   */
  'vlans': (_nodectl_v1_NicNeighbourVlan__Output)[];
  /**
   * The longest frame that it takes, in bytes.
   */
  'maxFrame'?: (number);
  /**
   * What it is: "Bridge", "Router".
   */
  'capabilities': (string)[];
  '_maxFrame'?: "maxFrame";
}
