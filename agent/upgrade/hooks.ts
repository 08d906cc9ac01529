/**
 * What the engine leaves to others: whether the node is well after a boot, who guards the deadline when the agent is dead, whose
 * word counts for a confirmation, what is known against a kernel, and how a machine goes down.
 */

import type { OfferedKernel, TroubleFinding } from './preflight-known.ts';

/** What was true of the node before the reboot, as JSON: whoever made it is who reads it. At most 256 KiB of it are kept. */
export type Baseline = object;

/** What the health gate found. */
export interface Verdict {
  readonly healthy: boolean;
  /** What does not hold, a sentence each; empty where all does. */
  readonly failed: readonly string[];
}

/** What is asked of a health gate. */
export interface GateOrder {
  /** What was true before the reboot, or undefined where nobody knows any more: then only the checks count. */
  readonly baseline: Baseline | undefined;
  /** The manifest's `health.checks`, which its schema has looked at. */
  readonly checks: readonly unknown[];
  /** When it has to have been well, in ms since the epoch; it is tried again until then. */
  readonly deadlineMs: number;
  /** Told after each look what does not hold now, a sentence each. */
  readonly tell?: (failed: readonly string[]) => void;
}

/** Tells whether the node is as well as it was. */
export interface HealthGate {
  /** What is true now, to be held against what is true after the reboot. Never waits longer than 30 s. */
  baseline(signal: AbortSignal): Promise<Baseline>;
  /** Waits until everything holds, or the deadline. Never rejects but for an abort: what could not be looked at did not hold. */
  run(order: GateOrder, signal: AbortSignal): Promise<Verdict>;
}

/** Something that reboots the node into the slot before where the new one was not confirmed in time, with the agent dead or alive. */
export interface BootDeadline {
  /**
   * From the next boot on, and over all boots of the new slot, so many seconds are left to confirm. Idempotent.
   * @throws Failure UPGRADE_NOT_GUARDED
   */
  arm(deployId: string, seconds: number): Promise<void>;
  /** Whether it has rebooted the node because a deployment was not confirmed in time and its agent did not see to it. Never throws. */
  expired(deployId: string): boolean;
  /** It is confirmed, or the old slot runs again. Never throws: what fires too late finds nothing to do. */
  disarm(): Promise<void>;
}

/** How far peers see the node. */
export interface Sight {
  /** Different nodes that do. */
  readonly seen: number;
  /** Of every other peer by its address why it does not, a sentence each: "10.0.0.9:7443: it does not answer". */
  readonly unseen: readonly string[];
}

/** Asks peers whether they see the node. */
export interface PeerQuorum {
  /** Resolves when at least `needed` of them do. Rejects for an abort alone. @param told called after each round of questions */
  seen(
    peers: readonly string[],
    needed: number,
    signal: AbortSignal,
    told: (sight: Sight) => void,
  ): Promise<void>;
}

/** Holds an image's kernel and firmware against this node's hardware. */
export interface KnownTroubles {
  /** What is known; empty where nothing is. Rejects for an abort alone. */
  against(image: OfferedKernel, signal: AbortSignal): Promise<readonly TroubleFinding[]>;
}

/** How the machine goes down and how its boots are told apart. */
export interface BootControl {
  /** The id of the running boot: 32 hexadecimal digits. */
  bootId(): string;
  /** Asks for a reboot through the firmware and resolves when it was asked for. @throws Failure UPGRADE_REBOOT_FAILED */
  reboot(): Promise<void>;
  /**
   * The last lines of what the failed boot left, oldest first. Never rejects.
   * @param before the id of the boot in which the slot was armed: its log is none of a failed boot
   * @param sinceMs when the upgrade was started: a crash before it, in ms since the epoch, is none of it
   */
  previousLog(most: number, before: string, sinceMs: number): Promise<readonly string[]>;
}
