/** `nodectl context`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

const NAME = { name: 'name', description: 'the context', required: true, complete: 'context' } as const;

/** The declaration of `nodectl context`. */
export const CONTEXT: CommandSpec = {
  name: 'context',
  aliases: ['ctx', 'contexts'],
  summary: 'Choose and keep contexts: which fleet, whom to trust, as whom to call',
  group: 'Set-up',
  subcommands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'List the contexts',
      group: 'Set-up',
      output: true,
      load: () => import('./run-list.ts'),
    },
    {
      name: 'current',
      summary: 'Print the name of the context that is used now',
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
      arguments: [{ ...NAME, required: false, description: 'the context; the one that is used now without' }],
      output: true,
      load: () => import('./run-show.ts'),
    },
    {
      name: 'add',
      summary: 'Add a context, or change one',
      description:
        'Files are remembered by their paths, relative to the contexts file where they lie beside or below it. With --replace ' +
        'a context that is there is changed: what is not given stays.',
      group: 'Set-up',
      arguments: [{ ...NAME, description: 'what to call it' }],
      options: [
        { flags: '--trust <file>', description: 'root certificates in PEM', complete: 'file' },
        {
          flags: '--credential <file>',
          description: 'your key and certificates in one PEM file, as nodectl pki operator writes it',
          complete: 'file',
        },
        {
          flags: '--issuer <address>',
          description: 'HOST:PORT of the issuer whose register lists the nodes',
        },
        { flags: '--member <name=address>', description: 'a node of the fleet', repeatable: true },
        { flags: '--use', description: 'make it current' },
        { flags: '--replace', description: 'change the one that is there' },
      ],
      examples: [
        {
          command:
            'nodectl context add prod --trust root.crt --credential alice.pem --issuer pki.example:7445',
          about: 'a fleet whose nodes the issuer knows; then: nodectl nodes sync',
        },
        {
          command:
            'nodectl context add prod --trust root.crt --credential alice.pem --member web-1=10.0.0.7:7443',
          about: 'a fleet of one node',
        },
        {
          command: 'nodectl context add prod --replace --credential new.pem',
          about: 'the same fleet with a new credential',
        },
      ],
      load: () => import('./run-add.ts'),
    },
    {
      name: 'remove',
      aliases: ['rm'],
      summary: 'Remove a context; its certificates and keys stay where they are',
      group: 'Set-up',
      arguments: [NAME],
      options: [{ flags: '-y, --yes', description: 'do not ask' }],
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
