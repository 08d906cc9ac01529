/** Tables for people: columns as wide as they must be, narrowed to fit a terminal, whole on a pipe. */

import type { Terminal } from './terminal.ts';
import { visibleName } from './visible.ts';
import { cut, displayWidth } from './width.ts';

/** A column of a table over rows of one type. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  align?: 'right';
  /** Not narrowed: what half of would mean nothing. */
  whole?: boolean;
  /** Left out, the last such column first, before others are narrowed: for what a page of its own shows as well. */
  yields?: boolean;
}

const GAP = '  ';
/** A column is not narrowed below this. */
const MIN_WIDTH = 6;

/** The lines of a table, its header first. `width` is the terminal's, or undefined where nothing is cut. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number | undefined,
  header: (text: string) => string = (text) => text,
): string[] {
  const cells = cellsOf(rows, columns);
  const wanted = wantedWidths(cells, columns);
  const widths = width === undefined ? wanted : narrowed(columns, wanted, width);
  const render = (texts: string[]) => {
    const padded = texts.map((text, index) => {
      const room = widths[index] ?? 0;
      const shown = cut(text, room);
      const space = ' '.repeat(Math.max(0, room - displayWidth(shown)));
      return columns[index]?.align === 'right' ? space + shown : shown + space;
    });
    const line = padded.join(GAP).trimEnd();
    return width === undefined ? line : cut(line, width);
  };
  return [header(render(columns.map(({ title }) => title))), ...cells.map(render)];
}

function cellsOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[][] {
  return rows.map((row) => columns.map((column) => visibleName(column.value(row)) || '-'));
}

/** How wide columns are in which nothing is cut. */
function wantedWidths<Row>(cells: readonly string[][], columns: readonly Column<Row>[]): number[] {
  return columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
}

/** The columns that are left when as few as possible have yielded for the rest to be shown whole. */
export function remaining<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number | undefined,
): readonly Column<Row>[] {
  if (width === undefined) return columns;
  const wanted = wantedWidths(cellsOf(rows, columns), columns);
  const left = new Set(columns.keys());
  const over = () => sum([...left].map((index) => (wanted[index] ?? 0) + GAP.length)) - GAP.length > width;
  for (let index = columns.length - 1; index >= 0 && over(); index--)
    if (columns[index]?.yields) left.delete(index);
  return columns.filter((_, index) => left.has(index));
}

/** Widths that fit a terminal as far as they can: the widest columns give way first, down to their titles. */
function narrowed<Row>(columns: readonly Column<Row>[], wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const room = width - GAP.length * (columns.length - 1);
  const least = columns.map(({ title, whole }, index) =>
    whole ? (wanted[index] ?? 0) : Math.min(wanted[index] ?? 0, Math.max(MIN_WIDTH, displayWidth(title))),
  );
  for (let over = sum(widths) - room; over > 0; over--) {
    let widest = -1;
    for (const [index, one] of widths.entries())
      if (one > (least[index] ?? 0) && (widest < 0 || one > (widths[widest] ?? 0))) widest = index;
    // Nothing gives way any more: the rest is cut off at the terminal's edge.
    if (widest < 0) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Prints a table, and on stderr which columns had no room in it. */
export async function printTable<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  wide = false,
): Promise<void> {
  const wanted = wide ? columns : columns.filter((column) => !column.wide);
  const width = wide ? undefined : terminal.width;
  const shown = remaining(rows, wanted, width);
  const lines = tableLines(rows, shown, width, (text) => terminal.style('bold', text));
  await terminal.write(`${lines.join('\n')}\n`);
  const out = wanted.filter((column) => !shown.includes(column)).map(({ title }) => title);
  if (out.length > 0) {
    const them = out.length === 1 ? 'it' : 'them';
    terminal.note(`No room for ${out.join(', ')}: a wider terminal or -o wide shows ${them}.`);
  }
}
