/**
 * By which of their lines outputs are known whose readers go by single lines (agent/diagnostics/told): of clusters, DRBD, NFS, sockets,
 * graphics processors and probes of the network. Each line that such a reader understands begins an output, so excerpts need no heading.
 */

/** Programs of such outputs, as a command line above one names them. */
export const TOLD_PROGRAMS =
  'pvecm|corosync-quorumtool|corosync-cfgtool|cman_tool|pcs|crm_mon|crm|drbdadm|drbdsetup|drbd-overview|nfsstat|nfsiostat|showmount|rpcinfo|mount\\.nfs|nvidia-smi|dcgmi|rocm-smi|amd-smi|ping6|ping|mtr|tracepath|arping|ncat|nc|curl|ntpdate|sntp|ntpdig|chronyd|fio|memtester|dkms|kdumpctl|kdump-config|iperf3|iperf|gluster|kubeadm|openssl|benchmark(?=\\s+-{1,2}\\w)|badblocks|ddrescue|zfs|hdparm|coredumpctl|mii-tool|nmcli|last(?=\\s+-|\\s*$|\\s+\\||\\s+reboot)|dpkg|apt-get|apt|dnf|yum|rpm';

/** Lines, and the command that prints them. */
export const TOLD_FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^Errors for (?:0x[\da-f]{1,16} )?"[^"]{1,100}"/, 'ibqueryerrors'],
  [
    /^(?:CA|Switch)(?: 0x[\da-f]{1,16})?: .{1,120}:\s*$|\s\d{1,4}\[[ \d]{0,4}\] ==\(.{2,80}\)==>/,
    'iblinkinfo',
  ],
  [/^IDX\s+LINK\s+TYPE\s+OPERATIONAL\s+SETUP/, 'networkctl list'],
  [/^[●○×*] \d{1,9}: [\w.@:-]{1,32}\s*$/, 'networkctl status'],
  [
    /^(?:Cluster information|(?:Votequorum|Quorum|Membership) information|Quorate:\s+(?:Yes|No)|Quorum:\s+\d+ {1,2}Activity blocked|Cannot initiali[sz]e (?:CMAP|QUORUM|VOTEQUORUM) service)\s*$/,
    'corosync-quorumtool',
  ],
  [
    /^(?:Printing (?:ring|link) status\.|Local node ID \d+, transport \w+|RING ID \d+|LINK(?: ID)?:? \d+ \w+.*)\s*$/,
    'corosync-cfgtool',
  ],
  [
    /^\s*(?:Cluster name: .{0,80}|Stack: (?:corosync|cman|classic).*|Cluster Summary:|(?:\* )?(?:OFFLINE|Online): \[ .{0,400}|(?:\* )?Node \S{1,80}(?: \(\d{1,10}\))?: (?:UNCLEAN|OFFLINE|standby|maintenance|pending|online).{0,60}|(?:\* )?Current DC: .{1,200}|Failed (?:Resource |Fencing )?Actions:|.{0,80}Resource management is DISABLED.{0,40}|Error: cluster is not (?:currently running|available) on this node|.{0,40}Connection to (?:the )?cluster failed: .{1,80})$/,
    'crm_mon',
  ],
  [
    /^\s{0,4}(?:\d\d:\d\d:\d\d(?: +[AP]M)?|Average:)\s+(?:IFACE|DEV|runq-sz|pswpin\/s|pgpgin\/s|kbmemfree)\s/,
    'sysstat',
  ],
  [
    /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s|^(?:tcp\s+)?(?:LISTEN|ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|CLOSE-WAIT|LAST-ACK)\s+\d{1,12}\s+\d{1,12}\s+\S{1,120}:\S{1,20}\s|^\s+(?:\w{1,12} ){1,6}(?:wscale:\S{1,10} )?rto:\d.{0,400}\bcwnd:\d/,
    'ss -ti',
  ],
  [/^\s*tcp6?\s+\d{1,12}\s+\d{1,12}\s+\S{1,120}:\S{1,20}\s+\S{1,120}:\S{1,20}\s+LISTEN\b/, 'netstat -ltn'],
  [/^device \S{1,500} mounted on \S{1,300} with fstype nfs/, 'cat /proc/self/mountstats'],
  [/^(?:Client rpc stats:|calls\s+retrans\s+auth\w+)\s*$/, 'nfsstat'],
  [/^\S{1,200} mounted on \/\S{0,200}:\s*$/, 'nfsiostat'],
  [/^(?:clnt_create: RPC: |rpc mount export: RPC: |mount\.nfs4?: \S|Export list for \S)/, 'showmount'],
  [
    /^(?:\| NVIDIA-SMI \d|Failed to initialize NVML: |NVIDIA-SMI has failed |No devices were found\s*$|Unable to determine the device handle for |=+NVSMI LOG=+|GPU [0-9A-Fa-f]{8}:[0-9A-Fa-f:.]{7}|\|\s+\d{1,3}\s+\S.{0,60}\|\s+[0-9A-Fa-f]{8}:[0-9A-Fa-f:.]{7}\s|\|.{0,60}\bERR!|GPU \d{1,3}: .{1,80}\(UUID: )|^\s+(?:HW (?:Thermal |Power Brake )?Slowdown|SW Thermal Slowdown|Remapping Failure Occurred|Pending Page Blacklist|[SD]RAM Uncorrectable\w{0,10})\s+: |^\s+(?:Remapped Rows|Retired Pages|ECC Errors|Clocks (?:Throttle|Event) Reasons)\s*$/,
    'nvidia-smi -q',
  ],
  [/^\s+TOTAL_UNCORRECTABLE_COUNT: \d/, 'amd-smi'],
  [/^\| (?:Diagnostic\s+\| Result|Overall Health\s+\||Health Monitor Report)/, 'dcgmi'],
  [/^=+ ?ROCm System Management|^\s+Block\s+Status\s+Correctable Error/, 'rocm-smi'],
  [
    /^(?:PING \S{1,253}[ :]|--- \S{1,253} ping statistics ---|\d{1,9} packets transmitted, \d|\d{1,6} bytes from \S{1,253}(?: \(\S{1,45}\))?: icmp_?seq=|From \S{1,253} .{0,60}(?:Frag needed|Packet too big)|ping6?: (?:connect: |\S{1,253}: (?:Temporary failure|Name or service))|ping\S{0,5}: .{0,40}essage too long)/,
    'ping',
  ],
  [/^HOST: \S{1,253}\s+Loss%\s/, 'mtr'],
  [/^\s*\d{1,3}\?: \[LOCALHOST\]\s/, 'tracepath'],
  [/^(?:ARPING \S|(?:Unicast|Broadcast) reply from \S{1,45} \[)/, 'arping'],
  [/^(?:nc: connect to \S|Connection to \S{1,253} \d{1,5} port .{1,40} succeeded!|Ncat: \S)/, 'nc'],
  [/^curl: \(\d{1,3}\) \S/, 'curl'],
  [
    /^Handle 0x[0-9A-F]{4}, DMI type \d|^\s+(?:(?:Thermal|Power Supply|Boot-up) State|Configured (?:Memory|Clock) Speed): \S|^\t(?:Locator: \S|Speed: \d+ M(?:T\/s|Hz))|^(?:Memory Device|Chassis Information|System Power Supply|(?:32|64)-bit Memory Error Information)\s*$/,
    'dmidecode',
  ],
  [
    /^\d{1,6} parse errors?, \d{1,6} errors?, \d{1,6} warnings?\s*$|^Success, no errors or warnings detected\s*$|^\s{2,6}\[[EW]\] \S.{5,200}$/,
    'findmnt --verify',
  ],
  [
    /^(?:(?:ERROR: )?Cannot connect to the Docker daemon at |WARNING: (?:No (?:swap|memory|kernel memory|oom|cpu|blkio|io) .{2,40} support|bridge-nf-call-ip6?tables is disabled))/,
    'docker info',
  ],
  [/^server \S{1,100}, stratum \d{1,2}, offset |^.{0,40}\bntpdate\[\d{1,9}\]: /, 'ntpdate'],
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9} \([+-]\d{4}\) [+-]\d.{0,30} \+\/- /, 'sntp'],
  [/^\s+sync percentiles \([mnu]sec\):\s*$|^fio-\d\.\d|^\S{1,80}: \(g=\d{1,4}\): rw=/, 'fio'],
  [/^memtester version \d|FAILURE: (?:0x[\da-f]+ != 0x|possible bad address line)/, 'memtester'],
  // chronyd's own logs, with their heads or without.
  [
    /^\s{2,6}Date \(UTC\) Time\s+IP Address\s|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\S{1,64} +(?:\d{1,2} +-?\d{1,6}\.\d{3} +-?\d{1,9}\.\d{3} +-?\d\.\d{1,9}e[+-]\d\d|[N+?-] +\d{1,2} +[01]{3} +[01]{3,4} .{10,60}e[+-]\d\d|-?\d\.\d{1,9}e[+-]\d\d +-?\d\.\d{1,9}e[+-]\d\d )/,
    'chrony-log',
  ],
  [
    /^(?:kdump: )?Kdump is (?:not )?operational\b|^current state\s*:\s*(?:not )?ready to kdump\b|^DUMP_MODE:\s+(?:kdump|fadump)\b|^(?:kdump: )?No memory reserved for crash kernel\b/i,
    'kdumpctl',
  ],
  [/^\s{0,8}(?:KERNEL: \S.{0,200}vmlinu|DUMPFILE: \S|PANIC: ")/, 'crash'],
  [
    /^[\w.+-]{1,80}(?:\/|, )[\w.+:~-]{1,80}(?:, [\w.+~-]{1,120}, \w{1,20})?: (?:added|built|broken|installed(?:-weak from \S{1,120})?)\s*(?:\(.{1,200})?$|^(?:Error! )?Bad return status for module build on kernel: |^Error! (?:Could not (?:locate|find)|Build of|Your kernel headers)/,
    'dkms',
  ],
  [
    /^(?:Connecting to host \S{1,253}, port \d|Client connecting to \S{1,253}, (?:TCP|UDP) port|Server listening on (?:\d|TCP|UDP)|Accepted connection from \S{1,60}, port|\[ ID\] Interval\s+Transfer|iperf3: (?:error|interrupt) - |\[(?: *\d{1,4}|SUM)\]\s+[\d.]{1,8} ?- ?[\d.]{1,8}\s+sec\s+[\d.]{1,10} [KMGT]?Bytes\s)/,
    'iperf3',
  ],
  [
    /^hwclock(?: from (?:util-linux|busybox)|: (?:Cannot access|select\(\)|read\(\)|ioctl\(|RTC_|[Tt]imed out|The Hardware Clock|can't open|[Cc]annot open|Unable to open))|^Trying to open: \/dev\/rtc/,
    'hwclock',
  ],
  [/^(?:Failed to query server: )?Failed to read RTC: /, 'timedatectl'],
  [
    /^Brick \S{1,200}:\/\S{0,300}\s*$|^Number of Peers: \d|^Gluster process\s+(?:TCP )?Port\s|^Status of volume: \S|^UUID\s+Hostname\s+State\s*$/,
    'gluster',
  ],
  [/^CERTIFICATE(?: AUTHORITY)?\s+EXPIRES\s+RESIDUAL/, 'kubeadm certs check-expiration'],
  [
    /^(?:notAfter=|notBefore=)\w{3} |^\s+Not After ?: \w{3} |^Certificate will (?:not )?expire\s*$/,
    'openssl x509',
  ],
  [/^Unable to connect to the server: .{0,40}x509: certificate has expired/, 'kubectl'],
  [
    /^Cable test (?:started|completed) for device \S|^\s*Pair [A-D] code \S|^The test result is (?:PASS|FAIL)\b/,
    'ethtool -t',
  ],
  [
    /^[\w.-]{1,32}: (?:(?:negotiated|\d{1,5} Mbit|autonegotiation).{1,80}, (?:link ok|no link)|no link)\s*$/,
    'mii-tool',
  ],
  [/^DEVICE\s+TYPE\s+STATE\s+(?:IP4-CONNECTIVITY\s.{0,60})?CONNECTION\b/, 'nmcli dev'],
  [/^IDX BOOT ID\s+FIRST ENTRY|^\s*-?\d{1,6} [\da-f]{32} \w{3} \d{4}-\d\d-\d\d /, 'list-boots'],
  [/^(?:reboot\s+system boot|shutdown\s+system down)\s|^\S{1,32}\s+\S.{10,200}? - crash\s+\(/, 'last -x'],
  [/^TIME\s+PID\s+UID\s+GID\s+SIG\s|^No coredumps found/, 'coredumpctl list'],
  [
    /^(?:E: )?dpkg was interrupted, you must |^dpkg: error processing (?:package|archive) |^E: Unmet dependencies\. |^\|\|\/ Name\s+Version|^(?:error: )?rpmdb: BDB\d|^error: cannot open Packages /,
    'dpkg',
  ],
  [
    /^(?:PASS: (?:Throughput is|Slowest request took|Stddev is) |FAIL: (?:Throughput too low: |too many errors\s*$|ERROR\()|Slowest request took too long: |Stddev too high: )/,
    'etcdctl check perf',
  ],
  [
    /^\[[+-]\][\w/.-]{1,80} (?:ok|failed|excluded)\b|^(?:healthz|readyz|livez) check (?:passed|failed)\s*$|^NAME\s+(?:AGE\s+)?STATUS\s+MESSAGE\s+ERROR\s*$/,
    'kube-health',
  ],
  [
    /^etcd_(?:server|disk|wal|snapshot|mvcc|network|debugging|cluster|grpc)_\w{1,80}(?:\{[^}]{0,200}\})? (?:[\d.]+(?:e[+-]?\d+)?|\+Inf|NaN)\s*$/,
    'metrics-of-etcd',
  ],
  [
    /^[0-9a-f]{8,16}(?:, (?:un)?started, |\[unstarted\]: peerURLs=)|^\|\s*ID\s*\|\s*STATUS\s*\|\s*NAME\s*\|/,
    'etcdctl member list',
  ],
  [
    /^(?:List of (?:Physical|Virtual) Disks? |Virtual Disk \d{1,4} on Controller |SEVERITY\s+: COMPONENT)/,
    'omreport',
  ],
  [/^System Power {2,}: |^Main Power Fault {2,}: /, 'ipmitool chassis status'],
  [/^(?:Checking blocks \d+ to \d|Pass completed, \d{1,12} bad blocks? found)/, 'badblocks'],
  [/^GNU ddrescue \d|^\s*pct rescued: /, 'ddrescue'],
  [/^reading sector \d+: /, 'hdparm'],
  [/^NAME\s+FSTYPE\s+(?:\S+\s+){1,6}FSUSE%\s/, 'lsblk -f'],
  [/^NAME\s+USED\s+AVAIL\s+REFER\s/, 'zfs list'],
  [/^version: [89]\.\d\S{0,20} \(api:|^\s*\d{1,7}: cs:\w+/, 'cat /proc/drbd'],
  [
    /^\S{1,80} (?:node-id:\d{1,3} )?role:(?:Primary|Secondary|Unknown)\b|^\s{1,8}(?:volume:\d{1,5} )?(?:minor:\d{1,7} )?disk:(?:UpToDate|Inconsistent|Diskless|Failed|Outdated|DUnknown|Consistent|Attaching|Detaching|Negotiating)\b|^\s{1,8}\S{1,80} (?:node-id:\d{1,3} )?connection:[A-Z]\w+|^\s{1,8}(?:volume:\d{1,5} )?replication:[A-Z]\w+/,
    'drbdadm status',
  ],
];

/** Something that all of the above have in their lines: most lines have none of it. */
export const LIKELY_TOLD =
  /TOTAL_UNCORR|^(?:Cable test|The test result|DEVICE|reboot|shutdown)\s|Pair [A-D] code|, (?:no link|link ok)|: no link| - crash |^\s*-?\d+ [\da-f]{32} |^Errors for |^(?:CA|Switch)[ :]|\] ==\(|^IDX |^[●○×*] \d|\de[+-]\d\d|^\s+Date \(UTC\)|Kdump is |^(?:Checking b|Pass comp|GNU ddr|\s*pct resc|reading sec|\[[+-]\]|(?:healthz|readyz|livez) check|NAME\s|etcd_|[0-9a-f]{8,16}(?:,|\[)|\|\s*ID\s|List of |Virtual Disk|SEVERITY|System Power|Main Power|PASS: |FAIL: |Slowest req|Stddev too|current state|DUMP_MODE|kdump: |No memory res|Error! |Bad return|Connecting to host|Client conn|Server listening|Accepted conn|iperf3: |hwclock|Trying to open|Failed to)|(?:KERNEL|DUMPFILE|PANIC): |: (?:added|built|installed|broken)|Interval\s+Transfer|bits\/sec|^(?:Brick |Number of P|Gluster |Status of v|UUID |CERTIF|not(?:After|Before)=|\s+Not After|Certificate w|Unable to c|TIME\s|No coredumps|(?:E: )?dpkg |dpkg: |E: Unmet|\|\|\/ |(?:error: )?rpmdb|error: cannot|Handle 0x|Memory Device|Chassis|System Power|32-bit|64-bit|\d+ parse|Success, no|Cannot connect|ERROR: Cannot|WARNING: |server |memtester|\d{4}-\d\d-\d\d \S+ \(|\s+\[[EW]\] |\s+(?:Thermal|Power S|Boot-up|Configured|Locator:|Speed:))|ntpdate\[|sync perc|^fio-|\(g=|FAILURE: |^(?:(?:Netid\s+)?State\s|(?:tcp\s+)?(?:LISTEN|ESTAB|SYN-|FIN-|CLOSE-|LAST-)|Client rpc|device |calls\s|clnt_c|rpc mount|mount\.nfs|Export list|\|(?: NVIDIA|.*ERR!| Diag| Overall| Health|\s+\d+ )|Failed to init|NVIDIA-SMI|No devices|Unable to det|=+ ?(?:NVSMI|ROCm)|GPU |PING |--- |\d+ (?:packets|bytes)|From |ping|HOST: |ARPING|Unicast|Broadcast|nc: |Connection to |Ncat|curl: |\s*\d+\?: )|\brto:\d| mounted on |lowdown|Remap|Retired|Blacklist|Uncorr|ECC Err|Reasons|Block\s+Status|\s(?:IFACE|DEV|runq-sz|pswpin|pgpgin|kbmemfree)|^(?:Cluster |Votequorum|Quor|Membership |Cannot initiali|Printing |Local node|RING ID|LINK|Stack: |Failed |Error: cluster|version: [89]|\s+\* |\s*\* (?:O|Node|Current))|(?:nline|LINE): \[ |Current DC|^\s*Node \S+: |DISABLED|luster failed|(?:cs|role|disk|connection|replication):[A-Z]/;

/** What within an output of a kind is of it though it looks like the beginning of another kind's. */
const FAMILIES: readonly (readonly [open: RegExp, start: RegExp])[] = [
  [/^(?:nvidia-smi|rocm-smi|amd-smi)$/, /^(?:nvidia-smi|rocm-smi|amd-smi|dcgmi)/],
  [
    /^(?:pvecm|corosync-|cman_tool|pcs|crm)/,
    /^(?:corosync-quorumtool|corosync-cfgtool|crm_mon|kubectl describe node|systemctl)/,
  ],
];

/** Whether what looks like the first line of a command's output is within that of a program. */
export function isWithin(program: string, command: string): boolean {
  return FAMILIES.some(([open, start]) => open.test(program) && start.test(command));
}
