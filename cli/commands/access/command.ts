/** `nodectl access`: what it is called, takes and prints. */

import { CHANGE_OPTIONS } from '../../common-options.ts';
import type { CommandSpec } from '../declaration.ts';

const SUBJECT = {
  name: 'subject',
  description: 'nodectl://operator/NAME, nodectl://node/NAME, or serial:HEX of one certificate',
  required: true,
} as const;

/** The declaration of `nodectl access`. */
export const ACCESS: CommandSpec = {
  name: 'access',
  summary: 'Deny leaked credentials, and see what is denied',
  group: 'Access',
  subcommands: [
    {
      name: 'list',
      summary: 'List what the nodes deny',
      group: 'Access',
      targets: 'read-all',
      output: true,
      load: () => import('./run-list.ts'),
    },
    {
      name: 'deny',
      summary: 'Deny a person, a node or a certificate from now on',
      description: 'Calls of the subject are refused at once, and its open streams are ended.',
      group: 'Access',
      arguments: [SUBJECT],
      options: [
        { flags: '--reason <text>', description: 'why; kept with the entry and in the audit log' },
        ...CHANGE_OPTIONS,
      ],
      targets: 'mutate',
      output: true,
      examples: [
        {
          command: 'nodectl access deny nodectl://operator/alice --reason "laptop lost" --all',
          about: 'shut out a person everywhere',
        },
        {
          command: 'nodectl access deny serial:4eb0d266fe56449744534fad5ffd6461 -n web-1',
          about: 'shut out one certificate',
        },
      ],
      load: () => import('./run-deny.ts'),
    },
    {
      name: 'allow',
      summary: 'Take an entry off the denylist',
      group: 'Access',
      arguments: [SUBJECT],
      options: [...CHANGE_OPTIONS],
      targets: 'mutate',
      output: true,
      load: () => import('./run-allow.ts'),
    },
    {
      name: 'trust',
      summary: 'Have nodes trust another root, or one no longer, as their root says',
      description:
        'Takes a statement that "nodectl pki hand-over" made. A node takes it only where a root that it trusts signed it, and never gives ' +
        'up the root of its own certificate or of yours.',
      group: 'Access',
      arguments: [{ name: 'file', description: 'the statement', required: true, complete: 'file' }],
      options: [...CHANGE_OPTIONS],
      targets: 'mutate',
      output: true,
      examples: [
        { command: 'nodectl access trust trust.statement --all', about: 'the first step of a hand-over' },
      ],
      load: () => import('./run-trust.ts'),
    },
  ],
};
