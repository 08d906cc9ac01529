/** Durations as people write them ("90s", "1h30m", "2d", "500ms"), and durations and times as they are shown. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration in milliseconds, or undefined where the text is none. Every number needs its unit. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    total += Number(number) * (UNITS[unit] ?? 0);
  return total;
}

/** A duration for people, in its two largest units: "3d 4h", "12m 5s", "0s". */
export function formatDuration(milliseconds: number): string {
  let left = Math.max(0, Math.floor(milliseconds / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 || (unit === 's' && parts.length === 0)) parts.push(`${count}${unit}`);
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** The furthest time from the epoch that a date can have, in ms (ECMA-262). */
const MAX_DATE_MS = 8.64e15;

/** A time in microseconds since the epoch as ISO 8601 in UTC, to the millisecond. */
export function isoTime(usec: number): string {
  // What a node sends may be no time at all: it is shown as the nearest that there is.
  const ms = Math.max(-MAX_DATE_MS, Math.min(MAX_DATE_MS, usec / 1_000));
  return new Date(Number.isNaN(ms) ? 0 : ms).toISOString();
}

/** The same for tables: to the second, as one word. */
export function tableTime(usec: number): string {
  return isoTime(usec).replace(/\.\d+Z$/, 'Z');
}

/**
 * How long something still lasts, for people: rounded to the smaller of its two units, so that what was made for 12 hours a
 * moment ago has "12h" left and not "11h 59m". What has not ended yet never has "0s".
 */
export function formatLeft(milliseconds: number): string {
  const [d, h, m] = [UNITS.d ?? 1, UNITS.h ?? 1, UNITS.m ?? 1];
  const unit = milliseconds >= d ? h : milliseconds >= h ? m : 1_000;
  if (milliseconds > 0 && milliseconds < unit / 2) return 'less than 1s';
  return formatDuration(Math.round(milliseconds / unit) * unit);
}

/** How long something is still valid, from its end in seconds since the epoch: "3d 4h left", or "EXPIRED". */
export function timeLeft(notAfterSeconds: number, now = Date.now()): string {
  const left = notAfterSeconds * 1_000 - now;
  return left > 0 ? `${formatLeft(left)} left` : 'EXPIRED';
}
