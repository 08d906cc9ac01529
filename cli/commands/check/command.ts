/** `nodectl check`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl check`. */
export const CHECK: CommandSpec = {
  name: 'check',
  summary: 'Find out why a node cannot be reached: name, network, TLS, identity, clock, role',
  description:
    'Walks the way to each node step by step: your own certificate, then for each address of the node the name look-up, the ' +
    'TCP connection, the TLS handshake with the node’s identity, your identity and role as the node sees them, and the ' +
    'difference of the two clocks. What comes behind a step that fails is not tried.',
  group: 'Nodes',
  targets: 'read',
  output: true,
  exitCodes: {
    10: 'a warning: a clock that is off, a certificate that ends soon, an address that does not answer',
  },
  examples: [
    { command: 'nodectl check -n web-1', about: 'each step to a node, and the first that fails' },
    {
      command: 'nodectl check --all -o \'jsonpath=.items[?(@.status!="ok")]\'',
      about: 'only what is not well',
    },
  ],
  load: () => import('./run.ts'),
};
