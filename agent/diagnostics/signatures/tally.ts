/**
 * What was recognised in a log, folded: one group for each signature and device (and machine, where asked), with how often, first and last time, and its
 * newest lines. However long the log is, what is kept is bounded; that something was found is never left out.
 */

import { fullNames } from './host-names.ts';
import type { Hit } from './line-scanner.ts';
import { ownDevice, type Signature } from './signature.ts';

/** When something was logged: the line's number always, times as far as the log has them. */
export interface Moment {
  readonly line: number;
  /** ms since the epoch */
  readonly timeMs: number | undefined;
  /** Seconds since boot. */
  readonly uptime: number | undefined;
}

/** All lines of one signature and device. */
export interface Group {
  readonly signature: Signature;
  readonly device: string | undefined;
  /** The machine whose lines they are, where hosts are told apart and the log names it. */
  readonly host: string | undefined;
  readonly driver: string | undefined;
  readonly bus: string | undefined;
  readonly count: number;
  readonly first: Moment;
  readonly last: Moment;
  /** The newest messages, oldest first, at most three. */
  readonly newest: readonly string[];
  /** When the newest were logged, oldest first, at most 32. */
  readonly recent: readonly Moment[];
  /** How often a hour, between the first and the last; undefined below two, and where the log has no times. */
  readonly perHour: number | undefined;
}

interface Counting {
  signature: Signature;
  device: string | undefined;
  host: string | undefined;
  driver: string | undefined;
  bus: string | undefined;
  count: number;
  first: Moment;
  last: Moment;
  newest: string[];
  recent: Moment[];
}

/** Groups that are kept; what finds no place any more has one group for each signature, whatever the device and machine. */
const MAX_GROUPS = 2_000;
const NEWEST = 3;
const RECENT = 32;
const MAX_SHOWN = 400;
const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** Folds hits. */
export class Tally {
  /** Hits that found no group of their device and machine any more. */
  overflow = 0;
  readonly #groups = new Map<string, Counting>();
  /** Of what found no place among those, by signature. */
  readonly #others = new Map<string, Counting>();
  readonly #hosts: boolean;
  /** Whose lines the ones that name no host are: they stand among that one's. */
  #host: string | undefined;

  /** @param hosts whether the log may be of several machines, which are told apart; a log of one is one, whatever its name was */
  constructor({ hosts = false } = {}) {
    this.#hosts = hosts;
  }

  /** Takes a hit. */
  add(hit: Hit): void {
    const { signature, device, driver, bus, line, timeMs, uptime, times } = hit;
    if (this.#hosts && hit.host !== undefined) this.#seen(hit.host);
    const moment = { line, timeMs, uptime };
    const group = this.#groupOf(signature, ownDevice(signature, device), moment, times);
    group.count += times;
    group.last = moment;
    group.driver ??= driver;
    group.bus ??= bus;
    group.newest.push(hit.text.slice(0, MAX_SHOWN));
    if (group.newest.length > NEWEST) group.newest.shift();
    group.recent.push(moment);
    if (group.recent.length > RECENT) group.recent.shift();
  }

  /** Where a hit is counted. A log full of troubles that matter little must not hide one that matters. */
  #groupOf(signature: Signature, device: string | undefined, first: Moment, times: number): Counting {
    const found = this.#groups.get(keyOf(signature, device, this.#host));
    if (found) return found;
    const full = this.#groups.size >= MAX_GROUPS;
    if (full) this.overflow += times;
    const groups = full ? this.#others : this.#groups;
    const whose = full ? { device: undefined, host: undefined } : { device, host: this.#host };
    const key = keyOf(signature, whose.device, whose.host);
    let group = groups.get(key);
    if (!group) {
      group = {
        ...{ signature, ...whose, driver: undefined, bus: undefined, count: 0 },
        ...{ first, last: first, newest: [], recent: [] },
      };
      groups.set(key, group);
    }
    return group;
  }

  /** What was found before the first line that names a host is taken for that host's. */
  #seen(host: string): void {
    if (this.#host === undefined) {
      const unnamed = [...this.#groups.values()];
      this.#groups.clear();
      for (const one of unnamed) {
        one.host = host;
        this.#groups.set(keyOf(one.signature, one.device, host), one);
      }
    }
    this.#host = host;
  }

  /** The groups by machine, where some have two names for one. */
  #ofMachines(): Iterable<Counting> {
    const groups = [...this.#groups.values()];
    const names = fullNames(groups.flatMap(({ host }) => host ?? []));
    if (names.size === 0) return groups;
    const merged = new Map<string, Counting>();
    for (const one of groups) {
      const host = one.host === undefined ? undefined : (names.get(one.host) ?? one.host);
      const key = keyOf(one.signature, one.device, host);
      const other = merged.get(key);
      merged.set(key, other ? together(other, one) : { ...one, host });
    }
    return merged.values();
  }

  /** The groups, worst first, then by when they were first seen. */
  groups(): Group[] {
    const all = [...this.#ofMachines(), ...this.#others.values()];
    return all.sort(bySeverity).map((one) => ({ ...one, perHour: rate(one) }));
  }
}

function keyOf({ id }: Signature, device: string | undefined, host: string | undefined): string {
  return `${id}\0${device ?? ''}\0${host ?? ''}`;
}

/** Two groups as one, as if their lines had been counted as they came. */
function together(a: Counting, b: Counting): Counting {
  const first = a.first.line <= b.first.line ? a.first : b.first;
  const last = a.last.line >= b.last.line ? a.last : b.last;
  const texts = [a, b].flatMap(({ newest, recent }) =>
    newest.map((text, index) => ({ text, line: recent[recent.length - newest.length + index]?.line ?? 0 })),
  );
  return {
    ...{ ...a, count: a.count + b.count, first, last, driver: a.driver ?? b.driver, bus: a.bus ?? b.bus },
    newest: texts
      .sort((one, other) => one.line - other.line)
      .slice(-NEWEST)
      .map(({ text }) => text),
    recent: [...a.recent, ...b.recent].sort((one, other) => one.line - other.line).slice(-RECENT),
  };
}

/** Orders groups: worst first, then by when they were first seen. */
export function bySeverity(
  a: Pick<Group, 'signature' | 'first'>,
  b: Pick<Group, 'signature' | 'first'>,
): number {
  return RANK[a.signature.severity] - RANK[b.signature.severity] || a.first.line - b.first.line;
}

/** Events between the first and the last, which is one less than all. */
function rate({ count, first, last }: Counting): number | undefined {
  const ms =
    first.timeMs !== undefined && last.timeMs !== undefined
      ? last.timeMs - first.timeMs
      : first.uptime !== undefined && last.uptime !== undefined
        ? (last.uptime - first.uptime) * 1000
        : 0;
  return count < 2 || ms <= 0 ? undefined : ((count - 1) * 3_600_000) / ms;
}
