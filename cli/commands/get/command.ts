/** `nodectl get`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl get`. */
export const GET: CommandSpec = {
  name: 'get',
  summary: 'Show nodes as they are now',
  group: 'Nodes',
  subcommands: [
    {
      name: 'nodes',
      summary: 'List nodes with version, kernel, uptime and labels, and why others do not answer',
      group: 'Nodes',
      targets: 'read-all',
      output: true,
      examples: [
        { command: 'nodectl get nodes', about: 'every node of the context' },
        { command: 'nodectl get nodes -l rack=a -o wide', about: 'those of a rack, with more columns' },
        {
          command: "nodectl get nodes -o 'jsonpath=.items[*].kernel' | sort | uniq -c",
          about: 'how many nodes run which kernel',
        },
      ],
      load: () => import('./run.ts'),
    },
  ],
};
