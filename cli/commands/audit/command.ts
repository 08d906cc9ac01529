import type { CommandSpec } from '../declaration.ts';

export const AUDIT: CommandSpec = {
  name: 'audit',
  summary: 'Show who changed what on the nodes',
  description:
    'Every call that changes a node is recorded there, chained to the record before; a broken chain is reported.',
  group: 'Access',
  options: [
    { flags: '--tail <N>', description: 'only the newest N records of each node', default: '50' },
    { flags: '--since <duration>', description: 'only records of this last while, as in 24h' },
  ],
  targets: 'read-all',
  output: true,
  examples: [{ command: 'nodectl audit --since 24h', about: 'what was changed since yesterday' }],
  load: () => import('./run.ts'),
};
