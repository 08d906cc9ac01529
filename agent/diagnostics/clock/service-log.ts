/**
 * What chronyd, ntpd, ntpdate, systemd-timesyncd and openntpd write into a log, of captured machines: whether the service has a source at the log's
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
  /** What it said when it gave up because the clock was too far off, and by how many seconds it was, where it says that. */
  readonly gaveUp: { readonly words: string; readonly seconds: number | undefined } | undefined;
  /** What it said when the kernel refused to set the clock, or to correct it by so much. */
  readonly refused: string | undefined;
  /** The frequency error in ppm that was beyond what it can correct. */
  readonly tooFast: number | undefined;
  /** What it said last of the kernel's clock being unsynchronised, since it began or had a source, and over how many seconds it said so. */
  readonly unsynchronised: { readonly words: string; readonly seconds: number } | undefined;
}

const MAX_ROWS = 200_000;
const MAX_WRONG = 1_000;
/** "chronyd[812]: …", "ntpd[1234]: …", "systemd-timesyncd[512]: …", "(systemd-timesyncd)". */
const HEAD =
  /(?:^|[\s:])(chronyd|ntpdate|ntpd|ntp|systemd-timesyncd|timesyncd|openntpd)(?:\[\d{1,10}\])?: (.*)$/;
/** A fresh start: what it finds then is what the machine came up with. */
const STARTS =
  /^(?:chronyd version \S+ starting|ntpd \S+ .*Starting|ntp engine ready|Network configuration changed|Using NTP server)/i;
const FOUND =
  /^(?:Selected source |Synchronized to time server|Initial (?:clock )?synchronization to|Contacted time server|synchronized to \S+, stratum|clock is now synced|clock_sync|System clock was stepped|time reset |(?:adjust|step) time server )/i;
const LOST =
  /^(?:Can't synchronise: |no servers reachable|Timed out waiting for reply from|no server suitable for synchronization|clock is now unsynced|no reply received\b|No suitable source|Server has too large root distance|Failed to (?:resolve|connect to) |Could not resolve|all peers unreachable|No network connectivity)/i;
const WRONG =
  /^System clock wrong by (-?\d{1,12}\.\d{1,9}) seconds|^time reset ([+-]?\d{1,12}\.\d{1,9}) s|^set local clock to .{10,60} \(offset (-?\d{1,12}\.\d{1,9})s\)/;
/** openntpd, again and again while it slews what it found once. */
const SLEWED = /^adjusting local clock by (-?\d{1,12}\.\d{1,9})s/;
/** openntpd of one of its sources: it may have others. */
const PEER_FOUND = /^(?:peer \S{1,60} now valid|reply from \S{1,60}: offset )/;
const PEER_LOST =
  /^(?:peer \S{1,60} now invalid|no reply from \S{1,60} received in time|reply from \S{1,60}: not synced)/;
/** openntpd's words, which nothing else says, where its name is not before them. */
const UNNAMED =
  /(?:^|\d\d:\d\d:\d\d(?: [\w.-]{1,64})? )((?:adjusting local clock by|set local clock to|peer \S{1,60} now (?:in)?valid|clock is now (?:un)?synced|no reply (?:received|from)|reply from \S{1,60}: (?:not synced|offset)).*)$/;
/** chronyd, which tells most often how wrong the clock is before it steps it. */
const STEPPED = /^System clock was stepped by (-?\d{1,12}\.\d{1,9}) seconds/;
/** ntpd, of what adjtimex(2) answers. */
const UNSYNCHRONISED = /^kernel reports TIME_ERROR: 0x[\da-f]{1,8}: .*Unsynchronized/;
const GAVE_UP =
  /^time correction of (-?\d{1,12}) seconds exceeds sanity limit|^(-?\d{1,12}) s(?:econds)? exceeds (?:the )?panic|^Clock offset exceeds panic threshold/i;
const REFUSED =
  /^(?:Failed to call clock_adjtime|Failed to (?:update|set) (?:the )?(?:system )?clock|(?:Fatal error : )?adjtimex\(\S{1,12}\) failed|Could not (?:set|step|adjust) (?:the )?(?:system )?clock|settime failed|adjtime failed|Unable to set time)/i;
const TOO_FAST = /^frequency error (-?\d{1,9}(?:\.\d{1,6})?) PPM exceeds tolerance/i;
/** Above so many seconds a correction is told; ntpd slews what is below (ntpd(8)). */
const LEAST_WRONG = 0.128;
/** The day and time before a program's name: "Jun 28 08:42:36", ntpd's own "28 Jun 08:42:36", "2026-06-28T08:42:36". */
const TIME =
  /([A-Z][a-z]{2} {1,2}\d{1,2}|\d{1,2} [A-Z][a-z]{2}) (\d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/;

type Draft = { -readonly [K in keyof ServiceLog]: ServiceLog[K] } & {
  wrong: number[];
  fresh: boolean;
  /** Whether it told how wrong the clock is, and may step it next. */
  told: boolean;
  /** What openntpd slews, in seconds, and whether it counts. */
  slew: { readonly seconds: number; readonly counts: boolean } | undefined;
  /** When it said first that the kernel's clock is unsynchronised, in seconds. */
  since: number | undefined;
};

/** Reads a log; a service each, and none where none of them writes. */
function parseServiceLog(text: string): ServiceLog[] {
  const services = new Map<string, Draft>();
  for (const row of text.split('\n', MAX_ROWS)) {
    const part = row.slice(0, 1_000);
    const [, named = '', said = ''] = HEAD.exec(part) ?? [];
    const words = named === '' ? UNNAMED.exec(part)?.[1] : said;
    if (words === undefined) continue;
    const name = named || 'openntpd';
    const program = name === 'timesyncd' ? 'systemd-timesyncd' : name === 'ntp' ? 'ntpd' : name;
    const one = services.get(program) ?? begun(program);
    services.set(program, one);
    take(one, words.trimEnd(), secondsOf(row));
  }
  const all = [...services.values()];
  // ntpdate is run once, often before the network is there: a service that follows a source afterwards is what counts.
  const followed = all.some(({ program, follows }) => program !== 'ntpdate' && follows === true);
  return all
    .filter(({ program }) => program !== 'ntpdate' || !followed)
    .map(({ fresh: _, told: __, since: ___, slew: ____, ...one }) => one);
}

/** Where it has begun anew or has a source, what it said before does not count. */
const SYNCHRONISED = { unsynchronised: undefined, since: undefined };

function begun(program: string): Draft {
  const nothingYet = { follows: undefined, lost: undefined, gaveUp: undefined, refused: undefined };
  return {
    program,
    ...nothingYet,
    tooFast: undefined,
    unsynchronised: undefined,
    since: undefined,
    wrong: [],
    ...{ fresh: false, told: false, slew: undefined },
  };
}

/** Seconds of a line's time, of a year that is nobody's to know; undefined where it has none. */
function secondsOf(row: string): number | undefined {
  const [, day, time, date, clock] = TIME.exec(row.slice(0, 100)) ?? [];
  const ms = Date.parse(date === undefined ? `${day} 2000 ${time} UTC` : `${date}T${clock}Z`);
  return Number.isNaN(ms) ? undefined : ms / 1_000;
}

function take(one: Draft, words: string, at: number | undefined): void {
  if (STARTS.test(words))
    Object.assign(one, { fresh: true, follows: undefined, lost: undefined, ...SYNCHRONISED });
  const stepped = one.told ? null : STEPPED.exec(words);
  const wrong = WRONG.exec(words) ?? stepped;
  one.told = wrong !== null && !stepped;
  const slewed = SLEWED.exec(words)?.[1];
  if (slewed !== undefined) slew(one, Number(slewed));
  else if (wrong) {
    const seconds = Number(wrong[1] ?? wrong[2] ?? wrong[3]);
    if (!one.fresh && Math.abs(seconds) >= LEAST_WRONG && one.wrong.length < MAX_WRONG)
      one.wrong.push(seconds);
    Object.assign(one, { fresh: false, follows: true });
  } else if (FOUND.test(words) || PEER_FOUND.test(words))
    Object.assign(one, { follows: true, ...SYNCHRONISED });
  else if (LOST.test(words) || (one.follows !== true && PEER_LOST.test(words))) {
    one.lost = {
      words: words.slice(0, 160),
      count: (one.follows === false ? (one.lost?.count ?? 0) : 0) + 1,
    };
    one.follows = false;
  }
  if (UNSYNCHRONISED.test(words)) {
    one.since ??= at;
    one.unsynchronised = {
      words: words.slice(0, 160),
      seconds: Math.max(0, (at ?? 0) - (one.since ?? at ?? 0)),
    };
  }
  const off = GAVE_UP.exec(words);
  if (off) {
    const seconds = off[1] ?? off[2];
    one.gaveUp = { words: words.slice(0, 160), seconds: seconds === undefined ? undefined : Number(seconds) };
  }
  if (REFUSED.test(words)) one.refused = words.slice(0, 160);
  const fast = TOO_FAST.exec(words)?.[1];
  if (fast !== undefined) one.tooFast = Number(fast);
}

/** openntpd slews: what is less than before is the rest of the same. */
function slew(one: Draft, seconds: number): void {
  const { slew: before } = one;
  const rest =
    before !== undefined &&
    Math.sign(before.seconds) === Math.sign(seconds) &&
    Math.abs(seconds) <= Math.abs(before.seconds);
  const counts = rest ? before.counts : !one.fresh;
  if (!rest && counts && Math.abs(seconds) >= LEAST_WRONG && one.wrong.length < MAX_WRONG)
    one.wrong.push(seconds);
  Object.assign(one, { slew: { seconds, counts }, fresh: false, follows: true });
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
