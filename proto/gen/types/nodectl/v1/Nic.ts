// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicDevice as _nodectl_v1_NicDevice, NicDevice__Output as _nodectl_v1_NicDevice__Output } from '../../nodectl/v1/NicDevice.ts';
import type { NicLink as _nodectl_v1_NicLink, NicLink__Output as _nodectl_v1_NicLink__Output } from '../../nodectl/v1/NicLink.ts';
import type { NicCounter as _nodectl_v1_NicCounter, NicCounter__Output as _nodectl_v1_NicCounter__Output } from '../../nodectl/v1/NicCounter.ts';
import type { NicNeighbour as _nodectl_v1_NicNeighbour, NicNeighbour__Output as _nodectl_v1_NicNeighbour__Output } from '../../nodectl/v1/NicNeighbour.ts';
import type { NicBond as _nodectl_v1_NicBond, NicBond__Output as _nodectl_v1_NicBond__Output } from '../../nodectl/v1/NicBond.ts';
import type { NicVlan as _nodectl_v1_NicVlan, NicVlan__Output as _nodectl_v1_NicVlan__Output } from '../../nodectl/v1/NicVlan.ts';
import type { NicQuantity as _nodectl_v1_NicQuantity, NicQuantity__Output as _nodectl_v1_NicQuantity__Output } from '../../nodectl/v1/NicQuantity.ts';
import type { NicDetails as _nodectl_v1_NicDetails, NicDetails__Output as _nodectl_v1_NicDetails__Output } from '../../nodectl/v1/NicDetails.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An interface.
 */
export interface Nic {
  /**
   * As the kernel calls it.
   */
  'name'?: (string);
  /**
   * "physical", "vf", "bond", "bridge", "vlan", "veth", "loopback" and others.
   */
  'kind'?: (string);
  /**
   * "up", "no-carrier", "off", or the kernel's operstate where that says more.
   */
  'state'?: (string);
  /**
   * Its index, or 0 where that is not known.
   */
  'index'?: (number);
  /**
   * The longest packet in bytes, or 0 where that is not known.
   */
  'mtu'?: (number);
  /**
   * Its MAC address, or empty.
   */
  'address'?: (string);
  /**
   * The bond, bridge or other interface that it is part of, or empty.
   */
  'master'?: (string);
  /**
   * Interfaces that it stands on.
   */
  'lower'?: (string)[];
  /**
   * How often the carrier came or went since it appeared.
   */
  'carrierChanges'?: (number | string | Long);
  /**
   * Packets that wait in its queue at most.
   */
  'queueLength'?: (number);
  /**
   * Its device. Not set for virtual interfaces.
   */
  'device'?: (_nodectl_v1_NicDevice | null);
  /**
   * Its link.
   */
  'link'?: (_nodectl_v1_NicLink | null);
  /**
   * The kernel's counters by the names of /sys/class/net/IFACE/statistics.
   */
  'statistics'?: (_nodectl_v1_NicCounter)[];
  /**
   * The switch behind the cable, and whoever else was heard.
   */
  'neighbours'?: (_nodectl_v1_NicNeighbour)[];
  /**
   * The bond that it is. Not set for others.
   */
  'bond'?: (_nodectl_v1_NicBond | null);
  /**
   * The VLAN that it is. Not set for others.
   */
  'vlan'?: (_nodectl_v1_NicVlan | null);
  /**
   * What the driver counts, as quantities that all drivers have in common. Those that are zero are left out.
   */
  'quantities'?: (_nodectl_v1_NicQuantity)[];
  /**
   * What was asked for with details. Else not set.
   */
  'details'?: (_nodectl_v1_NicDetails | null);
  '_carrierChanges'?: "carrierChanges";
  '_queueLength'?: "queueLength";
}

/**
 * An interface.
 */
export interface Nic__Output {
  /**
   * As the kernel calls it.
   */
  'name': (string);
  /**
   * "physical", "vf", "bond", "bridge", "vlan", "veth", "loopback" and others.
   */
  'kind': (string);
  /**
   * "up", "no-carrier", "off", or the kernel's operstate where that says more.
   */
  'state': (string);
  /**
   * Its index, or 0 where that is not known.
   */
  'index': (number);
  /**
   * The longest packet in bytes, or 0 where that is not known.
   */
  'mtu': (number);
  /**
   * Its MAC address, or empty.
   */
  'address': (string);
  /**
   * The bond, bridge or other interface that it is part of, or empty.
   */
  'master': (string);
  /**
   * Interfaces that it stands on.
   */
  'lower': (string)[];
  /**
   * How often the carrier came or went since it appeared.
   */
  'carrierChanges'?: (number);
  /**
   * Packets that wait in its queue at most.
   */
  'queueLength'?: (number);
  /**
   * Its device. Not set for virtual interfaces.
   */
  'device': (_nodectl_v1_NicDevice__Output | null);
  /**
   * Its link.
   */
  'link': (_nodectl_v1_NicLink__Output | null);
  /**
   * The kernel's counters by the names of /sys/class/net/IFACE/statistics.
   */
  'statistics': (_nodectl_v1_NicCounter__Output)[];
  /**
   * The switch behind the cable, and whoever else was heard.
   */
  'neighbours': (_nodectl_v1_NicNeighbour__Output)[];
  /**
   * The bond that it is. Not set for others.
   */
  'bond': (_nodectl_v1_NicBond__Output | null);
  /**
   * The VLAN that it is. Not set for others.
   */
  'vlan': (_nodectl_v1_NicVlan__Output | null);
  /**
   * What the driver counts, as quantities that all drivers have in common. Those that are zero are left out.
   */
  'quantities': (_nodectl_v1_NicQuantity__Output)[];
  /**
   * What was asked for with details. Else not set.
   */
  'details': (_nodectl_v1_NicDetails__Output | null);
  '_carrierChanges'?: "carrierChanges";
  '_queueLength'?: "queueLength";
}
