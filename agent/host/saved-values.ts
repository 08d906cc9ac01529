/**
 * Values of files of /proc and /sys within a text, as people print many small ones at once: `grep . /sys/…/*`, `head -n1 *`, a loop that
 * echoes each name before its value, several files of one `cat`, a folder that somebody went to before; and files that were copied
 * without the folders above theirs.
 */

import { headingOf } from './section-starts.ts';

/** A colon is in the names of folders, such as a PCI address, alone: behind a file it parts it from its value. */
const PATH = String.raw`\/?((?:proc|sys)\/(?:[\w.:@+,=~-]{1,128}\/){0,20}[\w.@+,=~-]{1,128})`;
/** What `head` and `tail` print above a file, and `more` around its name. */
const BANNER = /^==> (.{1,300}) <==\s*$/;
const RULE = /^:{6,20}\s*$/;
/** "PATH:value" of grep, "PATH: value" of a loop, "PATH = value". */
const WITH_VALUE = new RegExp(
  `^\\s{0,8}${PATH}(?::\\s?| {1,4}= {0,4}|\\s{1,8}(?=-?\\d{1,20}\\s*$)|(?<=/vulnerabilities/\\w{2,40})\\s{1,8}(?=[KMNUV][a-zV]))(?=\\S)(.{1,4000})$`,
);
/** A name alone, bare or marked as a heading. */
const ALONE = new RegExp(`^[\\s#*=>\`-]{0,12}${PATH}\\s?[:=]?[\\s*=\`#-]{0,40}$`);
/** "value" of a file of the folder that the shell is in. */
const RELATIVE = /^([a-z][\w.-]{1,60}(?:\/[\w.-]{1,60}){0,3}):\s?(?=\S)(.{1,4000})$/;
/** A kernel parameter as sysctl prints it, without the command above it. */
const PARAMETER = /^\s{0,8}((?:net|kernel|vm|fs)(?:\.[\w/-]{1,64}){1,6}) ?= ?(\S.{0,400})$/;
/** Where a prompt or a command says that the shell is. */
const FOLDER = /(?:[:\s]|^)(?:cd\s+)?(\/(?:proc|sys)(?:\/[\w.:@+-]{1,128}){1,20})\/?\]?\s?(?:[#$>]|$)/;
/** Commands that print a file's name with each value. */
const NAMING = /(?:^|[#$>]\s*|\b)(?:e?grep|head|tail|more)\s/;
/** Such a command behind a prompt of one sign, whatever its options. */
const ASKED = /^[#$]\s?(?:sudo\s+)?(?:cat|e?grep|head|tail|more|ls)\s.{0,80}\/(?:sys|proc)\//;
/** Pressure as the kernel prints it. */
const PRESSURE = /^(some|full) avg10=\d/;
/** Records of crashes: that they are there tells enough, whatever is in them. */
const RECORD = /(?:^|[\s/])((?:dmesg|console)-[\w]{1,20}-[\w.:-]{1,60})$/;
const PSTORE = /\/(?:sys\/fs|var\/lib\/systemd)\/pstore\b/;
const FENCE = /^\s*(?:```|~~~|<\/?(?:pre|code)\b|EOF$)/;
const MAX_LINES = 4_000;
const MAX_VALUES = 20_000;
/** Classes whose devices have folders of their own below /sys/devices, and where they are found by name. */
const DEVICE =
  /^sys\/devices\/.{1,400}?\/(net|hwmon|thermal|nvme|ptp|power_supply|infiniband|scsi_host|fc_host|sas_phy|rtc)\/(?=[a-z])/;
const PCI =
  /^sys\/devices\/pci.{1,400}\/([\da-f]{4,5}:[\da-f]{2}:[\da-f]{2}\.\d)\/(?=(?:aer_dev_\w+|(?:current|max)_link_(?:speed|width)|class)$)/;
const DISK = /^sys\/(?:class|devices\/.{1,400}?)\/block\/(?=[a-z])/;

/** Files that were copied with the last folders of theirs alone, and where the kernel has them. */
const COPIES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)vulnerabilities\/(\w{2,40})$/, 'sys/devices/system/cpu/vulnerabilities/$1'],
  [/(?:^|\/)([a-z][\w.-]{1,14}\/statistics\/[rt]x_\w{2,30})$/, 'sys/class/net/$1'],
  [/(?:^|\/)(clocksource\d\/\w{5,40})$/, 'sys/devices/system/clocksource/$1'],
  [/(?:^|\/)((?:current|available)_clocksource)$/, 'sys/devices/system/clocksource/clocksource0/$1'],
  [/(?:^|\/)(mc\d{1,2}\/(?:(?:dimm|csrow|rank)\d{1,2}\/)?\w{3,40})$/, 'sys/devices/system/edac/mc/$1'],
  [/(?:^|\/)(thermal_zone\d{1,2}\/\w{3,40})$/, 'sys/class/thermal/$1'],
  [/(?:^|\/)(hwmon\d{1,2}\/\w{3,40})$/, 'sys/class/hwmon/$1'],
  [/(?:^|\/)pressure\/(cpu|io|memory|irq)$/, 'proc/pressure/$1'],
  [/(?:^|\/)bonding\/([\w.-]{2,15})$/, 'proc/net/bonding/$1'],
  [/(?:^|\/)net\/(dev|snmp|netstat|softnet_stat|sockstat)$/, 'proc/net/$1'],
  [/(?:^|\/)tainted$/, 'proc/sys/kernel/tainted'],
  [/(?:^|\/)file-nr$/, 'proc/sys/fs/file-nr'],
  [/(?:^|\/)(nf_conntrack_(?:count|max))$/, 'proc/sys/net/netfilter/$1'],
];

/** Where the kernel has a file that was copied as `path`, perhaps with ".txt" behind it; undefined where the name does not tell. */
export function placeOf(path: string): string | undefined {
  const plain = path.replace(/(?:\.(?:txt|out|log))$/, '');
  for (const [pattern, place] of COPIES) {
    const match = pattern.exec(plain);
    if (match) return place.replace('$1', match[1] ?? '');
  }
  return undefined;
}

/** A path as the readers ask for it: a device by its class, without the bus that it hangs on. */
function usual(path: string): string {
  const plain = path.replace(/^\//, '');
  return plain
    .replace(PCI, 'sys/bus/pci/devices/$1/')
    .replace(DEVICE, 'sys/class/$1/')
    .replace(DISK, 'sys/block/');
}

/** The files that a command line names, its braces resolved: "cat /sys/a /sys/b/{c,d}". */
function named(line: string): string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/\/(?:proc|sys)\/[\w.:@+,{}*/-]{1,300}/g)) {
    const [, before = '', inner, behind = ''] = /^(.*)\{([\w,.-]+)\}(.*)$/.exec(word) ?? [];
    found.push(...(inner === undefined ? [word] : inner.split(',').map((one) => `${before}${one}${behind}`)));
  }
  return found;
}

/** What `cat /proc/pressure/*` prints, by the first letters of its lines: processors have "full" since Linux 5.13, irq is there since 6.1. */
const PRESSURES: Readonly<Record<string, readonly (readonly [what: string, lines: number])[]>> = {
  ssfsf: [
    ['cpu', 1],
    ['io', 2],
    ['memory', 2],
  ],
  sfsfsf: [
    ['cpu', 2],
    ['io', 2],
    ['memory', 2],
  ],
  sfsffsf: [
    ['cpu', 2],
    ['io', 2],
    ['irq', 1],
    ['memory', 2],
  ],
};

/** Values of one text. */
class Values {
  readonly found = new Map<string, string[]>();
  /** Files that a listing of their folder names. */
  readonly listed = new Set<string>();
  /** Whether what comes was listed of the folder of crashes' records. */
  #records = false;
  /** The file whose lines follow. */
  #open: string[] | undefined;
  #last = '';
  /** Files that a command above named, and what it printed so far. */
  #asked: string[] = [];
  #printed: string[] = [];
  #folder = '';
  #relative = false;
  #caption: string;
  #host: string | undefined;
  #elsewhere = false;

  constructor(hint: string) {
    this.#caption = hint;
  }

  take(line: string): void {
    const record = this.#records && !this.#elsewhere ? RECORD.exec(line.trimEnd())?.[1] : undefined;
    if (record !== undefined) this.listed.add(`sys/fs/pstore/${record}`);
    if (this.#heads(line) || this.#elsewhere || this.#names(line)) return;
    if (RULE.test(line) || FENCE.test(line)) {
      // "more" has a rule above a file's name and one below.
      if (this.#open?.length !== 0) this.#end();
    } else if (this.#open) {
      // What somebody wrote below a number is none of the file's.
      if (this.#isNumber()) this.#open = undefined;
      else if (line.trim() !== '' || this.#last.startsWith('proc/')) this.#line(line);
      else if (this.#open.length > 0) this.#open = undefined;
    } else if (line.trim() !== '') {
      if (this.#asked.length > 0 || PRESSURE.test(line)) this.#printed.push(line);
      else this.#caption = line;
    }
  }

  /** Whether what was printed of a file of /sys is a number: such files have one line. */
  #isNumber(): boolean {
    return (
      this.#open?.length === 1 &&
      this.#last.startsWith('sys/') &&
      /^\s*-?\d{1,20}\s*$/.test(this.#open[0] ?? '')
    );
  }

  /** Whether a line is a command, or a prompt. */
  #heads(line: string): boolean {
    const heading =
      line.length > 300 || BANNER.test(line)
        ? undefined
        : (headingOf(line) ?? (ASKED.test(line) ? { host: '', elsewhere: this.#elsewhere } : undefined));
    if (!heading || (heading.host === '' && ALONE.test(line))) return false;
    if (heading.host !== '') this.#host ??= heading.host;
    this.#elsewhere = heading.elsewhere || (heading.host !== '' && heading.host !== this.#host);
    this.#command(line);
    return true;
  }

  /** Whether a line names a file, perhaps with its value. */
  #names(line: string): boolean {
    const banner = BANNER.exec(line)?.[1];
    const alone = ALONE.exec(line)?.[1];
    // The colons of a PCI address part no value from its file.
    const [, path, value] = (alone === undefined && WITH_VALUE.exec(line)) || [];
    const [, parameter, set] = PARAMETER.exec(line) ?? [];
    const [, name, own] = (this.#relative && RELATIVE.exec(line)) || [];
    if (banner !== undefined) this.#banner(banner);
    else if (path !== undefined && value !== undefined) {
      if (this.#last !== usual(path)) this.#end();
      this.#keep(path, value);
    } else if (alone !== undefined) {
      this.#end();
      this.#begin(alone);
    } else if (parameter !== undefined && set !== undefined)
      this.#keep(`proc/sys/${parameter.replace(/[./]/g, (one) => (one === '/' ? '.' : '/'))}`, set);
    else if (name !== undefined && own !== undefined) this.#keep(`${this.#folder}/${name}`, own);
    else return false;
    return true;
  }

  close(): Map<string, string[]> {
    this.#end();
    return this.found;
  }

  #banner(name: string): void {
    this.#end();
    const path = name.includes('*') ? undefined : name;
    const whole = path?.startsWith('/')
      ? path
      : this.#folder !== '' && path
        ? `${this.#folder}/${path}`
        : path;
    if (whole !== undefined && /^\/?(?:proc|sys)\//.test(whole)) this.#begin(whole);
  }

  #command(line: string): void {
    this.#end();
    if (this.#elsewhere) return;
    this.#folder = FOLDER.exec(line)?.[1] ?? this.#folder;
    this.#records = /\b(?:ls|find|ll|dir)\b/.test(line) && PSTORE.test(line);
    this.#relative = this.#folder !== '' && NAMING.test(line);
    // Of what the shell reads itself nothing is printed as it is.
    const files = named(line.replace(/\$\([^()]{0,200}\)/g, ''));
    const [only] = files;
    // Of one file alone grep prints no name.
    const alone = /\b(?:grep|head|tail)\s/.test(line) && files.length === 1 && only?.startsWith('/sys/');
    if (/\bcat\s/.test(line) || alone) {
      const near = this.#folder === '' ? undefined : /\bcat\s+([\w.-]{2,60})\s*$/.exec(line)?.[1];
      if (near !== undefined) this.#begin(`${this.#folder}/${near}`);
      // One of several devices, or all files of a folder: which one a line is of is not told.
      else if (files.length === 1 && only !== undefined && !only.includes('*')) this.#begin(only);
      else this.#asked = files;
    }
    this.#caption = line;
  }

  /** A file that is printed again begins anew: the last is how the machine was then. */
  #begin(path: string): void {
    this.#last = usual(path);
    this.#open = [];
    if (this.found.size < MAX_VALUES) this.found.set(this.#last, this.#open);
  }

  #keep(path: string, value: string): void {
    const key = usual(path);
    if (key !== this.#last || !this.found.has(key)) this.#begin(key);
    this.found.get(key)?.push(value);
    this.#open = undefined;
  }

  #line(line: string): void {
    if (this.#open && this.#open.length < MAX_LINES) this.#open.push(line);
  }

  #end(): void {
    const printed = this.#printed;
    if (printed.length > 0 && printed.every((line) => PRESSURE.test(line))) this.#pressure(printed);
    else if (printed.length === this.#asked.length)
      for (const [at, path] of this.#asked.entries())
        if (!path.includes('*')) this.#keep(path, printed[at] ?? '');
    this.#open = undefined;
    this.#last = '';
    this.#asked = [];
    this.#printed = [];
    this.#relative = false;
  }

  /** Of one resource, which a word above or the file's name tells, or of all. */
  #pressure(lines: readonly string[]): void {
    const what = /(?:^|[^a-z])(cpu|io|memory|irq)(?![a-z])/i.exec(this.#caption)?.[1]?.toLowerCase();
    const one = what !== undefined && lines.length <= 2 ? [[what, lines.length] as const] : [];
    let at = 0;
    for (const [name, count] of PRESSURES[lines.map((line) => line[0]).join('')] ?? one) {
      for (const line of lines.slice(at, at + count)) this.#keep(`proc/pressure/${name}`, line);
      at += count;
    }
  }
}

/**
 * The files of /proc and /sys whose values are in a text, by path without the slash before it.
 * @param hint the file's name, which may tell what is in it
 */
export function valuesIn(text: string, hint: string): Map<string, string> {
  if (!/\b(?:sys|proc)\/|pstore|avg10=|^\s{0,8}(?:net|kernel|vm|fs)\.[\w./-]+ ?=/m.test(text))
    return new Map();
  const values = new Values(hint);
  for (const line of text.split('\n')) values.take(line.replace(/\r$/, '').replace(/^(?:> ?){1,12}/, ''));
  const kept = [...values.close()].filter(([, lines]) => lines.some((line) => line.trim() !== ''));
  for (const path of values.listed) if (!values.found.has(path)) kept.push([path, ['']]);
  return new Map(kept.map(([path, lines]) => [path, `${lines.join('\n').replace(/\n+$/, '')}\n`]));
}
