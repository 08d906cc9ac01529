/** What several machines printed in one text, by machine: below headings with their names, below prompts, or with the names before each line. */

import { deviceOfCommand } from './ethtool-device.ts';
import { askedOfMany, type HostHeading, hostHeading, isOneOutput, isRule, isRuled } from './host-headings.ts';
import { textsBefore } from './line-prefixes.ts';
import { logHosts } from './log-hosts.ts';
import { MAX_PREFIXED, outputsIn } from './saved-sections.ts';
import { headingOf } from './section-starts.ts';

/** In one text so many machines are told apart; what more there is stays with the last of them. */
const MAX_HOSTS = 500;
/** In so many lines the command stands that many hosts were asked with. */
const MAX_ABOVE = 50;
/** What is gathered from lines, wherever they stand. */
const OF_LINES = new Set(['dmesg', 'daemons']);

interface Part {
  readonly host: string;
  readonly lines: string[];
  /** Whether its first line is what many hosts were asked. */
  readonly asked?: boolean;
  /** The heading, where nothing of an output is in it. */
  readonly heading?: string;
}

/** The texts of the machines in a text, in their order, the text's own by an empty name; undefined where it is of one machine. */
export function textsByHost(text: string): ReadonlyMap<string, string> | undefined {
  return byHeadings(text) ?? byPrefixes(text);
}

function byHeadings(text: string): ReadonlyMap<string, string> | undefined {
  const lines = text.split('\n');
  const { parts, sure, gathered, first } = partsOf(lines);
  const names = new Set(parts.map(({ host }) => host));
  names.delete('');
  if (names.size < 2) return undefined;
  const judged = new Map<string, Set<string>>();
  for (const [host, own] of Map.groupBy(parts, (part) => part.host))
    judged.set(host, commandsIn(own.flatMap((part) => part.lines).join('\n')));
  const some = [...gathered].some((host) => (judged.get(host)?.size ?? 0) > 0 || asks(parts, host));
  const counts = [...names]
    .filter((host) => {
      const own = judged.get(host) ?? new Set();
      // Of what one host answered nothing is another's, even where it is no output.
      if (gathered.has(host)) return some;
      if (sure.has(host)) return own.size > 0;
      // A word alone may be anything: another machine has the same output.
      return [...own].some(
        (command) =>
          isOfMachine(command) &&
          [...judged].some(([other, all]) => other !== host && other !== '' && all.has(command)),
      );
    })
    .slice(0, MAX_HOSTS);
  if (counts.length < 2) return undefined;
  const known = new Set(counts);
  // What stands above all is of the first machine, but where another one was asked from the own.
  const own = first?.once === true && (judged.get('')?.size ?? 0) > 0;
  if (own) known.add('');
  const texts = new Map<string, string[]>();
  let host = own ? '' : (counts[0] ?? '');
  for (const part of parts) {
    if (known.has(part.host)) host = part.host;
    const before = texts.get(host) ?? [];
    texts.set(host, before);
    if (part.heading !== undefined && part.host !== host) before.push(part.heading);
    for (const line of part.lines) before.push(line);
  }
  return new Map([...texts].map(([name, all]) => [name, `${all.join('\n')}\n`]));
}

/** Whether a command stands above what a host answered. */
function asks(parts: readonly Part[], host: string): boolean {
  return parts.some((part) => part.host === host && part.asked === true);
}

/** A text in parts, each of one machine. */
function partsOf(lines: readonly string[]): {
  parts: Part[];
  sure: Set<string>;
  gathered: Set<string>;
  first: HostHeading | undefined;
} {
  const sure = new Set<string>();
  const gathered = new Set<string>();
  /** What many hosts were asked. */
  let asked: string | undefined;
  const parts: Part[] = [{ host: '', lines: [] }];
  let first: HostHeading | undefined;
  /** Of whom it was before one command was sent elsewhere. */
  let home: string | undefined;
  /** Whether what stands here is the output of one command. */
  let within = false;
  for (const [at, line] of lines.entries()) {
    // The rule below a host's name, and the one above the next, are none of what the host printed.
    if (asked !== undefined && isRule(line) && [at - 1, at + 1].some((one) => isRuled(lines, one))) continue;
    within = isOneOutput(line) ?? within;
    const told = hostHeading(lines, at);
    const heading = within && told?.plain === true ? undefined : told;
    if (heading) {
      first ??= heading;
      if (heading.sure) sure.add(heading.host);
      const many = heading.instead === undefined ? undefined : askedOfMany(heading.instead);
      if (many !== undefined) {
        // It is asked here, and answered by others.
        asked = many;
        parts.push({ host: parts.at(-1)?.host ?? '', lines: [line] });
        continue;
      }
      const own =
        heading.sure && (heading.gathered || (asked !== undefined && heading.instead === undefined));
      if (own) gathered.add(heading.host);
      if (own && asked !== undefined) {
        const lines = [`$ ${asked}`, ...(heading.instead === undefined ? [] : [heading.instead])];
        parts.push({ host: heading.host, lines, asked: true });
        continue;
      }
      home = heading.once ? (home ?? parts.at(-1)?.host ?? '') : undefined;
      parts.push(
        heading.instead === undefined
          ? { host: heading.host, lines: [], heading: line }
          : { host: heading.host, lines: [heading.instead] },
      );
    } else {
      asked = askedOfMany(line) ?? asked;
      if (home !== undefined && /^[^\s@]{0,30}[$#%>] \S/.test(line)) {
        parts.push({ host: home, lines: [] });
        home = undefined;
      }
      parts.at(-1)?.lines.push(line);
    }
  }
  return { parts, sure, gathered, first };
}

function byPrefixes(text: string): ReadonlyMap<string, string> | undefined {
  const texts = text.length > MAX_PREFIXED ? undefined : textsBefore(text);
  if (!texts || texts.size < 2 || hasOutputs(text)) return undefined;
  const lines = text.split('\n', MAX_ABOVE);
  const ask = lines.find((line) => askedOfMany(line) !== undefined);
  if (ask !== undefined)
    return new Map(
      [...texts].map(([host, own]) => [host, `$ ${askedOfMany(ask)}\n${own.replace(`${ask}\n`, '')}`]),
    );
  const judged = [...texts].map(([host, own]) => [host, commandsIn(own)] as const);
  const known = judged.filter(([, own]) => [...own].some((one) => isOfMachine(one) && !OF_LINES.has(one)));
  return known.length < 2 ? undefined : texts;
}

/** What a collector's log is of. */
export interface LogMachines {
  /** The lines of each machine of which something can be judged, by its name; what stands beside them by an empty one. */
  readonly texts: ReadonlyMap<string, string>;
  /** Machines of whose lines nothing can be judged. */
  readonly others: readonly string[];
  /** Whether the beginning of a long one was not read. */
  readonly lost?: boolean;
}

/** The machines whose lines are in a log; undefined where it is of one. */
export function machinesInLog(text: string): LogMachines | undefined {
  const whole = logHosts(text);
  if (whole.texts.size < 2) return undefined;
  const { texts, rest } = hasOutputs(text) ? logHosts(text, (line) => headingOf(line) !== undefined) : whole;
  const judged = [...texts].filter(([, own]) => outputsIn(own, '', new Set(), false).length > 0);
  if (judged.length < 2) return undefined;
  const known = new Set(judged.map(([host]) => host));
  return {
    texts: new Map([...(rest === '' ? [] : [['', rest] as const]), ...judged]),
    others: [...texts.keys()].filter((host) => !known.has(host)),
  };
}

/** Whether a text has outputs as it is, beside lines of logs. */
export function hasOutputs(text: string): boolean {
  return outputsIn(text, '', new Set(), false).some(({ known, command }) => known && !OF_LINES.has(command));
}

/** Commands whose outputs are known by their own lines. */
function commandsIn(text: string): Set<string> {
  return new Set(outputsIn(text, '', new Set()).flatMap(({ known, command }) => (known ? [command] : [])));
}

/** Whether a command is asked of the machine, not of a part of it. */
export function isOfMachine(command: string): boolean {
  return deviceOfCommand(command) === undefined && !/^(?:smartctl|nvme|ethtool|mdadm)\b/.test(command);
}
