/** `nodectl diag`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';
import { DIAG_SCAN } from './scan/command.ts';

/** The declaration of `nodectl diag`. */
export const DIAG: CommandSpec = {
  name: 'diag',
  summary: 'Find what is wrong with nodes',
  group: 'Diagnostics',
  arguments: [
    {
      name: 'area',
      description: 'only these areas of checks (default all)',
      variadic: true,
      choices: ['kernel', 'clock', 'nic', 'disk', 'memory', 'system'],
    },
  ],
  options: [{ flags: '--check <id>', description: 'only this check', repeatable: true }, FROM_OPTION],
  targets: 'read-all',
  output: true,
  exitCodes: { 10: 'there are warnings', 11: 'there are criticals' },
  examples: [
    { command: 'nodectl diag', about: 'every node of the context' },
    { command: 'nodectl diag clock nic -l rack=a', about: 'clocks and network interfaces of a rack' },
    { command: 'nodectl diag --from ./web-1', about: 'a captured machine' },
  ],
  subcommands: [DIAG_SCAN],
  load: () => import('./run.ts'),
};
