/** What a probe of the network told, as one row of it. */

import type { Certainty, Severity } from '../finding.ts';

/** Something that a probe told. */
export interface Seen {
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly title: string;
  /** The host that was asked. */
  readonly name: string;
  readonly evidence: string;
}

/** What a row tells, cut to a length that can be shown. */
export function seen(
  severity: Severity,
  title: string,
  name: string,
  evidence: string,
  certainty: Certainty = 'likely',
): Seen {
  return { severity, certainty, title, name, evidence: evidence.trim().slice(0, 300) };
}
