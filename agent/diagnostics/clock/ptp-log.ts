/**
 * What ptp4l, phc2sys and ts2phc write into a log, of captured machines on which pmc was not asked (linuxptp 1 to 4): changes of a
 * port's state, and how far off a clock is with the state of its servo: s0 unlocked, s1 stepping, s2 and s3 locked.
 */

import type { Ptp4l } from './ptp.ts';

const MAX_ROWS = 200_000;
/** "ptp4l[1746.302]: ", also "ptp4l[166]: [13.505] " below the head of a journal; and the name of a configuration: "[ptp4l.0.config] ". */
const HEAD = /\b(ptp4l|phc2sys|ts2phc)\[[\d.]{1,20}\]: (?:\[[^\]]{1,60}\]:? ){0,3}(.*)$/;
const CHANGE = /^port (\d{1,4})(?: \(([^)]{1,20})\))?: ([A-Z_]{4,20}) to ([A-Z_]{4,20}) on /;
const OFFSET =
  /(?:^|\s)(master offset|(?:CLOCK_REALTIME )?phc offset|sys offset|offset)\s+(-?\d{1,19})\s+(s\d)\s/;
const SUMMARY = /^(?:\S{1,30} )?rms\s+(\d{1,19})\s+max\s+(\d{1,19})\s/;

/** The state of ptp4l at the end of its log, and of the programs that carry its time on; undefined where nothing of theirs is in it. */
export function parsePtpLog(text: string): Ptp4l | undefined {
  const ports = new Map<string, string>();
  const last = new Map<string, { readonly nanoseconds: number; readonly unlocked: boolean }>();
  let found = false;
  for (const row of text.split('\n', MAX_ROWS)) {
    const [, program = '', words = ''] = HEAD.exec(row.slice(0, 1_000)) ?? [];
    if (program === '') continue;
    found = true;
    const change = CHANGE.exec(words);
    // Port 0 is the one that pmc speaks to.
    if (change && change[1] !== '0') ports.set(change[2] ?? `port ${change[1]}`, change[4] ?? '');
    const offset = OFFSET.exec(words);
    if (offset) last.set(program, { nanoseconds: Number(offset[2]), unlocked: offset[3] === 's0' });
    const summary = SUMMARY.exec(words);
    if (summary) last.set(program, { nanoseconds: Number(summary[2]), unlocked: false });
  }
  if (!found) return undefined;
  const offsets = [...last.values()];
  const worst = offsets.toSorted((a, b) => Math.abs(b.nanoseconds) - Math.abs(a.nanoseconds))[0];
  return {
    ports: [...ports].map(([identity, state]) => ({ identity, state })),
    offset: worst === undefined ? undefined : worst.nanoseconds / 1e9,
    unlocked: [...last].flatMap(([program, { unlocked }]) => (unlocked ? [program] : [])),
    grandmasterPresent: undefined,
    grandmaster: '',
    meanPathDelay: undefined,
  };
}
