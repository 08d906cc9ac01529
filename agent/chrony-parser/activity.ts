/** `chronyc activity`: how many sources are polled. */

import { ChronyParseError } from './errors.ts';
import { csvFields, isCsv, linesOf } from './text.ts';

/** How many NTP sources are in which state. */
export interface Activity {
  /** Sources that are polled. */
  readonly online: number;
  /** Sources that are not. */
  readonly offline: number;
  /** Sources in a burst, which are polled afterwards. */
  readonly burstOnline: number;
  /** Sources in a burst, which are not polled afterwards. */
  readonly burstOffline: number;
  /** Sources whose name has not been resolved to an address: `sources` does not list them. */
  readonly unresolved: number;
}

/** The lines for people, in the order of the fields. */
const LINES = [
  /^(\d{1,9}) sources? online/,
  /^(\d{1,9}) sources? offline/,
  /^(\d{1,9}) sources? doing burst \(return to online\)/,
  /^(\d{1,9}) sources? doing burst \(return to offline\)/,
  /^(\d{1,9}) sources? with unknown address/,
];

/**
 * Reads `chronyc activity`, with `-c` or as it is printed for people.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseActivity } from 'chrony-parser';
 *
 * assert.equal(parseActivity('3,1,0,0,2\n').unresolved, 2);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where it is no such report
 */
export function parseActivity(text: string): Activity {
  const lines = linesOf(text);
  const csv = lines.find((line) => isCsv(line, LINES.length));
  if (csv !== undefined) {
    const fields = csvFields('activity', csv, LINES.length);
    const number = () => fields.number();
    return {
      ...{ online: number(), offline: number() },
      ...{ burstOnline: number(), burstOffline: number(), unresolved: number() },
    };
  }
  const [online, offline, burstOnline, burstOffline, unresolved] = LINES.map((pattern) => {
    for (const line of lines) {
      const match = pattern.exec(line);
      if (match) return Number(match[1]);
    }
    return undefined;
  });
  if (online === undefined || offline === undefined)
    throw new ChronyParseError('activity: it does not say how many sources are online');
  return {
    ...{ online, offline },
    ...{ burstOnline: burstOnline ?? 0, burstOffline: burstOffline ?? 0, unresolved: unresolved ?? 0 },
  };
}
