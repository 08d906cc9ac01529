/** By which lines of a text the machine is told that what comes below them is of: headings that people and programs put above what each host printed. */

import { headingOf } from './section-starts.ts';

/** A machine that a line tells. */
export interface HostHeading {
  readonly host: string;
  /** Whether nothing but a host stands there; else it may be any word. */
  readonly sure: boolean;
  /** Whether it holds for this one output alone: `ssh web1 df -h`. */
  readonly once: boolean;
  /** Whether it is a word, or a point of a list, as outputs have too: not drawn as people draw their headings, and no telling name alone. */
  readonly plain?: boolean;
  /** Whether a program that asks many hosts wrote it: what stands below is of that host alone, whatever it is. */
  readonly gathered?: boolean;
  /** What the line is instead, where an output begins in it or its command stands behind the host. */
  readonly instead?: string;
}

const NAME = String.raw`[a-z\d][\w.-]{0,62}`;
/** ansible, for one command, and a playbook's. */
const ANSIBLE = new RegExp(
  String.raw`^(${NAME}) \| (?:CHANGED|SUCCESS|FAILED|UNREACHABLE)!?(?: \| rc=-?\d{1,5})? (?:>>|=>|\| \(stdout\) ?(.*))`,
  'i',
);
const PLAYBOOK = new RegExp(
  String.raw`^(?:ok|changed|fatal|failed): \[(${NAME})(?: -> [^\]]{1,80})?\](?:: \w+!?)? => `,
  'i',
);
/** pssh -i. */
const PSSH = new RegExp(
  String.raw`^\[\d{1,5}\] \d\d:\d\d:\d\d \[(?:SUCCESS|FAILURE)\] (?:[\w.-]{1,64}@)?(${NAME})`,
  'i',
);
/** Between two rules, of clush -b and dshbak: one host, or those that printed the same. */
const RULE = /^-{4,}\s*$/;
const GATHERED = /^([a-z\d](?:[\w.,-]|\[[\d,-]{1,60}\]){0,120})(?: \(\d{1,6}\))?\s*$/i;
const MARKS = /^[\s=*#+>|~[\]"'`_.<→-]{1,100}/;
const MARKS_BEHIND = /[\s=*#|~:[\]"'`_<>-]{1,100}$/;
/** A word that says of a name that it is a machine's. */
const CALLED =
  '(?:(?:on|from|output (?:of|from|on)) )?(?:the )?(?:host(?:name)?|node|server|machine)[ :=]{1,4}';
const ALONE = new RegExp(String.raw`^(${CALLED})?(${NAME})(?: \([^()]{1,60}\))?$`, 'i');
/** "=== web1: df -h ===". */
const WITH_COMMAND = new RegExp(String.raw`^(${NAME}):? +(?=[a-z/]\S)(.{2,160})$`, 'i');
const ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}$/;
/** A name with a number, or one of a domain. */
const TELLING = /^(?=.*[a-z])(?:.*\d|[\w-]+(?:\.[\w-]+){2,})/i;
/** Devices, and parts of a machine, each of which has outputs of its own. */
const DEVICE =
  /^(?:e(?:th|n|m|ns|no)[\w.-]*\d[\w.-]*|(?:bond|team|ib|swp|wl\w*|br|vmnic|lan|wan|usb|veth|vlan|tap|tun|virbr|docker|cali|lo|dummy|vxlan|mlx\d?_|bnxt_re|irdma|p\dp)[\w.-]{0,12}|[hsv]d[a-z]{1,3}\d*|xvd[a-z]\d*|nvme[\w-]*|md[-_]?\d+|dm-\d+|loop\d+|sr\d+|sg\d+|mmcblk\w+|(?:pool|tank|zpool|vg|lv|pv|raid|array|vd|pd|lun|disk|drive|slot|bay|enclosure|port|lane|dimm|channel|controller|adapter|mc|csrow|cpu|core|socket|numa|node|gpu|card|zone|fan|psu|sensor|phy|pci|queue|ring|rx|tx|irq|osd|mon|mgr|mds|pg|rack|thread|table|chain|part|partition|volume|snap)[-_. ]?\d+)$/i;
/** When, not where: of these the last is how the machine was then. */
const TIME =
  /^(?:before\w*|after\w*|now|then|later|earlier|first\w*|second\w*|third|last|next|prev\w*|old\w*|new\w*|today|yesterday|morning|evening|start\w*|end|begin\w*|baseline|idle|load(?:ed)?|initial\w*|final\w*|current\w*|orig\w*|pre\w*|post\w*|update\w*|edit\w*|again|re?boot\w*|good|bad|broken|working|fail\w*|healthy|fixed|normal|slow|fast|(?:run|test|try|step|iteration|round|sample|attempt|day|week|hour|minute|min|case|phase|pass|take|stage|time|t|v|r|example|output|result|log|file|figure|listing|section|question|answer|note|day)[-_.]?\d*)$/i;
/** Names that each machine may have, or a container: its id. */
const NOBODY = /^(?:localhost|none|node|host|server|machine|[\da-f]{12}|[\da-f]{64}|bash|sh)$/i;
/** Headings within `netstat -s`, which has no other above it. */
const PROTOCOL =
  /^(?:ip|icmp|icmpmsg|tcp|udp|udplite|ip6|icmp6|udp6|udplite6|tcpext|ipext|mptcpext|sctp|dccp)$/i;
/** Headings within an output, and of what people gather of one machine. */
const PART =
  /^(?:config(?:uration)?|errors?|services?|data|status|state|total|mem(?:ory)?|swap|cluster|health|io|pools?|progress|options?|action|scan|cache|logs?|spares?|special|summary|details?|info(?:rmation)?|description|capabilities|settings|interfaces?|network(?:ing)?|storage|disks?|drives?|devices?|filesystems?|kernel|system|hardware|software|cpus?|processors?|usage|list|resources?|attributes|actions|quorum|votequorum|membership|members?|nodes?|bricks?|volumes?|usb|pci|features?|statistics|stats|counters?|parameters|events?|conditions|addresses|capacity|allocatable|labels|annotations|spec|metadata|items?|names?|version|commands?|sources?|servers?|peers?|warnings?|problems?|messages?|hints?|args|env(?:ironment)?|sensors?|fans?|temperatures?|voltages?|power|time|clocks?|limits?|queues?|sockets?|connections?|routes?|neighbou?rs?|modules?|packages?|processes|tasks?|threads|tests?|tables?|columns?|rows?|fields?|values?|types?|kind|mode|role|level|layout|layers?|links?|ports?|speed|duplex|active|inactive|enabled|disabled|running|stopped|failed|online|offline|up|down|ok)$/i;
/** What `ping`, `arping` and `fping` write of who was asked, above their sums. */
const PING = /^-{2,} \S{1,255} (?:\w{0,12}ping\w{0,3} )?statistics? -{2,}$/;
const OF_MANY = /\b(?:ansible|pdsh|clush|dsh|pssh|parallel-ssh|salt|mussh)\s/;
const OF_ONE_COMMAND = /\b(?:ssh|pdsh|clush|pssh|parallel-ssh)\s/;

/** The machine that a line tells; undefined for a line that tells none. */
export function hostHeading(lines: readonly string[], at: number): HostHeading | undefined {
  const line = (lines[at] ?? '').replace(/\r$/, '');
  if (line.length > 4_000 || line.trim() === '' || PING.test(line)) return undefined;
  const ansible = ANSIBLE.exec(line);
  if (ansible) {
    const printed = ansible[2]?.replaceAll('\\n', '\n');
    return { ...gathered(ansible[1]), ...(printed === undefined ? {} : { instead: printed }) };
  }
  if (line.length > 300) return undefined;
  const told = PLAYBOOK.exec(line) ?? PSSH.exec(line);
  if (told) return gathered(told[1]);
  if (isRuled(lines, at)) {
    const gathered = GATHERED.exec(line)?.[1];
    return gathered === undefined || !isName(gathered) ? undefined : sure(gathered);
  }
  const heading = headingOf(line);
  if (heading) {
    const host = isName(heading.host) ? short(heading.host) : '';
    if (host !== '')
      return { host, sure: true, once: OF_ONE_COMMAND.test(line) && heading.command !== '', instead: line };
    // "# web1.example.org": a command that is not known looks so too.
    const told = heading.command === '' && !heading.elsewhere ? wordsAlone(line) : undefined;
    return told && (TELLING.test(told.host) || ADDRESS.test(told.host)) ? told : undefined;
  }
  return wordsAlone(line);
}

/** Whether a line is a rule. */
export function isRule(line: string): boolean {
  return RULE.test(line);
}

/** Whether a line stands between two rules. */
export function isRuled(lines: readonly string[], at: number): boolean {
  return isRule(lines[at - 1] ?? '') && isRule(lines[at + 1] ?? '') && !isRule(lines[at] ?? '');
}

function sure(host = ''): HostHeading {
  return { host: short(host), sure: true, once: false };
}

function gathered(host = ''): HostHeading {
  return { ...sure(host), gathered: true };
}

/** Commands that print what several machines did, or what people wrote: words alone may be their names. */
const ANYTHING = /^cat\b|[;&|]|\b(?:for|while|do|done|xargs|parallel|watch|tail|head|less|more|grep)\b/;

/** Whether what is below a line is the output of one command of one machine: then a word alone is of that output. Undefined where no command begins there. */
export function isOneOutput(line: string): boolean | undefined {
  const heading = headingOf(line);
  if (!heading) return undefined;
  const typed = line.replace(/^[^$#%>❯➜]{0,200}[$#%>❯➜]\s*/, '');
  return heading.command !== '' && !ANYTHING.test(typed) && !OF_MANY.test(line);
}

/** The command that a line asks many hosts with: "pdsh -w web[1-9] uptime"; undefined for one that does not. */
export function askedOfMany(line: string): string | undefined {
  if (line.length > 300 || !OF_MANY.test(line)) return undefined;
  const command = headingOf(line)?.command ?? '';
  return command === '' ? undefined : command;
}

/** A name alone in a line, or with marks around it. */
function wordsAlone(line: string): HostHeading | undefined {
  const trimmed = line.trim();
  const ahead = MARKS.exec(trimmed)?.[0] ?? '';
  const rest = trimmed.slice(ahead.length);
  const marked = /^(?:[=*#>~<→_-]|\[(?=[^\]]+\]:?$))/.test(ahead) || /:$/.test(rest);
  const inner = rest.replace(MARKS_BEHIND, '');
  if (/^\s/.test(line) && !marked) return undefined;
  const alone = ALONE.exec(inner);
  if (alone) {
    const [, called, name = ''] = alone;
    const telling = TELLING.test(name) || ADDRESS.test(name);
    if (!isName(name) || !(called || telling || marked)) return undefined;
    // "Node List:", but not "Node: list".
    if (PART.test(name) && !/[:=]/.test(called ?? '')) return undefined;
    const drawn = /^(?:[=#~<→]|[*>_-]{2,})/.test(ahead) || (telling && !called && ahead === '');
    return { host: short(name), sure: false, once: false, ...(drawn ? {} : { plain: true }) };
  }
  if (!/^[=*#>~-]/.test(ahead)) return undefined;
  const [, name = '', command = ''] = WITH_COMMAND.exec(inner) ?? [];
  if (!isName(name) || !(TELLING.test(name) || ADDRESS.test(name))) return undefined;
  const asked = headingOf(`$ ${command}`);
  if (!asked || asked.command === '' || asked.host !== '') return undefined;
  return { host: short(name), sure: false, once: false, instead: `$ ${command}` };
}

/** Whether a name is one that any machine or container may have. */
export function isNobody(name: string): boolean {
  return NOBODY.test(name) || ADDRESS.test(name) || /^localhost\b/i.test(name);
}

/** Whether a word is the name of a device or of another part of a machine. */
export function isDeviceName(word: string): boolean {
  return DEVICE.test(word);
}

/** Whether a word can hardly be anything but a host's name. */
export function isHostName(word: string): boolean {
  return isName(word) && (TELLING.test(word) || ADDRESS.test(word)) && /^[a-z][\w.-]*\d/i.test(word);
}

/** A chip as `sensors` names it, above its rows. */
const CHIP = /-(?:isa|pci|i2c|virtual|acpi|hid|mdio|scsi|spi|platform|bus)-[\w-]{1,20}$/;

function isName(name: string): boolean {
  if (
    name === '' ||
    CHIP.test(name) ||
    DEVICE.test(name) ||
    TIME.test(name) ||
    NOBODY.test(name) ||
    PROTOCOL.test(name)
  )
    return false;
  return ADDRESS.test(name) || !/^[\d.:-]+$|^v?\d{1,4}(?:[.-]\d|$)/.test(name);
}

/** A host without its domain. */
function short(name: string): string {
  return ADDRESS.test(name) || name.includes('[') || name.includes(',')
    ? name
    : (name.split('.', 1)[0] ?? '');
}
