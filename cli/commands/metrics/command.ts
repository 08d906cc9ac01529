/** `nodectl metrics`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl metrics`. */
export const METRICS: CommandSpec = {
  name: 'metrics',
  summary: 'Print the metrics of a node, as Prometheus reads them',
  description: [
    'Names are those of node_exporter and chrony_exporter where the meaning is the same; what is nodectl’s own begins with ' +
      'nodectl_. The node is read once a second at most, and its checks run once in five minutes.',
    'An agent whose configuration has "metrics" serves the same over HTTPS at /metrics for Prometheus itself: to operators’ ' +
      'certificates, or to whoever brings the token that it is told.',
  ].join('\n\n'),
  group: 'Diagnostics',
  options: [
    {
      flags: '--format <format>',
      description: 'how they are written',
      choices: ['openmetrics', 'prometheus'],
      default: 'openmetrics',
    },
    FROM_OPTION,
  ],
  targets: 'read',
  examples: [
    { command: 'nodectl metrics -n web-1', about: 'one node' },
    {
      command: 'nodectl metrics -n web-1 --format prometheus | promtool check metrics',
      about: 'for older readers',
    },
  ],
  load: () => import('./run.ts'),
};
