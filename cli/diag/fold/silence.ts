/**
 * Causes silence what they explain: of a node's findings, those that another one of the same node causes are not told on
 * their own.
 */

import { into } from './collect.ts';
import { bySeverity, type Finding, type Severity, severityOf, subjectOf } from './model.ts';

/** A finding that is told, with those that it causes, directly or by way of others. */
export interface Cause {
  readonly finding: Finding;
  /** Its own or the worst of what it causes: a mild cause must not hide a critical effect. */
  readonly severity: Severity;
  readonly effects: readonly Finding[];
}

/** The findings of one node that nothing else explains, each with what it causes. */
export function causesOf(findings: readonly Finding[]): Cause[] {
  const order = [...findings].sort(
    (a, b) => bySeverity(severityOf(a), severityOf(b)) || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
  const effects = effectsAmong(order);
  const caused = new Set([...effects.values()].flat());
  const left = new Set(order);
  const causes: Cause[] = [];
  const take = (finding: Finding) => {
    left.delete(finding);
    const all = reach(finding, effects, left);
    const severity = [finding, ...all].map(severityOf).sort(bySeverity)[0] ?? 'warning';
    causes.push({ finding, severity, effects: all });
  };
  for (const finding of order) if (!caused.has(finding)) take(finding);
  // What is left explains itself in a circle: the first of each circle is told.
  for (const finding of order) if (left.has(finding)) take(finding);
  return causes;
}

/** Findings by id, kind of subject and subject: a node with hundreds of interfaces has hundreds of the same. */
type Index = Map<string, Map<string, Map<string, Finding[]>>>;

/** For each finding, those that it names as its effects and that are there. */
function effectsAmong(findings: readonly Finding[]): Map<Finding, Finding[]> {
  const index: Index = new Map();
  for (const finding of findings) {
    const { kind, name } = subjectOf(finding);
    const kinds = index.get(finding.id) ?? new Map<string, Map<string, Finding[]>>();
    index.set(finding.id, kinds);
    const names = kinds.get(kind) ?? new Map<string, Finding[]>();
    kinds.set(kind, names);
    into(names, name, finding);
  }
  const effects = new Map<Finding, Finding[]>();
  for (const cause of findings) {
    const ids = new Set(
      cause.explains.flatMap((pattern) =>
        pattern.endsWith('*')
          ? [...index.keys()].filter((id) => id.startsWith(pattern.slice(0, -1)))
          : [pattern],
      ),
    );
    const found = [...ids].flatMap((id) => concerned(cause, index.get(id))).filter((one) => one !== cause);
    if (found.length > 0) effects.set(cause, found);
  }
  return effects;
}

/** Those that a cause can concern: trouble with one interface explains none with another one. */
function concerned(
  cause: Finding,
  kinds: ReadonlyMap<string, ReadonlyMap<string, Finding[]>> = new Map(),
): Finding[] {
  const from = subjectOf(cause);
  return [...kinds].flatMap(([kind, names]) =>
    kind !== from.kind || from.name === ''
      ? [...names.values()].flat()
      : [...(names.get(from.name) ?? []), ...(names.get('') ?? [])],
  );
}

/** All that follows from a finding and was not told of yet; it is taken out of `left`. */
function reach(from: Finding, effects: ReadonlyMap<Finding, readonly Finding[]>, left: Set<Finding>) {
  const found: Finding[] = [];
  const next = [from];
  for (let one = next.pop(); one; one = next.pop())
    for (const effect of effects.get(one) ?? [])
      if (left.delete(effect)) {
        found.push(effect);
        next.push(effect);
      }
  return found;
}
