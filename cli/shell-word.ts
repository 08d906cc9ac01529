/** Words of commands that a person is shown to copy. */

/** A word as a POSIX shell takes it: as it is where it may be, quoted otherwise. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
