/** Quantities in words, for evidence: the same in every area. */

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in the largest unit of which there is at least one, with three figures: "3.72 TiB", "512 B". */
export function inBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1_024 && unit < BINARY.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : figures(value)} ${BINARY[unit]}`;
}

/** A time in the unit that a person would use: "12 ms", "42 s", "3 h", "2.5 d". @param ms milliseconds */
export function inTime(ms: number): string {
  if (ms < 1_000) return `${figures(ms)} ms`;
  if (ms < 120_000) return `${figures(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${figures(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${figures(ms / 3_600_000)} h` : `${figures(ms / 86_400_000)} d`;
}

/** A number with at most three figures that count: 0.00123, 12.3, 1234. */
export function figures(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** A share in percent, for parameters: one decimal place; 0 of nothing is 0. */
export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((1_000 * part) / whole) / 10 : 0;
}
