import type { CommandSpec } from '../declaration.ts';

export const CHECK: CommandSpec = {
  name: 'check',
  summary: 'Find out why a node cannot be reached: name, network, TLS, identity, clock, role',
  group: 'Nodes',
  targets: 'read',
  examples: [{ command: 'nodectl check -n web-1', about: 'each step to a node, and the first that fails' }],
  load: () => import('./run.ts'),
};
