// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicRings as _nodectl_v1_NicRings, NicRings__Output as _nodectl_v1_NicRings__Output } from '../../nodectl/v1/NicRings.ts';
import type { NicChannels as _nodectl_v1_NicChannels, NicChannels__Output as _nodectl_v1_NicChannels__Output } from '../../nodectl/v1/NicChannels.ts';
import type { NicFeature as _nodectl_v1_NicFeature, NicFeature__Output as _nodectl_v1_NicFeature__Output } from '../../nodectl/v1/NicFeature.ts';
import type { NicPause as _nodectl_v1_NicPause, NicPause__Output as _nodectl_v1_NicPause__Output } from '../../nodectl/v1/NicPause.ts';
import type { NicModule as _nodectl_v1_NicModule, NicModule__Output as _nodectl_v1_NicModule__Output } from '../../nodectl/v1/NicModule.ts';
import type { NicTimestamping as _nodectl_v1_NicTimestamping, NicTimestamping__Output as _nodectl_v1_NicTimestamping__Output } from '../../nodectl/v1/NicTimestamping.ts';
import type { NicCounter as _nodectl_v1_NicCounter, NicCounter__Output as _nodectl_v1_NicCounter__Output } from '../../nodectl/v1/NicCounter.ts';
import type { NicQueue as _nodectl_v1_NicQueue, NicQueue__Output as _nodectl_v1_NicQueue__Output } from '../../nodectl/v1/NicQueue.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Everything else about an interface.
 */
export interface NicDetails {
  /**
   * The rings. Not set where the device does not tell.
   */
  'rings'?: (_nodectl_v1_NicRings | null);
  /**
   * The channels. Not set where the device does not tell.
   */
  'channels'?: (_nodectl_v1_NicChannels | null);
  /**
   * Offloads.
   */
  'features'?: (_nodectl_v1_NicFeature)[];
  /**
   * Flow control. Not set where the device does not tell.
   */
  'pause'?: (_nodectl_v1_NicPause | null);
  /**
   * Interrupt moderation by ethtool's names.
   */
  'coalesce'?: ({[key: string]: string});
  /**
   * The driver's own switches.
   */
  'privateFlags'?: ({[key: string]: boolean});
  /**
   * Forward error correction that is in force.
   */
  'fecActive'?: (string)[];
  /**
   * Forward error correction that is set.
   */
  'fecConfigured'?: (string)[];
  /**
   * "active", "enabled", "disabled", "not supported", or empty where that is not known.
   */
  'eee'?: (string);
  /**
   * The pluggable module. Not set where there is none.
   */
  'module'?: (_nodectl_v1_NicModule | null);
  /**
   * Time stamping. Not set where the device does not tell.
   */
  'timestamping'?: (_nodectl_v1_NicTimestamping | null);
  /**
   * The driver's counters that are not zero.
   */
  'counters'?: (_nodectl_v1_NicCounter)[];
  /**
   * How many counters the driver has.
   */
  'counterCount'?: (number);
  /**
   * Its interrupts by processor.
   */
  'interrupts'?: ({[key: number]: number | string | Long});
  /**
   * The queue in front of the device: what it dropped. Not set where that is not known.
   */
  'queue'?: (_nodectl_v1_NicQueue | null);
}

/**
 * Everything else about an interface.
 */
export interface NicDetails__Output {
  /**
   * The rings. Not set where the device does not tell.
   */
  'rings': (_nodectl_v1_NicRings__Output | null);
  /**
   * The channels. Not set where the device does not tell.
   */
  'channels': (_nodectl_v1_NicChannels__Output | null);
  /**
   * Offloads.
   */
  'features': (_nodectl_v1_NicFeature__Output)[];
  /**
   * Flow control. Not set where the device does not tell.
   */
  'pause': (_nodectl_v1_NicPause__Output | null);
  /**
   * Interrupt moderation by ethtool's names.
   */
  'coalesce': ({[key: string]: string});
  /**
   * The driver's own switches.
   */
  'privateFlags': ({[key: string]: boolean});
  /**
   * Forward error correction that is in force.
   */
  'fecActive': (string)[];
  /**
   * Forward error correction that is set.
   */
  'fecConfigured': (string)[];
  /**
   * "active", "enabled", "disabled", "not supported", or empty where that is not known.
   */
  'eee': (string);
  /**
   * The pluggable module. Not set where there is none.
   */
  'module': (_nodectl_v1_NicModule__Output | null);
  /**
   * Time stamping. Not set where the device does not tell.
   */
  'timestamping': (_nodectl_v1_NicTimestamping__Output | null);
  /**
   * The driver's counters that are not zero.
   */
  'counters': (_nodectl_v1_NicCounter__Output)[];
  /**
   * How many counters the driver has.
   */
  'counterCount': (number);
  /**
   * Its interrupts by processor.
   */
  'interrupts': ({[key: number]: number});
  /**
   * The queue in front of the device: what it dropped. Not set where that is not known.
   */
  'queue': (_nodectl_v1_NicQueue__Output | null);
}
