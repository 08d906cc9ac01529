/** `nodectl history`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl history`. */
export const HISTORY: CommandSpec = {
  name: 'history',
  summary: 'Show how counters and measurements of nodes went',
  description: [
    'Agents sample cheap counters and measurements every minute and keep them for a week. Series are named ' +
      'area/subject/quantity; "*" stands for any characters. Without a name, those that changed are shown.',
    'A counter is shown with how much it grew and its rate an hour (of less than ten minutes of samples: in which time), and on a ' +
      'terminal with its rate over the time; what goes up and down with its lowest and highest value, and with its course.',
  ].join('\n\n'),
  group: 'Diagnostics',
  arguments: [
    {
      name: 'series',
      description: 'only these series, as in "nic/*/rx_errors" (default those that changed)',
      variadic: true,
    },
  ],
  options: [
    {
      flags: '-S, --since <time>',
      description: 'only samples at or after this time, as in 7d or yesterday (default 24h)',
    },
    { flags: '-U, --until <time>', description: 'only samples before this time' },
    { flags: '--values', description: 'a row for each point in place of one for each series' },
    {
      flags: '--points <n>',
      description: 'at most N points of each series, 1 to 2000',
      type: 'whole',
    },
    FROM_OPTION,
  ],
  targets: 'read-all',
  output: true,
  examples: [
    { command: 'nodectl history -n web-1', about: 'what changed on a node since yesterday' },
    {
      command: 'nodectl history "nic/*/rx_*" --since 7d',
      about: 'receive counters of all interfaces over a week',
    },
    {
      command: 'nodectl history clock//offset_seconds -n web-1 --values',
      about: 'point by point',
    },
  ],
  load: () => import('./run.ts'),
};
