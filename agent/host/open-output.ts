/** An output while its lines are gathered, and what tells whether one more line is of it. */

import { deviceOfCommand } from './ethtool-device.ts';
import type { FormatStart } from './section-formats.ts';
import { interfaceIn } from './section-starts.ts';
import { isWithin } from './told-formats.ts';

/** So many lines behind a command its output may begin. */
export const NEAR = 4;
/** Programs of whose outputs each part looks like the first line of one, whatever their options were. */
const REPEATED = new Set([
  'zpool',
  'tc',
  'ibstat',
  'lscpu',
  'perfquery',
  'ibqueryerrors',
  'iblinkinfo',
  'networkctl',
  'top',
  'sysstat',
  'pmc',
  'ipmitool',
  'etcd',
  'etcdctl',
  'kubelet',
  'mdadm',
  'ras-mc-ctl',
  'edac-util',
  'ptp4l',
  'mcelog',
  'kubectl',
  'conntrack',
  'systemctl',
  'nvme',
  'storcli',
  'megacli',
  'ssacli',
  'arcconf',
  'sas2ircu',
  'tw_cli',
  'mvcli',
  'ipmi-sel',
  'log-util',
  'racadm',
  'omreport',
  'kube-health',
  'btrfs',
  'megaclisas-status',
  'openssl',
  'amd-smi',
]);
/** Outputs whose first line stands in them once: where it comes again, another one begins. */
const ONCE = new Set([
  ...['chronyc tracking', 'chronyc sources', 'chronyc sourcestats', 'chronyc serverstats', 'ntptime'],
  ...['cat /proc/net/dev', 'cat /proc/net/sockstat', 'cat /proc/meminfo', 'netstat -i', 'ss -s'],
  ...['df', 'free', 'lsblk', 'swapon --show', 'cat /proc/swaps'],
]);
/** The number and name of an attribute. */
const ATTRIBUTE = /^\s*(\d{1,3} [A-Z][\w-]{3,40})\s/;
/** Where a document's code begins and ends. */
export const FENCE = /^\s*(?:```|~~~|<\/?(?:pre|code)\b)/;
/** An output that is being gathered. */
export interface OpenOutput {
  readonly commands: string[];
  readonly lines: string[];
  readonly program: string;
  oneBlock: boolean;
  /** Whether a command line stands above it. */
  readonly headed: boolean;
  /** Whether the first line of its format was seen. */
  begun: boolean;
  /** What stands above the rows in a whole output, of which they are an excerpt; else empty. */
  above: string;
}

/** Whether an attribute is in an output already. */
export function repeats(open: OpenOutput, line: string): boolean {
  const name = ATTRIBUTE.exec(line)?.[1];
  return name !== undefined && open.lines.some((one) => ATTRIBUTE.exec(one)?.[1] === name);
}

/** The interface in the command line above an output. */
export function nameAbove({ commands: [command = ''] }: OpenOutput): string | undefined {
  return deviceOfCommand(command) ?? interfaceIn(command);
}

/** Much else has a line "driver: x", such as cpupower and what is written for containers: ethtool -i has more behind it. */
export function onlyLooksLike({ headed, commands, lines }: OpenOutput): boolean {
  if (headed || !commands.every((command) => command.startsWith('ethtool -i'))) return false;
  return !lines.some((line) => /^\s*(?:version|firmware-version|bus-info|supports-\S{1,30}):/.test(line));
}

/** Whether a first line is within an output that has begun already: chronyc prints a count above its table. */
export function continues(open: OpenOutput, start: FormatStart): boolean {
  const last = open.commands.at(-1) ?? '';
  // smartctl's heading is followed by that of its part about NVMe.
  if (start.of === 'disk') return open.program === 'smartctl' && last !== '' && start.inner === true;
  if (isWithin(open.program, start.command)) return true;
  // cpupower names its driver as ethtool -i does.
  if (open.program === 'cpupower' && start.command === 'ethtool -i') return true;
  return (
    start.of === undefined &&
    ((last === start.command && !ONCE.has(start.command)) ||
      (REPEATED.has(open.program) && start.command.split(' ', 1)[0] === open.program))
  );
}

/** Whether the line that is looked at is near enough to the command above to be the first of its output. */
export function near({ lines }: OpenOutput): boolean {
  return lines.filter((line) => line.trim() !== '').length < NEAR;
}

/** Whether an output is over: a fence of a document, or an empty line where the format has none. */
export function ends(open: OpenOutput, line: string): boolean {
  if (FENCE.test(line))
    // One behind the heading opens what is below it.
    return open.lines.some((one) => one.trim() !== '');
  return open.oneBlock && line.trim() === '';
}
