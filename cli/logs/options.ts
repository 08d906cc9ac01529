/** Options that `nodectl logs` and `nodectl dmesg` have in common. */

import type { OptionSpec } from '../commands/declaration.ts';

/** Between which times. */
export const TIME_OPTIONS: readonly OptionSpec[] = [
  { flags: '-S, --since <time>', description: 'only records at or after this time' },
  { flags: '-U, --until <time>', description: 'only records before this time' },
];

/** What messages hold. */
export const PATTERN_OPTIONS: readonly OptionSpec[] = [
  { flags: '-g, --grep <pattern>', description: 'only messages that match this regular expression' },
  { flags: '-i, --ignore-case', description: 'let --grep ignore case' },
];

/** How they are shown, and how a read goes on. */
export const READING_OPTIONS: readonly OptionSpec[] = [
  { flags: '--utc', description: 'times in UTC' },
  { flags: '--no-prefix', description: 'no node before each line' },
  { flags: '--resume <cursor>', description: 'go on where another read stopped' },
  { flags: '--show-cursor', description: 'print the command that goes on from here at the end' },
  {
    flags: '--retry-for <duration>',
    description: 'try a broken stream again for so long (30s; 1h with -f)',
  },
];
