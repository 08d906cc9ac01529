/** A clock's facts in a word or two, for tables and pages. */

import type { ClockState__Output as State } from '../../proto/gen/types/nodectl/v1/ClockState.ts';
import type { GetClockResponse__Output as Clock } from '../../proto/gen/types/nodectl/v1/GetClockResponse.ts';

const UNITS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
];

/** A time in the largest unit of which there is at least one, with three figures: "310 ms", "12.5 µs", "0 s". */
export function span(seconds: number): string {
  const size = Math.abs(seconds);
  const [unit, name] = UNITS.find(([one]) => size >= one) ?? [1e-9, 'ns'];
  const value = size / unit;
  if (Math.round(value) === 0) return '0 s';
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${name}`;
}

/** The same with its sign; empty where it is not told. */
export function signed(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const text = span(seconds);
  return text === '0 s' ? text : `${seconds < 0 ? '-' : '+'}${text}`;
}

/** A time, or nothing where it is not told. */
export function spanOf(seconds: number | undefined): string {
  return seconds === undefined ? '' : span(seconds);
}

/** A frequency with its sign: "-11.2". */
export function ppm(value: number | undefined): string {
  return value === undefined ? '' : `${value > 0 ? '+' : ''}${Number(value.toPrecision(3))}`;
}

/** "yes", "no", "local" for a clock that follows itself; empty where nothing tells. */
export function syncInShort(state: State | null | undefined): string {
  switch (state?.sync) {
    case 'CLOCK_SYNC_SYNCHRONISED':
      return 'yes';
    case 'CLOCK_SYNC_LOCAL':
      return 'local';
    case 'CLOCK_SYNC_UNSYNCHRONISED':
      return 'no';
    default:
      return '';
  }
}

/** "none", "+1 s", "-1 s"; empty where it is not told. */
export function leapInShort(state: State | null | undefined): string {
  switch (state?.leap) {
    case 'CLOCK_LEAP_NORMAL':
      return 'none';
    case 'CLOCK_LEAP_INSERT':
      return '+1 s';
    case 'CLOCK_LEAP_DELETE':
      return '-1 s';
    default:
      return '';
  }
}

/** How many of the last eight polls were answered. */
export function answered(reach: number): number {
  let count = 0;
  for (let bits = reach & 0xff; bits !== 0; bits >>= 1) count += bits & 1;
  return count;
}

/** "3/4": how many of the sources answer. */
export function sourcesInShort({ sources, unresolvedSources }: Clock): string {
  const all = sources.length + unresolvedSources;
  return all === 0 ? '' : `${sources.filter(({ reach }) => reach !== 0).length}/${all}`;
}

/** "chrony 4.3". */
export function daemonOf(state: State | null | undefined): string {
  return state ? `${state.daemon} ${state.version}`.trim() : '';
}
