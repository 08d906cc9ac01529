/** `nodectl agent`: what it is called, takes and prints. */

import { CHANGE_OPTIONS } from '../../common-options.ts';
import type { CommandSpec } from '../declaration.ts';
import { KEY, PASSPHRASE } from '../image/make.ts';

const FILE = {
  name: 'file',
  description: 'a release, as "agent pack" makes it',
  required: true,
  complete: 'file',
} as const;

/** The declaration of `nodectl agent`. */
export const AGENT: CommandSpec = {
  name: 'agent',
  summary: 'Bring new releases of the agent to nodes, and go back',
  group: 'Upgrades',
  subcommands: [
    {
      name: 'status',
      summary: 'Show which release of the agent runs, whether it is on trial, and why one was left',
      group: 'Upgrades',
      targets: 'read-all',
      output: true,
      load: () => import('./run-status.ts'),
    },
    {
      name: 'upgrade',
      summary: 'Replace the agent by a signed release',
      description: [
        'Sends what the node lacks of the release, and has its agent restarted as it. The release is on trial until it is confirmed, ' +
          'which this command does over a new connection; a node whose new agent does not come up, or is not confirmed within two ' +
          'minutes, goes back by itself. With the socket unit no call is refused meanwhile.',
        'Of several nodes the first goes alone, and the others follow once it is confirmed.',
      ].join('\n\n'),
      group: 'Upgrades',
      arguments: [FILE],
      options: [
        {
          flags: '--no-confirm',
          description: 'leave the release on trial, for "agent confirm" within two minutes',
        },
        {
          flags: '--allow-downgrade',
          description: 'take a release with a lower serial number than one that was confirmed',
        },
        { flags: '-m, --message <text>', description: 'why; for the agent’s log' },
        ...CHANGE_OPTIONS,
      ],
      targets: 'mutate',
      output: true,
      examples: [
        {
          command: 'nodectl agent upgrade nodectl-agent-0.2.0.tar -l rack=a',
          about: 'the agents of a rack',
        },
        {
          command: 'nodectl agent upgrade nodectl-agent-0.2.0.tar --all --dry-run',
          about: 'which nodes would refuse it, and why',
        },
      ],
      load: () => import('./run-upgrade.ts'),
    },
    {
      name: 'confirm',
      summary: 'Confirm a release that is on trial',
      group: 'Upgrades',
      arguments: [{ ...FILE, description: 'the release, so that no other one is confirmed' }],
      targets: 'mutate',
      output: true,
      load: () => import('./run-confirm.ts'),
    },
    {
      name: 'rollback',
      summary: 'Go back to the release of the agent before',
      description:
        'Ends a trial, or leaves a release that was confirmed for the one before it, in the end for the agent of the node’s image.',
      group: 'Upgrades',
      options: [
        { flags: '-m, --message <text>', description: 'why; kept with the record' },
        { flags: '-y, --yes', description: 'do not ask' },
      ],
      targets: 'mutate',
      output: true,
      load: () => import('./run-rollback.ts'),
    },
    {
      name: 'pack',
      summary: 'Make a signed release of the agent',
      description:
        'Makes an OCI image layout in a tar archive, which "image push" and "image pull" carry as well. Nodes take it when it is ' +
        'signed with a key that they trust (upgrades.keys in agent.yaml) and its serial number is not lower than that of one that ' +
        'was confirmed.',
      group: 'Upgrades',
      arguments: [
        { name: 'folder', description: 'dist/ of "npm run build"', required: true, complete: 'folder' },
      ],
      options: [
        KEY,
        PASSPHRASE,
        {
          flags: '--serial <n>',
          description: 'the serial number, which rises with every release',
          type: 'whole',
        },
        {
          flags: '--not-after <time>',
          description: 'until when it may be installed, as 2027-01-31T00:00:00Z',
        },
        {
          flags: '-f, --file <file>',
          description: 'the archive (default nodectl-agent-VERSION.tar)',
          complete: 'file',
        },
        { flags: '--force', description: 'replace the archive where there is one' },
      ],
      output: true,
      examples: [
        {
          command: 'nodectl agent pack dist --key release.key --serial 7',
          about: 'nodectl-agent-VERSION.tar in the current folder',
        },
      ],
      load: () => import('./run-pack.ts'),
    },
  ],
};
