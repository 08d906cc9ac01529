/** `nodectl kernel`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl kernel`. */
export const KERNEL: CommandSpec = {
  name: 'kernel',
  summary: 'Show the kernels of nodes: version, taint, mitigations, what a reboot brings, known troubles',
  description:
    'A row for each node; for one node, or with --verbose, everything: command line, taint in words, modules of note, parameters that are configured and not in force, mitigations, microcode, readiness for a crash, the end of the previous boot, and the known troubles whose conditions the node meets.',
  group: 'Diagnostics',
  options: [
    { flags: '-v, --verbose', description: 'everything, for every node' },
    { flags: '--troubles', description: 'list known troubles of kernels; no node is asked' },
    {
      flags: '--kernel <version>',
      needs: '--troubles',
      description: 'with --troubles: only those of this kernel',
    },
    {
      flags: '--distribution <id>',
      needs: '--kernel',
      description: 'with --kernel: whose kernel it is, such as debian',
    },
    {
      flags: '--package <version>',
      needs: '--kernel',
      description: 'with --kernel: the version of its package',
    },
    FROM_OPTION,
  ],
  targets: 'read-all',
  output: true,
  examples: [
    { command: 'nodectl kernel', about: 'a row for each node' },
    { command: 'nodectl kernel -n web-1', about: 'everything about one' },
    { command: 'nodectl kernel --troubles --kernel 6.1.64', about: 'what is known of a kernel' },
    { command: 'nodectl kernel --from ./web-1', about: 'a captured machine' },
  ],
  load: () => import('./run.ts'),
};
