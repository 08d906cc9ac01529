/** `nodectl logs`: what it is called, takes and prints. */

import { PATTERN_OPTIONS, READING_OPTIONS, TIME_OPTIONS } from '../../logs/options.ts';
import type { CommandSpec } from '../declaration.ts';

const UNIT = 'name the unit itself, as in: nodectl logs sshd';
const KERNEL = 'nodectl dmesg shows the kernel’s records';
const NEWEST = 'write --tail, as in --tail 100';
const NO_PAGER = 'there is no pager; leave it out';

/** The declaration of `nodectl logs`. */
export const LOGS: CommandSpec = {
  name: 'logs',
  summary: 'Show logs of nodes: units, the kernel, log files, containers',
  description: [
    'Without a UNIT or SOURCE the default source of each node is shown: the systemd journal where there is one. UNIT is a ' +
      'systemd unit ("sshd"), SOURCE a name that --list shows ("kernel", "file/NAME", "pod/NAMESPACE/POD/CONTAINER", or its ' +
      'last part where that is unique). All selection happens on the nodes.',
    'Several nodes are merged in time order, each line prefixed with its node. With --follow a record waits up to one second ' +
      'for earlier ones of other nodes; one that comes later is shown late, never dropped. Records that were lost at the ' +
      'source, or that the agent may not read, are told: in their place on a terminal, on standard error otherwise, as {"gap":...} in JSON.',
    'Formats: "text" is time, writer and message, and the bare line for log files, which carry their own time; "short" adds ' +
      'time and name to those too; "iso" is "short" with full times; "raw" is messages alone; "jsonl" is an object a ' +
      'line; "json" is one object, {"items": [...]}. On a pipe the bytes of messages are not changed; on a terminal control characters are ' +
      'shown as escapes, and of a message beyond 4 KiB its beginning.',
    'A broken connection is opened again behind the last record, without loss or repeats; with --follow a node that is not ' +
      'reached at first is waited for too, as long as another is, and then gives all that it wrote since the command began. An interrupted read prints the command that goes on where it stopped.',
    'Times: 10m, 1h30m, 2d, today, yesterday, "yesterday 18:00", 14:30, 2026-03-29, "2026-03-29 14:30:05", "Mar 29 14:30", ' +
      '2026-03-29T14:30:05Z, @1774794605. What has no zone is local time; a day without a year is the last one of that name, so one ' +
      'that is still to come is that of last year. Priorities: emerg, alert, crit, err, warning, ' +
      'notice, info, debug, or 0 to 7.',
  ].join('\n\n'),
  group: 'Logs',
  targets: 'read',
  output: { formats: ['text', 'short', 'iso', 'raw', 'json', 'jsonl'], default: 'text' },
  arguments: [
    { name: 'source', description: 'units and sources to show; the default source without', variadic: true },
  ],
  options: [
    { flags: '-f, --follow', description: 'go on with new records; the newest 10 of each stream come first' },
    {
      flags: '-t, --tail <n>',
      description: 'only the newest N records of each node and source, or "all"',
    },
    ...TIME_OPTIONS,
    {
      flags: '-b, --boot <boot>',
      description:
        'only records of this boot: this (or 0), previous (or -1), -2, or a boot id; "all" is what comes without',
    },
    ...PATTERN_OPTIONS,
    {
      flags: '-p, --priority <priority>',
      description:
        'this priority and more severe, or a range "err..warning", or a list "err,info"; log files without priorities refuse it',
    },
    { flags: '--fields <names>', description: "further fields, with commas between; '*' for all" },
    { flags: '--list', description: 'list the sources of each node; takes -o table, json, yaml and so on' },
    ...READING_OPTIONS,
  ],
  examples: [
    { command: 'nodectl logs sshd -n web-1 --since 1h', about: 'one unit, the last hour' },
    { command: 'nodectl logs -n web-1,web-2 -f -p warning', about: 'follow two nodes, warnings and worse' },
    {
      command: 'nodectl logs file/app --all -g "timeout|refused" -t 100',
      about: 'search a log file on every node',
    },
    { command: 'nodectl logs -n web-1 -b previous -p err', about: 'errors of the boot before this one' },
    {
      command: 'nodectl logs -l rack=a -o jsonl --since today | jq .message',
      about: 'records for a program',
    },
    { command: 'nodectl logs --list -n web-1', about: 'what can be read there' },
  ],
  foreign: {
    ...{ '-u': UNIT, '--unit': UNIT, '-k': KERNEL, '--dmesg': KERNEL, '--no-pager': NO_PAGER },
    ...{ '--lines': NEWEST, '-e': NEWEST, '--pager-end': NEWEST },
    ...{ '-r': 'records are shown in the order of their times', '-c': 'write --resume' },
  },
  load: () => import('./run.ts'),
};
