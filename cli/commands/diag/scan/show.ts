/** How what was found in a log is shown: to people, and to programs. */

import { formatDuration } from '../../../duration.ts';
import { foldNames } from '../../../fleet/names.ts';
import { wrap } from '../../../help/wrap.ts';
import type { Terminal } from '../../../output/terminal.ts';
import { visibleName } from '../../../output/visible.ts';
import { cut } from '../../../output/width.ts';
import { type Group, type Hit, hostsOf, type Moment, type Told } from './told.ts';

const COLOURS = { critical: 'red', warning: 'yellow', info: 'cyan' } as const;
/** A person reads no wider lines of prose. */
const MAX_WIDTH = 110;
const INDENT = 2;
const MAX_EFFECTS = 8;
/** Names of machines are listed up to so many characters beside a trouble's device, and below it. */
const MAX_NAMES = 40;
const MAX_LISTED = 400;
/** Not those within a range: it may be pasted behind -n. */
const BETWEEN_NAMES = /,(?![^[]*\])/g;

/**
 * A group for people: what it is, when it was, one of its lines, what to do, and what came of it.
 * @param before the group above it: advice that stands there already is not repeated
 */
export function groupLines(
  { group, severity, effects, hosts }: Told,
  terminal: Pick<Terminal, 'width' | 'style'>,
  before?: Group,
): string {
  const { signature, device, newest } = group;
  const width = Math.min(terminal.width ?? MAX_WIDTH, MAX_WIDTH);
  const indent = ' '.repeat(INDENT);
  const names = visibleName(foldNames(hosts));
  const many = names.length > MAX_NAMES;
  const whose = many ? `${hosts.length} hosts` : names;
  const head = [severity, whose, visibleName(device ?? '')].filter((word) => word !== '').join(' ');
  const title = wrap(`${head}: ${signature.title}`, width).replace(
    severity,
    terminal.style(COLOURS[severity], severity),
  );
  const sample = visibleName(newest.at(-1) ?? '');
  return [
    title,
    `${indent}${wrap(`${when(group)}; ${signature.id}`, width, INDENT)}`,
    ...(many ? [`${indent}${wrap(`on ${listed(hosts)}`, width, INDENT)}`] : []),
    `${indent}${terminal.style('dim', terminal.width === undefined ? sample : cut(sample, width - INDENT))}`,
    ...(before?.signature.remedy.text === signature.remedy.text
      ? []
      : [`${indent}${wrap(signature.remedy.text, width, INDENT)}`]),
    ...(effects.length === 0 ? [] : [`${indent}${wrap(`with it: ${withIt(effects)}`, width, INDENT)}`]),
    '',
    '',
  ].join('\n');
}

/** Names of machines, as many as a person reads; all of them are in -o json. */
function listed(hosts: readonly string[]): string {
  let count = hosts.length;
  while (foldNames(hosts.slice(0, count)).length > MAX_LISTED) count = Math.floor(count / 2);
  const more = count < hosts.length ? ` and ${hosts.length - count} more` : '';
  return `${visibleName(foldNames(hosts.slice(0, count))).replace(BETWEEN_NAMES, ', ')}${more}`;
}

/** What a group causes, in one line. */
function withIt(effects: readonly Group[]): string {
  const shown = effects.slice(0, MAX_EFFECTS).map(({ signature, device, count }) => {
    const where = device === undefined ? '' : `${visibleName(device)} `;
    return `${where}${signature.id} (${count})`;
  });
  const more = effects.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** "12 times from … to …, 3.2 an hour", or "once, line 7". */
function when({ count, first, last, perHour }: Group): string {
  if (count === 1) return `once, ${moment(first)}`;
  const rate =
    perHour === undefined ? '' : `, ${perHour < 10 ? perHour.toFixed(1) : Math.round(perHour)} an hour`;
  return `${count} times, ${moment(first)} to ${moment(last)}${rate}`;
}

function moment({ line, timeMs, uptime }: Moment): string {
  if (timeMs !== undefined) return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return uptime === undefined ? `line ${line}` : `${formatDuration(uptime * 1000)} after boot`;
}

/** The line at the end. */
export function summary(matched: number, lines: number, groups: readonly Group[]): string {
  const of = lines === 1 ? '1 line' : `${lines} lines`;
  if (lines === 0) return 'There is nothing in it: it is empty.';
  if (matched === 0) return `Nothing was recognised in ${of}.`;
  const count = (severity: string) =>
    groups.filter(({ signature }) => signature.severity === severity).length;
  const parts = (['critical', 'warning', 'info'] as const)
    .map((severity) => [count(severity), severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => `${number} ${severity}`);
  const hosts = hostsOf(groups).length;
  const whose = hosts > 1 ? `, on ${hosts} hosts` : '';
  return `${matched} of ${of} ${matched === 1 ? 'was' : 'were'} recognised: ${parts.join(', ')}${whose}.`;
}

function momentJson({ line, timeMs, uptime }: Moment): Record<string, unknown> {
  return {
    line,
    ...(timeMs === undefined ? {} : { time: new Date(timeMs).toISOString() }),
    ...(uptime === undefined ? {} : { uptimeSeconds: uptime }),
  };
}

function hostJson(host: string | undefined): { host?: string } {
  return host === undefined ? {} : { host };
}

/** A group for programs. */
export function groupJson(group: Group): Record<string, unknown> {
  const { id, family, severity, title, about, remedy, links } = group.signature;
  const { device, host, count, first, last, perHour, newest } = group;
  return {
    ...{ signature: id, family, severity, device: device ?? null, ...hostJson(host), title, count },
    ...{ first: momentJson(first), last: momentJson(last) },
    ...(perHour === undefined ? {} : { perHour }),
    ...{ newest, about, remedy, links },
  };
}

/** A line for programs. */
export function hitJson(hit: Hit): Record<string, unknown> {
  const { line, timeMs, uptime, device, host, text } = hit;
  const { id, family, severity } = hit.signature;
  const { line: number, ...times } = momentJson({ line, timeMs, uptime });
  const whose = { device: device ?? null, ...hostJson(host) };
  return { line: number, signature: id, family, severity, ...whose, ...times, text };
}
