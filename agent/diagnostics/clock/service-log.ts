/**
 * What chronyd, ntpd, systemd-timesyncd and openntpd write into a log, of captured machines: whether the service has a source at the log's
 * end, by how much the clock was wrong, and what the service cannot do. Words are those of chrony 2 to 4 (sources.c, reference.c,
 * sys_timex.c), ntpd 4.2 and NTPsec 1 (ntp_loopfilter.c, ntp_proto.c), systemd 219 to 257 (timesyncd-manager.c) and openntpd 6 (client.c,
 * ntp.c).
 */

import { fact } from '../fact.ts';

/** A time service by its log. */
export interface ServiceLog {
  /** "chronyd", "ntpd", "systemd-timesyncd". */
  readonly program: string;
  /** Whether it had a source at the end; undefined where nothing of the log tells. */
  readonly follows: boolean | undefined;
  /** What it said last of having none, and how often. */
  readonly lost: { readonly words: string; readonly count: number } | undefined;
  /** Errors that it found in the clock after it had begun to set it, in seconds, oldest first. */
  readonly wrong: readonly number[];
  /** By how many seconds the clock was off when it gave up; undefined where it did not. */
  readonly gaveUp: number | undefined;
  /** What it said when the kernel refused to set the clock, or to correct it by so much. */
  readonly refused: string | undefined;
  /** The frequency error in ppm that was beyond what it can correct. */
  readonly tooFast: number | undefined;
}

const MAX_ROWS = 200_000;
const MAX_WRONG = 1_000;
/** "chronyd[812]: …", "ntpd[1234]: …", "systemd-timesyncd[512]: …", "(systemd-timesyncd)". */
const HEAD = /(?:^|[\s:])(chronyd|ntpd|ntp|systemd-timesyncd|timesyncd|openntpd)(?:\[\d{1,10}\])?: (.*)$/;
/** A fresh start: what it finds then is what the machine came up with. */
const STARTS =
  /^(?:chronyd version \S+ starting|ntpd \S+ .*Starting|ntp engine ready|Network configuration changed|Using NTP server)/i;
const FOUND =
  /^(?:Selected source |Synchronized to time server|Initial (?:clock )?synchronization to|Contacted time server|synchronized to \S+, stratum|clock is now synced|clock_sync|System clock was stepped|time reset |adjust time server )/i;
const LOST =
  /^(?:Can't synchronise: |no servers reachable|Timed out waiting for reply from|no server suitable for synchronization|clock is now unsynced|no reply received in time|No suitable source|Server has too large root distance|Failed to (?:resolve|connect to) |Could not resolve|all peers unreachable|No network connectivity)/i;
const WRONG = /^System clock wrong by (-?\d{1,12}\.\d{1,9}) seconds|^time reset ([+-]?\d{1,12}\.\d{1,9}) s/;
const GAVE_UP =
  /^time correction of (-?\d{1,12}) seconds exceeds sanity limit|^(-?\d{1,12}) s(?:econds)? exceeds (?:the )?panic/i;
const REFUSED =
  /^(?:Failed to call clock_adjtime|Failed to (?:update|set) (?:the )?(?:system )?clock|(?:Fatal error : )?adjtimex\(\S{1,12}\) failed|Could not (?:set|step|adjust) (?:the )?(?:system )?clock|settime failed|adjtime failed|Unable to set time)/i;
const TOO_FAST = /^frequency error (-?\d{1,9}(?:\.\d{1,6})?) PPM exceeds tolerance/i;
/** Above so many seconds a correction is told; ntpd slews what is below (ntpd(8)). */
const LEAST_WRONG = 0.128;

type Draft = { -readonly [K in keyof ServiceLog]: ServiceLog[K] } & { wrong: number[]; fresh: boolean };

/** Reads a log; a service each, and none where none of them writes. */
function parseServiceLog(text: string): ServiceLog[] {
  const services = new Map<string, Draft>();
  for (const row of text.split('\n', MAX_ROWS)) {
    const [, name = '', words = ''] = HEAD.exec(row.slice(0, 1_000)) ?? [];
    if (name === '') continue;
    const program = name === 'timesyncd' ? 'systemd-timesyncd' : name === 'ntp' ? 'ntpd' : name;
    const one = services.get(program) ?? begun(program);
    services.set(program, one);
    take(one, words.trimEnd());
  }
  return [...services.values()].map(({ fresh: _, ...one }) => one);
}

function begun(program: string): Draft {
  const nothingYet = { follows: undefined, lost: undefined, gaveUp: undefined, refused: undefined };
  return { program, ...nothingYet, tooFast: undefined, wrong: [], fresh: false };
}

function take(one: Draft, words: string): void {
  if (STARTS.test(words)) Object.assign(one, { fresh: true, follows: undefined, lost: undefined });
  const wrong = WRONG.exec(words);
  if (wrong) {
    const seconds = Number(wrong[1] ?? wrong[2]);
    if (!one.fresh && Math.abs(seconds) >= LEAST_WRONG && one.wrong.length < MAX_WRONG)
      one.wrong.push(seconds);
    Object.assign(one, { fresh: false, follows: true });
  } else if (FOUND.test(words)) one.follows = true;
  else if (LOST.test(words)) {
    one.lost = {
      words: words.slice(0, 160),
      count: (one.follows === false ? (one.lost?.count ?? 0) : 0) + 1,
    };
    one.follows = false;
  }
  const off = GAVE_UP.exec(words);
  if (off) one.gaveUp = Number(off[1] ?? off[2]);
  if (REFUSED.test(words)) one.refused = words.slice(0, 160);
  const fast = TOO_FAST.exec(words)?.[1];
  if (fast !== undefined) one.tooFast = Number(fast);
}

/** What the logs of time services tell; none where none was saved, and on a running machine, whose services are asked themselves. */
export const serviceLogs = fact({
  id: 'clock.service-logs',
  reads: ['logs of chronyd, ntpd, systemd-timesyncd and openntpd, on a captured machine'],
  limitMs: 2_000,
  read: ({ machine }): readonly ServiceLog[] => {
    const texts = machine.live ? [] : (machine.saved?.('chronyd') ?? []);
    return parseServiceLog(texts.map(({ text }) => text).join('\n'));
  },
});
