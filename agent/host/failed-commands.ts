/**
 * Outputs in which a program printed nothing but why it failed ("command not found", "Permission denied", "506 Cannot talk to daemon").
 * No reader is given them, since one that finds nothing in them would say that all is well: they are told as not judged, each by its
 * command. Errors that readers understand are theirs.
 */

import { TOOL_ERROR } from './lines-in-texts.ts';
import { programIn } from './section-starts.ts';

/** A command that failed. */
export interface FailedCommand {
  /** "smartctl -a /dev/sda"; empty where nothing tells it. */
  readonly command: string;
  /** The row that says why. */
  readonly error: string;
  /** The file that it is in, below the captured folder. */
  readonly path: string;
}

/** No more rows say why something failed, with usage and hints. */
const MAX_ROWS = 30;
const MAX_ROW = 2_000;
const MAX_ERROR = 200;

/** A shell did not find the program, or was not allowed to run it; systemd’s programs found no systemd, no unit, no journal. */
const SHELL =
  /^-?(?:ba|z|da|k|a|fi)?sh: (?:line )?(?:\d{1,5}: )?.{1,200}(?:not found|No such file or directory|Permission denied|cannot execute\b.*)$|: command not found(?:\.{3})?$|^(?:zsh: )?command not found: \S|^fish: Unknown command|^sudo: .{1,100}(?:command not found|password is required|not in the sudoers|no tty present).*$|^Command '\S{1,100}' not found\b|^timeout: failed to run command |^Unit \S{1,200} could not be found|^Failed to (?:connect to bus|create bus connection|get D-Bus connection)\b|^System has not been booted with systemd|^No journal files were /;
/** The words of errno(3) and of getaddrinfo(3) at the end of a row. */
const ERRNO =
  /(?:permission denied|operation not (?:permitted|supported|possible)|no such (?:file or directory|device(?: or address)?|process)|connection (?:refused|timed out|reset by peer)|input\/output error|device or resource busy|resource temporarily unavailable|inappropriate ioctl for device|invalid argument|function not implemented|no route to host|network is (?:unreachable|down)|name or service not known|temporary failure in name resolution|timed out|timeout|protocol not (?:available|supported)|address family not supported by protocol|not supported|unsupported|cannot allocate memory|transport endpoint is not connected|read-only file system|exec format error|too many open files|broken pipe|no medium found|stale file handle|host is down|device not found|(?:could )?not (?:be )?found|does not exist|not implemented|no such pool|nothing received)(?: ?\([^()]{1,60}\))?[.!)'"]{0,3}$/i;
/** What rows of errors begin with, perhaps behind a program's name. */
const BEGINS =
  /^(?:[\w./:@-]{1,60}: |-E- |\d{4}-\S{8,40} )?(?:\[?errno\b|error(?: from server)?(?: \(\w{3,40}\))?:|error: \S|error -\d|fatal\b|failure\b|failed to\b|cannot\b|can't\b|can not\b|could not\b|couldn't\b|unable to\b|no such\b|not found\b|invalid\b|unknown \w|unrecogni[sz]ed\b|unsupported\b|permission denied|access (?:is )?denied|not authori[sz]ed|you (?:must|need) |must be (?:run as )?root|only root|incompatible |connection (?:failed|refused|to \S|timed out)|this command (?:requires|must)|command (?:failed|aborted|timed out)|no (?:data|stats) available|no journal files|no sensors found|no (?:controllers?|adapters?) (?:found|detected)|no or unknown |no server suitable|smartctl open device|read device identity failed|a mandatory smart command failed|nvme status|system has not been booted with systemd|job for \S{1,200} (?:failed|canceled|timed out)|the connection to the server |the zfs modules cannot|usage: )/i;
const ELSE =
  /^(?:FATA|ERRO)\[\d{1,8}\] |^time="[^"]{10,60}" level=(?:fatal|error) |^[EF]\d{4} \d\d:\d\d:\d\d\.\d{6} |^\*\*\*Request timed out|^Status = Failure\s*$|\bcommand failed\b|\berrno=\d|^\d{3,20}:error:|:error:[\dA-F]{8}:|^\w{3} \d\d [\d:]{8} \| .{1,200}(?:does not exist|error|failed)|\[(?:WARN|CRIT)\/\w{2,20}\] unable to |\bOperation failed: /;
/** What chronyc prints for replies of chronyd. */
const REPLY = /^5\d\d [A-Z][a-z]/;
/** In a row that begins with the program's own name one of them says that something went wrong. */
const WRONG =
  /\b(?:cannot|can't|couldn't|could not|not|no|fail\w*|error|unable|denied|refused|invalid|unknown|unrecogni[sz]ed|unsupported|missing|timed? ?out|fatal|sorry|exceeded|encountered)\b/i;
/** Names by which programs call themselves in their errors, beside their own. */
const HELPERS: Readonly<Record<string, RegExp>> = {
  perfquery: /^ib(?:warn|error|panic): /,
  ibstat: /^ib(?:warn|error|panic): /,
  lspci: /^pcilib: /,
  teamdctl: /^libteam\w*: /,
  cat: /^(?:cat|head|tail|less|more|[efz]?grep|awk|sed): /,
};
/** What stands around an error and says nothing by itself: heads, hints, usage, warnings. */
const AROUND =
  /^(?:smartctl \d|Copyright \(C\)|# dmidecode \d|CLI Version = |Operating system = |Controller = |Controllers found: 0|Description = |Settings for \S+:|\w[\w ]{2,30} (?:parameters|settings) for \S+:|analyzing CPU \d+:|-- No entries --|Try \W?\S|Please |Make sure |See "?\S|Hint:|hint:|Usage:|usage:|Did you mean|To continue|For more |Use |Possible causes|warn(?:ing)?\b|WARN\[|Is the |\{"level":"warn"|apt install |sudo (?:apt|dnf|yum|snap) |snap install |or:? |In order to|\s{2,}\S|\t)/i;
/** Programs that print what others wrote: in it an error is another's. */
const OF_LOGS =
  /^(?:dmesg|journalctl|cat|coredumpctl|etcd|kubelet|chronyd|chrony-log|ptp4l|daemons|crash|tail|grep|kubectl logs|crictl logs|docker logs|podman logs|oc logs|systemctl (?:status|show|cat|is-\w+))\b/;
/** Programs that say last what went wrong: what their libraries log stands before it. */
const OF_GO = /^(?:etcdctl|kubectl|oc|crictl)\b/;
/** A disk's record of an error of its own; a line of a log. */
const RECORD = /^\s*(?:[\dA-F]{2} ){6}/;
const LOGGED =
  /^(?:<\d+>)?\w{3} [ \d]\d \d\d:\d\d:\d\d |^\d{4}-\d\d-\d\d[T ]\d\d:|^\S{1,40}\[\d{1,9}\]: |^time="\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3,9}|^[IWEF]\d{4} [\d:.]{8,16} +\d+ (?:kubelet\w*|eviction_\w+|pod_workers|kuberuntime_\w+|remote_runtime\.go:\d+\] "RunPodSandbox)/;
/** What is no error though it looks like one. */
const NO_ERROR =
  /No active sessions|ASPM not supported|no pools available|No coredumps|No (?:MCE|Memory|PCIe|Extlog|devlink|disk)\b.{0,20} errors/;

/** Errors from which readers tell what is wrong (agent/diagnostics). */
const UNDERSTOOD =
  /database space exceeded|unhealthy cluster|is unhealthy: |Failed to get the status of endpoint|certificate has expired|error running crm_mon|Failed to read RTC|cluster is not (?:currently running|available)|Connection to (?:the )?cluster failed|Cannot initiali[sz]e (?:CMAP|QUORUM|VOTEQUORUM)|Cannot connect to the Docker daemon|Couldn't find (?:device with uuid|all physical volumes)|^mount\.nfs4?: |^hwclock: (?!.*(?:superuser|[Pp]ermi))|^FATA\[\d+\] (?!.*permission denied)|^ERROR:root:/;
/** Programs whose errors are what they are run for, and whose readers say which of them they do not understand. */
const ERRORS_READ =
  /^(?:ping6?|nc|ncat|curl|mtr|tracepath|arping|iperf3?|showmount|rpcinfo|mount\.nfs4?|nvidia-smi|rocm-smi|dkms|kdumpctl|kdump-config|dpkg|apt|apt-get|dnf|yum|rpm|e2fsck|fsck|xfs_repair|btrfsck|btrfs check|chronyd|fio|crash)\b/;

/**
 * Why a command failed, where its output is nothing else; undefined where it is something else, or where its reader understands it.
 * @param known whether the format of its output was recognised: else what is behind the first block is not of it
 * @param all also where its reader understands it
 */
export function failureIn(text: string, command: string, known = true, all = false): string | undefined {
  const isOne = errorsOf(command);
  const errors: string[] = [];
  let description: string | undefined;
  let count = 0;
  for (const row of rowsOf(text, known)) {
    if (++count > MAX_ROWS || NO_ERROR.test(row)) return undefined;
    if (isOne(row)) errors.push(row);
    else if (!AROUND.test(row)) return undefined;
    if (!all && !SHELL.test(row) && (UNDERSTOOD.test(row) || TOOL_ERROR.test(row))) return undefined;
    if (row.startsWith('Description = ')) description = row;
  }
  const [first] = errors;
  if (first === undefined || (!all && !SHELL.test(first) && ERRORS_READ.test(command))) return undefined;
  // The last one is what the program says itself, behind what its parts log; some have the reason in a row of its own.
  const own = errors.filter((row) => !/^(?:[EF]\d{4} |ERRO\[)/.test(row));
  const said = first.startsWith('Status = ') ? description : OF_GO.test(command) ? own.at(-1) : own[0];
  return (said ?? first).trim().slice(0, MAX_ERROR);
}

/** The rows to look at: all, or the first block below a command of which no known output follows. */
function* rowsOf(text: string, known: boolean): Generator<string> {
  let last: string | undefined;
  for (const raw of text.split('\n', 200)) {
    const row = raw.slice(0, MAX_ROW).trimEnd();
    if (/^\s*(?:```|~~~)/.test(row) || row.trim() === '') {
      // What follows is what somebody says of it; only heads have an empty line behind them.
      if (!known && last !== undefined && !AROUND.test(last)) return;
      continue;
    }
    last = row;
    yield row;
  }
}

/** Whether what stands for a value is why there is none: "cat: /proc/mdstat: No such file or directory". */
export function isErrorValue(value: string): boolean {
  return value.length < MAX_ERROR && ERRNO.test(value.trimEnd());
}

/** Whether a row below a command is an error. */
function errorsOf(command: string): (row: string) => boolean {
  const program = command.split(' ', 1)[0] ?? '';
  const strict = OF_LOGS.test(command);
  return (row) => {
    if (SHELL.test(row) || (ownName(row, program) && WRONG.test(row))) return true;
    if (strict) return false;
    if (program === 'chronyc' && REPLY.test(row)) return true;
    return (ERRNO.test(row) && !RECORD.test(row)) || BEGINS.test(row.trimStart()) || ELSE.test(row);
  };
}

function ownName(row: string, program: string): boolean {
  return program !== '' && (row.startsWith(`${program}: `) || HELPERS[program]?.test(row) === true);
}

/** What a row alone tells of the program that printed it. */
const BY_ROW: readonly (readonly [RegExp, string])[] = [
  [/^506 Cannot talk to daemon\s*$/, 'chronyc'],
  [
    /^Error: +(?:etcdserver: |unhealthy cluster|context deadline exceeded|dial tcp \S{1,80}:2379: )/,
    'etcdctl',
  ],
  [/^(?:Error from server|The connection to the server|Unable to connect to the server)\b/, 'kubectl'],
  [/^FATA\[\d+\] /, 'crictl'],
  [/^\[errno \d+\] .*(?:RADOS|connecting to the cluster)/, 'ceph'],
  [/^Connection failed\. Please check if gluster/, 'gluster'],
  [/^ux_socket_connect: |^error -?\d{1,3} receiving packet/, 'multipathd'],
  [
    /^(?:Job for \S|Failed to connect to bus|System has not been booted with|Unit \S+ could not be found)/,
    'systemctl',
  ],
  [/^cannot (?:import|open) '\S+': /, 'zpool'],
  [/^Smartctl open device: /, 'smartctl'],
  [/^no server suitable for/, 'ntpdate'],
  [/^\S+: timed out, nothing received|^\*\*\*Request timed out/, 'ntpq'],
  [/^netlink error: |^no stats available/, 'ethtool'],
  [/^Device "\S+" does not exist/, 'ip'],
  [/^Could not open device at \/dev\/ipmi/, 'ipmitool'],
  [/^No journal files were /, 'journalctl'],
];

function nameOf(path: string): string | undefined {
  return programIn(path.slice(path.lastIndexOf('/') + 1).replace(/(?:\.(?:txt|json|out|log|stdout))+$/i, ''));
}

/** Whether a file is named after a program. */
export function isNamed(path: string): boolean {
  return nameOf(path) !== undefined;
}

/**
 * Which program a text without any command line is of that holds nothing but an error: by its file's name, or by the error itself; empty
 * where nothing tells it.
 */
export function failedFile(text: string, path: string): Omit<FailedCommand, 'path'> | undefined {
  if (text.length > MAX_ROWS * MAX_ROW) return undefined;
  const rows = text.split('\n', MAX_ROWS).filter((row) => row.trim() !== '');
  const named = nameOf(path);
  if (named === undefined && rows.every((row) => LOGGED.test(row))) return undefined;
  const told = BY_ROW.find(([look]) => rows.some((row) => look.test(row)))?.[1];
  const command = named ?? told ?? programIn((rows[0] ?? '').slice(0, MAX_ERROR)) ?? '';
  const error = failureIn(text, command);
  return error === undefined ? undefined : { command, error };
}
