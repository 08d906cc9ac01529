/** `nodectl whoami`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl whoami`. */
export const WHOAMI: CommandSpec = {
  name: 'whoami',
  summary: 'Show who the nodes take you for',
  group: 'Access',
  targets: 'read-all',
  output: true,
  examples: [{ command: 'nodectl whoami', about: 'your name and role on every node' }],
  load: () => import('./run.ts'),
};
