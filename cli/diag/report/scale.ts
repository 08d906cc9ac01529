/** Scales and numbers of charts. */

import { thousands } from '../../output/thousands.ts';

/** From values to positions, and the values that are marked on the axis. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Below this an offset in ms counts as none on the axis: what a good clock is off. */
const LINEAR_MS = 0.1;

/** Both directions of time over several powers of ten: linear around 0, and logarithmic beyond. */
export function symmetricLog(most: number, from: number, to: number): Scale {
  const squeeze = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / LINEAR_MS);
  const end = squeeze(Math.max(most, 1) * 1.25);
  const powers: number[] = [];
  for (let power = 1; power <= Math.max(most, 1) * 1.25; power *= 10) powers.push(power);
  // Each power of ten where there are few of them, every second one where there are many.
  const shown =
    powers.length > 5 ? powers.filter((_, index) => index % 2 === (powers.length - 1) % 2) : powers;
  return {
    at: (value) => from + ((squeeze(value) + end) / (2 * end)) * (to - from),
    ticks: [...shown.map((value) => -value).reverse(), 0, ...shown],
  };
}

/** A duration in ms, in the unit that suits it. */
export function milliseconds(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return '0';
  if (magnitude >= 60_000) return `${number(value / 60_000)} min`;
  if (magnitude >= 1_000) return `${number(value / 1_000)} s`;
  return magnitude >= 1 ? `${number(value)} ms` : `${number(value * 1_000)} µs`;
}

/** A number in three digits, with thousands set apart. */
export function number(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1_000) return thousands(Math.round(value));
  if (magnitude >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return String(Number(value.toPrecision(magnitude >= 10 ? 3 : 2)));
}

/** A coordinate, short. */
export function coordinate(value: number): number {
  return Math.round(value * 10) / 10;
}
