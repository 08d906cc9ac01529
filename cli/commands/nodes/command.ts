import type { CommandSpec } from '../declaration.ts';

const REGISTER = {
  flags: '--register',
  description: 'change the issuer’s register too, not only this contexts file',
} as const;

export const NODES: CommandSpec = {
  name: 'nodes',
  summary: 'Keep the list of nodes of a context, or take it from the issuer’s register',
  group: 'Set-up',
  subcommands: [
    {
      name: 'list',
      summary: 'List the nodes that the context knows; calls none of them',
      group: 'Set-up',
      targets: 'read-all',
      options: [{ flags: '--register', description: 'list the issuer’s register instead' }],
      output: true,
      load: () => import('./run-list.ts'),
    },
    {
      name: 'add',
      summary: 'Add a node, or change its addresses',
      group: 'Set-up',
      arguments: [
        { name: 'name', description: 'the name in its certificate', required: true },
        { name: 'address', description: 'HOST:PORT, the best first', required: true, variadic: true },
      ],
      options: [{ flags: '--label <name=value>', description: 'a label; may be repeated', repeatable: true }],
      examples: [
        { command: 'nodectl nodes add web-1 10.0.0.7:7443 --label rack=a', about: 'a node with a label' },
      ],
      load: () => import('./run-add.ts'),
    },
    {
      name: 'remove',
      summary: 'Remove nodes from the context',
      group: 'Set-up',
      arguments: [
        { name: 'name', description: 'names and ranges', required: true, variadic: true, complete: 'node' },
      ],
      options: [REGISTER, { flags: '-y, --yes', description: 'do not ask' }],
      load: () => import('./run-remove.ts'),
    },
    {
      name: 'label',
      summary: 'Set or remove labels of nodes',
      group: 'Set-up',
      arguments: [
        { name: 'label', description: 'NAME=VALUE sets, NAME- removes', required: true, variadic: true },
      ],
      options: [REGISTER],
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
      group: 'Set-up',
      options: [{ flags: '--dry-run', description: 'only say what would change' }],
      load: () => import('./run-sync.ts'),
    },
  ],
};
