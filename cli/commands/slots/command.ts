/** `nodectl slots`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl slots`. */
export const SLOTS: CommandSpec = {
  name: 'slots',
  summary: 'Show what each slot of nodes holds, which runs and which boots next',
  description:
    'A node that can be upgraded has two slots, each with a whole image. One runs; an upgrade writes the other. A slot is good once ' +
    'it has booted and was confirmed, armed while it is to be tried, invalid while it is written, and bad when it was tried in vain.',
  group: 'Upgrades',
  targets: 'read-all',
  output: true,
  examples: [
    { command: 'nodectl slots', about: 'every node of the context' },
    { command: 'nodectl slots -n web-1 -o wide', about: 'with devices and digests' },
  ],
  load: () => import('./run.ts'),
};
