/** Options that the commands about the state of machines share. Declarations load it, so it imports nothing but types. */

import type { OptionSpec } from '../commands/declaration.ts';

/** --from, for commands that can look at captured machines. */
export const FROM_OPTION: OptionSpec = {
  flags: '--from <folder>',
  description: 'look at a captured machine (a bundle that was unpacked) in place of nodes',
  repeatable: true,
  complete: 'folder',
};
