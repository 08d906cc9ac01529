/** `nodectl config`: what it is called, takes and prints. */

import { CHANGE_OPTIONS } from '../../common-options.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { CommandSpec, OptionSpec } from '../declaration.ts';

const FILE: OptionSpec = {
  flags: '-f, --file <path>',
  description: 'a document, a folder of layers, or - for standard input',
  complete: 'file',
};

/** How a document is applied; for every command that applies one. */
const APPLY: readonly OptionSpec[] = [
  {
    flags: '--mode <mode>',
    description:
      'auto tries what could cut the connection and applies the rest at once; try tries all; live tries nothing; staged waits for the next boot (default auto)',
    choices: ['auto', 'live', 'staged', 'try'],
  },
  {
    flags: '--trial-time <duration>',
    description: 'when a trial puts everything back unless it is confirmed (default 2m)',
    type: 'duration',
  },
  { flags: '--confirm', description: 'confirm a trial as soon as the node answers a new connection' },
  {
    flags: '--accept-risk <risk>',
    description: 'lose-network: apply what could cut the connection without a way back',
    choices: ['lose-network'],
  },
  { flags: '-m, --message <text>', description: 'why; kept with the revision' },
  ...CHANGE_OPTIONS,
];

/** For whom secrets are sealed; for the commands that seal. */
const SEAL: readonly OptionSpec[] = [
  { ...FILE, description: 'the document or layer to change' },
  {
    flags: '--recovery <recipient>',
    description: 'an age recipient that can open it too, so that a node can be replaced',
    repeatable: true,
  },
];

const DIFFERS = { [EXIT.pending]: 'a node is not as the document says' } as const;

/** The declaration of `nodectl config`. */
export const CONFIG: CommandSpec = {
  name: 'config',
  summary: 'Plan, apply, try, keep and watch the document that a node is made from',
  group: 'Config',
  subcommands: [
    {
      name: 'apply',
      summary: 'Bring nodes to what a document says',
      description:
        'The nodes plan first, and the plan is shown before anything is changed. What could cut the connection is tried: the ' +
        'node puts it back by itself unless it is confirmed over a new connection. What fails in the middle is put back. ' +
        'A folder gives each node its own document: base.yaml, roles/NAME.yaml (label role=NAME), nodes/NAME.yaml.',
      group: 'Config',
      options: [FILE, ...APPLY],
      targets: 'mutate',
      output: true,
      exitCodes: DIFFERS,
      examples: [
        { command: 'nodectl config apply -f web-1.yaml -n web-1 --dry-run', about: 'what would change' },
        { command: 'nodectl config apply -f fleet/ -l rack=a', about: 'a rack from a folder kept in Git' },
        {
          command: 'nodectl config apply -f web-1.yaml -n web-1 --mode try --confirm',
          about: 'try, and confirm when it answers',
        },
      ],
      load: () => import('./run-apply.ts'),
    },
    {
      name: 'diff',
      summary: 'Show what a document would change',
      description: 'What a pipeline runs on a merge request.',
      group: 'Config',
      options: [FILE],
      targets: 'read-all',
      output: true,
      exitCodes: DIFFERS,
      examples: [
        { command: 'nodectl config diff -f fleet/ --all', about: 'the whole fleet against its folder' },
      ],
      load: () => import('./run-diff.ts'),
    },
    {
      name: 'confirm',
      summary: 'Keep what is being tried',
      group: 'Config',
      options: [{ flags: '--trial <id>', description: 'only this trial' }],
      targets: 'mutate',
      output: true,
      load: () => import('./run-confirm.ts'),
    },
    {
      name: 'revert',
      summary: 'Put back what is being tried, before its time is over',
      description: 'Also tries once more what could not be put back, for example because a disk was full.',
      group: 'Config',
      options: [
        { flags: '-m, --message <text>', description: 'why; kept with the revision' },
        {
          flags: '--give-up',
          description: 'leave what cannot be put back as it is; the history says what that is',
        },
      ],
      targets: 'mutate',
      output: true,
      load: () => import('./run-revert.ts'),
    },
    {
      name: 'get',
      summary: 'Print a node’s document',
      group: 'Config',
      options: [
        { flags: '--revision <n>', description: 'this revision (default the running one)', type: 'whole' },
      ],
      targets: 'read',
      examples: [{ command: 'nodectl config get -n web-1 > web-1.yaml', about: 'as it was applied' }],
      load: () => import('./run-get.ts'),
    },
    {
      name: 'capture',
      summary: 'Write the document that describes a node as it stands',
      description:
        'For adopting nodes that were made otherwise: a plan of it finds little or nothing to change.',
      group: 'Config',
      options: [
        {
          flags: '--to <folder>',
          description: 'write NODE.yaml for each node into a folder',
          complete: 'folder',
        },
      ],
      targets: 'read',
      examples: [
        {
          command: 'nodectl config capture --all --to fleet/nodes',
          about: 'the start of a folder kept in Git',
        },
      ],
      load: () => import('./run-capture.ts'),
    },
    {
      name: 'history',
      summary: 'List revisions: who, when, from which commit, how it ended and why',
      group: 'Config',
      targets: 'read-all',
      output: true,
      load: () => import('./run-history.ts'),
    },
    {
      name: 'rollback',
      summary: 'Apply an older revision’s document again',
      group: 'Config',
      options: [
        {
          flags: '--to <n>',
          description: 'the revision (default the one before the running one)',
          type: 'whole',
        },
        ...APPLY,
      ],
      targets: 'mutate',
      output: true,
      exitCodes: DIFFERS,
      examples: [
        {
          command: 'nodectl config rollback --to 7 -n web-1',
          about: 'back to revision 7, as a new revision',
        },
      ],
      load: () => import('./run-rollback.ts'),
    },
    {
      name: 'patch',
      summary: 'Change parts of a node’s document',
      group: 'Config',
      arguments: [
        {
          name: 'patch',
          description:
            'YAML or JSON: a merge patch (RFC 7396), or a list of operations (JSON Patch, RFC 6902)',
          required: true,
        },
      ],
      options: [...APPLY],
      targets: 'mutate',
      output: true,
      exitCodes: DIFFERS,
      examples: [
        {
          command: "nodectl config patch '{kernel: {sysctls: {vm.swappiness: 10}}}' -l role=db",
          about: 'one value on many nodes',
        },
      ],
      load: () => import('./run-patch.ts'),
    },
    {
      name: 'edit',
      summary: 'Edit a node’s document in $EDITOR and apply it',
      group: 'Config',
      options: [...APPLY],
      targets: 'mutate',
      output: true,
      exitCodes: DIFFERS,
      load: () => import('./run-edit.ts'),
    },
    {
      name: 'drift',
      summary: 'Show what on nodes is no longer what their documents say, and since when',
      group: 'Config',
      options: [{ flags: '--refresh', description: 'compare everything now' }],
      targets: 'read-all',
      output: true,
      exitCodes: { [EXIT.warnings]: 'something has drifted' },
      load: () => import('./run-drift.ts'),
    },
    {
      name: 'seal',
      summary: 'Put a secret into a document that only the chosen nodes can open',
      description:
        'The nodes are asked for their public keys; what is written to the file opens on them alone, and at its place in the ' +
        'document alone. The secret is read from standard input or a file, never from the command line.',
      group: 'Config',
      arguments: [{ name: 'path', description: 'the file on the node that the secret is the content of' }],
      options: [
        ...SEAL,
        {
          flags: '--value-file <path>',
          description: 'the secret (default standard input)',
          complete: 'file',
        },
        {
          flags: '--password-of <user>',
          description: 'seal a password hash of a user in place of a file’s content',
        },
      ],
      targets: 'read',
      examples: [
        {
          command:
            'nodectl config seal /etc/app/token -f fleet/roles/web.yaml -l role=web --recovery age1… --value-file token',
          about: 'a secret of a role',
        },
      ],
      load: () => import('./run-seal.ts'),
    },
    {
      name: 'reseal',
      summary: 'Seal the secrets of a document for other nodes, without knowing them',
      description:
        'For a node that was added or replaced. Needs a recovery key; the values stay as they are.',
      group: 'Config',
      options: [
        ...SEAL,
        { flags: '--identity <file>', description: 'an age key that can open them', complete: 'file' },
      ],
      targets: 'read',
      examples: [
        {
          command:
            'nodectl config reseal -f fleet/roles/web.yaml -l role=web --identity recovery.key --recovery age1…',
          about: 'the role has a new node',
        },
      ],
      load: () => import('./run-reseal.ts'),
    },
    {
      name: 'validate',
      summary: 'Check documents without a node',
      description:
        'A folder is checked for the nodes that are chosen, else for every node of the context, or for those of its nodes/ ' +
        'where there is no context.',
      group: 'Config',
      options: [FILE],
      targets: 'read-all',
      examples: [
        { command: 'nodectl config validate -f fleet/', about: 'every layer, and what they give together' },
        { command: 'nodectl config validate -f fleet/ -l role=web', about: 'for the nodes of a role' },
      ],
      load: () => import('./run-validate.ts'),
    },
    {
      name: 'schema',
      summary: 'Print the JSON Schema of documents, for editors',
      group: 'Config',
      load: () => import('./run-schema.ts'),
    },
  ],
};
