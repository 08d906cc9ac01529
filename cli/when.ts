/**
 * Points in time as people write them behind --since and --until. What is written without a zone is local time, so
 * "yesterday" is the local day, which is 23 or 25 hours long where summer time begins or ends.
 */

import { Failure } from '../proto/failure.ts';
import { parseDuration } from './duration.ts';

/** Units as words, for those that parseDuration knows. */
const UNITS: readonly [word: RegExp, unit: string][] = [
  [/^(sec|secs|second|seconds)$/, 's'],
  [/^(min|mins|minute|minutes)$/, 'm'],
  [/^(hr|hrs|hour|hours)$/, 'h'],
  [/^(day|days)$/, 'd'],
  [/^(week|weeks)$/, 'w'],
];

const HINT =
  'write 10m, 1h30m, 2d, today, yesterday, "yesterday 18:00", 14:30, 2026-03-29, "2026-03-29 14:30:05", "Mar 29 14:30", ' +
  '2026-03-29T14:30:05Z or @1774794605';

/** The last moment that is taken, the end of the year 9999: far beyond any record, and exact in microseconds. */
const LATEST_MS = 253_402_300_799_999;

/**
 * The point in time that a text means, in microseconds since the epoch.
 * @param text a span before now ("10m", "1h 30m ago"), a day or time of day, a day as log lines have it ("Nov 28 14:30:05", also in brackets), an ISO
 * 8601 date or date and time with or without a zone, or "@" and seconds since the epoch
 * @param flag the option it was given for, for the message
 * @throws Failure BAD_TIME for anything else, and for days and times that do not exist
 */
export function parseWhen(text: string, flag: string, now: Date = new Date()): number {
  // The kernel's log shows its times in brackets, and is copied with them.
  const wanted = text.trim().replace(/^\[(.*)\]$/, '$1');
  const usec = present(wanted, now) ?? epoch(wanted) ?? span(wanted, now) ?? calendar(wanted, now);
  if (usec === undefined || !(usec > 0 && usec <= LATEST_MS * 1_000))
    throw new Failure('BAD_TIME', `"${text}" after ${flag} is not a time`, { hint: HINT });
  return usec;
}

/** A duration in milliseconds in which units may be words and stand apart, or undefined where the text is none. */
function parseSpelled(text: string): number | undefined {
  const plain = text.replace(/(\d)\s*([a-z]+)\s*/g, (_, digit: string, name: string) => {
    return digit + (UNITS.find(([word]) => word.test(name))?.[1] ?? name);
  });
  return parseDuration(plain);
}

function present(text: string, now: Date): number | undefined {
  return text === 'now' ? now.getTime() * 1_000 : undefined;
}

function epoch(text: string): number | undefined {
  const match = /^@(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text);
  return match ? Number(match[1]) * 1_000_000 + micros(match[2]) : undefined;
}

function span(text: string, now: Date): number | undefined {
  const match = /^(-?)(.*?)(\s+ago)?$/.exec(text);
  if (!match || (match[1] && match[3])) return undefined;
  const ms = parseSpelled(match[2] ?? '');
  return ms === undefined ? undefined : Math.round((now.getTime() - ms) * 1_000);
}

/** A fraction of a second, written as its digits, in microseconds. */
function micros(digits = ''): number {
  return Number(digits.slice(0, 6).padEnd(6, '0'));
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = `(today|yesterday|tomorrow|\\d{4}-\\d{2}-\\d{2}|(?:${MONTHS.join('|')})\\s+\\d{1,2})`;
const TIME = /(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?/.source;
const ZONE = /\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?/.source;
const FORM = new RegExp(`^(?:${DAY})?(?:(?:^|[T\\s]+)${TIME}${ZONE})?$`, 'i');

function calendar(text: string, now: Date): number | undefined {
  const match = text === '' ? null : FORM.exec(text);
  if (!match) return undefined;
  const [, day, hour = '0', minute = '0', second = '0', fraction, zone] = match;
  const date = dayOf(day?.toLowerCase(), now);
  const clock = [Number(hour), Number(minute), Number(second)] as const;
  if (!date || clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined;
  const ms =
    zone === undefined
      ? new Date(...date, ...clock).getTime()
      : Date.UTC(...date, ...clock) - offsetMinutes(zone) * 60_000;
  return ms * 1_000 + micros(fraction);
}

/** Year, month from 0, and day of month; undefined for days that the calendar does not have. */
function dayOf(text: string | undefined, now: Date): [number, number, number] | undefined {
  const shift = { yesterday: -1, tomorrow: 1 }[text ?? ''] ?? 0;
  const [, month3 = '', dayOfMonth] = /^([a-z]{3})\s+(\d{1,2})$/.exec(text ?? '') ?? [];
  if (dayOfMonth !== undefined) return lastDay(MONTHS.indexOf(month3), Number(dayOfMonth), now);
  if (text === undefined || !/^\d/.test(text)) {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift);
    return [date.getFullYear(), date.getMonth(), date.getDate()];
  }
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return inCalendar(year, month - 1, day);
}

function inCalendar(year: number, month: number, day: number): [number, number, number] | undefined {
  const date = new Date(Date.UTC(year, month, day));
  return date.getUTCMonth() === month && date.getUTCDate() === day ? [year, month, day] : undefined;
}

/** The last such day of the year, as log lines write it without the year: tomorrow is taken for one, since it may have begun elsewhere. */
function lastDay(month: number, day: number, now: Date): [number, number, number] | undefined {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const year = now.getFullYear();
  return inCalendar(new Date(year, month, day) > tomorrow ? year - 1 : year, month, day);
}

function offsetMinutes(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}
