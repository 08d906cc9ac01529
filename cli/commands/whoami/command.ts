import type { CommandSpec } from '../declaration.ts';

export const WHOAMI: CommandSpec = {
  name: 'whoami',
  summary: 'Show who the nodes take you for',
  group: 'Access',
  targets: 'read-all',
  output: true,
  examples: [{ command: 'nodectl whoami', about: 'your name and role on every node' }],
  load: () => import('./run.ts'),
};
