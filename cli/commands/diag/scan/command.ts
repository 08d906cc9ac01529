/** `nodectl diag scan`: what it is called, takes and prints. */

import type { CommandSpec } from '../../declaration.ts';

/** The declaration of `nodectl diag scan`. */
export const DIAG_SCAN: CommandSpec = {
  name: 'scan',
  summary: 'Find troubles in a saved kernel log',
  description: [
    'Reads the output of dmesg (also -T, -x, -r, -H, -J and --time-format iso), records of /dev/kmsg, consoles’ logs, syslog files ' +
      'and the text, JSON and export formats of journalctl, mixed as they come, packed with gzip, zstd, xz or bzip2 or not. Lines that a ' +
      'mail wrapped or quoted are put together, those that an array of JSON or a console without line breaks has in one are told apart. In logs that hold other programs’ lines too, only those of the kernel are looked at, ' +
      'those of the time services, and consoles of guests that a program wrote into them.',
    'Shows each trouble once for each device, the worst first; of a log that many machines sent to a collector, once for all that ' +
      'have it, with their names. -o jsonl gives an object for each line that was recognised instead, ' +
      'as it is read: its number, the signature, family, severity, device and host, the time where the line has one, and the message.',
  ].join('\n\n'),
  group: 'Diagnostics',
  arguments: [
    {
      name: 'file',
      description: 'the log; - is standard input',
      required: true,
      complete: 'file',
    },
  ],
  output: true,
  exitCodes: { 10: 'there are warnings', 11: 'there are criticals' },
  examples: [
    { command: 'nodectl diag scan dmesg.txt', about: 'a saved log' },
    { command: 'dmesg | nodectl diag scan -', about: 'the log of this machine' },
    { command: 'nodectl diag scan -o jsonl kern.log.1.gz', about: 'an object for each line' },
  ],
  load: () => import('./run.ts'),
};
