/** What differs between two texts as lines of a unified diff, bounded: for people who look at a plan. */

import { isUtf8 } from 'node:buffer';

const CONTEXT = 2;
/** Lines of one diff; more is counted. */
const MOST_LINES = 40;
const MOST_LINE_LENGTH = 200;
/** The longest common subsequence takes the product of both in time and memory. */
const MOST_CELLS = 1_000_000;

type Row = readonly [mark: ' ' | '-' | '+', line: string];

/** Lines that begin with "-", "+" or a blank; empty where one of them is no text. */
export function textDiff(from: Buffer, to: Buffer): string[] {
  if (!isText(from) || !isText(to)) return [];
  const rows = compared(linesOf(from), linesOf(to));
  const near = rows.map((_, at) =>
    rows.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(([mark]) => mark !== ' '),
  );
  const shown: string[] = [];
  let hidden = 0;
  for (const [at, [mark, line]] of rows.entries()) {
    if (!near[at]) continue;
    if (shown.length >= MOST_LINES) hidden++;
    else {
      if (at > 0 && !near[at - 1]) shown.push('@@');
      shown.push(mark + (line.length > MOST_LINE_LENGTH ? `${line.slice(0, MOST_LINE_LENGTH)}…` : line));
    }
  }
  return hidden > 0 ? [...shown, `@@ and ${hidden} more lines`] : shown;
}

function isText(content: Buffer): boolean {
  return isUtf8(content) && !content.includes(0);
}

function linesOf(content: Buffer): string[] {
  const text = content.toString();
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push('(no line break at the end)');
  return lines;
}

function compared(before: readonly string[], after: readonly string[]): Row[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const [gone, come] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const same = (line: string): Row => [' ', line];
  const middle =
    gone.length * come.length > MOST_CELLS
      ? [...gone.map((line): Row => ['-', line]), ...come.map((line): Row => ['+', line])]
      : subsequence(gone, come);
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

/** Two texts by their longest common subsequence. */
function subsequence(gone: readonly string[], come: readonly string[]): Row[] {
  const width = come.length + 1;
  // Of what is left from each pair of places on.
  const lengths = new Uint16Array((gone.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = gone.length - 1; i >= 0; i--)
    for (let j = come.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        gone[i] === come[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < come.length) {
    if (i < gone.length && j < come.length && gone[i] === come[j]) {
      rows.push([' ', gone[i] ?? '']);
      i++;
      j++;
    } else if (i < gone.length && (j === come.length || at(i + 1, j) >= at(i, j + 1)))
      rows.push(['-', gone[i++] ?? '']);
    else rows.push(['+', come[j++] ?? '']);
  }
  return rows;
}
