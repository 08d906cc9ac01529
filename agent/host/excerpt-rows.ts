/**
 * By which of its rows an output is known of which somebody kept a few lines (`ethtool -S eth0 | grep err`, `df -h | grep sda`), and what
 * its reader wants to see above them. What is not in an excerpt is not told, since what stands above says nothing but how to read it.
 */

import type { FormatStart } from './section-formats.ts';

/** A row that begins an excerpt. */
export interface Excerpt extends FormatStart {
  /** The lines above it in a whole output. @param command the command line it stands below, empty where none does. @param name of its interface */
  readonly above: (command: string, name: string) => string | undefined;
}

type Row = readonly [
  look: RegExp,
  command: string,
  above?: Excerpt['above'] | string,
  of?: 'interface' | 'disk' | undefined,
  /** Whether it is told only below its command line, since other things look the same. */
  below?: boolean,
];

/** The last word of a command line that is no option; undefined where there is none. */
function objectOf(command: string): string | undefined {
  return command
    .split(/\s+/)
    .slice(1)
    .findLast((word) => /^[\w/][\w@.:/-]*$/.test(word));
}

const DF = '%s Used Available Use% Mounted on';
const CONDITIONS = '  Type Status LastHeartbeatTime LastTransitionTime Reason Message';
const LINK = 'UP,BROADCAST,RUNNING,MULTICAST,LOWER_UP';
const sized = (header: string) => (command: string) =>
  / -\w*i/.test(command)
    ? 'Filesystem Inodes IUsed IFree IUse% Mounted on'
    : `Filesystem ${DF.replace('%s', header)}`;

const ROWS: readonly Row[] = [
  [
    /^\s*\d{1,3} [A-Z][\w-]{3,40}\s+(?:0x[\da-f]{4}|[PO-][\w-]{5,7})\s+\d{3}\s+\d{3}\s+(?:\d{3}|---)\s/,
    'smartctl -a',
    'ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE',
    'disk',
  ],
  [
    /^\s*(?:SMART overall-health self-assessment|SMART Health Status: |(?:Critical Warning|Percentage Used|Available Spare|Media and Data Integrity Errors):\s)/,
    'smartctl -a',
    '=== START OF SMART DATA SECTION ===',
    'disk',
  ],
  [
    /^\s*(?:Error \d{1,6} (?:\[\d{1,4}\] )?occurred at disk power-on lifetime: \d|(?:[\dA-F]{2} |-- ){7,16}.{0,40}\bError: [A-Z]{2,6}\b)/,
    'smartctl -l error',
    '=== START OF READ SMART DATA SECTION ===',
    'disk',
  ],
  [
    /^# ?\d{1,2} +(?:Short|Extended|Conveyance|Selective|Background|Foreground)\b.{3,60}(?:ompleted|nterrupted|borted|ailed|rror)/,
    'smartctl -l selftest',
    'SMART Self-test log structure revision number 1',
    'disk',
  ],
  [
    /^\s*(?:critical_warning|media_errors|percentage_used|available_spare)\s*: \S/,
    'nvme smart-log',
    '',
    'disk',
  ],
  [
    /^\s*(?:(?:port\.|mmc_|mac_|fw_)?[rt]x(?:_?queue)?[_-]?\d*[_.][\w.-]{2,60}|lsc_int|link_(?:down|change|fail)\w{1,30}|alloc_rx_\w{3,30}|module_(?:high_temp|bus_stuck|bad_shorted|unplug)): +\d+\s*$/i,
    'ethtool -S',
    // Below a command that does not name the interface they may be of several.
    (command) => (command === '' ? 'NIC statistics:' : ''),
    'interface',
  ],
  [
    /^\s*(?:Speed: (?:\d{1,7}Mb\/s|Unknown!)|Duplex: (?:Half|Full|Unknown!)|Link detected: (?:yes|no))/,
    'ethtool',
    (_, name) => `Settings for ${name}:`,
    'interface',
  ],
  [
    /^\s*(?:Laser [rt]x (?:power|bias)|Laser (?:bias|output)|Receiver signal|Module (?:temperature|voltage)) .{0,40}: /,
    'ethtool -m',
    '\tIdentifier                                : 0x03 (SFP)',
    'interface',
  ],
  [
    /^\s*(?:System time|Last offset|RMS offset|Leap status|Root delay|Root dispersion)\s+: /,
    'chronyc tracking',
  ],
  [
    /^[\^=#][*+\-?x~] \S{1,120}\s+\d{1,2}\s+-?\d{1,2}\s+[0-7]{1,3}\s/,
    'chronyc sources',
    'MS Name/IP address         Stratum Poll Reach LastRx Last sample',
  ],
  [
    /^[ x.\-+#*o]?[\w.:%-]{1,60}\s+\S{1,40}\s+\d{1,2} [uUlmbspMSBA]\s+(?:-|\d{1,5}[mhd]?)\s+\d{1,6}\s+[0-7]{1,3}\s/,
    'ntpq -pn',
    '     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================',
  ],
  [
    /^(?:\/dev\/\S{1,100}|tmpfs|overlay|udev|\S{1,100}:\/\S{0,100})\s+[\d.,]+[GTP]i?\s+[\d.,]+[KMGTP]?i?\s+[\d.,]+[KMGTP]?i?\s+\d{1,3}%\s+\//,
    'df',
    sized('Size'),
  ],
  [
    /^\S{1,200}\s+[\d.,]+[KMGTP]?i?\s+[\d.,]+[KMGTP]?i?\s+[\d.,]+[KMGTP]?i?\s+\d{1,3}%\s+\//,
    'df',
    sized('1K-blocks'),
    undefined,
    true,
  ],
  [/^\s+\d+ blocks .{0,80}\[\d+\/\d+\] \[[U_]+\]/, 'cat /proc/mdstat', 'md-unnamed : active'],
  [
    /^\s*(?:State : (?:clean|active|inactive|degraded)|(?:Active|Failed) Devices : \d|Version : (?:0\.9|1\.[0-2])\d?\s*$|Creation Time : \w{3} \w{3} |Raid Level : (?:raid\d|linear|container))/,
    'mdadm --detail',
    (command) => `${/\/dev\/md\S+/.exec(command)?.[0] ?? '/dev/md-unnamed'}:`,
  ],
  [
    /^\s*state: (?:ONLINE|DEGRADED|FAULTED|SUSPENDED|UNAVAIL|OFFLINE)\s*$/,
    'zpool status',
    (command) => `  pool: ${/status\s+(?:-\S+\s+)*([\w.-]+)/.exec(command)?.[1] ?? 'unnamed'}`,
  ],
  [
    /^\s*(?:NAME\s+STATE\s+READ\s+WRITE\s+CKSUM\s*$|\S{1,255}\s+(?:ONLINE|DEGRADED|FAULTED|SUSPENDED|UNAVAIL|OFFLINE|REMOVED)(?:\s+\d[\d.]*[KMGTP]?){3}(?:\s|$))/,
    'zpool status',
  ],
  [
    /^[a-z\d][\w.-]{0,252}\s+(?:(?:Not)?Ready|Unknown)(?:,\S{1,60})?\s+(?:\S{1,200}\s+)?(?:\d{1,5}[dhmsy]){1,2}\s+v\d+\.\d+/,
    'kubectl get nodes',
    'NAME STATUS ROLES AGE VERSION',
  ],
  [
    /^\s*(?:[●*×] )?[\w@.:\\-]{1,200}\.(?:service|socket|mount|timer|target|path|slice|scope|device|swap|automount)\s+(?:loaded|not-found|masked|error)\s+failed\s+failed\b/,
    'systemctl --failed',
    '  UNIT LOAD ACTIVE SUB DESCRIPTION',
  ],
  [
    /^\s*Active: (?:active|inactive|failed|activating|deactivating) ?\(/,
    'systemctl status',
    (command) => {
      const unit = objectOf(command.replace(/^systemctl status/, 'status'));
      return unit === undefined ? undefined : `● ${unit.includes('.') ? unit : `${unit}.service`}`;
    },
    undefined,
    true,
  ],
  [
    /^(?:Type=(?:simple|exec|forking|oneshot|dbus|notify|idle)|Restart=(?:always|on-\w{4,12})|Id=[\w@.:\\-]{1,200}\.service|ActiveState=[a-z-]{4,20}|SubState=[a-z-]{4,20}|Result=[a-z-]{4,20}|NRestarts=\d{1,9}|ExecMainStatus=\d{1,3})\s*$/,
    'systemctl show',
  ],
  [
    /^(?:Package|Physical|Core) (?:id )?\d{1,3}:\s+[+-]\d{1,4}\.\d ?°?C\s/,
    'sensors',
    'coretemp-isa-0000\nAdapter: ISA adapter',
  ],
  [/^T(?:ctl|die|ccd\d):\s+[+-]\d{1,4}\.\d ?°?C\s/, 'sensors', 'k10temp-pci-00c3\nAdapter: PCI adapter'],
  [
    /^[^|]{1,40}\|\s*(?:-?[\d.]+ (?:degrees [CF]|RPM|Volts|Watts|Amps|percent|unspecified)|no reading|disabled|Not Readable|0x[\da-f]{1,4})\s*\|\s*(?:ok|ns|n[cr]|cr|[lu](?:nc|nr|cr)|[lu]s)\s*$/,
    'ipmitool sdr list',
  ],
  [
    /^[\s|`\\_-]*(?:\d{1,4}:\d{1,4}:\d{1,4}:\d{1,6}|#:#:#:#)\s+(?:sd[a-z]{1,4}|dasd[a-z]{1,4}|nvme\w{1,12}|-)\s+(?:\d+:\d+|#:#)\s+\[?(?:active|failed|undef)\b/,
    'multipath -ll',
  ],
  [
    /^\d{1,3}\/\d{1,3}\s+RAID\d{1,2}\s+[A-Z]\w{2,4}\s+R[WO]\s/,
    'storcli',
    'DG/VD TYPE  State Access Consist Cache Cac sCC       Size Name',
  ],
  [
    /^(?:\d{1,3}| ):\d{1,3}\s+\d{1,4}\s+[A-Z]\w{2,7}\s+(?:\d{1,3}|-|F)\s+[\d.]+ [KMGTP]?B\s+(?:SAS|SATA|NVMe|U\.3)\s/,
    'storcli',
    'EID:Slt DID State DG       Size Intf Med SED PI SeSz Model',
  ],
  [/^(?:IR [Vv]olume (?:information|\d{1,3})|Device is a Hard disk)\s*$/, 'sas2ircu'],
  [
    /^(?:u\d{1,3}\s+(?:RAID-\d{1,3}|SINGLE|JBOD|SPARE)\s+[A-Z-]{2,20}\s|p\d{1,3}\s+[A-Z-]{2,20}\s+(?:u\d{1,3}|-)\s|V?Port\s+Status\s+Unit\s|Ctl\s+Model\s+\(V\)Ports\s)/,
    'tw_cli',
  ],
  [
    /^\d{1,5}\s+\| [^|]{1,60}\| [^|]{1,40}\|(?: (?:Critical|Warning|Nominal|N\/A)\s*\|)? (?:-?[\d.]{1,12}|N\/A)\s*\| [^|]{1,10}\| '/,
    'ipmi-sensors',
  ],
  [/^\d{1,6}\s+\| (?:[A-Z][a-z]{2}-\d\d-\d{4}|PostInit)\s*\| [\d:]{8}\s*\| [^|]{1,60}\|/, 'ipmi-sel'],
  [
    /^\s*Lnk(?:Sta|Cap):\s/,
    'lspci',
    (command) => {
      const slot = /-s\s*((?:[\da-f]{4}:)?[\da-f]{1,2}:[\da-f]{2}\.\d)/.exec(command)?.[1];
      return slot === undefined ? undefined : `${slot} Device: unnamed`;
    },
    undefined,
    true,
  ],
  [
    /^Mem:\s+[\d.]+[KMGT]?i?B?(?:\s+[\d.]+[KMGT]?i?B?){5}\s*$/,
    'free',
    '               total        used        free      shared  buff/cache   available',
  ],
  [
    /^\s*[\w.@-]{1,15}:\s*\d+(?:\s+\d+){15}\s*$/,
    'cat /proc/net/dev',
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
  ],
  [
    /^\s*RX (?:errors \d+ {1,2}dropped|packets \d+ )/,
    'ifconfig',
    (_, name) => `${name}: flags=4163<${LINK}>  mtu 1500`,
    'interface',
    true,
  ],
  [
    /^\s*RX packets:\d+ errors:\d/,
    'ifconfig',
    (_, name) =>
      `${name}      Link encap:Ethernet\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1`,
    'interface',
    true,
  ],
  [
    /^\s*RX: {1,2}bytes\s+packets\s+errors/,
    'ip link',
    (_, name) => `1: ${name}: <${LINK}> mtu 1500 qdisc mq state UP`,
    'interface',
    true,
  ],
  [
    /^\s*(?:\d{1,19} (?:times the listen queue of a socket overflowed|SYNs to LISTEN sockets (?:dropped|ignored)|segments (?:retransmitt?ed|sen[dt] out)|packet receive errors|(?:receive|send) buffer errors|packets (?:pruned from receive|dropped from out-of-order|collapsed in receive) queue.{0,50}|connections aborted due to memory pressure|packet reassembl(?:y|ies|es) failed)|TCP ran low on memory \d{1,19} times?|(?:TCP[A-Z]\w{2,40}|PruneCalled|RcvPruned|OfoPruned|Listen(?:Drops|Overflows)|(?:Rcvbuf|Sndbuf|Mem)Errors): \d{1,19})\s*$/,
    'netstat -s',
  ],
  [
    /^[\w-]{2,64} \d{3,12} \d{1,6} (?:-|[\w,-]{2,3000},) (?:Live|Loading|Unloading) 0x[\da-f]{8,16}(?: \([A-Z]{1,8}[+-]?\))?\s*$/,
    'cat /proc/modules',
  ],
  [
    /^Slave Interface: \S/,
    'cat /proc/net/bonding/bond0',
    'Ethernet Channel Bonding Driver: v\n\nBonding Mode: unknown\n',
  ],
  [
    /^\s*(?:Ready|DiskPressure|MemoryPressure|PIDPressure|NetworkUnavailable)\s+(?:True|False|Unknown)\s+\w{3}, \d\d \w{3} \d{4} /,
    'kubectl describe node',
    (command) => `Name:               ${objectOf(command) ?? 'node'}\nConditions:\n${CONDITIONS}`,
  ],
  [
    /^\s*(?:"lastHeartbeatTime": "\d{4}-|"type": "(?:NetworkUnavailable|OutOfDisk|(?:Memory|Disk|PID)Pressure|Ready)",?\s*$)/,
    'kubectl get node conditions',
  ],
  [
    /^Taints: {2,}\S/,
    'kubectl describe node',
    (command) => `Name:               ${objectOf(command) ?? 'node'}`,
  ],
  [
    /^\s*(?:Type\s+Reason\s+Age\s+From\s+Message\s*$|(?:Warning|Normal)\s+(?:Node(?:NotReady|Ready|Has\w{5,30})|SystemOOM|EvictionThresholdMet|(?:Image|Container)GCFailed|FreeDiskSpaceFailed|InvalidDiskCapacity|Rebooted|KernelDeadlock|OOMKilling|TaskHung|FilesystemIsReadOnly)\s)/,
    'kubectl describe node',
    (command) => `Name:               ${objectOf(command) ?? 'node'}\nEvents:`,
  ],
  [
    /^\s*(?:\d{1,5}[dhmsy]){1,2}\s+(?:Warning|Normal)\s+\w{3,60}\s+node\/\S/i,
    'kubectl get events',
    'LAST SEEN   TYPE      REASON   OBJECT    MESSAGE',
  ],
  [
    /^\S{1,100} \/\S{0,200} (?:ext[234]|xfs|btrfs|vfat|f2fs|nfs4?|zfs) r[ow][,\s]\S{0,400} ?[01] [0-2]\s*$/,
    'cat /proc/mounts',
  ],
  [/^\s*\[\/dev\/\S{1,100}\]\.(?:read_io|flush_io|corruption|generation)_errs\s+\d/, 'btrfs device stats'],
  [/^(?:net|kernel|vm|fs|dev)(?:\.[\w/-]{1,60}){1,8} = ?\S/, 'sysctl'],
  [
    /^\s*(?:Physical s|S)tate: (?:Down|Init|Initializing|Armed|Active|Polling|Disabled|LinkUp)\s*$/,
    'ibstat',
    (command) => `CA '${objectOf(command) ?? 'unnamed'}'\n\tPort 1:`,
    undefined,
    true,
  ],
  [
    /^\s*\d+(?:\s+\d+){16}\s*$/,
    'vmstat',
    'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st',
    undefined,
    true,
  ],
];

/** The programs whose rows they are, in the same order. */
const PROGRAMS = ROWS.map(([, own]) => own.split(' ', 1)[0]);

/** Something that one of the above has in its row: most lines have none of it. */
const LIKELY =
  /^# ?\d{1,2} |^(?:Type=|Restart=|Id=|ActiveState=|SubState=|Result=|NRestarts=|ExecMainStatus=|\s*"(?:type|lastHeartbeatTime)": )|^.?[\w.:%-]{1,60}\s+\S{1,40}\s+\d{1,2} [a-zA-Z] |^\s*\[\/dev\/|^[\s|`\\_-]*(?:\d{1,4}:|#:)|^\s*(?:\d|TCP|Prune|RcvP|OfoP|Listen|Rcvb|Sndb|MemE|[\dA-F]{2} |Error \d|NAME\s+STATE\s|Package|Core|Physical|T(?:ctl|die|ccd)|\/dev\/|[\^=#][*+\-?x~] |tmpfs|overlay|udev|SMART |Critical W|Percentage|Available S|Media and|critical_w|media_e|percentage_|available_s|port\.|mmc_|mac_|fw_|[rt]x|lsc_|link_|alloc_rx|module_|Speed: |Duplex: |Link d|Laser|Receiver|Module |System time|Last off|RMS off|Leap |Root d|State : |Version : |Creation T|Raid Level|Active |Failed |state: |Active: |Lnk|Mem:|RX|Slave I|IR [Vv]|Device is|u\d|p\d|V?Port\s|Ctl\s|Taints:|Type\s|Warning|Normal|Ready|\w+Pressure|NetworkU|net\.|kernel\.|vm\.|fs\.|dev\.|State: |Physical )|%\s+\/|Ready|Unknown|failed\s+failed| Live 0x| (?:Unl|L)oading 0x|(?:ED|INE|AIL)\s+\d|C\s+\(|\||:\s*\d+\s+\d|\s[ulbUm]\s| [01] [0-2]\s*$/;

/**
 * The excerpt that begins with a row; undefined where none does.
 * @param command the command line that the row stands below; empty where none does
 */
export function excerptStart(line: string, command: string): Excerpt | undefined {
  if (line.length > 400 || !LIKELY.test(line)) return undefined;
  const program = command.split(' ', 1)[0] ?? '';
  // What is in a file that somebody prints may be anything, and what a server answers.
  const any = /^(?:curl)?$/.test(program) || (program === 'cat' && !command.startsWith('cat /proc'));
  const asked = /^perccli|^storcli/.test(program) ? 'storcli' : program;
  for (const [at, [look, own, above = '', of, below]] of ROWS.entries()) {
    if ((PROGRAMS[at] !== asked && (!any || below)) || !look.test(line)) continue;
    return {
      ...{ command: own, of, oneBlock: false },
      above: typeof above === 'string' ? () => above : above,
    };
  }
  return undefined;
}
