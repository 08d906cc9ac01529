/**
 * The troubles of a fleet on few lines of a terminal. Each has one line; what lines are left are given to the details, the
 * worst troubles first: why these nodes, what shows it, and what to do.
 */

import { wrap } from '../../help/wrap.ts';
import type { Style } from '../../output/terminal.ts';
import { visibleName } from '../../output/visible.ts';
import { cut, displayWidth } from '../../output/width.ts';
import type { Severity, Trouble } from '../fold/model.ts';
import {
  distinctionText,
  evidenceText,
  explainedText,
  newest,
  nodesText,
  outlierText,
  placeText,
  remedyText,
  subjectText,
} from './words.ts';

/** How much room there is, and how text is set off. */
export interface Layout {
  /** Columns; undefined where nothing is cut. */
  readonly width: number | undefined;
  /** Lines; undefined where all are shown. */
  readonly lines: number | undefined;
  readonly style: (style: Style, text: string) => string;
  /** How many nodes answered. */
  readonly answered: number;
}

/** Severities as marks, all of one width, with their colours. */
export const MARKS: Readonly<Record<Severity, { mark: string; style: Style }>> = {
  critical: { mark: 'CRIT', style: 'red' },
  warning: { mark: 'WARN', style: 'yellow' },
  info: { mark: 'info', style: 'blue' },
};

/** Details stand below the names of the nodes. */
const INDENT = '      ';
const DOT = ' · ';
const MIN_NODES_WIDTH = 12;
/** On a pipe longer names push the title to the right. */
const PIPE_NODES_WIDTH = 24;
/** The names of nodes take at most this share of a line. */
const NODES_SHARE = 0.3;
/** Why or evidence takes at least this share of a line that it shares with the remedy. */
const FIRST_SHARE = 0.45;
/** No part is broken into more lines than this. */
const MAX_WRAPPED = 3;
const ARROW_WIDTH = 2;
const MIN_SUBJECT = 8;

/**
 * How much of a trouble is shown: its line; the line whole, broken where it is too long; with one line of details; with two; or
 * everything, broken into lines. What is wrong, and with what, comes before any detail.
 */
type Level = 0 | 1 | 2 | 3 | 4;

/** The lines, and the troubles that found no place. */
export function troubleLines(
  troubles: readonly Trouble[],
  layout: Layout,
): { lines: string[]; left: readonly Trouble[] } {
  const { lines = Number.POSITIVE_INFINITY, width } = layout;
  const ordered = width === undefined ? troubles : alikeTogether(troubles);
  const shown = ordered.slice(0, lines);
  const room = width === undefined ? undefined : Math.max(MIN_NODES_WIDTH, Math.floor(width * NODES_SHARE));
  const names = shown.map((trouble, at) => {
    const text = nodesText(trouble.nodes, layout.answered, room);
    const same = `the same ${trouble.nodes.length} nodes`;
    const repeats = room !== undefined && sameNodes(shown[at - 1], trouble) && text.length > same.length;
    return repeats ? same : text;
  });
  const column = Math.min(room ?? PIPE_NODES_WIDTH, Math.max(0, ...names.map(displayWidth)));
  const render = (at: number, level: Level): string[] => {
    const trouble = shown[at];
    if (!trouble) return [];
    return [
      ...headLines(trouble, names[at] ?? '', column, level, layout),
      ...details(trouble, level, width).map((line) => layout.style('dim', INDENT + line)),
    ];
  };
  return { lines: fill(shown.length, lines, render).flat(), left: ordered.slice(shown.length) };
}

function sameNodes(a: Trouble | undefined, b: Trouble): boolean {
  return a !== undefined && a.nodes.length > 1 && a.nodes.join() === b.nodes.join();
}

/** Troubles of the same nodes below each other, as far as their severities allow: a list of nodes is hard to compare by eye. */
function alikeTogether(troubles: readonly Trouble[]): Trouble[] {
  const left = [...troubles];
  const ordered: Trouble[] = [];
  for (let next = left[0]; next; next = left[0]) {
    const { severity } = next;
    const alike = left.findIndex((one) => one.severity === severity && sameNodes(ordered.at(-1), one));
    ordered.push(...left.splice(Math.max(0, alike), 1));
  }
  return ordered;
}

/** Gives what lines there are to the troubles: each level to all of them before the next, the worst first. */
function fill(count: number, lines: number, render: (at: number, level: Level) => string[]): string[][] {
  const blocks = Array.from({ length: count }, (_, at) => render(at, 0));
  let left = lines - count;
  for (const level of [1, 2, 3, 4] as const)
    for (const [at, block] of blocks.entries()) {
      const more = render(at, level);
      if (more.length - block.length > left) continue;
      left -= more.length - block.length;
      blocks[at] = more;
    }
  return blocks;
}

function headLines(
  trouble: Trouble,
  names: string,
  column: number,
  level: Level,
  { width, style }: Layout,
): string[] {
  const { mark, style: colour } = MARKS[trouble.severity];
  const before = `${names}${' '.repeat(Math.max(0, column - displayWidth(names)))}  `;
  const lead = `${style(colour, mark)}  ${style('bold', before)}`;
  const used = mark.length + 2 + displayWidth(before);
  const title = visibleName(trouble.title);
  const subject = subjectText(trouble);
  const rest = subject && ` (${subject})`;
  if (width === undefined) return [`${lead}${title}${style('dim', rest)}`];
  if (level > 0 && displayWidth(title + rest) > width - used) {
    const [first = '', ...more] = wrap(`${title}${rest}`, width, used).split('\n');
    return [lead + cut(first, width - used), ...more.map((line) => cut(line, width))];
  }
  const shown = cut(title, width - used);
  const room = width - used - displayWidth(shown);
  // Less than this of the subject says nothing.
  return [`${lead}${shown}${room < MIN_SUBJECT ? '' : style('dim', cut(rest, room))}`];
}

/** What can say why these nodes have it, where something can. */
function whyText({ attribution, outliers }: Trouble): string {
  const [distinction] = attribution.distinctions;
  const [outlier] = outliers;
  if (distinction) return distinctionText(distinction);
  if (attribution.place) return placeText(attribution.place);
  return outlier ? outlierText(outlier) : '';
}

/** Details of a level. */
function details(trouble: Trouble, level: Level, width: number | undefined): string[] {
  const member = newest(trouble);
  if (level < 2 || !member) return [];
  const { nodes, explained } = trouble;
  const why = whyText(trouble);
  const evidence = evidenceText(member, trouble);
  const remedy = remedyText(member);
  const arrow = remedy && `→ ${remedy}`;
  const explains = explainedText(explained, nodes.length);
  if (width === undefined)
    return [[why, evidence, explains].filter(Boolean).join(DOT), arrow].filter(Boolean);
  const room = width - INDENT.length;
  const first = why || evidence;
  if (level === 2 && first && arrow) {
    // The shorter of the two may leave the other one more room.
    const lead = cut(
      first,
      Math.max(Math.floor(room * FIRST_SHARE), room - displayWidth(arrow) - DOT.length),
    );
    return [cut(`${lead}${DOT}${arrow}`, room)];
  }
  const head = [why, evidence, explains].filter(Boolean).join(DOT);
  const texts = [head, arrow].filter(Boolean);
  if (level < 4) return texts.slice(0, level - 1).map((text) => cut(text, room));
  return texts.flatMap((text, at) => wrapped(text, room, at === 0 ? 0 : ARROW_WIDTH));
}

/** A text in a few lines, with an ellipsis where it takes more. */
function wrapped(text: string, width: number, indent: number): string[] {
  const lines = wrap(text, width, indent).split('\n');
  const last = lines.slice(MAX_WRAPPED - 1).join(' ');
  const shown = lines.length > MAX_WRAPPED ? [...lines.slice(0, MAX_WRAPPED - 1), last] : lines;
  return shown.map((line) => cut(line, width));
}
