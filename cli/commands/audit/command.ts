/** `nodectl audit`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl audit`. */
export const AUDIT: CommandSpec = {
  name: 'audit',
  summary: 'Show who changed what on the nodes',
  description:
    'Every call that changes a node is recorded there, chained to the record before. The chain is verified on the node; a ' +
    'broken one is reported.',
  group: 'Access',
  options: [
    {
      flags: '-t, --tail <n>',
      description: 'only the newest N records of each node',
      default: '50',
      type: 'whole',
    },
    {
      flags: '-S, --since <time>',
      description: 'only records at or after this time, as in 24h or yesterday',
    },
  ],
  targets: 'read-all',
  output: true,
  exitCodes: { 11: 'the audit log of a node was tampered with or damaged' },
  examples: [
    { command: 'nodectl audit --since 24h', about: 'what was changed since yesterday' },
    { command: 'nodectl audit -n web-1 --tail 1000 -o jsonl', about: 'for a program' },
  ],
  load: () => import('./run.ts'),
};
