/**
 * Causes silence what they explain: of a node's findings, those that another one of the same node causes are not told on
 * their own.
 */

import { into } from './collect.ts';
import { bySeverity, type Finding, type Severity, severityOf, subjectOf } from './model.ts';

/** What may cause something else. */
export type Explaining = Pick<Finding, 'id' | 'severity' | 'subject' | 'explains'>;

/** A finding that is told, with those that it causes, directly or by way of others. */
export interface Cause<F extends Explaining = Finding> {
  readonly finding: F;
  /** Its own or the worst of what it causes: a mild cause must not hide a critical effect. */
  readonly severity: Severity;
  readonly effects: readonly F[];
}

/** The findings of one node that nothing else explains, each with what it causes. */
export function causesOf<F extends Explaining>(findings: readonly F[]): Cause<F>[] {
  const order = [...findings].sort(
    (a, b) => bySeverity(severityOf(a), severityOf(b)) || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
  const effects = effectsAmong(order);
  const caused = new Set([...effects.values()].flat());
  const left = new Set(order);
  const causes: Cause<F>[] = [];
  const take = (finding: F) => {
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
type Index<F> = Map<string, Map<string, Map<string, F[]>>>;

/** For each finding, those that it names as its effects and that are there. */
function effectsAmong<F extends Explaining>(findings: readonly F[]): Map<F, F[]> {
  const index: Index<F> = new Map();
  for (const finding of findings) {
    const { kind, name } = subjectOf(finding);
    const kinds = index.get(finding.id) ?? new Map<string, Map<string, F[]>>();
    index.set(finding.id, kinds);
    const names = kinds.get(kind) ?? new Map<string, F[]>();
    kinds.set(kind, names);
    into(names, name, finding);
  }
  const effects = new Map<F, F[]>();
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

/** A disk's name, or that of a partition of it; of an NVMe disk the controller, a namespace or a partition. */
const DISK =
  /^(?:\/dev\/)?(?:([shv]d[a-z]{1,4}|xvd[a-z]{1,4})\d{0,3}|(nvme\d{1,4}|mmcblk\d{1,4})(?:[np]\d{1,4}){0,2})$/;

/** The disk that a finding's subject is or lies on; undefined where the subject does not tell. */
function diskOf(of: Pick<Finding, 'subject'>): string | undefined {
  const { kind, name, attributes } = subjectOf(of);
  if (kind !== 'disk' && kind !== 'filesystem') return undefined;
  for (const word of [name, attributes.source ?? '']) {
    const match = DISK.exec(word);
    if (match) return match[1] ?? match[2];
  }
  return undefined;
}

/** Those that a cause can concern: trouble with one interface explains none with another one, one disk none of what is on another. */
function concerned<F extends Explaining>(
  cause: F,
  kinds: ReadonlyMap<string, ReadonlyMap<string, F[]>> = new Map(),
): F[] {
  const from = subjectOf(cause);
  const disk = diskOf(cause);
  const isElsewhere = (one: F) => disk !== undefined && (diskOf(one) ?? disk) !== disk;
  return [...kinds].flatMap(([kind, names]) =>
    kind !== from.kind || from.name === ''
      ? [...names.values()].flat().filter((one) => !isElsewhere(one))
      : [...(names.get(from.name) ?? []), ...(names.get('') ?? [])],
  );
}

/** All that follows from a finding and was not told of yet; it is taken out of `left`. */
function reach<F>(from: F, effects: ReadonlyMap<F, readonly F[]>, left: Set<F>) {
  const found: F[] = [];
  const next = [from];
  for (let one = next.pop(); one; one = next.pop())
    for (const effect of effects.get(one) ?? [])
      if (left.delete(effect)) {
        found.push(effect);
        next.push(effect);
      }
  return found;
}
