/** `nodectl dmesg`: what it is called, takes and prints. */

import { PATTERN_OPTIONS, READING_OPTIONS, TIME_OPTIONS } from '../../logs/options.ts';
import type { CommandSpec } from '../declaration.ts';

const LEVEL = 'write --level, as in --level err+ for errors and worse';
const TIMES = 'times are shown as it is; --utc and --raw-times show others';

/** The declaration of `nodectl dmesg`. */
export const DMESG: CommandSpec = {
  name: 'dmesg',
  summary: 'Show the kernel logs of nodes',
  description: [
    'Shows the kernel’s ring buffer, which holds the newest records of the running boot only. With --boot the journal’s copy ' +
      'of an earlier boot’s is shown, on nodes that keep their journal over restarts. Records that were overwritten before they could be read are told as a gap.',
    'Times are the wall clock’s, computed from the kernel’s own clock; that stands still while a machine sleeps, so after a ' +
      'suspend they are early. --raw-times shows the kernel’s clock itself: seconds since boot.',
    'Levels: emerg, alert, crit, err, warning, notice, info, debug, or 0 to 7. As in dmesg, one level means just that level: ' +
      '"err" errors alone, "err,warning" both, "err+" errors and worse, "err..notice" a range.',
  ].join('\n\n'),
  group: 'Logs',
  targets: 'read',
  output: { formats: ['text', 'short', 'iso', 'raw', 'json', 'jsonl'], default: 'text' },
  options: [
    { flags: '-f, --follow', description: 'go on with new records, after all that there are' },
    { flags: '-t, --tail <n>', description: 'only the newest N records of each node' },
    { flags: '--level <levels>', description: 'only records of these levels' },
    ...TIME_OPTIONS,
    {
      flags: '-b, --boot <boot>',
      description:
        'this (or 0; so without it), previous (or -1), -2 for the one before that, or a boot id; earlier ones are read from the journal',
    },
    ...PATTERN_OPTIONS,
    { flags: '-x, --decode', description: 'facility and level before each message' },
    { flags: '--raw-times', description: 'seconds since boot in place of times' },
    ...READING_OPTIONS,
  ],
  examples: [
    { command: 'nodectl dmesg -n web-1', about: 'the kernel log of one node' },
    {
      command: 'nodectl dmesg --all --level err+ --since 1d',
      about: 'kernel errors of the fleet since yesterday',
    },
    {
      command: 'nodectl dmesg -n web-1 -b previous -t 50',
      about: 'the kernel’s last words before the node restarted',
    },
    { command: 'nodectl dmesg -n web-1,web-2 -f -x', about: 'follow two nodes, with facility and level' },
  ],
  foreign: {
    ...{ '-p': LEVEL, '--priority': LEVEL, '-T': TIMES, '--ctime': TIMES, '-H': TIMES, '--human': TIMES },
    ...{ '-w': 'write --follow', '-W': 'write --follow --tail 0', '--follow-new': 'write --follow --tail 0' },
    ...{ '-r': 'write -o raw', '--raw': 'write -o raw', '-J': 'write -o json', '--json': 'write -o json' },
    ...{ '-k': 'name the node with -n; the kernel’s records are all that is shown', '-L': 'write --color' },
    ...{ '-C': 'a node’s log is only read', '--clear': 'a node’s log is only read' },
  },
  load: () => import('./run.ts'),
};
