/** `nodectl pki`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';

const DIR = {
  flags: '--dir <folder>',
  description: 'the folder of the PKI [NODECTL_PKI] (default ~/.local/share/nodectl/pki)',
  complete: 'folder',
} as const;
const PASSPHRASE = {
  flags: '--passphrase-file <file>',
  description: 'read the passphrase from the first line of a file',
  complete: 'file',
} as const;

const SUBJECT = {
  name: 'subject',
  description: 'nodectl://operator/NAME, nodectl://node/NAME, or serial:HEX of one certificate',
  required: true,
} as const;

/** The declaration of `nodectl pki`. */
export const PKI: CommandSpec = {
  name: 'pki',
  summary: 'Make and keep the certificates that nodes and people trust each other by',
  group: 'Set-up',
  subcommands: [
    {
      name: 'init',
      summary: 'Make a PKI: an offline root, an authority for nodes and one for operators',
      description:
        'The root’s and the operators’ keys are sealed under a passphrase. Keep a copy of root.key offline and take it out of ' +
        'the folder: it is needed again only to renew the two authorities, every three years.',
      group: 'Set-up',
      options: [
        DIR,
        PASSPHRASE,
        {
          flags: '--plain-keys',
          description: 'keep the keys unsealed, in files with mode 0600 (labs, tests)',
        },
      ],
      examples: [{ command: 'nodectl pki init', about: 'asks for a passphrase, twice' }],
      load: () => import('./run-init.ts'),
    },
    {
      name: 'operator',
      summary: 'Make a credential for a person or for automation',
      group: 'Set-up',
      arguments: [{ name: 'name', description: 'who it is for; stands in audit logs', required: true }],
      options: [
        {
          flags: '--role <role>',
          description: 'what it allows',
          choices: ['reader', 'operator', 'admin'],
          default: 'reader',
        },
        { flags: '--ttl <duration>', description: 'how long it is valid, at most 90d', default: '12h' },
        { flags: '--out <file>', description: 'where to write it (default NAME.pem)', complete: 'file' },
        { flags: '-y, --yes', description: 'overwrite that file without a question' },
        DIR,
        PASSPHRASE,
      ],
      examples: [
        { command: 'nodectl pki operator alice --role admin', about: 'for a working day, into alice.pem' },
        {
          command: 'nodectl pki operator ci --role operator --ttl 30d --out ci.pem',
          about: 'for automation',
        },
      ],
      foreign: { '-o': 'write --out', '--output': 'write --out' },
      load: () => import('./run-operator.ts'),
    },
    {
      name: 'token',
      summary: 'Make a token that enrols one node, once',
      description:
        'Through the issuer of the context, or with --dir in the folder of an issuer that does not run. The token goes to ' +
        'stdout; it is a secret.',
      group: 'Set-up',
      arguments: [{ name: 'node', description: 'the name that the node will have', required: true }],
      options: [
        { flags: '--ttl <duration>', description: 'how long it can be used, at most 7d', default: '1h' },
        { ...DIR, description: 'the folder of the PKI, for where no issuer runs' },
      ],
      examples: [
        {
          command: 'nodectl pki token web-1 > web-1.token',
          about: 'then on the node: nodectl-agent --token-file',
        },
      ],
      load: () => import('./run-token.ts'),
    },
    {
      name: 'serve',
      summary: 'Run the issuer: enrols nodes with tokens, renews them, keeps their register',
      group: 'Set-up',
      options: [
        DIR,
        { flags: '--name <name>', description: 'the name in the issuer’s certificate', default: 'issuer' },
        {
          flags: '--listen <address>',
          description: 'for nodes and operators, over mutual TLS',
          default: '0.0.0.0:7445',
        },
        {
          flags: '--enrol-listen <address>',
          description: 'for nodes that have no certificate yet',
          default: '0.0.0.0:7444',
        },
        {
          flags: '--renewal-address <address>',
          description: 'HOST:PORT that nodes are told for renewals (default --listen)',
        },
        { flags: '--node-ttl <duration>', description: 'how long nodes’ certificates live', default: '30d' },
      ],
      examples: [
        { command: 'nodectl pki serve --renewal-address pki.example.org:7445', about: 'until Ctrl-C' },
      ],
      load: () => import('./run-serve.ts'),
    },
    {
      name: 'hand-over',
      summary: 'Hand a fleet over to a new root, by a statement that the root signs',
      description:
        'First the old root says that the new one is trusted too (--to). Nodes take that with "nodectl access trust", and get ' +
        'certificates of the new root when they renew with an issuer of it. Then the new root says that the old one goes (--retire). Both are ' +
        'valid meanwhile; root.crt of the folders follows.',
      group: 'Set-up',
      options: [
        DIR,
        {
          flags: '--to <dir>',
          description: 'the folder of the new PKI; --dir is the old one',
          complete: 'file',
        },
        {
          flags: '--retire <file>',
          description: 'root.crt of the old PKI; --dir is the new one',
          complete: 'file',
        },
        {
          flags: '--out <file>',
          description: 'where to write it (default trust.statement or distrust.statement)',
          complete: 'file',
        },
        { flags: '-y, --yes', description: 'overwrite that file without a question' },
        PASSPHRASE,
      ],
      examples: [
        { command: 'nodectl pki hand-over --dir old --to new', about: 'writes trust.statement' },
        {
          command: 'nodectl pki hand-over --dir new --retire old-root.crt',
          about: 'writes distrust.statement',
        },
      ],
      load: () => import('./run-hand-over.ts'),
    },
    {
      name: 'deny',
      summary: 'Have the issuer deny a person, a node or a certificate from now on',
      description:
        'Changes the denylist of the issuer whose folder this is; one that runs heeds it from the next call on. Nodes keep lists ' +
        'of their own: nodectl access deny.',
      group: 'Set-up',
      arguments: [SUBJECT],
      options: [DIR, { flags: '--reason <text>', description: 'why; kept with the entry' }],
      examples: [
        {
          command: 'nodectl pki deny nodectl://operator/alice --reason "laptop lost"',
          about: 'alice makes no tokens and sees no register any more',
        },
      ],
      load: () => import('./run-deny.ts'),
    },
    {
      name: 'allow',
      summary: 'Take an entry off the issuer’s denylist',
      group: 'Set-up',
      arguments: [SUBJECT],
      options: [DIR],
      load: () => import('./run-allow.ts'),
    },
    {
      name: 'denied',
      summary: 'List what the issuer denies',
      group: 'Set-up',
      options: [DIR],
      output: true,
      load: () => import('./run-denied.ts'),
    },
    {
      name: 'show',
      summary: 'Show the authorities: keys, fingerprints, how long they are valid',
      group: 'Set-up',
      options: [DIR],
      output: true,
      load: () => import('./run-show.ts'),
    },
    {
      name: 'verify',
      summary: 'Check a PKI folder or a PEM file: expiry, chain, names, permissions',
      group: 'Set-up',
      arguments: [{ name: 'file', description: 'a PEM file; the PKI folder without', complete: 'file' }],
      options: [
        DIR,
        {
          flags: '--trust <file>',
          description: 'root certificates to verify the file against',
          complete: 'file',
        },
      ],
      exitCodes: { 10: 'warnings', 11: 'errors' },
      load: () => import('./run-verify.ts'),
    },
    {
      name: 'renew',
      summary: 'Renew the two authorities under the same root',
      group: 'Set-up',
      options: [DIR, PASSPHRASE, { flags: '--plain-keys', description: 'keep the new keys unsealed' }],
      load: () => import('./run-renew.ts'),
    },
  ],
};
