/** Checks that could not be made: counted, and told by their reason. */

import { compareNames } from '../../fleet/names.ts';
import type { NodeReport, NotRun } from './model.ts';

/** Reasons with the checks and nodes that they concern; those that hide most first. */
export function notRunOf(reports: readonly NodeReport[]): NotRun[] {
  const known = new Set(reports.flatMap(({ answer }) => answer.checks.map(({ id }) => id)));
  const reasons = new Map<string, { checks: Set<string>; nodes: Set<string> }>();
  const add = (reason: string, check: string, node: string) => {
    const entry = reasons.get(reason) ?? { checks: new Set(), nodes: new Set() };
    reasons.set(reason, entry);
    entry.checks.add(check);
    entry.nodes.add(node);
  };
  for (const { node, answer } of reports) {
    const left = new Set(known);
    for (const { id, status, reason } of answer.checks) {
      left.delete(id);
      if (status === 'CHECK_STATUS_SKIPPED' || status === 'CHECK_STATUS_UNSPECIFIED')
        add(reason || 'no reason was given', id, node);
    }
    for (const id of left) add(`the agent there (${answer.agentVersion}) does not know them`, id, node);
  }
  return [...reasons]
    .map(([reason, { checks, nodes }]) => ({
      reason,
      checks: [...checks].sort(),
      nodes: [...nodes].sort(compareNames),
    }))
    .sort(
      (a, b) =>
        b.checks.length * b.nodes.length - a.checks.length * a.nodes.length || (a.reason < b.reason ? -1 : 1),
    );
}
