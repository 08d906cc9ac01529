/**
 * What is told of a log: the groups that nothing else of the same machine explains, each with what it causes, and the same trouble
 * of several machines, in the log of a collector, at once.
 */

import { bySeverity, type Severity } from '../../../diag/fold/model.ts';
import { causesOf } from '../../../diag/fold/silence.ts';

/** What a signature says of itself. */
interface Signature {
  readonly id: string;
  readonly family: string;
  readonly severity: Severity;
  readonly title: string;
  readonly about: string;
  readonly remedy: { readonly text: string; readonly risk: string };
  readonly links: readonly string[];
  readonly device: string;
  readonly explains: readonly string[];
}

/** Where and when a line was, as far as the log says it. */
export interface Moment {
  readonly line: number;
  readonly timeMs: number | undefined;
  readonly uptime: number | undefined;
}

/** All lines of one signature, device and host. */
export interface Group {
  readonly signature: Signature;
  readonly device: string | undefined;
  readonly host: string | undefined;
  readonly count: number;
  readonly first: Moment;
  readonly last: Moment;
  readonly newest: readonly string[];
  readonly perHour: number | undefined;
}

/** A line that was recognised. */
export interface Hit extends Moment {
  readonly signature: Signature;
  readonly device: string | undefined;
  readonly host: string | undefined;
  readonly text: string;
}

/** A trouble that is told on its own, and what it causes. */
export interface Told {
  readonly group: Group;
  readonly severity: Severity;
  readonly effects: readonly Group[];
  /** The machines that have it, sorted; none where the log names at most one. */
  readonly hosts: readonly string[];
}

const PROTO = { critical: 'SEVERITY_CRITICAL', warning: 'SEVERITY_WARNING', info: 'SEVERITY_INFO' } as const;

/** The machines that a log names, sorted. */
export function hostsOf(groups: readonly Group[]): string[] {
  return [...new Set(groups.flatMap(({ host }) => host ?? []))].sort();
}

/** The troubles of a log, the worst first. */
export function toldOf(groups: readonly Group[]): Told[] {
  const several = hostsOf(groups).length > 1;
  const told = new Map<string, Told>();
  for (const own of Map.groupBy(groups, ({ host }) => host).values())
    for (const one of causesIn(own)) {
      const { group, severity } = one;
      const key = `${severity}\0${keyOf(group)}`;
      const hosts = several && group.host !== undefined ? [group.host] : [];
      told.set(key, together({ ...one, hosts }, told.get(key)));
    }
  return [...told.values()].sort(
    (a, b) => bySeverity(a.severity, b.severity) || a.group.first.line - b.group.first.line,
  );
}

function keyOf({ signature, device }: Group): string {
  return `${signature.id}\0${device ?? ''}`;
}

/** The groups of one machine that nothing else explains. */
function causesIn(groups: readonly Group[]): Omit<Told, 'hosts'>[] {
  const findings = groups.map((group) => {
    const { id, severity, device: kind, explains } = group.signature;
    const name = kind === 'node' ? '' : wholeOf(group.device ?? '');
    return {
      group,
      ...{ id, severity: PROTO[severity], explains: [...explains] },
      subject: { kind, name, hardware: '', attributes: {} },
    };
  });
  return causesOf(findings).map(({ finding, severity, effects }) => ({
    ...{ group: finding.group, severity },
    effects: effects.map(({ group }) => group),
  }));
}

/** The disk that a partition is of, and the controller that a namespace of NVMe is of: what one has, the other has too. */
function wholeOf(device: string): string {
  return /^(nvme\d+)n\d+/.exec(device)?.[1] ?? /^(sd[a-z]+)\d+$/.exec(device)?.[1] ?? device;
}

/** The same trouble of two machines. */
function together(one: Told, other: Told | undefined): Told {
  if (!other) return one;
  const effects = new Map<string, Group>();
  for (const effect of [...other.effects, ...one.effects]) {
    const key = keyOf(effect);
    effects.set(key, sum(effect, effects.get(key)));
  }
  return {
    ...{ severity: one.severity, group: sum(one.group, other.group) },
    effects: [...effects.values()],
    hosts: [...one.hosts, ...other.hosts].sort(),
  };
}

/** Two groups as one; how often an hour is said of single machines only. */
function sum(one: Group, other: Group | undefined): Group {
  if (!other) return one;
  const [earlier, later] = one.first.line < other.first.line ? [one, other] : [other, one];
  const newer = one.last.line > other.last.line ? one : other;
  return {
    ...later,
    ...{ host: undefined, count: one.count + other.count, perHour: undefined },
    ...{ first: earlier.first, last: newer.last, newest: newer.newest },
  };
}
