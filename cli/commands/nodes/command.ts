/** `nodectl nodes`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

const REGISTER = {
  flags: '--register',
  description: 'change the issuer’s register too, not only this contexts file',
} as const;
const YES = { flags: '-y, --yes', description: 'do not ask' } as const;
const DRY_RUN = { flags: '--dry-run', description: 'only say what would change' } as const;
const TIMEOUT = {
  flags: '--timeout <duration>',
  description: 'how long the issuer may take to answer (default 15s)',
  type: 'duration',
  env: 'NODECTL_TIMEOUT',
} as const;

/** The declaration of `nodectl nodes`. */
export const NODES: CommandSpec = {
  name: 'nodes',
  summary: 'Keep the list of nodes of a context, or take it from the issuer’s register',
  description:
    'A context lists nodes with their addresses and labels. "sync" takes the list from the register of the context’s issuer, ' +
    'in which every node is that was enrolled there. No command here calls a node; "nodectl get nodes" does.',
  group: 'Set-up',
  subcommands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'List the nodes that the context knows; calls none of them',
      group: 'Set-up',
      targets: 'read-all',
      options: [{ flags: '--register', description: 'list the issuer’s register instead' }],
      output: true,
      examples: [
        { command: 'nodectl nodes list -l rack=a', about: 'the nodes of a rack' },
        { command: 'nodectl nodes list --register', about: 'every node that was enrolled' },
      ],
      load: () => import('./run-list.ts'),
    },
    {
      name: 'add',
      summary: 'Add a node, or change its addresses and labels',
      description:
        'A node that is there already gets the new addresses, keeps its labels, and gets those of --label too.',
      group: 'Set-up',
      arguments: [
        { name: 'name', description: 'the name in its certificate', required: true },
        { name: 'address', description: 'HOST or HOST:PORT, the best first', required: true, variadic: true },
      ],
      options: [{ flags: '--label <name=value>', description: 'a label', repeatable: true }],
      examples: [
        { command: 'nodectl nodes add web-1 10.0.0.7:7443 --label rack=a', about: 'a node with a label' },
        {
          command: 'nodectl nodes add web-1 web-1.example:7443 10.0.0.7:7443',
          about: 'one with two addresses',
        },
      ],
      load: () => import('./run-add.ts'),
    },
    {
      name: 'remove',
      aliases: ['rm'],
      summary: 'Remove nodes from the context',
      description:
        'With --register also from the issuer’s register: the node can then renew its certificate no more and needs a new ' +
        'token to come back.',
      group: 'Set-up',
      arguments: [
        {
          name: 'name',
          description: 'names and ranges, as in web-[1-3]',
          required: true,
          variadic: true,
          complete: 'node',
        },
      ],
      options: [REGISTER, YES, TIMEOUT],
      examples: [{ command: 'nodectl nodes remove web-[4-6] --register', about: 'three nodes are no more' }],
      load: () => import('./run-remove.ts'),
    },
    {
      name: 'label',
      summary: 'Set or remove labels of nodes',
      description:
        'Labels that are set here alone last until the next "nodectl nodes sync"; with --register the issuer’s register has ' +
        'them too.',
      group: 'Set-up',
      arguments: [
        { name: 'label', description: 'NAME=VALUE sets, NAME- removes', required: true, variadic: true },
      ],
      options: [REGISTER, DRY_RUN],
      targets: 'mutate',
      examples: [
        {
          command: 'nodectl nodes label rack=b old- -n web-[1-3]',
          about: 'move three nodes to another rack',
        },
      ],
      load: () => import('./run-label.ts'),
    },
    {
      name: 'sync',
      summary: 'Take the list of nodes from the issuer’s register',
      description:
        'The context’s list becomes that of the register: nodes are added, changed and removed. A node of the register that ' +
        'has no address there keeps the one that the context knows, or is left out and reported. An empty register is not ' +
        'believed without being asked: it may have been lost.',
      group: 'Set-up',
      options: [DRY_RUN, YES, TIMEOUT],
      examples: [{ command: 'nodectl nodes sync --dry-run', about: 'what would change' }],
      load: () => import('./run-sync.ts'),
    },
  ],
};
