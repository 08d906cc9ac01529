/**
 * What programs that gather outputs put before each line: the host (pdsh), the container (docker compose, stern), the time and the unit
 * (the journal, kubectl logs --timestamps, ts), the line's number, a box. Also outputs in strings of JSON.
 */

/** A kind of prefix. Group "same" is the same in each line of an output, group "host" names the machine; what is behind the whole is the line. */
const KINDS: readonly RegExp[] = [
  // Container runtimes' logs (CRI) and `kubectl logs --timestamps`, GitHub's runners.
  /^(?:(?<same>[\w./-]{1,120}[ \t]{1,8}){0,3})\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)(?: std(?:out|err) [FP])?(?: |$)/,
  // The journal and syslog.
  /^(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16}) (?<host>[\w.-]{1,64}) (?<same>[\w@./-]{1,64}(?:\[\d{1,9}\])?): ?/,
  // ts of moreutils, and what people write themselves.
  /^\[?(?:\d{4}-\d\d-\d\d[ T]|\w{3} [ \d]\d )?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?:?(?: |$)/,
  /^(?<same>[\w.@-]{1,64}) {0,20}\|(?: |$)/,
  /^\s{0,8}(?<same>[│┃║|▏])(?: |$|(?=-))/,
  /^(?<host>[a-z\d][\w.-]{0,63}):(?: |$)/i,
  /^\[(?<host>[a-z\d][\w.-]{0,63})\]:?(?: |$)/i,
  /^(?<same>[+\-•»›])(?! \w{1,12}\b)/,
  /^(?<same>[\w.-]{3,80} [\w.-]{1,80}) /,
];
/** A name with a number, or an address; no number alone, as the kernel writes its time: "[16986.177846]". */
const NUMBERED_HOST = /^(?=.*\d)(?:(?=.*[a-z])[\w.-]+|(?:\d{1,3}\.){3}\d{1,3})$/i;
/** What may be a host's name. */
const HOST = /[a-z]|^(?:\d{1,3}\.){3}\d{1,3}$/i;
/** So many lines one below the other have it. */
const LEAST = 2;
/** A box's other side. */
const SIDE = /\s*[│┃║|▕]\s*$/;
const NUMBER = /^\s{0,6}(\d{1,6})(?:[:.)│|]|\s)\s?/;
/** What a program printed, as a string of JSON. It begins behind one of these keys alone, so that a text is gone through once. */
const LINES_IN_STRING =
  /(?<="(?:stdout|stderr|output|out|msg|result|text|log|data)" ?: ?)"(?:[^"\\\n]|\\.)*"/g;
/** What stands between such strings, but for a command. */
const FIELD =
  /^\s*(?:[{}[\]],?|"(?!cmd|command)[\w .-]{1,40}" ?:\s*(?:-?[\d.]{1,20}|true|false|null|""|[[{])?,?)\s*$/;
const STRING = /^\s*("(?:[^"\\\n]|\\.)*"),?\s*$/;

/** A text as it was before something was put before its lines. */
export interface Bare {
  readonly text: string;
  /** Hosts other than the first whose lines are left out. */
  readonly others: ReadonlySet<string>;
  /** The lines of each host, those of none with the first. */
  readonly byHost?: ReadonlyMap<string, string>;
}

/** The texts of the hosts whose names stand before lines; undefined where none do. */
export function textsBefore(text: string): ReadonlyMap<string, string> | undefined {
  return withoutPrefixes(text)?.byHost;
}

/** What a text may have been: the strings of JSON in it as lines, then its lines without what they have in common. Empty where it has neither. */
export function bareTexts(text: string): Bare[] {
  const inner = unquoted(text);
  const lines = withoutPrefixes(inner);
  return [...(inner === text ? [] : [{ text: inner, others: new Set<string>() }]), ...(lines ? [lines] : [])];
}

/** A text with the lines that have a prefix of a kind one below the other as they were before; undefined where there are none. */
function withoutPrefixes(text: string): Bare | undefined {
  const lines = text.split('\n');
  const out: string[] = [];
  const others = new Set<string>();
  const refused: Refused = new Map();
  const more = new Map<string, string[]>();
  let first: string | undefined;
  let found = false;
  for (let at = 0; at < lines.length; ) {
    const run = longestRun(lines, at, refused);
    if (!run) {
      out.push(lines[at++] ?? '');
      continue;
    }
    found = true;
    for (const { host, text } of run.lines) {
      if (host !== undefined) first ??= host;
      if (host === undefined || host === first) {
        out.push(text);
        continue;
      }
      others.add(host);
      const own = more.get(host) ?? [];
      more.set(host, own);
      own.push(text);
    }
    at += run.length;
  }
  if (!found) return undefined;
  const texts = [[first, out] as const, ...more].flatMap(([host, own]): [string, string][] =>
    host === undefined ? [] : [[host, `${own.join('\n')}\n`]],
  );
  return { text: out.join('\n'), others, byHost: new Map(texts) };
}

interface Run {
  readonly lines: readonly { readonly host?: string; readonly text: string }[];
  /** How many lines of the text it covers, empty ones among them too. */
  readonly length: number;
}

/** Up to which line runs of a kind were looked at and are of no hosts: each line is looked at once. */
type Refused = Map<RegExp, number>;

/** The longest run of lines with the same kind of prefix that begins at a line. */
function longestRun(lines: readonly string[], from: number, refused: Refused): Run | undefined {
  let best: Run | undefined;
  for (const run of [
    numbered(lines, from),
    added(lines, from),
    ...KINDS.map((kind) => runOf(kind, lines, from, refused)),
  ])
    if (run && run.lines.length >= LEAST && run.length > (best?.length ?? 0)) best = run;
  return best;
}

function runOf(kind: RegExp, lines: readonly string[], from: number, refused: Refused): Run | undefined {
  if (from < (refused.get(kind) ?? 0) || !kind.test(lines[from] ?? '')) return undefined;
  const found: { host?: string; text: string }[] = [];
  let same: string | undefined;
  let at = from;
  let end = from;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      found.push({ text: '' });
      continue;
    }
    const match = kind.exec(line);
    same ??= match?.groups?.same;
    if (!match || match[0].length > 300 || same !== match.groups?.same) break;
    const rest = cellsOf(line.slice(match[0].length));
    const host = match.groups?.host;
    found.push({
      text: /[│┃║|▏]/.test(match.groups?.same ?? '') ? rest.replace(SIDE, '') : rest,
      ...(host === undefined ? {} : { host }),
    });
    end = at + 1;
  }
  const own = found.slice(0, end - from);
  if (areHosts(own)) return { lines: own, length: end - from };
  refused.set(kind, end);
  return undefined;
}

/**
 * Whether what stands before lines may be the names of hosts, where it is so called: keys of YAML, programs and the kernel's times stand there
 * too. Hosts have numbers in their names, or print several lines each, one below the other.
 */
function areHosts(lines: Run['lines']): boolean {
  const hosts = lines.flatMap(({ host }) => host ?? []);
  if (hosts.some((host) => !HOST.test(host))) return false;
  const blocks = hosts.filter((host, at) => host !== hosts[at - 1]).length;
  return blocks <= 1 || hosts.length >= 2 * blocks || hosts.every((host) => NUMBERED_HOST.test(host));
}

/** The cells of a document's table as columns. */
function cellsOf(row: string): string {
  if (row.split('|').length < 3) return row;
  return /^[\s|:-]+$/.test(row) ? '' : row.replace(/\s*\|\s*$/, '').replace(/\s*\|\s*/g, '  ');
}

function numbered(lines: readonly string[], from: number): Run | undefined {
  const start = NUMBER.exec(lines[from] ?? '')?.[1];
  if (start === undefined) return undefined;
  const found: { text: string }[] = [];
  for (let at = from; at < lines.length; at++) {
    const match = NUMBER.exec(`${lines[at] ?? ''} `);
    if (Number(match?.[1]) !== Number(start) + at - from) break;
    found.push({ text: (lines[at] ?? '').slice(match?.[0].length ?? 0) });
  }
  return { lines: found, length: found.length };
}

/** Lines behind "+", as in a difference or where a template kept it. A shell that tells what it runs (set -x) prints no empty or indented ones. */
function added(lines: readonly string[], from: number): Run | undefined {
  // Those that go on from a line above were looked at with it: each line is looked at once.
  if (lines[from - 1]?.startsWith('+')) return undefined;
  let end = from;
  while (/^\+(?: |$)/.test(lines[end] ?? '')) end++;
  const own = lines.slice(from, end);
  if (own.length < 3 || !own.some((line) => /^\+(?: {2}|\s*$)/.test(line))) return undefined;
  return { lines: own.map((line) => ({ text: line.replace(/^\+ ?/, '') })), length: own.length };
}

/** A text with the outputs that stand in strings of JSON as lines of their own. */
function unquoted(text: string): string {
  if (!text.includes('"')) return text;
  const whole = text.replace(LINES_IN_STRING, (string) =>
    string.includes('\\n') ? `\n${parsed(string)}\n` : string,
  );
  return whole
    .split('\n')
    .map((line) => {
      const string = STRING.exec(line)?.[1];
      return string === undefined ? line : parsed(string);
    })
    .filter((line) => whole === text || !FIELD.test(line))
    .join('\n');
}

function parsed(string: string): string {
  try {
    return String(JSON.parse(string));
  } catch {
    // Not JSON's own escapes.
    return string;
  }
}
