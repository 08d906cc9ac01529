/** What a run of checks gives: findings, how every check ended, what could not be read, and what this machine is. */

import type { Problem } from './fact.ts';
import type { Finding } from './finding.ts';

/** How a check ended. Only "ok" means that all is well. */
export type CheckStatus = 'ok' | 'findings' | 'skipped' | 'not-applicable';

/** The result of one check. */
export interface CheckResult {
  readonly id: string;
  readonly status: CheckStatus;
  /** Why it was skipped or does not apply; else empty. */
  readonly reason: string;
}

/**
 * What the machine is, in values by which sick nodes may differ from healthy ones. Traits of the node have a plain name
 * ("kernel", "os", "model", "bios", "image"); those of a kind of subject name it first ("nic.driver", "nic.firmware",
 * "nic.switch", "disk.model"). A name may be there several times.
 */
export interface Trait {
  readonly name: string;
  readonly value: string;
}

/** The report of a run. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckResult[];
  readonly problems: readonly Problem[];
  readonly traits: readonly Trait[];
}
