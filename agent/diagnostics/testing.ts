/** For tests of checks: machines of a few files, and a past of a few numbers. */

import type { HistoryView, Point } from '../history/view.ts';
import type { Machine } from '../host/machine.ts';
import { MemoryMachine } from '../sim/memory-machine.ts';
import type { Check } from './check.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';
import type { Report } from './report.ts';

/** What a made-up machine has: files and links by path, outputs by command line. */
export interface Parts {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly tools?: Readonly<Record<string, string>>;
}

/** A machine of the given parts. */
export function machineOf({ files = {}, links = {}, tools = {} }: Parts): MemoryMachine {
  return new MemoryMachine({
    files: new Map(Object.entries(files)),
    links: new Map(Object.entries(links)),
    tools: new Map(Object.entries(tools)),
  });
}

/** A past of the given series: each value at so many ms before now, oldest first. */
export function pastOf(
  series: Readonly<Record<string, readonly (readonly [ago: number, value: number])[]>>,
): HistoryView {
  const now = Date.now();
  const points = (name: string, windowMs: number): Point[] =>
    (series[name] ?? []).filter(([ago]) => ago <= windowMs).map(([ago, value]) => ({ at: now - ago, value }));
  return {
    points,
    growth: (name, windowMs) => {
      const all = points(name, windowMs);
      const first = all[0];
      const last = all.at(-1);
      if (!first || !last || all.length < 2) return undefined;
      return { delta: last.value - first.value, overMs: last.at - first.at };
    },
    lastGrowth: (name) => {
      const all = points(name, Number.POSITIVE_INFINITY);
      return all.findLast((one, at) => at > 0 && one.value > (all[at - 1]?.value ?? 0))?.at;
    },
    series: (prefix) => Object.keys(series).filter((name) => name.startsWith(prefix)),
    events: () => [],
  };
}

/** Runs checks over a machine, the parts of one, and gives the whole report. */
export function reportOf(
  checks: readonly Check[],
  machine: Machine | Parts,
  history?: HistoryView,
): Promise<Report> {
  return diagnose({
    machine: 'text' in machine ? machine : machineOf(machine),
    signal: new AbortController().signal,
    ...{ checks, traits: [] },
    ...(history ? { history } : {}),
  });
}

/** The findings of a run as "severity id subject", sorted. */
export async function found(
  checks: readonly Check[],
  machine: Machine | Parts,
  history?: HistoryView,
): Promise<string[]> {
  const { findings } = await reportOf(checks, machine, history);
  return findings.map(inShort).sort();
}

/** A finding as "severity id subject". */
function inShort({ severity, id, subject }: Finding): string {
  return `${severity} ${id}${subject.name === '' ? '' : ` ${subject.name}`}`;
}

/** How each check ended, by its id. */
export function statuses({ checks }: Report): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}
