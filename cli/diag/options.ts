/** Options that the commands about the state of machines share. Declarations load it, so it imports nothing but types. */

import type { OptionSpec } from '../commands/declaration.ts';

/** --from, for commands that can look at captured machines. */
export const FROM_OPTION: OptionSpec = {
  flags: '--from <path>',
  description:
    'look at captured machines in place of nodes: a bundle, another archive (sosreport), a folder, or a text with outputs of tools; "-" is one of them on standard input',
  repeatable: true,
  complete: 'file',
};
