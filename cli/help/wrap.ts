/** Text in lines of a width, for help pages: plain words without colour, one column each. */

/** Breaks a text at spaces. Lines behind the first begin with `indent` spaces, which the first is thought to have already. */
export function wrap(text: string, width: number, indent = 0): string {
  const room = Math.max(20, width - indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
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
