/** Times and frequencies in words, and the clock as the subject of findings. */

import type { Subject } from '../finding.ts';
import { figures, inTime } from '../quantities.ts';
import type { Clocksource } from './clocksource.ts';
import type { ClockState } from './state.ts';

/** A time in the unit that a person would use, from nanoseconds on: "12 µs", "310 ms", "42 s". */
export function span(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 1e-6) return `${figures(size * 1e9)} ns`;
  if (size < 1e-3) return `${figures(size * 1e6)} µs`;
  return inTime(size * 1_000);
}

/** An offset in words: "310 ms ahead of true time", "12 µs behind true time". */
export function ahead(offset: number, of: string): string {
  return `${span(offset)} ${offset < 0 ? 'behind' : 'ahead of'} ${of}`;
}

/** A frequency in words. */
export function drifts(ppm: number): string {
  const size = Math.abs(ppm);
  return `left alone it would ${ppm < 0 ? 'lose' : 'gain'} ${figures(size)} ppm, ${span((size * 86_400) / 1e6)} a day`;
}

/** The clock, with what may tell sick clocks from healthy ones. Names are those of the area's traits. */
export function clockOf(state: ClockState | undefined, source?: Clocksource): Subject {
  const attributes = {
    daemon: state ? `${state.daemon} ${state.version}`.trim() : '',
    source: state?.source ?? '',
    clocksource: source?.current ?? '',
  };
  return {
    kind: 'clock',
    name: '',
    attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
  };
}

/** What sets the clock, for evidence: "chrony 4.3 follows 192.0.2.11 at stratum 3". */
export function follows({ daemon, version, source, stratum }: ClockState): string {
  const who = daemon === 'kernel' ? 'the kernel’s clock' : `${daemon} ${version}`.trim();
  if (source === '') return who;
  return `${who} follows ${source}${stratum === undefined ? '' : `, itself at stratum ${stratum}`}`;
}
