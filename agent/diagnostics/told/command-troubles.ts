/** Errors of commands that tell of a trouble of the machine, and not only that they failed. */

import type { FailedCommand } from '../../host/failed-commands.ts';
import type { Area } from '../check.ts';
import type { Certainty, Severity } from '../finding.ts';

/** An error that tells of a trouble. */
export interface CommandTrouble {
  readonly area: Area;
  /** Of which programs. */
  readonly program: RegExp;
  readonly error: RegExp;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly title: string;
  readonly remedy: string;
}

const TROUBLES: readonly CommandTrouble[] = [
  {
    ...{ area: 'system', severity: 'critical', certainty: 'likely' },
    program: /^(?:etcdctl|kubectl|oc)$/,
    error:
      /etcdserver: (?:request timed out|no leader|leader changed|not healthy for reconfigure|server stopped|raft: stopped)/,
    title: 'etcd cannot commit what it is asked to',
    remedy:
      'See which members run and whether one leads (etcdctl endpoint status --cluster), then their disks, network and clocks.',
  },
  {
    ...{ area: 'system', severity: 'critical', certainty: 'certain' },
    program: /^(?:etcdctl|kubectl|oc)$/,
    error:
      /etcdserver: (?:corrupt cluster|mvcc: database is corrupt)|(?:snapshot file|database) integrity check failed/,
    title: 'etcd’s data is damaged',
    remedy:
      'Keep a copy of each member’s data before anything is replaced; restore from the last good snapshot.',
  },
  {
    ...{ area: 'system', severity: 'warning', certainty: 'likely' },
    program: /^etcdctl$/,
    error: /context deadline exceeded|connect: (?:connection refused|no route to host)|i\/o timeout/,
    title: 'etcd does not answer its client',
    remedy: 'See whether the member runs, and whether endpoints and certificates that were given are right.',
  },
  {
    ...{ area: 'system', severity: 'critical', certainty: 'likely' },
    program: /^(?:kubectl|oc)$/,
    // Without a configuration kubectl asks localhost:8080, where nobody listens.
    error:
      /^(?:The connection to the server (?!localhost:8080|127\.0\.0\.1:8080)\S{1,200} was refused|Unable to connect to the server: (?!.*(?:no such host|x509:|server misbehaving)).*(?:timeout|EOF|refused|no route to host|connection reset)|Error from server \((?:Timeout|InternalError|ServiceUnavailable)\): (?!.*metrics))/,
    title: 'The API of Kubernetes does not answer',
    remedy:
      'On a node of the control plane: crictl ps -a, the logs of kube-apiserver and of etcd, and their certificates.',
  },
  {
    ...{ area: 'disk', severity: 'critical', certainty: 'likely' },
    program: /^ceph$/,
    error: /^\[errno 110\]|RADOS timed out|monclient.{0,40}(?:hunting|timed out)/,
    title: 'No monitor of Ceph answers',
    remedy:
      'See whether a majority of the monitors runs (ceph daemon mon.NAME mon_status on their nodes), their network and clocks.',
  },
  {
    ...{ area: 'disk', severity: 'warning', certainty: 'likely' },
    program: /^gluster$/,
    error: /^Connection failed\. Please check if gluster daemon is operational/,
    title: 'Gluster’s daemon does not answer',
    remedy: 'systemctl status glusterd, and its log.',
  },
  {
    ...{ area: 'disk', severity: 'warning', certainty: 'likely' },
    program: /^multipathd?$/,
    error: /ux_socket_connect: |^error -?\d{1,3} (?:receiving|sending) packet|^timeout receiving packet/,
    title: 'multipathd does not answer',
    remedy: 'systemctl status multipathd: without it paths that come back are not taken into use.',
  },
  {
    ...{ area: 'disk', severity: 'warning', certainty: 'likely' },
    program: /^iscsiadm$/,
    error:
      /can't connect to iSCSI daemon|(?:cannot make connection to|connect to) \S{1,80}(?:: | failed).*(?:refused|timed out|No route|unreachable)|connection login retries \(\S{1,40}\) \d+ exceeded|Could not log ?in(?: to)?|initiator reported error \((?!15|21)\d{1,3} - |[Ll]ogin failed|authorization failure|iscsid is not running/i,
    title: 'iSCSI’s daemon or target does not answer',
    remedy: 'systemctl status iscsid; ping the target, and look at its portal.',
  },
  {
    ...{ area: 'disk', severity: 'critical', certainty: 'likely' },
    program: /^(?:smartctl|nvme|hdparm|sg_\w+)$/,
    error:
      /(?:failed: (?:No such device(?: or address)?|INQUIRY failed|Input\/output error)$|: Input\/output error|Read Device Identity failed: (?!empty|scsi error (?:unsupported|aborted)).*(?:error|failed)|^NVMe status: .*(?:Internal|ABORT|TIMEOUT))/i,
    title: 'A disk does not answer what it is asked',
    remedy: 'The kernel’s log tells when it went away: look at its power, cable and slot, then replace it.',
  },
  {
    ...{ area: 'disk', severity: 'critical', certainty: 'likely' },
    program: /^(?:zpool|zfs)$/,
    error:
      /^cannot (?:import|open|mount) '.{1,100}': (?:I\/O error|one or more devices (?:is|are) currently unavailable|pool is suspended|insufficient replicas)|pool I\/O is currently suspended/,
    title: 'A pool of ZFS cannot be used',
    remedy: 'zpool import tells which devices it lacks: look for them before anything is written.',
  },
  {
    ...{ area: 'disk', severity: 'warning', certainty: 'likely' },
    program: /^mdadm$/,
    error:
      /does not appear to be active|failed to RUN_ARRAY|assembled from \d+ drives? - not enough to start|no recogni[sz]able superblock|cannot start dirty degraded array/i,
    title: 'An array does not run',
    remedy: 'cat /proc/mdstat, and mdadm --examine of its members, before it is assembled by force.',
  },
  {
    ...{ area: 'disk', severity: 'warning', certainty: 'likely' },
    program: /^mount$/,
    error:
      /wrong fs type, bad option, bad superblock|mount\(2\) system call failed: (?!No such file|Operation not permitted)|special device \S{1,200} does not exist|can't find UUID=/,
    title: 'A file system could not be mounted',
    remedy: 'The kernel’s log says why (dmesg); blkid shows which file systems there are.',
  },
  {
    ...{ area: 'disk', severity: 'warning', certainty: 'likely' },
    program: /^(?:vg|lv|pv)\w{1,20}$/,
    error: /Cannot process volume group|Failed to read lvm info|[Ii]nput\/output error/,
    title: 'LVM cannot read a volume group',
    remedy: 'pvs and vgs tell what is there; look for the disk that is not.',
  },
  {
    ...{ area: 'system', severity: 'warning', certainty: 'likely' },
    program: /^systemctl$/,
    error:
      /^Job for \S{1,200} (?:failed|canceled|timed out)|^Failed to \w{2,12} \S{1,200}: (?:Connection timed out|Transport endpoint is not connected)|^Failed to (?:list|get) .{2,40}: Connection timed out/,
    title: 'systemd could not do what it was asked to',
    remedy: 'systemctl status of the unit, and its log: journalctl -xeu UNIT.',
  },
  {
    ...{ area: 'system', severity: 'warning', certainty: 'likely' },
    program: /^(?:pcs|crm|crm_mon|pvecm|corosync-\S{1,20}|drbdadm|dcgmi)$/,
    error: /is pacemaker running\?|unable to get crm_config|Host engine connection invalid/,
    title: 'A cluster’s or a device’s service does not answer',
    remedy: 'systemctl status of the service that the program names, and its log.',
  },
  {
    ...{ area: 'nic', severity: 'warning', certainty: 'likely' },
    program: /^(?:perfquery|ibstat|ibstatus|mlxlink|ethtool|teamdctl)$/,
    error:
      /netlink error: (?:Input\/output error|Connection timed out)|Cannot get .{3,60}: (?:Input\/output error|Connection timed out)|Cannot read .{3,60}: Input\/output error/,
    title: 'A network device does not answer what it is asked',
    remedy: 'The kernel’s log tells whether its firmware hangs: look there, then restart the node.',
  },
];

/** That a time service does not answer: no trouble where another one keeps the clock. One that times out may be told not to answer. */
const TIME_SERVICE: CommandTrouble = {
  ...{ area: 'clock', severity: 'warning', certainty: 'likely' },
  program: /^(?:chronyc|ntpq|ntpstat|ntpdate|sntp|ntpctl|timedatectl)$/,
  error:
    /^506 Cannot talk to daemon|^ntpq: read: Connection refused|Unable to talk to NTP daemon|^ntpctl: connect: .*(?:refused|No such file)|no server suitable for synchronization/,
  title: 'The time service does not answer',
  remedy: 'systemctl status chronyd (or ntpd), and its log: without it nothing keeps the clock right.',
};
const ALL = [...TROUBLES, TIME_SERVICE];

const programOf = ({ command }: FailedCommand) => command.split(' ', 1)[0] ?? '';

/** The trouble that a failed command tells of; undefined for one that failed for another reason. */
export function troubleOf(one: FailedCommand): CommandTrouble | undefined {
  return ALL.find(({ program, error }) => program.test(programOf(one)) && error.test(one.error));
}
