/** What changed between two looks at a fleet: findings that are new and findings that are gone, nodes that went and came. */

import { type Finding, type NodeReport, type Severity, subjectOf } from './fold/model.ts';
import { causesOf } from './fold/silence.ts';

/** A change. */
export interface Change {
  readonly change: 'new' | 'gone' | 'silent' | 'back';
  readonly node: string;
  /** Of a finding; undefined where the node itself stopped or began to answer. */
  readonly finding?: {
    readonly id: string;
    readonly severity: Severity;
    readonly title: string;
    readonly subject: string;
  };
}

interface Known {
  readonly check: string;
  readonly finding: NonNullable<Change['finding']>;
}

/** Remembers what was seen last of each node, and tells what is different now. */
export class ChangeLog {
  readonly #known = new Map<string, Map<string, Known>>();
  readonly #silent = new Set<string>();

  /** Takes a new look and gives the changes, node by node. What could not be looked at this time stays as it was. */
  take(reports: readonly NodeReport[], failed: readonly string[]): Change[] {
    const changes: Change[] = [];
    for (const node of failed)
      if (!this.#silent.has(node)) {
        this.#silent.add(node);
        changes.push({ change: 'silent', node });
      }
    for (const { node, answer } of reports) {
      if (this.#silent.delete(node)) changes.push({ change: 'back', node });
      const looked = new Set(
        answer.checks.filter(({ status }) => status !== 'CHECK_STATUS_SKIPPED').map(({ id }) => id),
      );
      const before = this.#known.get(node) ?? new Map<string, Known>();
      const now = new Map(causesOf(answer.findings).map(({ finding, severity }) => known(finding, severity)));
      for (const [key, { check, finding }] of before) {
        if (now.has(key)) continue;
        if (looked.has(check)) changes.push({ change: 'gone', node, finding });
        else now.set(key, { check, finding });
      }
      for (const [key, { finding }] of now)
        if (!before.has(key)) changes.push({ change: 'new', node, finding });
      this.#known.set(node, now);
    }
    return changes;
  }
}

function known(finding: Finding, severity: Severity): [key: string, known: Known] {
  const { kind, name } = subjectOf(finding);
  const { id, check, title } = finding;
  return [
    JSON.stringify([id, severity, kind, name, title]),
    { check, finding: { id, severity, title, subject: name } },
  ];
}
