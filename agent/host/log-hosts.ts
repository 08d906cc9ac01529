/**
 * Whose the lines of a collector's log are: syslog and the journal put the host into each line, `nodectl dmesg --all` and others put it before
 * the line. A line that names no host is of the machine whose line stands before it.
 */

import { recordLinesOf } from './structured-logs.ts';

const CLOCK = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`;
/** syslog's own date, which nothing but a host and a program follow. */
const BSD = String.raw`(?:[A-Z][a-z]{2},? )?[A-Z][a-z]{2} [ \d]?\d (?:\d{4} )?${CLOCK}(?: \d{4})?(?: [A-Z]{3,5})?`;
const ISO = String.raw`(?:\w{3} )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s,]{0,20}(?: [A-Z]{3,5})?|\d{10}\.\d{6}`;
/** A mail, a table or a frame of lines. */
const AHEAD = String.raw`^[\s>|│]{0,12}`;
const NAME = String.raw`[a-z\d][\w.:-]{0,63}`;
const PRIORITY = String.raw`(?:<\d{1,3}>)?(?:1 )?`;
/** A machine's name before a line that is one of a log without it. */
const BEFORE = new RegExp(
  String.raw`${AHEAD}(?:(${NAME}?)(?: *\||:)|\[(${NAME})\]:?) +(?=${PRIORITY}(?:${BSD}|${ISO}) |\[(?:[A-Z][a-z]{2} [ \d]\d ${CLOCK}| *\d{1,7}\.\d{6})\] |(?:kern|user|daemon): +\w{3,7}: \[)`,
  'i',
);
/** A date, perhaps behind that of a relay, the host, and who says it: the kernel, a program with its number or (behind syslog's date, or a telling name) without. */
const WITHIN = new RegExp(
  String.raw`${AHEAD}(?:(?:${NAME}?)(?: *\||:) *)?(?:${PRIORITY}(?:${BSD}|${ISO}) {1,4}(?:[^\s:]{1,64} {1,4}){1,2}(?=${BSD}|\d{4}-\d\d-))?${PRIORITY}(?:(?<bsd>${BSD})|${ISO}|\[ *\d{1,7}\.\d{6}\]) {1,8}(?:(?:kern|user|daemon|syslog|local\d)(?:[.:/]\w+)? {1,4})?(?<host>${NAME}) (?:(?<sure>kernel(?:\[\d{1,10}\])?(?::| - )|[\w./@()-]{1,64}\[\d{1,10}\]:|[\w./-]{1,64} (?:\d{1,10}|-) \S{1,32} [-[])|[a-z][\w./@-]{0,63}: )`,
  'i',
);
/** What stands in the place of a host and is none: levels, facilities, what prints a log, files of logs. */
const NO_HOST =
  /^(?:(?:kern|user|mail|daemon|auth|authpriv|syslog|local\d|emerg|alert|crit\w*|err|error|warn|warning|notice|info|debug|trace|fatal|panic|std(?:out|err)|kernel|dmesg|journal(?:ctl)?|messages|console|boot|log|note|time|date|at|on)(?:[.:/-].*)?|.*\.(?:log|txt|out|gz)(?:\.\d+)?|[\d:]+)$/i;
/** A name that each machine may have, before it has its own. */
const NOBODY = /^(?:localhost|none|unknown|host|debian|ubuntu|archlinux|archiso|fedora|linux)(?:\.|$)/i;

/** The machine that a line of a log names; undefined where it names none. */
export function logHost(line: string): string | undefined {
  const part = line.length > 600 ? line.slice(0, 600) : line;
  if (!/\d\d:\d\d|\d\.\d{6}/.test(part)) return undefined;
  const [, first, second] = BEFORE.exec(part) ?? [];
  const before = first ?? second;
  if (before !== undefined && isHost(before)) return before;
  const { bsd, host, sure } = WITHIN.exec(part)?.groups ?? {};
  if (host === undefined || !isHost(host)) return undefined;
  return bsd !== undefined || sure !== undefined || /\d/.test(host) ? host : undefined;
}

function isHost(name: string): boolean {
  return !NO_HOST.test(name);
}

/** The lines of a log by the machines that they name; empty where they name none. */
export interface LogHosts {
  /** The lines of each, by its name, which is short where that is one machine's. */
  readonly texts: ReadonlyMap<string, string>;
  /** What stands beside the lines of logs; empty where there is nothing. */
  readonly rest: string;
}

/**
 * Tells apart the machines of a log.
 * @param isHeading whether a line begins something else than a log; undefined where there is nothing else in the text
 */
export function logHosts(text: string, isHeading?: (line: string) => boolean): LogHosts {
  const records = isHeading ? '' : recordLinesOf(text);
  const lines = (records === '' ? text : records).split('\n');
  const told = lines.map(logHost);
  const names = namesOf(told);
  const rest: string[] = [];
  const texts = new Map<string, string[]>();
  const first = told.find((host) => host !== undefined);
  // What stands above all is of the first machine.
  let host = isHeading || first === undefined ? undefined : names.get(first);
  for (const [at, line] of lines.entries()) {
    const own = told[at];
    if (own !== undefined) host = names.get(own) ?? own;
    else if (isHeading && (line.trim() === '' || isHeading(line))) host = undefined;
    if (host === undefined) {
      rest.push(line);
      continue;
    }
    const before = texts.get(host) ?? [];
    texts.set(host, before);
    // Who reads the kernel's lines knows a name in brackets for a time.
    before.push(line.startsWith(`[${own}]`) ? line.replace(/^\[[^\]]+\]:? +/, '') : line);
  }
  return {
    texts: new Map([...texts].map(([name, own]) => [name, `${own.join('\n')}\n`])),
    rest: rest.every((line) => line.trim() === '') ? '' : `${rest.join('\n')}\n`,
  };
}

/** By which name each machine that lines name is told: daemons write a host's short name or its full one. */
export function namesOf(told: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  const all = new Set(told.flatMap((host) => host ?? []));
  const full = Map.groupBy(
    [...all].filter((host) => shortOf(host) !== host),
    shortOf,
  );
  const real = [...all].filter((host) => !NOBODY.test(host));
  return new Map(
    [...all].map((host): [string, string] => {
      const short = shortOf(host);
      // Before a machine has its name, it says another.
      if (NOBODY.test(host) && new Set(real.map(shortOf)).size === 1) return [host, shortOf(real[0] ?? host)];
      return [host, (full.get(short)?.length ?? 0) > 1 ? host : short];
    }),
  );
}

function shortOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : (host.split('.', 1)[0] ?? host);
}
