/** Checks: small declarations of what to look for, in which facts, from which threshold on, and where that comes from. */

import type { Fact } from './fact.ts';
import type { FindingDraft } from './finding.ts';

/** The areas of `nodectl diag AREA`. */
export const AREAS = ['kernel', 'clock', 'nic', 'disk', 'memory', 'system'] as const;
/** An area. */
export type Area = (typeof AREAS)[number];

/** A bound that a site may move in the agent's configuration. */
export interface Threshold {
  readonly value: number;
  /** "s", "%", "1/h", "°C", "" for a count. */
  readonly unit: string;
  /** Who publishes it: "node-mixin NodeClockSkewDetected", with a link where there is one; or why we chose it. */
  readonly source: string;
}

/** Facts by the names that a check gives them. */
export type Needs = Readonly<Record<string, Fact<unknown>>>;
/** Values of facts. */
export type FactsOf<N extends Needs> = { readonly [K in keyof N]: N[K] extends Fact<infer T> ? T : never };
/** Values of facts of which each may be missing. */
export type MaybeFactsOf<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends Fact<infer T> ? T | undefined : never;
};
/** Thresholds by name. */
export type Thresholds = Readonly<Record<string, Threshold>>;

/** The check has nothing to look at on this machine: no such device, another time service. */
export class NotApplicable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The check could not be made although it should have been. It is never counted as "ok". */
export class Skipped {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What comes of a check: findings (none: all is well), or why there can be none. */
export type Outcome = readonly FindingDraft[] | NotApplicable | Skipped;

/** How a check is declared. */
export interface CheckSpec<N extends Needs, W extends Needs, T extends Thresholds> {
  /** "area.trouble" in kebab case: "nic.crc-errors". Never renamed. */
  readonly id: string;
  readonly area: Area;
  /** What it looks for, in one line: "Receive errors of a NIC". */
  readonly title: string;
  /** Why it matters and how it is judged, in a few sentences, for `--explain`. */
  readonly about: string;
  /** Facts without which the check is skipped. */
  readonly needs: N;
  /** Facts that it uses where they are there. */
  readonly wants?: W;
  readonly thresholds?: T;
  readonly links?: readonly string[];
  /** It runs only where it is named (--check ID): it costs something, such as writing to a disk. */
  readonly onRequest?: boolean;
  readonly evaluate: (
    facts: FactsOf<N> & MaybeFactsOf<W>,
    thresholds: { readonly [K in keyof T]: number },
  ) => Outcome;
}

/** A check as the run sees it. */
export interface Check {
  readonly id: string;
  readonly area: Area;
  readonly title: string;
  readonly about: string;
  readonly needs: Needs;
  readonly wants: Needs;
  readonly thresholds: Thresholds;
  readonly links: readonly string[];
  readonly onRequest: boolean;
  readonly evaluate: (
    facts: Readonly<Record<string, unknown>>,
    thresholds: Readonly<Record<string, number>>,
  ) => Outcome;
}

// biome-ignore lint/complexity/noBannedTypes: the empty records of facts and of thresholds, where a check names none
type None = {};

/** Declares a check. */
export function check<const N extends Needs, const W extends Needs = None, const T extends Thresholds = None>(
  spec: CheckSpec<N, W, T>,
): Check {
  return {
    ...spec,
    wants: spec.wants ?? {},
    thresholds: spec.thresholds ?? {},
    links: spec.links ?? [],
    onRequest: spec.onRequest ?? false,
    evaluate: spec.evaluate as unknown as Check['evaluate'],
  };
}
