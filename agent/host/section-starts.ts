/**
 * By which lines above it an output of a program is known within a longer text: a prompt or heading with its command line, a sentence that
 * quotes it. People save one file an output, or all of them in one file. Its own first line is in section-formats.ts.
 */

import { isOfMachine, unwrapped } from './command-wrappers.ts';
import { TOLD_PROGRAMS } from './told-formats.ts';

/** Programs whose outputs are read of captured machines. */
const PROGRAMS =
  'ethtool|chronyc|ntpq|ntpctl|ntpstat|ntptime|adjtimex|timedatectl|pmc|lldpctl|lldpcli|lldptool|networkctl|ip|ifconfig|tc|dmesg|lsmod|uname|lspci|' +
  'smartctl|nvme|mdadm|ipmitool|vmstat|iostat|mpstat|sar|top|free|swapon|lscpu|nproc|systemd-analyze|ibstat|ibstatus|perfquery|ibqueryerrors|iblinkinfo|cat|df|mount|lsblk|sysctl|systemctl|journalctl|ps|zpool|multipathd|multipath|sensors|dmidecode|hostnamectl|dmsetup|uptime|' +
  'etcdctl|kubectl|oc|crictl|edac-util|ras-mc-ctl|mcelog|ptp4l|phc2sys|nstat|netstat|ss|conntrack|numastat|mlxlink|devlink|teamdctl|hwclock|btrfs|lvs|pvs|vgs|lvscan|pvscan|vgscan|vgchange|lvdisplay|vgdisplay|pvdisplay|slabtop|findmnt|iscsiadm|ceph|docker|podman|turbostat|cpupower|e2fsck|fsck|tune2fs|dumpe2fs|xfs_repair|btrfsck|' +
  'phc_ctl|rdma|date|' +
  `storcli64|storcli|perccli64|perccli|megaclisas-status|megacli64|megacli|cmdtool2|ssacli|hpssacli|hpacucli|arcconf|sas2ircu|sas3ircu|tw_cli|mvcli|ipmi-sel|ipmi-sensors|log-util|racadm|omreport|${TOLD_PROGRAMS}`;
/** What stands before a command: a path, sudo, words of whoever wrote the heading, a program that runs it. */
const BEFORE = String.raw`(?:(?:command|cmd|running|executing|run|(?:here is |this is |see )?(?:the )?(?:output|result)s? (?:of|from)(?: (?:the )?(?:command|cmd))?|every [\d.]{1,6}s)\b[:>\s'"\x60*]*)?(?:(?:sudo|time|watch|nice|timeout)\s+(?:-\S+\s+|\d{1,6}[smh]?\s+)*)*(?:[A-Z]\w{1,30}=\S{1,100}\s+){0,4}(?:(?:\.{1,2}|~)?\/(?:[\w.+-]{1,40}\/){0,8}|(?:usr\/)?(?:local\/)?s?bin\/)?`;
const COMMAND = new RegExp(`^${BEFORE}(${PROGRAMS})(?=$|\\s)([^|;&<>\`]{0,160})`, 'i');
/** Any of them as a word of its own. */
const NAMED = new RegExp(`(?<![a-z0-9])(${PROGRAMS})(?![a-z0-9])`, 'i');
/** What a shell's environment puts before its prompt: "(venv) ", "[10:12:01] ". */
const AHEAD = String.raw`(?:\([\w.-]{1,40}\)\s*|\[?(?:\d{4}-\d\d-\d\d[ T]|(?:\w{3} )?\w{3} [ \d]\d )?\d\d:\d\d(?::\d\d)?(?: \d{4})?\]?\s+)?`;
/** "[root@web1 ~]# ", "root@web1:/var/log# ", "me@web1 ~ % ", "web1:~ $", "pool/7f3a:~# ", "bash-5.1# ". */
const PROMPT = new RegExp(
  String.raw`^${AHEAD}\[?(?:([\w.-]{1,64})@([\w.|-]{1,64})(?=[\s:[\]#$>~/])|(?:ba|z|a|k)?sh-[\d.]{1,8}|[\w.-]{1,64}(?:\/[\w-]{1,64})?(?=:[~/]))(?:[\s:[\]~/][^$#>%]{0,120}?)?\]?\s?(?:[$#>❯➜]|%(?=\s+[a-z]))(?:\s+|$)`,
);
/** "web1# ethtool eth0": a host's name alone only before a program. */
const SHORT_PROMPT = new RegExp(String.raw`^([\w-]{1,64})[#$%] ?(?=${BEFORE}(?:${PROGRAMS})(?:\s|$))`);
/** Marks around a heading: "=== ethtool eth0 ===", "### ", "+ " of a shell that tells what it does, "$ ", "/ # ". */
const MARKS = /^[\s=*#+>|~:[\]"'`_.$%/➜❯└─╰┃▶-]{1,100}/;
const MARKS_BEHIND = /[\s=*#|~:[\]"'`_-]{1,100}$/;
/** Tags of web pages and of forums around it: "<summary>", "[code]", "{noformat}". */
const TAGS =
  /^(?:\s{0,20}(?:<\/?[a-z]\w{0,20}(?: [^>]{0,60})?>|\[\/?(?:code|quote|pre)[^\]]{0,20}\]|\{(?:noformat|code)[^}]{0,40}\})){1,8}/i;
/** Words behind it that are no part of it: "ethtool -S eth0 shows:". */
const WORDS_BEHIND =
  /\s(?:(?:out)?puts?|results?|shows|showing|gives?|reports?|returns?|says?|prints?|on (?:the|node|host)|is (?:below|attached)|looks?)\b.*$/i;
/** A web page that lost its line breaks has the head of the table behind the command: "ntpq -np remote refid st t when poll …". */
const HEAD_BEHIND =
  /\s(?:remote\s+refid\s+st\s|MS\s+Name\/IP|Filesystem\s+(?:Type\s+)?(?:Size|1K-blocks|Inodes)\s|total\s+used\s+free\s|NAME\s+STATUS\s).*$/;
/** A file of /proc alone in a heading; certificates are named above what openssl tells of each. */
const FILE = /^\/?((?:proc|etc)\/(?!.*\.(?:crt|pem|cer|cert|der|key)$)[\w.-]{1,64}(?:\/[\w.-]{1,64}){0,5})$/;
/** Lines of a file of /proc. */
const OF_FILE =
  /^(?:[efz]?grep|head|tail|less|more|awk|sed|column)\s(?:[^|;]{0,120}\s)?(\/proc\/(?!sys\/)[\w./-]{2,80})/;
/** Without a mark only what nothing but a command looks like: an option, or a word that the program knows. */
const BARE = new RegExp(
  `^${BEFORE}(?:${PROGRAMS})\\s+(?:-{1,2}[a-zA-Z]|tracking\\b|sources|activity\\b|ntpdata\\b|link\\b|addr|show\\b|status\\b|timesync|smart-log|endpoint\\b|cluster-health|health\\b|get no|describe no|sel\\b|sensor\\b|sdr\\b|/proc/|/sys/|/dev/)`,
  'i',
);

/** What is behind the program's name in those: most lines have none of it. */
const BARE_ARGUMENT =
  /\s(?:-{1,2}[a-zA-Z]|(?:tracking|activity|ntpdata|show|status|health|sel|sensor|sdr)\b|sources|link\b|addr|timesync|smart-log|endpoint\b|cluster-health|get no|describe no|\/(?:proc|sys|dev)\/)/i;
/** Something that each heading has: a prompt's sign, a mark or a tag at its beginning, or the argument of a command alone. */
const LIKELY = /[$#>%❯➜]|^\s{0,20}[=*+|~:[\]"'`_./└─╰┃▶{-]/;

/** A field of JSON, but for those that hold a command. */
const FIELD = /^\s{0,40}"(?!cmd|command|running|executing|run|output|result)[\w.-]{1,60}" ?:/i;

/** Where within a sentence a command may begin. */
const MENTION = new RegExp(`(?:^|[\\s\`'"(*>:])(?:sudo\\s+)?(?:${PROGRAMS})\\s`, 'gi');

/**
 * How ipmitool reaches a controller (ipmitool(1)): what is asked over the network is most often the own controller of the machine that
 * the text is kept with.
 */
const CONNECTION = /\s-(?:[HIpUPLkyKCftbTBSloegR]\s+\S+|[EaYv]+)(?=\s|$)/g;

/** Another command, whose output begins: "$ date", "# free -m", "+ date". */
const OTHER_COMMAND = /^(?:\$ \S|\++ [a-z]|# (?:[a-z][\w./-]{0,40}(?:$| -| \/)|\/[a-z]))/;
/** The own first lines of dmidecode and nvidia-smi. */
const OWN_COMMENT = /^# dmidecode \d|^\| NVIDIA-SMI \d/;
/** What a program tells its reader to run. */
const ADVICE = /RUN fsck MANUALLY|you should probably run /;

/** A line with a command, or a prompt without one. */
export interface Heading {
  /** "ethtool -S eth0"; empty where it is none of the programs that are known. */
  readonly command: string;
  /** The host that its prompt names, or that the command was sent to; empty where there is none. */
  readonly host: string;
  /** Whether what is below it is of a container or of a network namespace, not of the machine. */
  readonly elsewhere: boolean;
}

const NONE: Heading = { command: '', host: '', elsewhere: false };

/** The command in a heading; undefined for a line that is none. */
export function headingOf(whole: string): Heading | undefined {
  if (
    whole.length > 300 ||
    !(LIKELY.test(whole) || BARE_ARGUMENT.test(whole)) ||
    FIELD.test(whole) ||
    ADVICE.test(whole)
  )
    return undefined;
  const line = TAGS.test(whole) ? whole.replace(TAGS, '').trimStart() : whole;
  const prompt = PROMPT.exec(line) ?? SHORT_PROMPT.exec(line);
  if (prompt) {
    const told = commandIn(line.slice(prompt[0].length));
    return told.host === '' ? { ...told, host: prompt[2] ?? prompt[1] ?? '' } : told;
  }
  // supportconfig's parts: the line below tells of which command or file.
  if (/^#==\[/.test(line)) return NONE;
  const marked = MARKS.exec(line);
  // Marks of the format itself: a table's rule, an indented value.
  if (marked && /\S/.test(marked[0])) {
    const told = OWN_COMMENT.test(line) ? NONE : commandIn(line.slice(marked[0].length));
    return told.command === '' && !told.elsewhere && !OTHER_COMMAND.test(line) ? undefined : told;
  }
  return BARE.test(line) ? commandIn(line) : undefined;
}

/** The program that a text names first, of those whose outputs are read; undefined where it names none. */
export function programIn(text: string): string | undefined {
  return NAMED.exec(text)?.[1]?.toLowerCase();
}

/** A command within a sentence, quoted or with an option: "this is what `ethtool -S lan` says:". Empty where there is none. */
export function mentionedIn(line: string): string {
  if (line.length > 300 || !BARE_ARGUMENT.test(line)) return '';
  for (const { index } of line.matchAll(MENTION)) {
    const rest = line.slice(index).replace(/^[\s`'"(*>:]{1,4}/, '');
    if (BARE.test(rest)) return commandIn(rest.replace(/[`'")*,:<].*$/, '')).command;
  }
  return '';
}

function commandIn(text: string): Heading {
  let elsewhere = false;
  let time: Heading | undefined;
  for (const part of [text, ...text.split(/;|&&/, 6)]) {
    // Within a loop of the shell.
    const { command: inner, ...where } = unwrapped(part.trimStart().replace(/^(?:do|then|else)\s+/, ''));
    const file = OF_FILE.exec(inner)?.[1];
    if (file !== undefined && where.place === 'machine')
      return { ...NONE, command: `cat ${file}`, host: where.host };
    const match = COMMAND.exec(inner);
    const command = match ? wholeCommand(inner, match) : '';
    if (command !== '' && isOfMachine(where, command)) {
      const heading = { command, host: where.host, elsewhere: false };
      // People put `date` before what they ask.
      if (!/^date\b/.test(command)) return heading;
      time ??= heading;
    }
    elsewhere ||= where.place !== 'machine';
  }
  if (time) return time;
  const file = FILE.exec(text.replace(MARKS_BEHIND, ''))?.[1];
  return { command: file === undefined ? '' : `cat /${file}`, host: '', elsewhere };
}

function wholeCommand(text: string, match: RegExpExecArray): string {
  const [whole, name = '', behind = ''] = match;
  const program = name.toLowerCase();
  const all = (text[whole.length] === '>' ? behind.replace(/\s\d$/, '') : behind)
    .replace(/\s+#.*$/, '')
    .replace(HEAD_BEHIND, '')
    // watch tells the host and the time behind it.
    .replace(/^every /i.test(text.trimStart()) ? /\s{3,}.*$/ : /$^/, '')
    .replace(WORDS_BEHIND, '')
    .replace(MARKS_BEHIND, '');
  const rest = program === 'ipmitool' ? all.replace(CONNECTION, '') : all;
  const words = rest.trim().split(/\s+/);
  if (program === 'cat') {
    // A pattern of files ends with what a heading may end with too.
    const pattern = /(?:^|\s)(\/(?:proc|sys)\/\S{0,200}[^\s*]\*)(?=\s|$)/.exec(behind)?.[1];
    const file = pattern ?? words.find((word) => word.startsWith('/')) ?? words[0] ?? '';
    return `cat ${file.replace(/["'`,:;]+$/, '')}`.trim();
  }
  // A sentence about a program is none of its command lines.
  return words.length > 10 ? '' : `${program} ${rest.trim()}`.trim();
}

/** The name of an interface: "eth0", "enp3s0f1np1", "bond0", "p4p1", "swp12s0". */
const INTERFACE =
  /^(?:e(?:th|n|m|ns|no)|bond|team|p\d|ib|swp|wl|br|vmnic|lan|wan|usb|venet)[\w.-]{0,14}\d[\w-]{0,8}$/i;

/** The last word of a text that is the name of an interface. */
export function interfaceIn(text: string): string | undefined {
  return text.split(/[^\w.@-]+|_(?=[a-z])|-(?=[a-z]{2,4}\d)/i).findLast((word) => INTERFACE.test(word));
}

/** The interface that a short heading is about: "Interface eth0", "eth0:", "=== eth0 ===". */
export function interfaceHeading(line: string): string | undefined {
  if (line.length > 100 || !/\d/.test(line)) return undefined;
  const words = line.replace(MARKS, '').replace(MARKS_BEHIND, '').split(/\s+/);
  const last = words.at(-1)?.replace(/[:,]$/, '') ?? '';
  return words.length <= 4 && INTERFACE.test(last) ? last : undefined;
}
