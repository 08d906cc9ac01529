/** What a check of certificates found, in sentences for people. */

import type { X509Certificate } from 'node:crypto';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** From so long before an authority's end there is a warning: a quarter to find the root's key and the person who has it. */
export const WARN_AUTHORITY_MS = 90 * DAY_MS;

/** One thing that was looked at. */
export interface Finding {
  /** "error": something does not work, or will be refused. "warning": it will not work soon, or is less safe than it could be. */
  level: 'ok' | 'warning' | 'error';
  /** What was found, as a sentence without a final full stop. */
  sentence: string;
  /** What to do about it. */
  hint?: string;
}

/** Something in order. */
export function ok(sentence: string): Finding {
  return { level: 'ok', sentence };
}

/** Something to see to. */
export function warning(sentence: string, hint: string): Finding {
  return { level: 'warning', sentence, hint };
}

/** Something that does not work. */
export function error(sentence: string, hint: string): Finding {
  return { level: 'error', sentence, hint };
}

/** The validity of a certificate at a time; a warning from `warnMs` before its end. */
export function validity(
  what: string,
  certificate: X509Certificate,
  now: number,
  warnMs: number,
  hint: string,
): Finding {
  const begin = certificate.validFromDate.getTime();
  const end = certificate.validToDate.getTime();
  if (now < begin)
    return error(
      `${what} is not valid yet: it begins ${iso(begin)}, in ${span(begin - now)}`,
      'is the clock of this machine right?',
    );
  if (now >= end) return error(`${what} expired ${iso(end)}, ${span(now - end)} ago`, hint);
  const left = `until ${iso(end)}, ${span(end - now)} from now`;
  return end - now < warnMs ? warning(`${what} is valid only ${left}`, hint) : ok(`${what} is valid ${left}`);
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A span of time in its largest unit, rounded: a certificate made for 12 hours ends 12 hours from now. */
function span(milliseconds: number): string {
  const [unit, size] =
    milliseconds >= 2 * DAY_MS
      ? ['day', DAY_MS]
      : milliseconds >= HOUR_MS
        ? ['hour', HOUR_MS]
        : milliseconds >= 60_000
          ? ['minute', 60_000]
          : ['second', 1000];
  const count = Math.round(milliseconds / Number(size));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
