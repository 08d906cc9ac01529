/** Tables for people: columns as wide as they must be, cut at the terminal's edge, whole on a pipe. */

import type { Terminal } from './terminal.ts';
import { visibleName } from './visible.ts';

/** A column of a table over rows of one type. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  align?: 'right';
}

const GAP = '  ';

/** How many columns of a terminal a text takes: wide East Asian characters and emoji two, combining marks none. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue;
    width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return width;
}

/** Whether a character takes two columns (the ranges "W" and "F" of Unicode's East Asian Width, coarsely). */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f9ff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/** A text cut to a width, with an ellipsis where something was cut. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const character of text) {
    const more = displayWidth(character);
    if (used + more > width - 1) break;
    out += character;
    used += more;
  }
  return `${out}…`;
}

/** The lines of a table, its header first. `width` is the terminal's, or undefined where nothing is cut. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number | undefined,
  header: (text: string) => string = (text) => text,
): string[] {
  const cells = rows.map((row) => columns.map((column) => visibleName(column.value(row)) || '-'));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  const render = (texts: string[]) => {
    const padded = texts.map((text, index) => {
      const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(text)));
      return columns[index]?.align === 'right' ? space + text : text + space;
    });
    const line = padded.join(GAP).trimEnd();
    return width === undefined ? line : cut(line, width);
  };
  return [header(render(columns.map(({ title }) => title))), ...cells.map(render)];
}

/** Prints a table. */
export async function printTable<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  wide = false,
): Promise<void> {
  const shown = wide ? columns : columns.filter((column) => !column.wide);
  const lines = tableLines(rows, shown, wide ? undefined : terminal.width, (text) =>
    terminal.style('bold', text),
  );
  await terminal.write(`${lines.join('\n')}\n`);
}
