/** An upgrade as it is kept and shown: its states, what it is about, and how far it is. */

import type { Role } from '../../proto/image/manifest.ts';
import type { SlotName } from './boot/backend.ts';
import type { Baseline } from './hooks.ts';

/** The states of an upgrade in their order; the last four end it. */
export const STATES = [
  'planned',
  'transferring',
  'verifying',
  'installing',
  'armed',
  'rebooting',
  'testing',
  'confirmed',
  'fell-back',
  'failed',
  'aborted',
] as const;

/** A state of an upgrade. */
export type UpgradeState = (typeof STATES)[number];

/** A state that ends an upgrade. */
export type EndState = 'confirmed' | 'fell-back' | 'failed' | 'aborted';

/** Whether an upgrade in this state has ended. */
export function hasEnded(state: UpgradeState): state is EndState {
  return STATES.indexOf(state) >= STATES.indexOf('confirmed');
}

/** Whether an upgrade in this state still takes its image. */
export function isReceiving(state: UpgradeState): boolean {
  return state === 'planned' || state === 'transferring';
}

/** Who confirms an upgrade. */
export type Confirmation = 'automatic' | 'manual' | 'quorum';

/** How an upgrade is done. */
export interface UpgradeOptions {
  readonly confirmation: Confirmation;
  /** Seconds from the boot of the new slot within which it must be confirmed. */
  readonly deadlineSeconds: number;
  /** How often the new slot is tried. */
  readonly tries: number;
  /** Whether an older image is taken. */
  readonly allowDowngrade: boolean;
  /** Ids of known troubles that are accepted. */
  readonly acceptTroubles: readonly string[];
  /** Whether it stops when it is armed. */
  readonly noReboot: boolean;
  /** Whether the image is written even where it runs already. */
  readonly reinstall: boolean;
  readonly message: string;
  readonly peers: readonly string[];
  /** How many of the peers have to see the node; 0 for more than half. */
  readonly quorum: number;
}

/** What an image is called, and what names its parts. */
export interface ImageName {
  readonly name: string;
  readonly version: string;
  readonly serial: number;
  /** SHA-256 of the root image in hexadecimal, and its size in bytes. */
  readonly rootSha256: string;
  readonly rootSize: number;
}

/** A place in an image: everything before it is there. */
export interface Position {
  readonly role: Role;
  /** Bytes from the part's beginning. */
  readonly offset: number;
}

/** How far the transfer is, in bytes since the upgrade was started. */
export interface Counters {
  /** Received as operations or index. */
  readonly wire: number;
  /** Written to the slot, or found there as it should be. */
  readonly written: number;
  /** Of the written: copied from what the node had. */
  readonly reused: number;
}

/** Where nothing was received yet. */
export const NO_COUNTERS: Counters = { wire: 0, written: 0, reused: 0 };

/** Bytes before a durable position, by which the slot is held against the journal after the agent was gone. */
export interface Window {
  readonly role: Role;
  readonly offset: number;
  readonly length: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** What a slot was armed as. */
export interface Deployed {
  readonly deployId: string;
  /** Counts the deployments of the node; not the image's serial number. */
  readonly serial: number;
}

/** An upgrade. Everything of it is on disk before it counts. */
export interface Upgrade {
  readonly id: string;
  readonly state: UpgradeState;
  /** The identity URI of who started it. */
  readonly author: string;
  /** ms since the epoch on the node's clock; `endedMs` is 0 while it runs. */
  readonly startedMs: number;
  readonly changedMs: number;
  readonly endedMs: number;
  readonly rollback: boolean;
  readonly image: ImageName;
  /** SHA-256 of the manifest's bytes in hexadecimal; empty for a rollback. */
  readonly manifestSha256: string;
  readonly target: SlotName;
  readonly from: { readonly slot: SlotName; readonly version: string; readonly serial: number };
  readonly options: UpgradeOptions;
  /** Everything before it is on the disk. */
  readonly durable: Position;
  /** Newest last. */
  readonly windows: readonly Window[];
  readonly counters: Counters;
  /** What the slot of a rollback was deployed as before; only where it was good, and an abort makes it that again. */
  readonly before?: Deployed;
  /** Set before the slot is armed. */
  readonly deployed?: Deployed;
  /** The boot in which it was armed. */
  readonly armedBoot?: string;
  /** How often a reboot was asked for in one boot. */
  readonly reboots: number;
  readonly baseline?: Baseline;
  /** Until when it must be confirmed; 0 before the boot of the new slot. */
  readonly deadlineMs: number;
  /** Whether the health gate was passed and somebody's word is waited for. */
  readonly healthy: boolean;
  /** Why it ended, or will: a reason code and a sentence; empty where it went well. */
  readonly reason: string;
  readonly why: string;
  /** The tail of the failed boot's log, oldest first. */
  readonly bootLog: readonly string[];
  /** Health checks that did not hold, a sentence each. */
  readonly failedChecks: readonly string[];
}

/** Whether an upgrade goes on only when an operator says so: it is armed and may not restart the node, or is well and to be confirmed. */
export function needsOperator({ state, options, healthy }: Upgrade): boolean {
  if (state === 'armed') return options.noReboot;
  return state === 'testing' && options.confirmation === 'manual' && healthy;
}
