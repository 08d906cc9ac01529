/** `nodectl report`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl report`. */
export const REPORT: CommandSpec = {
  name: 'report',
  summary: 'Write a page about the state of nodes',
  description:
    'One HTML file that needs nothing else: what is wrong and what sets the sick nodes apart, the nodes by kernel, driver, ' +
    'firmware and switch, their clocks, errors of interfaces, pressure, versions, and what could not be checked. It has no ' +
    'script, adapts to light and dark, and prints.\n\n' +
    'Lines over time need nodes that keep a history. Clocks are compared with their median, or with this workstation’s where they are fewer than three.',
  group: 'Diagnostics',
  options: [
    { flags: '--html <file>', description: 'the file; - for stdout', complete: 'file' },
    {
      flags: '--since <duration>',
      description: 'how far back the past is shown (default 24h)',
      type: 'duration',
    },
    FROM_OPTION,
  ],
  targets: 'read-all',
  examples: [
    { command: 'nodectl report --html fleet.html', about: 'every node of the context' },
    {
      command: 'nodectl report --html rack-a.html -l rack=a --since 7d',
      about: 'a rack, with its last week',
    },
    { command: 'nodectl report --html incident.html --from ./bundle', about: 'captured machines' },
  ],
  load: () => import('./run.ts'),
};
