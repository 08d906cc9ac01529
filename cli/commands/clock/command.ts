/** `nodectl clock`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl clock`. */
export const CLOCK: CommandSpec = {
  name: 'clock',
  summary: 'Show the clocks of nodes, and measure how far they are apart',
  description:
    'A row for each node: whether its clock is set, how far it is ahead of its sources as it says itself, how fast it would gain if it were left alone (in ppm), what it follows, and how wrong it can be at most. For one node, or with --verbose, everything: its sources, the kernel’s state, the hardware clock, PTP, and how chronyd is configured.\n\n--skew asks the nodes for the time and measures how far each clock is ahead of this machine’s and of the fleet’s median, with the error bound: what all sources have wrong shows there alone. A clock is told to be off only where it is so for sure.',
  group: 'Diagnostics',
  options: [
    { flags: '-v, --verbose', description: 'everything, for every node' },
    { flags: '--skew', description: 'measure how far the clocks are apart' },
    {
      flags: '--samples <N>',
      needs: '--skew',
      description: 'with --skew: exchanges with each node, of which the quickest counts',
      type: 'whole',
      default: '8',
    },
    {
      flags: '--threshold <duration>',
      needs: '--skew',
      description: 'with --skew: what is a warning; a second or more than this is critical',
      type: 'duration',
      default: '50ms',
    },
    FROM_OPTION,
  ],
  targets: 'read-all',
  output: true,
  exitCodes: {
    10: 'with --skew: a clock is off by more than the threshold',
    11: 'with --skew: a clock is off by more than a second',
  },
  examples: [
    { command: 'nodectl clock', about: 'a row for each node' },
    { command: 'nodectl clock -n web-1', about: 'everything about one, with its sources' },
    { command: 'nodectl clock --skew -l rack=a', about: 'how far the clocks of a rack are apart' },
    { command: 'nodectl clock --from ./web-1', about: 'a captured machine' },
  ],
  load: () => import('./run.ts'),
};
