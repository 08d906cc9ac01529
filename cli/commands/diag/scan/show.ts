/** How what was found in a log is shown: to people, and to programs. */

import { bySeverity, type Severity } from '../../../diag/fold/model.ts';
import { causesOf } from '../../../diag/fold/silence.ts';
import { formatDuration } from '../../../duration.ts';
import { wrap } from '../../../help/wrap.ts';
import type { Terminal } from '../../../output/terminal.ts';
import { visibleName } from '../../../output/visible.ts';
import { cut } from '../../../output/width.ts';

/** What a signature says of itself. */
interface Signature {
  readonly id: string;
  readonly family: string;
  readonly severity: Severity;
  readonly title: string;
  readonly about: string;
  readonly remedy: { readonly text: string; readonly risk: string };
  readonly links: readonly string[];
  readonly device: string;
  readonly explains: readonly string[];
}

interface Moment {
  readonly line: number;
  readonly timeMs: number | undefined;
  readonly uptime: number | undefined;
}

/** All lines of one signature and device. */
export interface Group {
  readonly signature: Signature;
  readonly device: string | undefined;
  readonly count: number;
  readonly first: Moment;
  readonly last: Moment;
  readonly newest: readonly string[];
  readonly perHour: number | undefined;
}

/** A line that was recognised. */
interface Hit extends Moment {
  readonly signature: Signature;
  readonly device: string | undefined;
  readonly text: string;
}

const COLOURS = { critical: 'red', warning: 'yellow', info: 'cyan' } as const;
/** A person reads no wider lines of prose. */
const MAX_WIDTH = 110;
const INDENT = 2;
const MAX_EFFECTS = 8;
const PROTO = { critical: 'SEVERITY_CRITICAL', warning: 'SEVERITY_WARNING', info: 'SEVERITY_INFO' } as const;

/** A group that is told on its own, and those that it causes. */
export interface Told {
  readonly group: Group;
  readonly severity: Severity;
  readonly effects: readonly Group[];
}

/** The disk that a partition is of, and the controller that a namespace of NVMe is of: what one has, the other has too. */
function wholeOf(device: string): string {
  return /^(nvme\d+)n\d+/.exec(device)?.[1] ?? /^(sd[a-z]+)\d+$/.exec(device)?.[1] ?? device;
}

/** The groups that nothing else explains, the worst first, each with what it causes: as in a node's findings. */
export function toldOf(groups: readonly Group[]): Told[] {
  const findings = groups.map((group) => {
    const { id, severity, device: kind, explains } = group.signature;
    const name = kind === 'node' ? '' : wholeOf(group.device ?? '');
    return {
      group,
      ...{ id, severity: PROTO[severity], explains: [...explains] },
      subject: { kind, name, hardware: '', attributes: {} },
    };
  });
  return causesOf(findings)
    .map(({ finding, severity, effects }) => ({
      ...{ group: finding.group, severity },
      effects: effects.map(({ group }) => group),
    }))
    .sort((a, b) => bySeverity(a.severity, b.severity) || a.group.first.line - b.group.first.line);
}

/**
 * A group for people: what it is, when it was, one of its lines, what to do, and what came of it.
 * @param before the group above it: advice that stands there already is not repeated
 */
export function groupLines(
  { group, severity, effects }: Told,
  terminal: Pick<Terminal, 'width' | 'style'>,
  before?: Group,
): string {
  const { signature, device, newest } = group;
  const width = Math.min(terminal.width ?? MAX_WIDTH, MAX_WIDTH);
  const indent = ' '.repeat(INDENT);
  const head = [severity, ...(device === undefined ? [] : [visibleName(device)])].join(' ');
  const title = wrap(`${head}: ${signature.title}`, width).replace(
    severity,
    terminal.style(COLOURS[severity], severity),
  );
  const sample = visibleName(newest.at(-1) ?? '');
  return [
    title,
    `${indent}${wrap(`${when(group)}; ${signature.id}`, width, INDENT)}`,
    `${indent}${terminal.style('dim', terminal.width === undefined ? sample : cut(sample, width - INDENT))}`,
    ...(before?.signature.remedy.text === signature.remedy.text
      ? []
      : [`${indent}${wrap(signature.remedy.text, width, INDENT)}`]),
    ...(effects.length === 0 ? [] : [`${indent}${wrap(`with it: ${withIt(effects)}`, width, INDENT)}`]),
    '',
    '',
  ].join('\n');
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
  return `${matched} of ${of} ${matched === 1 ? 'was' : 'were'} recognised: ${parts.join(', ')}.`;
}

function momentJson({ line, timeMs, uptime }: Moment): Record<string, unknown> {
  return {
    line,
    ...(timeMs === undefined ? {} : { time: new Date(timeMs).toISOString() }),
    ...(uptime === undefined ? {} : { uptimeSeconds: uptime }),
  };
}

/** A group for programs. */
export function groupJson(group: Group): Record<string, unknown> {
  const { id, family, severity, title, about, remedy, links } = group.signature;
  const { device, count, first, last, perHour, newest } = group;
  return {
    ...{ signature: id, family, severity, device: device ?? null, title, count },
    ...{ first: momentJson(first), last: momentJson(last) },
    ...(perHour === undefined ? {} : { perHour }),
    ...{ newest, about, remedy, links },
  };
}

/** A line for programs. */
export function hitJson({ line, timeMs, uptime, signature, device, text }: Hit): Record<string, unknown> {
  const { id, family, severity } = signature;
  const { line: number, ...times } = momentJson({ line, timeMs, uptime });
  return { line: number, signature: id, family, severity, device: device ?? null, ...times, text };
}
