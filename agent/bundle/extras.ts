/** What support asks for beyond what checks read: programs whose output is kept as it is, and logs. */

/** Calls whose answers are kept, by the name of their file, with the request: what other commands of nodectl show, and read of the machine. */
export const ANSWERS = [
  ['kernel', 'nodectl.v1.KernelService/GetKernel', {}],
  ['clock', 'nodectl.v1.ClockService/GetClock', {}],
  ['nic', 'nodectl.v1.NicService/ListNics', { virtual: true, details: true }],
] as const;

/** A command line whose output is kept. */
export interface Extra {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** State. Arguments of processes are left out: people put passwords there. */
export const STATE: readonly Extra[] = [
  { argv: ['uname', '-a'] },
  { argv: ['ip', '-d', '-s', 'link', 'show'] },
  { argv: ['ip', 'address', 'show'] },
  { argv: ['ip', 'route', 'show', 'table', 'all'], maxBytes: 1 << 20 },
  { argv: ['ip', '-6', 'route', 'show', 'table', 'all'], maxBytes: 1 << 20 },
  { argv: ['ip', 'rule', 'show'] },
  { argv: ['ip', 'neighbour', 'show'], maxBytes: 1 << 20 },
  { argv: ['bridge', 'vlan', 'show'], maxBytes: 1 << 20 },
  { argv: ['ss', '-s'] },
  { argv: ['ss', '-tuln'], maxBytes: 1 << 20 },
  { argv: ['nstat', '-az'] },
  { argv: ['lsblk', '-O', '-J'] },
  { argv: ['df', '-PT', '-l'] },
  { argv: ['df', '-Pi', '-l'] },
  { argv: ['lscpu'] },
  { argv: ['lspci', '-nnk'], maxBytes: 1 << 20 },
  { argv: ['ps', '-eo', 'pid,ppid,stat,ni,rss,etimes,wchan:32,comm', '--sort=-rss'], maxBytes: 1 << 20 },
  { argv: ['systemctl', 'list-units', '--failed', '--plain', '--no-pager'] },
  {
    argv: ['systemctl', 'list-units', '--all', '--plain', '--no-pager', '--type=service,timer,mount'],
    maxBytes: 1 << 20,
  },
  { argv: ['systemd-analyze', 'blame', '--no-pager'] },
  { argv: ['timedatectl', 'show'] },
  { argv: ['journalctl', '--list-boots', '--no-pager'] },
];

/** Files of /proc and /etc that are worth having whether or not a check reads them. */
export const FILES: readonly string[] = [
  ...[
    'proc/cmdline',
    'proc/version',
    'proc/uptime',
    'proc/loadavg',
    'proc/stat',
    'proc/meminfo',
    'proc/vmstat',
  ],
  ...['proc/buddyinfo', 'proc/zoneinfo', 'proc/slabinfo', 'proc/interrupts', 'proc/softirqs', 'proc/cpuinfo'],
  ...['proc/modules', 'proc/mounts', 'proc/partitions', 'proc/diskstats', 'proc/mdstat', 'proc/swaps'],
  ...['proc/net/dev', 'proc/net/snmp', 'proc/net/netstat', 'proc/net/softnet_stat', 'proc/net/sockstat'],
  ...['proc/net/bonding', 'proc/iomem', 'proc/devices', 'proc/filesystems', 'proc/locks'],
  ...[
    'etc/os-release',
    'etc/hostname',
    'etc/resolv.conf',
    'etc/fstab',
    'etc/sysctl.conf',
    'etc/chrony/chrony.conf',
  ],
  ...['etc/chrony.conf', 'etc/systemd/timesyncd.conf', 'etc/nsswitch.conf'],
];

const LOG = { timeoutMs: 20_000, maxBytes: 8 << 20 } as const;

/** Logs: the kernel's of this boot and the one before, the agent's own, and what other services call errors. */
export const LOGS: readonly Extra[] = [
  { argv: ['dmesg', '--time-format', 'iso', '--decode'], ...LOG },
  { argv: ['journalctl', '-k', '-b', '0', '-n', '20000', '-o', 'short-iso-precise', '--no-pager'], ...LOG },
  { argv: ['journalctl', '-k', '-b', '-1', '-n', '20000', '-o', 'short-iso-precise', '--no-pager'], ...LOG },
  {
    argv: ['journalctl', '-u', 'nodectl-agent', '-n', '5000', '-o', 'short-iso-precise', '--no-pager'],
    ...LOG,
  },
  {
    argv: ['journalctl', '-p', 'err', '-b', '0', '-n', '5000', '-o', 'short-iso-precise', '--no-pager'],
    ...LOG,
  },
];
