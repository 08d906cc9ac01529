/** `nodectl upgrade`: what it is called, takes and prints. */

import { CHANGE_OPTIONS } from '../../common-options.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { CommandSpec, OptionSpec } from '../declaration.ts';
import { REGISTRY_OPTIONS } from '../image/registry-options.ts';

/** How a slot that is booted for the first time is tested; for upgrades and rollbacks. */
const TRIAL: readonly OptionSpec[] = [
  {
    flags: '--confirm <who>',
    description:
      'auto: the node, once its health holds; manual: an operator; quorum: the node, once peers see it',
    choices: ['auto', 'manual', 'quorum'],
  },
  {
    flags: '--deadline <duration>',
    description: 'from the boot, by when it must be confirmed (30s to 24h; default the image’s, else 10m)',
    type: 'duration',
  },
  {
    flags: '--tries <n>',
    description: 'boots that are tried before the node falls back (default 3)',
    choices: ['1', '2', '3'],
  },
  { flags: '--peer <address>', description: 'for --confirm quorum: another node', repeatable: true },
  {
    flags: '--quorum <n>',
    description: 'so many peers must see the node (default over half)',
    type: 'whole',
  },
  { flags: '-m, --message <text>', description: 'why; kept with the history' },
];

const WATCH: OptionSpec = { flags: '-w, --watch', description: 'follow it to its end, over reboots' };
/** For commands that begin something, as `nodectl upgrade` itself waits. */
const WAITS: readonly OptionSpec[] = [
  { flags: '--no-wait', description: 'end once it has begun; nodectl upgrade status -w follows it' },
  { flags: '-w, --watch', description: 'follow it to its end, over reboots; what is done by itself' },
];
/** As other commands take it that change something; what ends or keeps an upgrade is asked for by its name. */
const YES: OptionSpec = { flags: '-y, --yes', description: 'taken as elsewhere; this command does not ask' };
const NO_REBOOT: OptionSpec = {
  flags: '--no-reboot',
  description: 'stop before the reboot; nodectl upgrade reboot goes on',
};
const ALLOW_DOWNGRADE: OptionSpec = {
  flags: '--allow-downgrade',
  description: 'take an older serial number than was confirmed before; needs the role admin',
};

const PENDING = { [EXIT.pending]: 'it has not ended yet, or with --dry-run: it would be upgraded' } as const;

/** The declaration of `nodectl upgrade`. */
export const UPGRADE: CommandSpec = {
  name: 'upgrade',
  summary: 'Upgrade the image of nodes, tested and with a way back',
  description:
    'Each node checks the image’s signatures and whether it fits, and says what stands against it, before anything is changed. ' +
    'Only what a node lacks is sent to it, into the slot that does not run. The slot is read back, armed and booted through the ' +
    'firmware; when its health does not hold, or it does not come up, the node falls back by itself and tells why.\n\n' +
    'A node owns its upgrade: when this command is ended, the node goes on, and `nodectl upgrade status -w` follows it from ' +
    'anywhere. A transfer that broke goes on where it was when the same command is given again.\n\n' +
    'Several nodes receive the image side by side, and reboot in turn: --max-unavailable at once, and no further one when more ' +
    'than --max-failures did not end well.\n\n' +
    'Where stdout is no terminal, progress and results are lines of JSON unless -o says otherwise.',
  group: 'Upgrades',
  options: [
    {
      flags: '--image <ref>',
      description: 'the image: a file or folder, https://…, or oci://REGISTRY/NAME:TAG',
      complete: 'file',
    },
    {
      flags: '--from <ref>',
      description: 'an image that nodes run now, to send the difference to it only',
      repeatable: true,
      complete: 'file',
    },
    ...TRIAL,
    ALLOW_DOWNGRADE,
    {
      flags: '--accept-trouble <id>',
      description: 'upgrade in spite of this known trouble',
      repeatable: true,
    },
    NO_REBOOT,
    { flags: '--no-wait', description: 'end once the nodes have the image; they go on by themselves' },
    { flags: '--reinstall', description: 'write it even where it runs already' },
    {
      flags: '--max-unavailable <n>',
      description: 'so many nodes reboot at once (default 1)',
      type: 'whole',
    },
    {
      flags: '--max-failures <n>',
      description: 'stop when more nodes than these did not end well (default 0)',
      type: 'whole',
    },
    {
      flags: '--drain',
      description: 'move pods away before the reboot and let them back after it, by kubectl',
    },
    { flags: '--kubeconfig <file>', description: 'the cluster; implies --drain', complete: 'file' },
    { flags: '--kube-context <name>', description: 'the context in the kubeconfig' },
    {
      flags: '--drain-timeout <duration>',
      description: 'give a node up whose pods are not away by then (default 10m)',
      type: 'duration',
    },
    {
      flags: '--drain-delete-emptydir-data',
      description: 'move pods away that keep data in emptyDir volumes',
    },
    { flags: '--drain-force', description: 'move pods away that nothing will make anew' },
    ...REGISTRY_OPTIONS,
    ...CHANGE_OPTIONS,
  ],
  targets: 'mutate',
  output: 'progress',
  exitCodes: PENDING,
  examples: [
    { command: 'nodectl upgrade --image image.oci.tar -n web-1 --dry-run', about: 'what would happen' },
    {
      command: 'nodectl upgrade --image oci://registry.example/node:2026.11 -l rack=a --max-unavailable 2',
      about: 'a rack, two nodes at once',
    },
    { command: 'nodectl upgrade status -w -n web-1', about: 'follow it, from anywhere' },
    { command: 'nodectl upgrade rollback -n web-1', about: 'back to the other slot' },
  ],
  subcommands: [
    {
      name: 'status',
      summary: 'Show how upgrades stand',
      group: 'Upgrades',
      options: [{ flags: '--id <id>', description: 'this upgrade (default the running or last one)' }, WATCH],
      targets: 'read-all',
      output: 'watch',
      exitCodes: PENDING,
      examples: [{ command: 'nodectl upgrade status -w -n web-1', about: 'until it has ended' }],
      load: () => import('./run-status.ts'),
    },
    {
      name: 'history',
      summary: 'List upgrades that have ended: who, what, how it ended and why',
      description: 'For one that fell back, -v also prints the end of the failed boot’s log.',
      group: 'Upgrades',
      options: [
        { flags: '-v, --verbose', description: 'with checks that failed and the failed boot’s log' },
        { flags: '-t, --tail <n>', description: 'at most so many a node (default 20)', type: 'whole' },
      ],
      targets: 'read-all',
      output: true,
      load: () => import('./run-history.ts'),
    },
    {
      name: 'reboot',
      summary: 'Boot an image that was written with --no-reboot',
      group: 'Upgrades',
      options: [...CHANGE_OPTIONS.filter(({ flags }) => flags !== '--dry-run'), ...WAITS],
      targets: 'mutate',
      output: 'progress',
      exitCodes: PENDING,
      load: () => import('./run-reboot.ts'),
    },
    {
      name: 'confirm',
      summary: 'Keep an image that is being tested',
      description: 'For upgrades with --confirm manual. Until then the node falls back at its deadline.',
      group: 'Upgrades',
      options: [{ flags: '--id <id>', description: 'only this upgrade' }, YES],
      targets: 'mutate',
      output: true,
      load: () => import('./run-confirm.ts'),
    },
    {
      name: 'abort',
      summary: 'End an upgrade: the image that ran before stays, or boots again',
      description:
        'The slot of an upgrade is to be installed anew; after a rollback that is aborted both slots are what they were before it.',
      group: 'Upgrades',
      options: [
        { flags: '--id <id>', description: 'only this upgrade' },
        { flags: '-m, --message <text>', description: 'why; kept with the history' },
        YES,
      ],
      targets: 'mutate',
      output: true,
      load: () => import('./run-abort.ts'),
    },
    {
      name: 'rollback',
      summary: 'Boot the image in the other slot',
      description: 'It is tested as an upgrade is: what does not hold falls back to what runs now.',
      group: 'Upgrades',
      options: [
        {
          flags: '--to <slot>',
          description: 'this slot (default the one that does not run)',
          choices: ['a', 'b'],
        },
        ...TRIAL,
        ALLOW_DOWNGRADE,
        NO_REBOOT,
        ...CHANGE_OPTIONS.filter(({ flags }) => flags !== '--dry-run'),
        ...WAITS,
      ],
      targets: 'mutate',
      output: 'progress',
      exitCodes: PENDING,
      load: () => import('./run-rollback.ts'),
    },
  ],
  load: () => import('./run.ts'),
};
