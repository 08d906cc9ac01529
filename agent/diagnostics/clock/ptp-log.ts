/**
 * What ptp4l, phc2sys and ts2phc write into a log, of captured machines on which pmc was not asked (linuxptp 1 to 4): changes of a
 * port's state, and how far off a clock is with the state of its servo: s0 unlocked, s1 stepping, s2 and s3 locked.
 */

import type { Ptp4l, PtpLimit, PtpSwing } from './ptp.ts';

const MAX_ROWS = 200_000;
/** So many of its last lines tell how steady a servo is; from so many on they do. */
const MAX_LAST = 60;
const LEAST_LAST = 8;
/** Oscillators are off by at most 100 ppm or so: a correction far beyond that which stays the same is the most that the clock can do. */
const FAR = 200_000;
/** "ptp4l[1746.302]: ", also "ptp4l[166]: [13.505] " below the head of a journal; and the name of a configuration: "[ptp4l.0.config] ". */
const HEAD = /\b(ptp4l|phc2sys|ts2phc|phc_ctl)\[[\d.]{1,20}\]: (?:\[[^\]]{1,60}\]:? ){0,3}(.*)$/;
const CHANGE = /^port (\d{1,4})(?: \(([^)]{1,20})\))?: ([A-Z_]{4,20}) to ([A-Z_]{4,20}) on /;
const OFFSET =
  /(?:^|\s)(?:master offset|(?:CLOCK_REALTIME )?phc offset|sys offset|offset)\s+(-?\d{1,19})\s+(s\d)\s+(?:freq\s+([+-]?\d{1,19}))?/;
const SUMMARY = /^(?:\S{1,30} )?rms\s+(\d{1,19})\s+max\s+(\d{1,19})\s/;

/** The state of ptp4l at the end of its log, and of the programs that carry its time on; undefined where nothing of theirs is in it. */
export function parsePtpLog(text: string): Ptp4l | undefined {
  const ports = new Map<string, string>();
  const last = new Map<string, { readonly nanoseconds: number; readonly unlocked: boolean }>();
  const locked = new Map<string, { readonly nanoseconds: number; readonly ppb: number | undefined }[]>();
  let found = false;
  let jumps = 0;
  let faults = 0;
  let stampsMissed = 0;
  let waiting = false;
  for (const row of text.split('\n', MAX_ROWS)) {
    const [, program = '', words = ''] = HEAD.exec(row.slice(0, 1_000)) ?? [];
    if (program === '') continue;
    found = true;
    if (/^clockcheck: clock jumped/.test(words)) jumps++;
    if (/ on SYNCHRONIZATION_FAULT$/.test(words)) faults++;
    if (/^timed out while polling for tx timestamp|^(?:missing|received \S+ without) timestamp/.test(words))
      stampsMissed++;
    if (program === 'phc2sys') waiting = /^Waiting for ptp4l/.test(words);
    const change = CHANGE.exec(words);
    // Port 0 is the one that pmc speaks to.
    if (change && change[1] !== '0') ports.set(change[2] ?? `port ${change[1]}`, change[4] ?? '');
    const offset = OFFSET.exec(words);
    if (offset) {
      const nanoseconds = Number(offset[1]);
      last.set(program, { nanoseconds, unlocked: offset[2] === 's0' });
      // One that is stepped or not locked begins anew.
      const steady = offset[2] === 's2' || offset[2] === 's3';
      const before = steady ? (locked.get(program) ?? []) : [];
      if (before.length >= MAX_LAST) before.shift();
      if (steady) before.push({ nanoseconds, ppb: offset[3] === undefined ? undefined : Number(offset[3]) });
      locked.set(program, before);
    }
    // phc_ctl's "cmp" compares the card's clock with the system's, as phc2sys does.
    const compared = /^offset from CLOCK_REALTIME is (-?\d{1,19})\s?ns$/.exec(words.trim())?.[1];
    if (compared !== undefined) last.set('phc2sys', { nanoseconds: Number(compared), unlocked: false });
    const summary = SUMMARY.exec(words);
    if (summary) last.set(program, { nanoseconds: Number(summary[2]), unlocked: false });
  }
  if (!found) return undefined;
  const [offsetOf, worst] =
    [...last].toSorted(([, a], [, b]) => Math.abs(b.nanoseconds) - Math.abs(a.nanoseconds))[0] ?? [];
  return {
    ports: [...ports].map(([identity, state]) => ({ identity, state })),
    offset: worst === undefined ? undefined : worst.nanoseconds / 1e9,
    ...(offsetOf === undefined ? {} : { offsetOf }),
    ...{ jumps: Math.max(jumps, faults), stampsMissed, waiting },
    unlocked: [...last].flatMap(([program, { unlocked }]) => (unlocked ? [program] : [])),
    grandmasterPresent: undefined,
    grandmaster: '',
    meanPathDelay: undefined,
    swings: [...locked].flatMap(([program, samples]) => swingOf(program, samples) ?? []),
    limits: [...locked].flatMap(([program, samples]) => limitOf(program, samples) ?? []),
  };
}

type Samples = readonly { readonly nanoseconds: number; readonly ppb: number | undefined }[];

/** A servo whose clock is now before and now behind; undefined where it stays on one side, or there are too few lines to tell. */
function swingOf(program: string, samples: Samples): PtpSwing | undefined {
  if (samples.length < LEAST_LAST) return undefined;
  const values = samples.map(({ nanoseconds }) => nanoseconds);
  const turns = values.filter(
    (one, at) => at > 0 && Math.sign(one) !== Math.sign(values[at - 1] ?? 0),
  ).length;
  if (turns * 5 < values.length) return undefined;
  const rms = Math.sqrt(values.reduce((sum, one) => sum + one * one, 0) / values.length) / 1e9;
  const most = Math.max(...values.map(Math.abs)) / 1e9;
  return { program, rms, most, samples: values.length };
}

/** A servo that corrects as much as it can; undefined for others. */
function limitOf(program: string, samples: Samples): PtpLimit | undefined {
  const ppb = samples.at(-1)?.ppb;
  if (ppb === undefined || Math.abs(ppb) < FAR || samples.length < 3) return undefined;
  return samples.slice(-3).every((one) => one.ppb === ppb) ? { program, ppm: ppb / 1_000 } : undefined;
}
