/** `nodectl version`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl version`. */
export const VERSION: CommandSpec = {
  name: 'version',
  summary: 'Show the versions of nodectl and of the nodes’ agents',
  group: 'Nodes',
  options: [{ flags: '--client', description: 'only nodectl itself; calls no node' }],
  targets: 'read-all',
  output: true,
  examples: [
    { command: 'nodectl version', about: 'nodectl and every node of the context' },
    { command: 'nodectl version --client', about: 'nodectl alone' },
  ],
  load: () => import('./run.ts'),
};
