/**
 * Facts: what is read of a machine, once for all checks of a run. A fact is an object that says what it reads and how long it
 * may take; checks name the facts that they need, and the run (diagnose.ts) reads each of them once.
 */

import type { HistoryView } from '../history/view.ts';
import type { Machine } from '../host/machine.ts';
import { Unavailable, type UnavailableKind } from '../host/unavailable.ts';

/** Part of a fact that could not be read, while the rest could: told with the report, never silently left out. */
export interface Problem {
  /** What was tried: "ethtool -m eth0". */
  readonly what: string;
  readonly kind: UnavailableKind;
  /** Why it failed, in one sentence without a full stop. */
  readonly why: string;
}

/** What a fact is read with. */
export interface Reading {
  readonly machine: Machine;
  /** Aborted when the fact's time is over. */
  readonly signal: AbortSignal;
  /** What was sampled before now; empty on a machine that keeps no history. */
  readonly history: HistoryView;
  /** Another fact, read once however many ask. @throws Unavailable */
  get<T>(fact: Fact<T>): Promise<T>;
  /** Tells that a part could not be read. */
  problem(problem: Problem): void;
  /** Does a part; where it is unavailable, tells so and gives undefined. */
  part<T>(what: string, read: () => T | Promise<T>): Promise<T | undefined>;
}

/** A fact of a machine. */
export interface Fact<T> {
  /** "nic", "clock.chrony": unique. */
  readonly id: string;
  /** Files and commands that it reads, for `--explain`: "/proc/net/dev", "chronyc -c tracking". */
  readonly reads: readonly string[];
  /** Milliseconds after which it is given up. */
  readonly limitMs: number;
  /** It waits for a program or a device, most of its time: a run begins it before what the kernel answers from memory. */
  readonly waits?: boolean;
  /** @throws Unavailable where it cannot be read at all */
  readonly read: (reading: Reading) => T | Promise<T>;
}

/** A fact, with its type inferred. */
export function fact<T>(spec: Fact<T>): Fact<T> {
  return spec;
}

/** What was thrown, as an Unavailable; a defect of ours is one of the kind "nonsense" with its message. */
export function unavailable(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Unavailable('nonsense', `it could not be understood: ${message}`, error);
}
