/** `nodectl diag bundle`: what it is called, takes and prints. */

import type { CommandSpec } from '../../declaration.ts';

/** The declaration of `nodectl diag bundle`. */
export const DIAG_BUNDLE: CommandSpec = {
  name: 'bundle',
  summary: 'Collect everything that support asks for into one file',
  description: [
    'Writes an archive (tar, packed with zstd) with a folder for each node: what the checks read of it under proc/, sys/ and ' +
      'etc/, outputs of programs under tools/, kernel logs of this boot and the one before, the agent’s own log, the findings, ' +
      'the history and the metrics, and an index that says how each file was taken, and what failed and why.',
    'Private keys, passwords, tokens and files that hold such are left out, on the node. Unpacked, ' +
      '"nodectl diag --from FOLDER" gives the same findings as the node did.',
    'A node that fails is in the index of the archive and on stderr, and the exit status is 3. The file appears when it is whole.',
  ].join('\n\n'),
  group: 'Diagnostics',
  options: [
    { flags: '-o, --output <file>', description: 'where it goes; - is standard output', complete: 'file' },
    { flags: '--force', description: 'replace the file where there is one' },
    { flags: '--no-logs', description: 'leave out the logs' },
    { flags: '--no-history', description: 'leave out the history' },
  ],
  targets: 'read',
  examples: [
    { command: 'nodectl diag bundle -n web-1 -o web-1.tar.zst', about: 'one node' },
    { command: 'nodectl diag bundle -l rack=a -o rack-a.tar.zst', about: 'all of a rack' },
    { command: 'nodectl diag bundle -n web-1 -o - | tar -x --zstd', about: 'unpacked at once' },
  ],
  load: () => import('./run.ts'),
};
