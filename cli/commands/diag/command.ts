/** `nodectl diag`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';
import { DIAG_BUNDLE } from './bundle/command.ts';
import { DIAG_SCAN } from './scan/command.ts';

/** The declaration of `nodectl diag`. */
export const DIAG: CommandSpec = {
  name: 'diag',
  summary: 'Find what is wrong with nodes',
  description:
    'Runs checks on the nodes and folds what they find: one line for each distinct trouble with the nodes that have it, ' +
    'what tells them from the healthy ones, what shows it, and what to do. A check that could not run is counted and its ' +
    'reason told; it is never taken for a good result.\n\n' +
    'A cause silences what it explains on the same node. A value such as a firmware or a kernel is named where it is far more ' +
    'frequent among the nodes with the trouble and chance does not explain that; under 12 nodes nothing can be told. On a ' +
    'terminal there are at most 20 lines, the worst first, and infos are only counted; --verbose shows everything.\n\n' +
    'The exit status is 11 where there are criticals, else that of nodes which did not answer, since what they have is not known, ' +
    'else 10 where there are warnings.',
  group: 'Diagnostics',
  arguments: [
    {
      name: 'area',
      description: 'only these areas of checks (default all)',
      variadic: true,
      choices: ['kernel', 'clock', 'nic', 'disk', 'memory', 'system'],
    },
  ],
  options: [
    { flags: '--check <id>', description: 'only this check', repeatable: true, complete: 'check' },
    {
      flags: '--severity <level>',
      description: 'only troubles at least this severe; the exit status heeds no others',
      choices: ['info', 'warning', 'critical'],
    },
    { flags: '-v, --verbose', description: 'everything about each trouble, infos too' },
    {
      flags: '--watch [interval]',
      description: 'look again every 10 seconds, or as often as is written; a pipe gets what changes',
    },
    { flags: '--list', description: 'list all checks' },
    {
      flags: '--explain <id>',
      description:
        'what a check, known trouble or line of the kernel’s log is: what is read, thresholds, their source',
      complete: 'finding',
    },
    FROM_OPTION,
  ],
  targets: 'read-all',
  output: true,
  exitCodes: { 10: 'there are warnings', 11: 'there are criticals' },
  examples: [
    { command: 'nodectl diag', about: 'every node of the context' },
    { command: 'nodectl diag clock nic -l rack=a', about: 'clocks and network interfaces of a rack' },
    { command: 'nodectl diag --check memory.oom-kills -v', about: 'one check, with all that it found' },
    { command: 'nodectl diag --explain memory.oom-kills', about: 'what it looks for; asks no node' },
    { command: 'nodectl diag --from ./web-1', about: 'a captured machine' },
    { command: 'pbpaste | nodectl diag --from -', about: 'what somebody pasted' },
    {
      command: 'nodectl diag -o \'jsonpath=.items[?(@.severity=="critical")].nodes\'',
      about: 'for a script',
    },
  ],
  subcommands: [DIAG_SCAN, DIAG_BUNDLE],
  load: () => import('./run.ts'),
};
