/** Text in lines of a width: words whose characters take one column each. */

import { stripVTControlCharacters } from 'node:util';

/** Breaks a text at spaces. Lines behind the first begin with `indent` spaces, which the first is thought to have already. */
export function wrap(text: string, width: number, indent = 0): string {
  const room = Math.max(20, width - indent);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    // Colour takes no column.
    const columns = word.includes('\x1b') ? stripVTControlCharacters(word).length : word.length;
    if (line !== '' && used + 1 + columns > room) {
      lines.push(line);
      [line, used] = [word, columns];
    } else [line, used] = line === '' ? [word, columns] : [`${line} ${word}`, used + 1 + columns];
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** The widest that the left column of a list gets; what is longer has its description on the next line. */
const MAX_LEFT = 30;

/** A list in two columns, indented by two. */
export function twoColumns(rows: readonly (readonly [left: string, right: string])[], width: number): string {
  const fitting = rows.map(([left]) => left.length).filter((length) => length <= MAX_LEFT);
  const column = Math.max(0, ...fitting) + 4;
  return rows
    .map(([left, right]) => {
      const lines = wrap(right, width, column);
      if (right === '') return `  ${left}`;
      return left.length + 4 > column
        ? `  ${left}\n${' '.repeat(column)}${lines}`
        : `  ${left.padEnd(column - 2)}${lines}`;
    })
    .join('\n');
}
