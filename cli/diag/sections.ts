/** Pages about one thing in sections: a bold title, and lines of a label and a text that is wrapped beside it. */

import { wrap } from '../help/wrap.ts';
import type { Style } from '../output/terminal.ts';

/** How a page is set. */
export interface Look {
  readonly width: number;
  readonly style: (style: Style, text: string) => string;
  /** Takes from a node's text what a terminal would obey. */
  readonly safe: (text: string) => string;
}

/** A line: its text may have several paragraphs. */
export type Line = readonly [label: string, text: string];

const INDENT = 2;
/** A pipe has no width, but sentences without line breaks cannot be read. */
export const PIPE_WIDTH = 100;

/** A section, or nothing where no line has a text. */
export function section(
  { width, style, safe }: Look,
  title: string,
  lines: readonly Line[],
  label = 18,
): string[] {
  const told = lines.filter(([, text]) => text !== '');
  if (told.length === 0) return [];
  const indent = INDENT + label;
  return [
    '',
    style('bold', title),
    ...told.map(([name, text]) => {
      const wrapped = text
        .split('\n')
        .map((one) => wrap(safe(one), width, indent))
        .join(`\n${' '.repeat(indent)}`);
      return `${' '.repeat(INDENT)}${label === 0 ? '' : `${safe(name)} `.padEnd(label)}${wrapped}`;
    }),
  ];
}

/** Lines of a table below a title, or nothing where there are none. */
export function tableSection({ style }: Look, title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ['', style('bold', title), ...lines.map((line) => `${' '.repeat(INDENT)}${line}`)];
}
