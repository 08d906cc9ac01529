/** Options that the commands about the state of machines share. Declarations load it, so it imports nothing but types. */

import type { OptionSpec } from '../commands/declaration.ts';

/** --from, for commands that can look at captured machines. */
export const FROM_OPTION: OptionSpec = {
  flags: '--from <path>',
  description: 'look at captured machines in place of nodes: a bundle (.tar.zst), or the folder of one',
  repeatable: true,
  complete: 'file',
};
