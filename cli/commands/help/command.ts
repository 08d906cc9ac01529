/** `nodectl help`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** Shown and completed like a command; the command line's reader answers it itself. */
export const HELP: CommandSpec = {
  name: 'help',
  summary: 'Show help on a command or a topic',
  group: 'Help',
  arguments: [
    { name: 'topic', description: 'a topic, or the words of a command', variadic: true, complete: 'topic' },
  ],
  examples: [
    { command: 'nodectl help targets', about: 'how nodes are chosen' },
    { command: 'nodectl help nodes sync', about: 'the same as nodectl nodes sync --help' },
  ],
};
