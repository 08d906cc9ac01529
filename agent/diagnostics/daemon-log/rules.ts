/** What lines of daemons tell of a trouble, and what later line takes it back. Words are those of the programs' own sources. */

import type { FindingDraft } from '../finding.ts';
import { DISK_RULES } from './rules-disk.ts';
import { ETCD_RULES } from './rules-etcd.ts';
import { KUBELET_RULES } from './rules-kubelet.ts';
import { SERVICE_RULES } from './rules-services.ts';
import { SYSTEMD_RULES } from './rules-systemd.ts';

/** A trouble that a daemon's line tells. */
export interface DaemonRule {
  readonly id: string;
  readonly area: 'disk' | 'nic' | 'memory' | 'system' | 'clock';
  readonly severity: 'critical' | 'warning' | 'info';
  readonly title: string;
  readonly kind: string;
  /** The program's name. */
  readonly program: RegExp;
  /** Its words; the group "name" is the device or service. */
  readonly words: RegExp;
  /** Words of the same program that end it, of the same name where they have one. */
  readonly over?: RegExp;
  /** So often it must be told; once where it is left out. */
  readonly least?: number;
  /** Ids of findings that it is the cause of. */
  readonly explains?: readonly string[];
  readonly remedy: FindingDraft['remedy'];
}

const WIRED = String.raw`(?<name>(?:e(?:th|n|m)|bond|team|ib|p\d)[\w.-]{1,14})`;

const NETWORK: readonly DaemonRule[] = [
  {
    ...{ id: 'nic.log-link-flaps', area: 'nic', severity: 'warning', kind: 'interface' },
    title: 'A link comes and goes',
    program: /^(?:systemd-networkd|NetworkManager|teamd_\S+|ifplugd\S*|lldpd)$/,
    words: new RegExp(
      `(?:^|\\s)(?:${WIRED}: (?:Lost carrier|(?:ethtool-)?link went down)|device \\((?<device>e[\\w.-]{1,14})\\): state change: \\S+ -> unavailable \\(reason 'carrier-changed')`,
    ),
    least: 4,
    remedy: {
      text: 'Swap the cable or the module, then try another port of the switch.',
      risk: 'connection',
    },
  },
  {
    ...{ id: 'nic.log-no-address', area: 'nic', severity: 'warning', kind: 'interface' },
    title: 'Nobody gives an interface an address',
    program: /^(?:NetworkManager|dhclient|dhcpcd|systemd-networkd)$/,
    words: new RegExp(
      `dhcp4 \\(${WIRED}\\): request timed out|device \\((?<device>e[\\w.-]{1,14})\\): Activation: failed|^No DHCPOFFERS received|^(?<of>e[\\w.-]{1,14}): (?:timed out|DHCP lease lost|Failed$)`,
    ),
    over: new RegExp(
      `dhcp4 \\(${WIRED}\\):.*(?:bound|address \\d)|device \\((?<device>e[\\w.-]{1,14})\\): Activation: successful|^bound to |^(?<of>e[\\w.-]{1,14}): (?:leased |DHCPv4 address )`,
    ),
    remedy: {
      text: 'See that the DHCP server runs and that the switch’s port is in the right VLAN.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'nic.log-cluster-link', area: 'nic', severity: 'warning', kind: 'service' },
    title: 'A cluster’s link to another host is down',
    program: /^corosync$/,
    words: /\[KNET {0,2}\] link: (?<name>host: \d+ link: \d+) is down/,
    over: /\[KNET {0,2}\] (?:rx|link): (?<name>host: \d+ link: \d+) (?:is up|.{0,40}joined)/,
    remedy: {
      text: 'See the network between the hosts: corosync-cfgtool -s, losses, a loaded link.',
      risk: 'none',
    },
  },
];

const CLUSTER: readonly DaemonRule[] = [
  {
    ...{ id: 'system.log-quorum', area: 'system', severity: 'critical', kind: 'service' },
    title: 'A cluster has lost its quorum',
    program: /^(?:corosync|pacemakerd|pacemaker-controld|crmd)$/,
    words: /non-primary component and will NOT provide|[Qq]uorum (?:is )?lost/,
    over: /within the primary component|[Qq]uorum (?:acquired|regained)/,
    remedy: { text: 'See which members are away, and the network between them.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-member-lost', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A cluster loses members again and again, or its packets',
    program: /^corosync$/,
    words: /\[TOTEM ?\] (?:A processor failed, forming new configuration|Retransmit List: )/,
    remedy: { text: 'See the network between the members, and whether one is overloaded.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-paused', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A daemon was not scheduled for seconds',
    program: /^corosync$/,
    words: /main process was not scheduled (?:\(@\d+\) )?for \d/,
    remedy: {
      text: 'See the load, steal of the hypervisor, and pauses of a virtual machine (snapshots, moves).',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-vrrp-fault', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A shared address is in fault',
    program: /^Keepalived(?:_vrrp)?$/,
    words: /\(?(?<name>[\w.-]{1,40})\)? (?:Entering|Now in) FAULT [Ss][Tt][Aa][Tt][Ee]/,
    over: /\(?(?<name>[\w.-]{1,40})\)? Entering (?:BACKUP|MASTER) STATE/,
    remedy: { text: 'See the interface that it tracks, and its check script.', risk: 'none' },
  },
];

const MACHINE: readonly DaemonRule[] = [
  {
    ...{ id: 'memory.log-killed', area: 'memory', severity: 'warning', kind: 'service' },
    title: 'A program was killed for want of memory',
    program: /^(?:systemd-oomd|earlyoom|nohang\S*)$/,
    words:
      /^Killed (?<name>\S{1,120}) due to (?:memory|swap)|sending SIG(?:TERM|KILL) to process \d+ (?:uid \d+ )?"(?<process>[^"]{1,40})"|^Killing process: (?<victim>[^,]{1,40}), pid: \d/,
    remedy: { text: 'See what uses the memory; give it a limit, or the machine more.', risk: 'none' },
  },
  {
    ...{ id: 'memory.log-low', area: 'memory', severity: 'warning', kind: 'memory' },
    title: 'Memory or swap is nearly used up, by what earlyoom says',
    program: /^earlyoom$/,
    // Swap that is full beside much memory holds what nobody asks for.
    words:
      /^mem avail: {1,8}\d+ (?:of {1,8}\d+ )?MiB \( {0,2}(?:[0-4](?:\.\d+)? ?%\)|1?\d(?:\.\d+)? ?%\), swap free: {1,8}\d+ of {1,8}[1-9]\d* MiB \( {0,2}[0-4](?:\.\d+)? ?%\))/,
    over: /^mem avail: {1,8}\d+ (?:of {1,8}\d+ )?MiB \( {0,2}(?:[2-9]\d|100)/,
    remedy: { text: 'See what uses the memory; give it a limit, or the machine more.', risk: 'none' },
  },
  {
    ...{ id: 'memory.log-uncorrected', area: 'memory', severity: 'critical', kind: 'memory' },
    title: 'Memory has errors that could not be corrected',
    program: /^rasdaemon$/,
    words: /mc_event:.* (?:Uncorrected|Fatal|Deferred) error.*? on (?<name>[^\s(]{1,80})/,
    remedy: { text: 'Replace the module.', risk: 'reboot' },
  },
  {
    ...{ id: 'memory.log-corrected', area: 'memory', severity: 'warning', kind: 'memory' },
    title: 'A memory module has many corrected errors',
    program: /^rasdaemon$/,
    words: /mc_event:.* Corrected error.*? on (?<name>[^\s(]{1,80})/,
    least: 24,
    remedy: { text: 'Watch whether it grows; replace the module.', risk: 'reboot' },
  },
  {
    ...{ id: 'system.log-files-out', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A program ran out of open files',
    program: /./,
    words: /\btoo many open files\b/i,
    remedy: {
      text: 'Raise LimitNOFILE= of its unit, or see why it holds so many; with "inotify" fs.inotify.max_user_instances.',
      risk: 'restart',
    },
  },
  {
    ...{ id: 'system.log-power', area: 'system', severity: 'warning', kind: 'power' },
    title: 'The UPS runs on its battery, or needs a new one',
    program: /^(?:upsmon|apcupsd)$/,
    words:
      /(?:^UPS (?<name>\S{1,60}) (?:on battery|battery is low|battery needs to be replaced)|^Power failure|^ups\.status: .{0,60}\b(?:OB|LB|RB|OVER|ALARM)\b|^STATUS +: .{0,60}\b(?:ONBATT|LOWBATT|REPLACEBATT|OVERLOAD|COMMLOST))/i,
    over: /(?:^UPS (?<name>\S{1,60}) on line power|^Power is back)/i,
    remedy: { text: 'See the power and the UPS’s battery.', risk: 'none' },
  },
];

/** All of them. */
export const DAEMON_RULES: readonly DaemonRule[] = [
  ...DISK_RULES,
  ...NETWORK,
  ...CLUSTER,
  ...ETCD_RULES,
  ...KUBELET_RULES,
  ...SYSTEMD_RULES,
  ...MACHINE,
  ...SERVICE_RULES,
];
