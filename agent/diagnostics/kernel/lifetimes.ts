/**
 * How long upstream keeps its stable branches. Dates are those of https://www.kernel.org/category/releases.html and of the
 * announcements of last releases; the projected ones of long-term branches are as of its change of 25 February 2026 (commit
 * d04587da86a3 of kernel.org's website).
 */

import { branchOf, compareVersions } from '../known/version.ts';

/** The end of a branch. */
export interface BranchEnd {
  readonly branch: string;
  /** The day, in UTC. */
  readonly day: string;
  readonly longTerm: boolean;
}

const LONG_TERM: Readonly<Record<string, string>> = {
  '4.4': '2022-02-03',
  '4.9': '2023-01-07',
  '4.14': '2024-01-10',
  '4.19': '2024-12-05',
  '5.4': '2025-12-03',
  '5.10': '2026-12-31',
  '5.15': '2026-12-31',
  '6.1': '2027-12-31',
  '6.6': '2027-12-31',
  '6.12': '2028-12-31',
  '6.18': '2028-12-31',
};
const SHORT: Readonly<Record<string, string>> = {
  '5.11': '2021-05-19',
  '5.12': '2021-07-20',
  '5.13': '2021-09-18',
  '5.14': '2021-11-21',
  '5.16': '2022-04-13',
  '5.17': '2022-06-14',
  '5.18': '2022-08-21',
  '5.19': '2022-10-24',
  '6.0': '2023-01-12',
  '6.2': '2023-05-17',
  '6.3': '2023-07-11',
  '6.4': '2023-09-13',
  '6.5': '2023-11-28',
  '6.7': '2024-04-03',
  '6.8': '2024-05-30',
  '6.9': '2024-07-27',
  '6.10': '2024-10-10',
  '6.11': '2024-12-05',
  '6.13': '2025-04-20',
  '6.14': '2025-06-10',
  '6.15': '2025-08-20',
  '6.16': '2025-10-12',
  '6.17': '2025-12-18',
  '6.19': '2026-04-22',
  '7.0': '2026-06-27',
};
/** Every branch below this one that is not among the long-term ones has ended before this day. */
const OLDEST_SHORT = '5.11';
const BEFORE = '2021-03-01';

/** When upstream ends or ended a version's branch; undefined for branches whose end is not announced. */
export function branchEnd(version: string): BranchEnd | undefined {
  const branch = branchOf(version);
  if (branch === '') return undefined;
  const longTerm = LONG_TERM[branch];
  if (longTerm !== undefined) return { branch, day: longTerm, longTerm: true };
  const day = SHORT[branch] ?? (compareVersions(branch, OLDEST_SHORT) < 0 ? BEFORE : undefined);
  return day === undefined ? undefined : { branch, day, longTerm: false };
}

const DAY_MS = 86_400_000;

/** Whole days from a time (ms since the epoch) until a branch's end; negative where it is past. */
export function daysLeft({ day }: BranchEnd, nowMs: number): number {
  return Math.floor((Date.parse(`${day}T23:59:59Z`) - nowMs) / DAY_MS);
}
