import type { CommandSpec } from '../declaration.ts';

const NAME = { name: 'name', description: 'the context', required: true, complete: 'context' } as const;

export const CONTEXT: CommandSpec = {
  name: 'context',
  summary: 'Choose and keep contexts: which fleet, whom to trust, as whom to call',
  group: 'Set-up',
  subcommands: [
    {
      name: 'list',
      summary: 'List the contexts',
      group: 'Set-up',
      output: true,
      load: () => import('./run-list.ts'),
    },
    {
      name: 'current',
      summary: 'Print the name of the current context',
      group: 'Set-up',
      load: () => import('./run-current.ts'),
    },
    {
      name: 'use',
      summary: 'Make a context current',
      group: 'Set-up',
      arguments: [NAME],
      load: () => import('./run-use.ts'),
    },
    {
      name: 'show',
      summary: 'Show a context, its credential and how long that is valid',
      group: 'Set-up',
      arguments: [{ ...NAME, required: false }],
      load: () => import('./run-show.ts'),
    },
    {
      name: 'add',
      summary: 'Add a context',
      group: 'Set-up',
      arguments: [NAME],
      options: [
        { flags: '--trust <file>', description: 'root certificates in PEM', complete: 'file' },
        {
          flags: '--credential <file>',
          description: 'your key and certificates in one PEM file',
          complete: 'file',
        },
        {
          flags: '--issuer <address>',
          description: 'HOST:PORT of the issuer whose register lists the nodes',
        },
        {
          flags: '--member <name=address>',
          description: 'a node of the fleet; may be repeated',
          repeatable: true,
        },
        { flags: '--use', description: 'make it current' },
        { flags: '--replace', description: 'put it in the place of one of the same name' },
      ],
      examples: [
        {
          command:
            'nodectl context add prod --trust root.crt --credential alice.pem --member web-1=10.0.0.7:7443 --use',
          about: 'a fleet of one node',
        },
      ],
      load: () => import('./run-add.ts'),
    },
    {
      name: 'remove',
      summary: 'Remove a context',
      group: 'Set-up',
      arguments: [NAME],
      load: () => import('./run-remove.ts'),
    },
    {
      name: 'rename',
      summary: 'Give a context another name',
      group: 'Set-up',
      arguments: [NAME, { name: 'new-name', description: 'what it is called from now on', required: true }],
      load: () => import('./run-rename.ts'),
    },
  ],
};
