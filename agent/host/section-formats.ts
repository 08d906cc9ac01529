/** By which first line of its own format an output of a program is known within a longer text, where nothing above it tells. */

import { LIKELY_TOLD, TOLD_FORMATS } from './told-formats.ts';

/** A first line of a format. */
export interface FormatStart {
  /** Its command line without the interface: "ethtool -S". */
  readonly command: string;
  /** The interface that the line names; undefined where the line names none, though the command has one. */
  readonly name?: string;
  /** What the command is asked of; undefined for one that is asked of the machine. */
  readonly of: 'interface' | 'disk' | undefined;
  /** Whether nothing of the format is behind an empty line. */
  readonly oneBlock: boolean;
  /** Whether the line stands within an output of the same program too. */
  readonly inner?: boolean;
}

/** Something that rows of errors have. */
const LIKELY_ERROR = /^(?:Error|The connection|Unable to c|FATA\[|506 |ntpq: |Job for )/;
/** Something that the formats of clocks and of the network have that came last; of the others see LIKELY. */
const LIKELY_NETWORK =
  /(?:chronyd|ntpd|ntpdate|timesyncd)\[| local clock | now (?:in)?valid|clock is now |no reply |reply from |NTPServers=|^ServerName=|peers valid|^phc_ctl|^link |^sockets: /;

const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^\s*Settings for ([\w.:@-]{1,32}):\s*$/, 'ethtool'],
  [/^\s*(?:Features|Offload parameters) for ([\w.:@-]{1,32}):\s*$/, 'ethtool -k'],
  [/^\s*Ring parameters for ([\w.:@-]{1,32}):\s*$/, 'ethtool -g'],
  [/^\s*Channel parameters for ([\w.:@-]{1,32}):\s*$/, 'ethtool -l'],
  [/^\s*Coalesce parameters for ([\w.:@-]{1,32}):\s*$/, 'ethtool -c'],
  [/^\s*Pause parameters for ([\w.:@-]{1,32}):\s*$/, 'ethtool -a'],
  [/^\s*Time stamping parameters for ([\w.:@-]{1,32}):\s*$/, 'ethtool -T'],
  [/^\s*FEC parameters for ([\w.:@-]{1,32}):\s*$/, 'ethtool --show-fec'],
  [/^\s*EEE settings for ([\w.:@-]{1,32}):\s*$/i, 'ethtool --show-eee'],
  [/^\s*Private flags for ([\w.:@-]{1,32}):\s*$/, 'ethtool --show-priv-flags'],
  [/^\s*RX flow hash indirection table for ([\w.:@-]{1,32}) with /, 'ethtool -x'],
];
const UNNAMED: readonly (readonly [RegExp, string, oneBlock: boolean])[] = [
  [/^\s*(?:NIC|PHY) statistics:\s*$/, 'ethtool -S', true],
  [/^\s*driver: [\w.-]{1,40}(?: VLAN Support)?\s*$/, 'ethtool -i', true],
  [/^\s*Ethernet Channel Bonding Driver: v/, 'cat /proc/net/bonding', false],
  [/^\s*Permanent address: [0-9a-f:]{11,}\s*$/i, 'ethtool -P', true],
  [/^\s*Identifier\s+: 0x[0-9a-f]{2} \(/, 'ethtool -m', true],
];
/** Of a disk whose name stands elsewhere, or nowhere. */
const DISKS: readonly (readonly [RegExp, string])[] = [
  [/^\s*Smart Log for NVM\w* device: ?(\w{1,32})/i, 'nvme smart-log'],
  [/^smartctl \d+\.\d+ .{0,120}\[/, 'smartctl -a'],
  [/^\s*SMART\/Health Information \(NVMe Log 0x02/, 'smartctl -a'],
  [
    /^\s*(?:=== START OF (?:READ )?SMART DATA SECTION|SMART Attributes Data Structure revision)/,
    'smartctl -a',
  ],
  // Of its parts alone.
  [
    /^(?:SMART (?:overall-health self-assessment test result|Health Status): ?\S|SMART support is:\s+(?:Unavailable|Disabled)|SMART Status (?:not supported|command failed)\b|SMART Disabled\. )/,
    'smartctl -H',
  ],
  [
    /^(?:ID#\s+ATTRIBUTE_NAME\s|SMART (?:Extended Comprehensive |Extended )?(?:Error|Self-test) log )/i,
    'smartctl -A',
  ],
  [/^(?:(?:ATA|Device) Error Count: \d|Num {2}Test_Description\s|Error counter log:)/, 'smartctl -l error'],
];
const PLAIN_OWN: readonly (readonly [RegExp, string])[] = [
  [/^\s*Reference ID\s+: /, 'chronyc tracking'],
  [/^\s*MS Name\/IP address/, 'chronyc sources'],
  [/^\s*Name\/IP Address\s+NP\s/, 'chronyc sourcestats'],
  [/^\s*\d+ sources online\s*$/, 'chronyc activity'],
  [/^\s*NTP packets received\s+: /, 'chronyc serverstats'],
  [/^\s*Remote address\s+: \S+ \(/, 'chronyc ntpdata'],
  [/^\s*S Name\/IP Address\s+Auth/, 'chronyc selectdata'],
  [/^\s*Name\/IP address\s+Mode KeyID/, 'chronyc authdata'],
  [/^\s*remote\s+refid\s+st t when poll/, 'ntpq -pn'],
  [/^\s*(?:assID|associd)=0 status=/, 'ntpq -c rv'],
  [
    /^\s*Server: (?:n\/a|\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}:[\da-f:.%\w]{1,60}) \(.{1,255}\)\s*$/,
    'timedatectl timesync-status',
  ],
  [
    /^\s*(?:Local time: \w{3} \d{4}-\d\d-\d\d|(?:System clock|NTP) synchroni[sz]ed: (?:yes|no)$)/,
    'timedatectl',
  ],
  [/^(?:LinkNTPServers|SystemNTPServers|FallbackNTPServers|ServerName)=/, 'timedatectl show-timesync'],
  [/(?:^|[\s:])(?:chronyd|ntpd|ntpdate|systemd-timesyncd|openntpd)\[\d{1,10}\]: \S/, 'chronyd'],
  // openntpd without its name.
  [
    /^(?:\S.{0,80}\d\d:\d\d:\d\d(?: [\w.-]{1,64})? )?(?:adjusting local clock by -?\d|set local clock to .{10,60}\(offset |peer \S{1,60} now (?:in)?valid\s*$|clock is now (?:un)?synced\s*$|no reply (?:received(?: in time,.*|\s*$)|from \S{1,60} received in time)|reply from \S{1,60}: (?:not synced|offset ))/,
    'chronyd',
  ],
  [/^\d{1,4}\/\d{1,4} peers valid, /, 'ntpctl'],
  [/^phc_ctl\[[\d.]{1,20}\]: /, 'phc_ctl'],
  [/^link [\w.-]{1,40}\/\d{1,4} (?:subnet_prefix|state) /, 'rdma link'],
  [/^link [\w.-]{1,40}\/\d{1,4} rx_write_requests /, 'rdma statistic'],
  [/^\s*sending: GET [A-Z_]+\s*$/, 'pmc'],
  [/^LLDP neighbors:\s*$/, 'lldpctl'],
  [/^ntp_gettime\(\) returns code/, 'ntptime'],
  [/^(?:unsynchronised$|synchronised to (?:NTP|unspecified|local|UHF|atomic|modem))/, 'ntpstat'],
  [/^Module\s+Size\s+Used by\s*$/, 'lsmod'],
  [/^Linux \S+ \d+\.\d+\.\S+ #\d/, 'uname -a'],
  [/^\d{1,9}: [^\s:]{1,40}: <[A-Z0-9_,-]{1,120}> mtu \d/, 'ip link'],
  [/^\S{1,20}\s+Link encap:|^\S{1,20}: flags=\d{1,9}</, 'ifconfig'],
  [/^Personalities :|^\s{0,4}md\w{1,30} : (?:active|inactive) /, 'cat /proc/mdstat'],
  [/^[0-9a-f]{8}(?: [0-9a-f]{8}){8,14}\s*$/, 'cat /proc/net/softnet_stat'],
  [/^Inter-\|\s+Receive\s+\|\s+Transmit/, 'cat /proc/net/dev'],
  [/^Ip: Forwarding DefaultTTL /, 'cat /proc/net/snmp'],
  [/^TcpExt: SyncookiesSent /, 'cat /proc/net/netstat'],
  [/^sockets: used \d/, 'cat /proc/net/sockstat'],
  [/^slabinfo - version: \d/, 'cat /proc/slabinfo'],
  [/^\d{1,6} \d{1,6} \d{1,4}:\d{1,6} \/\S{0,300} \/\S{0,300} r[ow][, ]/, 'cat /proc/self/mountinfo'],
  [/^Filename\s+Type\s+Size\s+Used\s+Priority\s*$/, 'cat /proc/swaps'],
  [/^\s{8,}CPU0\b/, 'cat /proc/interrupts'],
  [/^BOOT_IMAGE=\S/, 'cat /proc/cmdline'],
  [/^processor\t: 0\s*$/, 'cat /proc/cpuinfo'],
  [
    /^\S{1,200} \/\S{0,200} (?:ext[234]|xfs|btrfs|sysfs|proc|devtmpfs|tmpfs|rootfs|overlay) r[ow][, ]\S{0,150} ?0 0$/,
    'cat /proc/mounts',
  ],
  [
    /^\s*(?:[●○×*] )?[\w@.:\\-]{1,200}\.(?:service|socket|mount|timer|target) +(?:loaded|not-found) +failed +failed /,
    'systemctl --failed',
  ],
  [/^MemTotal: +\d+ kB/, 'cat /proc/meminfo'],
  [/^\s*\/dev\/md\S{1,64}:\s*$/, 'mdadm --detail'],
  [/^\s*Magic : [0-9a-f]{8}\s*$/, 'mdadm --examine'],
  [/^Label\s+CE\s+UE\s*$/, 'ras-mc-ctl --error-count'],
  [
    /^(?:No Memory errors\.|Memory controller events summary:|Memory failure events|\d+ \d{4}-\d\d-\d\d [\d:]{8} [+-]\d{4} (?:error: |\d+ (?:Corrected|Uncorrected|Fatal) error))/,
    'ras-mc-ctl --errors',
  ],
  [/^(?:edac-util: |mc\d+: (?:csrow\d+: )?.{0,80}\d+ (?:Unc|C)orrected Errors)/, 'edac-util'],
  [/^(?:mcelog: )?Hardware event\. This is not a software error/, 'mcelog'],
  [/^\s*\d{1,4}\s+\S{1,20}\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s+\S{1,20}\s+SEL Entry: /, 'log-util'],
  [/^Record: {2,}\d{1,6}\s*$/, 'racadm getsel'],
  [/^\s*[0-9a-f]{1,4} \|\s+(?:\d\d\/\d\d\/\d{2,4}|Pre-Init)\s*\|/, 'ipmitool sel list'],
  [
    /^[^|]{1,40}\|\s*(?:na|-?[\d.]+|0x[0-9a-f]+)\s*\|[^|]{0,20}\|[^|]{1,8}\|(?:[^|]{1,12}\|){5}/,
    'ipmitool sensor list',
  ],
  [/^[^|]{1,40}\| [0-9A-F]{2}h \| [a-z]{2,3} *\| *\d+\.\d+ \|/, 'ipmitool sdr elist'],
  [/^\s*\S{1,120} is (?:un)?healthy: /, 'etcdctl endpoint health'],
  [
    /^(?:member [0-9a-f]{8,16} is (?:healthy|unhealthy|unreachable)|cluster (?:is|may be) (?:healthy|unhealthy|degraded))/,
    'etcdctl cluster-health',
  ],
  [/^\s*\|\s*ENDPOINT\s*\|/, 'etcdctl endpoint status'],
  // Why they failed, alone.
  [/^Error: +(?:etcdserver: |unhealthy cluster\s*$)/, 'etcdctl'],
  [
    /^(?:The connection to the server \S{1,200} was refused|Unable to connect to the server: |Error from server(?: \(\w{3,40}\))?: )/,
    'kubectl',
  ],
  [/^FATA\[\d{1,8}\] .{0,300}\.sock\b/, 'crictl'],
  [/^506 Cannot talk to daemon\s*$/, 'chronyc'],
  [/^ntpq: read: Connection refused\s*$/, 'ntpq'],
  [/^Job for \S{1,200} (?:failed|canceled|timed out)/, 'systemctl'],
  [/^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] [A-Z][\w -]{3,50}(?: \[[0-9a-f]{4}\])?: \S/, 'lspci'],
  [/^[a-z]\w{1,30}-(?:isa|pci|i2c|virtual|acpi|hid|mdio|scsi|spi)-[\w-]{1,20}\s*$/, 'sensors'],
  [/^<(?:\?xml version="1\.0" encoding="UTF-8"\?>\s*<)?lldp\b/, 'lldpctl -f xml'],
  [
    /^(?:(?:Icmp6?|IpExt|Ip6?|TcpExt|Tcp|Udp6?)[A-Z]\w{1,40}\s+\d+(?:\s+\d+\.\d)?|node_netstat_\w{1,60} \d\S*)\s*$|^\{"kernel": ?\{"(?:Ip|Tcp|Udp|Icmp)/,
    'nstat',
  ],
  [/^(?:Ip|Icmp|Tcp|Udp|TcpExt):\s*$/, 'netstat -s'],
  [/^cpu=\d+\s+(?:searched|found|entries)=\d+ /, 'conntrack -S'],
  [/^Total: \d+(?: \(kernel \d+\))?\s*$/, 'ss -s'],
  [/^Operational Info\s*$/, 'mlxlink'],
  [/^\s*pci\/[0-9a-f]{4}:[0-9a-f:.]{4,12}(?:\/\d{1,10})?:\s*$/, 'devlink health show'],
  [/^Per-node (?:numastat info|system memory usage)/, 'numastat'],
  [/^Kernel Interface table/, 'netstat -i'],
  [/^\s+node0(?:\s+node\d+)*\s*$/, 'numastat'],
  [/^\s*(?:procs -+\s?memory|r\s+b\s+swpd\s+free\s)/, 'vmstat'],
  [/^Linux \S{1,80} \(\S{1,80}\)\s.{1,60}\(\d{1,5} CPUs?\)/, 'sysstat'],
  [/^(?:avg-cpu:\s+%user|Device:?\s.*%util|(?:\S+ (?:[AP]M )?\s*)?CPU\s+%usr?e?r?\s)/, 'sysstat'],
  [
    /^top - \d\d?:\d\d|^(?:Mem: \d+K used|%Cpu(?:\(s\)|\d{1,4})\s*:)|^\s*PID\s+USER\s+PRI?\s+NI\s+VIRT\s/,
    'top',
  ],
  [/^\s*pool: \S{1,100}\s*$/, 'zpool status'],
  [
    /^(?:PASS|FAIL): \S{1,300}\.journal~?(?: \(.{1,60}\))?\s*$|^File corruption detected at \S{1,300}\.journal/,
    'journalctl --verify',
  ],
  [/^NAME\s+TYPE\s+SIZE\s+USED\s+PRIO\b/, 'swapon --show'],
  [/^USER\s+PID\s+%CPU\s+%MEM\s/, 'ps aux'],
  [/^UID\s+PID\s+PPID\s+C\s+STIME\s/, 'ps -ef'],
  [/^\s*UNIT\s+LOAD\s+ACTIVE\s+SUB\s/, 'systemctl --failed'],
  [/^qdisc \S{1,32} \S{1,32}: (?:dev|root|parent) /, 'tc -s qdisc show'],
  [/^ ?Sensor ID {5,}: /, 'ipmitool -v sdr'],
  [/^Vulnerability [A-Z][\w ]{1,40}: {2,}|^Architecture: {3,}\S/, 'lscpu'],
  [/^CA '[\w.-]{1,40}'\s*$|^\s*CA type: \S|^Infiniband device '[\w.-]{1,40}' port \d/, 'ibstat'],
  [/^# Port (?:extended )?counters: Lid /, 'perfquery'],
  [/^Startup finished in .{1,200} = /, 'systemd-analyze'],
  [/^setup:\s*$/, 'teamdctl state'],
  [/^LAST SEEN\s+|^NAMESPACE\s+LAST SEEN\s|^NAME\s+CPU\(cores\)/, 'kubectl get events'],
  [/^\s+total\s+used\s+free\s+shared\b/, 'free'],
  [/^ ?\d\d?:\d\d(?::\d\d)?(?: ?[ap]m)?\s+up\s.{1,80}load averages?: /, 'uptime'],
  [/^Name: {8,}[\w.-]{1,253}\s*$|^\s*Type\s+Status\s+LastHeartbeatTime/, 'kubectl describe node'],
  [/^Filesystem\s+(?:Type\s+)?\S+\s+I?Used\s+\S+\s+\S+\s+Mounted\s+on\s*$/, 'df'],
  [/^CONTAINER(?: ID)?\s+IMAGE\s+CREATED\s+STATE\s+NAME\s/, 'crictl ps'],
  [/^CONTAINER ID\s+IMAGE\s+COMMAND\s+CREATED\s+STATUS\s/, 'docker ps'],
  [/^(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\s+RESTARTS\s/, 'kubectl get pods'],
  [
    /^(?:(?:\s*[=\->#*]{0,4}>?\s*)?"(?:Controller Status|BBU Status|EID:Slt|DG\/VD)" : |Controller = \d|CLI Version = |DG\/VD\s+TYPE|EID:Slt\s+DID|DG\s+Arr\s+Row\s+EID:Slot\s)/,
    'storcli',
  ],
  [
    /^\s*(?:Adapter #\d|PD: \d{1,3} Information|Enclosure Device ID: \d|Adapter \d{1,3} -- Virtual Drive|BBU status for Adapter|Virtual Drive: \d)/,
    'megacli',
  ],
  [
    /^\s*(?:Smart Array|Smart HBA|HPE? Smart|MSA\d+) .{0,60}(?:in Slot|\(sn: )|^\s*(?:logicaldrive \d{1,4}|physicaldrive \S{1,20}) \(.{1,300}\)(?:: \S.{0,60})?\s*$/,
    'ssacli',
  ],
  [/^Controllers found: \d/, 'arcconf'],
  [/^(?:LSI Corporation|Avago Technologies|Broadcom).{0,20} SAS\d? ?IR Configuration Utility/, 'sas2ircu'],
  [/^Unit\s+UnitType\s+Status\s+%/, 'tw_cli'],
  [/^Virtual Disk Information\s*$/, 'mvcli'],
  [/^\s*ID\s+\| Name\s+\| Type\s+\| (?:State\s+\| )?Reading\s+\|/, 'ipmi-sensors'],
  [/^\s*ID\s+\| Date\s+\| Time\s+\| Name\s+\|/, 'ipmi-sel'],
  [/^(?:\[\/dev\/\S{1,100}\]\.write_io_errs\s|Id\s+Path\s+Write errors\s)/, 'btrfs device stats'],
  [/^\s*LV\s+VG\s+Attr\s/, 'lvs'],
  [/^\s*--- Logical volume ---\s*$/, 'lvdisplay'],
  [/^\s*--- Volume group ---\s*$/, 'vgdisplay'],
  [/^-- (?:Controller|Array|Disk) informations? --\s*$/, 'megaclisas-status'],
  [/^Overall:\s*$/, 'btrfs filesystem usage'],
  [/^Scrub (?:started|resumed): {2,}\S|^scrub (?:status for|started at) /, 'btrfs scrub status'],
  [/^Label: .{1,200} uuid: [\da-f-]{36}\s*$/, 'btrfs filesystem show'],
  [
    /^(?:Opening filesystem to check\.{3}|Checking filesystem on \S|\[1\/[78]\] checking|checking extents\b)/,
    'btrfs check',
  ],
  [
    /^(?:e2fsck \d\.\d{2}|(?:\(initramfs\):? )?\S{1,100}(?: contains a file system with errors, check forced|: UNEXPECTED INCONSISTENCY;))/i,
    'e2fsck',
  ],
  [/^Filesystem state: {2,}\S/, 'tune2fs -l'],
  [/^Phase 1 - find and verify superblock/, 'xfs_repair'],
  [/^(?:iSCSI Transport Class version |Target: (?:iqn|eui|naa)\.)/, 'iscsiadm -m session'],
  [/^(?:HEALTH_(?:OK|WARN|ERR)\b|\s{1,8}health:? HEALTH_)/, 'ceph health'],
  [/^\s*PV\s+VG\s+Fmt\s/, 'pvs'],
  [
    /^\s*(?:(?:WARNING: )?Couldn't find device with uuid \S|Couldn't find all physical volumes for volume group |(?:ACTIVE|inactive)\s+(?:Original |Snapshot )?'\/dev\/\S{1,200}' \[|Refusing activation of partial LV |PV (?:unknown device|\[unknown\])\s+VG )/,
    'lvscan',
  ],
  [/^\S{1,128} (?:\(\S{1,128}\) ?)?dm-\d{1,5} \S.{0,80}$/, 'multipath -ll'],
  // Before multipath-tools 0.4.7.
  [
    /^(?:\S{1,128} \(\d[\da-f]{16,40}\)|\d[\da-f]{32}|\[size=[\d.]{1,8} ?[KMGTP]?B?\]\[features=.{1,100})\s*$/,
    'multipath -ll',
  ],
  [/^hcil\s+dev\s+dev_t\s+pri\s+dm_st\s/, 'multipathd show paths'],
  [/^NAME\s+SIZE\s+ALLOC\s+FREE\s/, 'zpool list'],
  [/^ID\s+(?:CLASS\s+)?WEIGHT\s+TYPE NAME\s/, 'ceph osd tree'],
  [/^NAME\s+MAJ:MIN\s+RM\s+SIZE\s+RO\s/, 'lsblk'],
  [/^Node\s+(?:Generic\s+)?SN\s+Model\s+Namespace\s/, 'nvme list'],
  [/^\s*VG\s+#PV\s/, 'vgs'],
  [/^TARGET\s+SOURCE\s+FSTYPE\s/, 'findmnt'],
  [/^\S{1,200} on \/\S{0,200} type [\w.]{2,20} \(r[ow][,)]/, 'mount'],
  [/^\s*Error Log Entries for device:/, 'nvme error-log'],
  [/^nvme-subsys\d+ - NQN=/, 'nvme list-subsys'],
  [
    /^\s*[●○×*↻] [\w@.:\\-]{1,200}\.(?:service|socket|mount|timer|target|path|slice|scope|device|swap|automount)(?: - .*)?$|^[\w@.:\\-]{1,200}\.(?:service|socket|mount|timer|target|path|swap|automount) - \S.{0,200}$/,
    'systemctl status',
  ],
  [/^(?:apiVersion: v1\s*$|- lastHeartbeatTime: )/, 'kubectl get nodes -o yaml'],
  [/^\s*NAME\s+(?:STATUS\s+(?:ROLES\s+)?AGE\b|TAINTS\s*$)/, 'kubectl get nodes'],
  [
    /^.{0,120}"msg":"(?:slow fdatasync|apply request took too long|leader failed to send out heartbeat|raft\.node: )|^.{0,60}"caller":"(?:etcdserver|wal|mvcc|rafthttp|embed|etcdmain)\/|^(?!Error).{0,60} etcdserver: |^.{0,80}\d\d:\d\d:\d\d\.\d{6} [CEWNID] \| (?:etcdserver|etcdmain|rafthttp|wal|snap|mvcc|raft|embed)[\w/]{0,20}: /,
    'etcd',
  ],
  [
    /^.{0,120}\bkubelet\.go:\d{1,5}\] .{0,100}\bPLEG is not healthy: pleg was last seen|^.{0,80}\bkubelet(?:\[\d{1,8}\])?: [IWEF]\d{4} \d\d:\d\d:\d\d/,
    'kubelet',
  ],
  [/^(?:Core\t|CPU\t|Package\t|Die\t|Node\t|usec\t).{0,100}\bAvg_MHz\b|^Avg_MHz\t/, 'turbostat'],
  [/^analyzing CPU \d{1,4}:\s*$/, 'cpupower frequency-info'],
  [/^(?:sending: |.{0,60}\b)?(?:ptp4l|phc2sys|ts2phc)\[[\d.]{1,20}\]: /, 'ptp4l'],
];
const PLAIN = [...PLAIN_OWN, ...TOLD_FORMATS];
/** Something that all of the above have in their lines: most lines have none of it. */
const LIKELY =
  / for |^\d+ \d{4}-\d\d-|^\s*--|tatistics:|driver: |address|Identifier|Reference ID|Name\/IP|sources online|packets received|refid|status=|Server: |Bonding Driver|Local time|synchroni[sz]ed: |sending: |LLDP neighbors|ntp_gettime|^(?:un)?synchronised|Used by|^Linux |> mtu \d|Link encap:|: flags=|^Personalities|md\w{1,30} : |^MemTotal|dev\/md|Magic : |^Label|Memory |dac-util|orrected Errors|Hardware event|\||healthy|cluster|unreachable|STATUS|^Name: |^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.|lldp|-(?:isa|pci|i2c|virtual|acpi|hid|mdio|scsi|spi)-|^(?:Icmp|Ip|Tcp|Udp)[\w:]|^node_netstat|^\{"kernel|Heartbeat|(?:ptp4l|phc2sys|ts2phc)\[|^cpu=|^Total: |^Operational|^\s*pci\/|^\s+node0|=== START OF|^SMART Attr|pool: |^\s*UNIT|^NAME\s+TYPE|^USER\s+PID|^UID\s+PID|^qdisc |^ ?Sensor ID|^Vulnerab|^Architecture|^hcil |^CA '|^\s*CA type|^Infiniband |^# Port |^Startup |^setup:|LAST SEEN|CPU\(c|^\s*procs -|swpd|\sCPUs?\)|^avg-cpu|%util|CPU\s+%us|^top - |^\s*PID\s|^Mem: |^%Cpu|used\s+free|\sup\s|^Filename|^Inter-|^[0-9a-f]{8} [0-9a-f]{8} |^Ip: F|^TcpExt: S|^ {8,}CPU0|^Filesystem|^\s*(?:LV|PV|VG) |^TARGET|^Overall|^Scrub |^scrub |^Label: |filesystem |^\[1\/|^checking|^e2fsck|with errors, check|: UNEXPECTED INC|SEL Entry: |\.journal|^\S+\.[a-z]+ - |^Record: |^\s*(?:logicald|physicald|ACTIVE |inactive |Refusing )|Couldn't find |"(?:Controller S|BBU S|EID:|DG\/)|^Filesystem state|^Phase 1|^iSCSI |^Target: |HEALTH_| type |write_io_errs|Write errors|^Controller|IR Configuration|^Unit |^Virtual Disk|^CLI |^DG(?:\/VD|\s+Arr)|^EID:|Adapter|^\s*(?:PD: |Enclosure D)|Virtual Drive|Smart |^MSA|^CONTAINER|^nvme-subsys|Error Log Entries|^\s*[●○×*↻] |^Per-node|^Kernel Interface|^smartctl |^SMART |^ID#|Error Count: |^Num {2}Test|^Error counter|SMART\/Health|Smart Log|"msg":"|PLEG is|^apiVersion|^- lastH|^BOOT_IMAGE| 0 0$| failed +failed |^processor\t| dm-\d|^\[size=| \(\d[\da-f]{16}|^\d[\da-f]{32}\s*$|^NAME |^ID |^Node |^NAMESPACE |RESTARTS|"caller":"|etcdserver: |kubelet|Avg_MHz|^analyzing CPU|^slabinfo| r[ow][, ]/;

/** The format that begins with a line; undefined where none does. */
export function formatStart(whole: string): FormatStart | undefined {
  // Names of counters of the network stack fill a long line.
  const line = /^(?:TcpExt|Ip): [A-Z]/.test(whole) ? whole.slice(0, 300) : whole;
  // Lines of logs in JSON are long.
  const most = line.startsWith('{"level"') ? 4_000 : 300;
  if (
    line.length > most ||
    !(LIKELY.test(line) || LIKELY_NETWORK.test(line) || LIKELY_TOLD.test(line) || LIKELY_ERROR.test(line))
  )
    return undefined;
  for (const [pattern, command] of NAMED) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined) return { command, name, of: 'interface', oneBlock: false };
  }
  for (const [pattern, command, oneBlock] of UNNAMED)
    if (pattern.test(line)) return { command, of: 'interface', oneBlock };
  for (const [pattern, command] of DISKS) {
    const match = pattern.exec(line);
    if (match)
      return {
        command,
        ...(match[1] ? { name: match[1] } : {}),
        of: 'disk',
        oneBlock: false,
        inner: /^\s*(?:=== |SMART|ID#|ATA E|Device E|Num |Error c)/.test(line),
      };
  }
  for (const [pattern, command] of PLAIN)
    if (pattern.test(line)) return { command, of: undefined, oneBlock: false };
  return undefined;
}
