/**
 * A command line that is being typed, in words. Bash cuts words at "=" and ":" for completion, so it hands over the line and
 * the words are found here, by the quoting rules of a POSIX shell. Nothing is expanded: completing must run nothing.
 */

/** The words of a line; the last one is being typed and may be empty. An open quote reaches to the end. */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let begun = false;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote === "'") {
      if (character === "'") quote = '';
      else word += character;
    } else if (character === '\\' && at + 1 < line.length) {
      const next = line[++at] ?? '';
      // Within double quotes a backslash stands for itself before most characters.
      word += quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next;
      begun = true;
    } else if (quote === '"') {
      if (character === '"') quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      begun = true;
    } else if (/\s/.test(character)) {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else {
      word += character;
      begun = true;
    }
  }
  return [...words, word];
}
