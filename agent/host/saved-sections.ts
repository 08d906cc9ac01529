/**
 * Outputs of programs within the text files of a captured folder: several in one file below prompts or headings, or one in a
 * file whose name does not tell which. An output is known by the command line above it or by its own first line.
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { copiedText } from './copied-text.ts';
import { daemonLinesOf } from './daemon-lines.ts';
import { deviceOfCommand, deviceOfFile } from './ethtool-device.ts';
import { type Excerpt, excerptStart } from './excerpt-rows.ts';
import { jsonOutputsIn } from './json-formats.ts';
import { bareTexts } from './line-prefixes.ts';
import { linesIn } from './lines-in-texts.ts';
import { repeatOf } from './repeated-outputs.ts';
import { kernelLinesOf } from './saved-kernel-lines.ts';
import { wordsOf } from './saved-outputs.ts';
import { placeOf, valuesIn } from './saved-values.ts';
import { type FormatStart, formatStart } from './section-formats.ts';
import { headingOf, interfaceHeading, interfaceIn, mentionedIn } from './section-starts.ts';
import { readSmallFile } from './small-file.ts';

/** An output within a file. */
export interface Section {
  /** Its command line as words: "ethtool s eth0". */
  readonly words: string;
  /** Its file, below the folder. */
  readonly path: string;
  readonly text: string;
  /** The interface of its command line as it is written there, for ethtool alone. */
  readonly device?: string;
  /** What the same command printed first in the same text, where no counter of it is above this one's. */
  readonly earlier?: string;
}

/** In longer files, in bytes, which are logs and dumps, only lines of the kernel's log are looked for; of all together so much is looked at. */
export const MAX_SECTION_FILE = 2 << 20;
const MAX_TOTAL = 96 << 20;
const MAX_SECTIONS = 20_000;
/** So many lines of a block tell how far it is moved to the right. */
const MAX_BLOCK = 60;
/** So many lines behind a command its output may begin. */
const NEAR = 4;
/** Programs of whose outputs each part looks like the first line of one, whatever their options were. */
const REPEATED = new Set([
  'zpool',
  'tc',
  'ibstat',
  'lscpu',
  'perfquery',
  'top',
  'sysstat',
  'pmc',
  'ipmitool',
  'etcd',
  'etcdctl',
  'kubelet',
  'mdadm',
  'ras-mc-ctl',
  'edac-util',
  'ptp4l',
  'mcelog',
  'kubectl',
  'conntrack',
  'systemctl',
  'nvme',
  'storcli',
  'megacli',
  'ssacli',
  'arcconf',
  'btrfs',
]);
/** Outputs whose first line stands in them once: where it comes again, another one begins. */
const ONCE = new Set([
  ...['chronyc tracking', 'chronyc sources', 'chronyc sourcestats', 'chronyc serverstats', 'ntptime'],
  ...['cat /proc/net/dev', 'cat /proc/net/sockstat', 'cat /proc/meminfo', 'netstat -i', 'ss -s'],
]);
/** The name of a disk. */
const DISK = /(?<![a-z0-9])(?:[sh]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?)(?![a-z0-9])/;
/** The name of the interface where an output of one was saved and nothing tells which. */
const UNNAMED = 'unnamed';
/** Packed or binary files, and code: what is in them is no output. */
const OTHER =
  /\.(?:gz|xz|zst|bz2|zip|tar|tgz|png|jpe?g|gif|pdf|svg|so|o|ko|bin|pcap|py|sh|js|ts|go|c|h|rb|pl|db)$/i;
/** Of YAML nothing is an output but what kubectl printed of nodes. */
const YAML = /\.ya?ml$/i;
const MAX_YAML = 16 << 20;
const NODES = /^[\s-]{0,8}(?:kind: Node(?:List)?\s*$|lastHeartbeatTime: )/m;
/** What another place has is not what the machine has: of a file's name. */
const ELSEWHERE = /\b(?:netns|nsenter|docker exec|kubectl exec|ssh)\b/;
/** What is gathered from single lines, wherever they stand. */
const OF_LINES = new Set(['dmesg', 'daemons']);
/** Programs that print what is in a file, and what runs them. */
const PRINTS = /\b(?:[ef]?grep|cat|head|tail|less|more|awk|sed)\b/;
/** A disk's name alone above what is of it. */
const DISK_ALONE =
  /^[\s=*#-]{0,40}(?:\/dev\/([hs]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?)|([hs]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?):)[:\s=*#-]{0,40}$/;
/** Programs that are asked of disks. */
const OF_DISKS = /^(?:smartctl|nvme)$/;
/** The number and name of an attribute. */
const ATTRIBUTE = /^\s*(\d{1,3} [A-Z][\w-]{3,40})\s/;
/** Where a document's code begins and ends. */
const FENCE = /^\s*(?:```|~~~|<\/?(?:pre|code)\b)/;
/** An output that is being gathered. */
interface Open {
  readonly commands: string[];
  readonly lines: string[];
  readonly program: string;
  oneBlock: boolean;
  /** Whether a command line stands above it. */
  readonly headed: boolean;
  /** Whether the first line of its format was seen. */
  begun: boolean;
  /** What stands above the rows in a whole output, of which they are an excerpt; else empty. */
  above: string;
}

/** An output that was cut out of a text. */
interface Cut {
  readonly command: string;
  readonly text: string;
  /** Whether its first line was that of its format: below a command that somebody quotes anything may stand. */
  readonly known: boolean;
  /** The lines that its reader wants to see above it; undefined or empty where they are in it. */
  readonly above?: string;
}

/** An output that is kept. */
type Kept = Section & Pick<Cut, 'known' | 'above'>;

/**
 * Cuts a text into the outputs in it.
 * @param hint the file's name and folder, for the interface that it is about
 * @param others takes the names of other hosts whose outputs are in it and are left out
 */
export function sectionsOf(text: string, hint: string, others = new Set<string>()): Cut[] {
  const found: Cut[] = [];
  let open: Open | undefined;
  let name: string | undefined;
  let host: string | undefined;
  let elsewhere = false;
  // Below a command that is not known here.
  let foreign = false;
  let disks = 0;
  // The disk whose name alone stood above.
  let disk: string | undefined;
  // How far a code block of a document is moved to the right.
  let indent = '';
  let mention: { command: string; behind: number } | undefined;
  const close = () => {
    if (open?.lines.some((line) => line.trim() !== '') && !onlyLooksLike(open))
      for (const command of open.commands)
        found.push({ command, text: `${open.lines.join('\n')}\n`, known: open.begun, above: open.above });
    open = undefined;
  };
  const begin = (command: string, rest: Pick<Open, 'headed' | 'begun' | 'oneBlock'>) => {
    close();
    open = { commands: [command], lines: [], above: '', program: command.split(' ', 1)[0] ?? '', ...rest };
  };
  const lines = text.split('\n');
  for (const [at, raw] of lines.entries()) {
    const moved = unquoted(raw);
    if (found.length >= MAX_SECTIONS) break;
    let line = indent !== '' && moved.startsWith(indent) ? moved.slice(indent.length) : moved;
    const heading = headingOf(line);
    if (heading) {
      close();
      indent = /^ {2,12}(?=\S)|^\t(?=\S)/.exec(moved)?.[0] ?? '';
      mention = undefined;
      // A file may go from one machine to the next: the first is the one that it is about.
      const on = heading.host.split('.', 1)[0] ?? '';
      if (on !== '') host ??= on;
      const other = on !== '' && on !== host;
      if (other && heading.command !== '') others.add(on);
      elsewhere = other || heading.elsewhere;
      // Who goes to another host from the own one means that.
      if (heading.command === '' && found.length === 0 && /\bssh\s[^|;]{1,200}$/.test(line)) host = undefined;
      foreign = heading.command === '' && !PRINTS.test(line);
      if (heading.command === '' || elsewhere) continue;
      name = deviceOfCommand(heading.command) ?? interfaceIn(heading.command) ?? name;
      begin(heading.command, { headed: true, begun: false, oneBlock: false });
      continue;
    }
    if (elsewhere) continue;
    const alone = DISK_ALONE.exec(line);
    if (alone) {
      disk = alone[1] ?? alone[2];
      if (open?.begun && OF_DISKS.test(open.program)) close();
    }
    // In a loop over disks the same attribute is of the next one.
    if (open?.above && OF_DISKS.test(open.program) && repeats(open, line)) close();
    let start: FormatStart | Excerpt | undefined = formatStart(line);
    if (!open?.begun && /^(?: {2,12}|\t)\S/.test(line)) {
      start ??= formatStart(line.trimStart());
      if (start && indent === '') {
        indent = blockIndent(lines, at);
        line = moved.slice(indent.length);
      }
    }
    foreign &&= line.trim() !== '' && !FENCE.test(line);
    if (!foreign) start ??= excerptIn(open, line, hint);
    if (start && !(open?.begun && continues(open, start))) {
      if (start.of === 'interface') name = start.name ?? name;
      const below =
        open?.headed && !open.begun && open.program === start.command.split(' ', 1)[0] && near(open);
      // The command above it tells which file or disk it is.
      const named =
        below && (open?.program === 'cat' || (start.of === 'disk' && DISK.test(open?.commands[0] ?? '')));
      if (start.of === 'disk' && !named && start.name === undefined && disk === undefined && !DISK.test(hint))
        disks++;
      const device = {
        interface: () => name ?? nameIn(hint) ?? UNNAMED,
        disk: () => diskOf(start, disk ?? hint, disks),
      };
      const command = `${start.command} ${start.of === undefined ? '' : device[start.of]()}`.trim();
      if (open && below) {
        // The command above it, and what it is called here.
        if (!named && !open.commands.includes(command)) open.commands.push(command);
        Object.assign(open, { begun: true, oneBlock: start.oneBlock });
      } else {
        const said =
          mention &&
          mention.behind < NEAR &&
          mention.command.split(' ', 1)[0] === start.command.split(' ', 1)[0]
            ? mention.command
            : undefined;
        if (said !== undefined && start.of === 'interface' && start.name === undefined)
          name = deviceOfCommand(said) ?? interfaceIn(said) ?? name;
        begin(said ?? command, { headed: false, begun: true, oneBlock: start.oneBlock });
        // What is asked of the machine is looked for by what it is called here too.
        if (start.of === undefined && open && !open.commands.includes(command)) open.commands.push(command);
      }
      mention = undefined;
    } else if (open && ends(open, line)) close();
    else if (!open?.headed || open.begun) name = interfaceHeading(line) ?? name;
    if (!open?.begun && line.trim() !== '') {
      const said = mentionedIn(line);
      mention =
        said !== '' ? { command: said, behind: 0 } : mention && { ...mention, behind: mention.behind + 1 };
    }
    if (start && 'above' in start && open?.begun && (!open.headed || near(open)) && open.above === '') {
      // A heading in another language.
      open.lines.length = 0;
      disk = undefined;
      const above = start.above(open.commands[0] ?? '', nameAbove(open) ?? name ?? nameIn(hint) ?? UNNAMED);
      if (above !== undefined && above !== '') open.above = `${above}\n`;
    }
    open?.lines.push(line);
  }
  close();
  for (const json of jsonOutputsIn(text)) {
    // The command above it, if any, says more.
    if (found.some((one) => one.text.trim() === json.text.trim())) continue;
    const disk = /^(?:smartctl|nvme)/.test(json.command)
      ? ` ${diskOf({ command: '', of: 'disk', oneBlock: false }, hint, ++disks)}`
      : '';
    found.push({ ...json, command: `${json.command}${disk}`, known: true });
  }
  const daemons = daemonLinesOf(text);
  if (daemons !== '') found.push({ command: 'daemons', text: daemons, known: true });
  for (const lines of linesIn(text)) found.push({ ...lines, known: true });
  const kernel = kernelLinesOf(text, others);
  return kernel === '' ? found : [...found, { command: 'dmesg', text: kernel, known: true }];
}

/** The excerpt that a row begins: below a command line that nothing known followed yet, or where no output goes on. */
function excerptIn(open: Open | undefined, line: string, hint: string): Excerpt | undefined {
  if (open?.headed && !open.begun) {
    const below = excerptStart(line, open.commands[0] ?? '');
    // "ethtool -S $i": in a loop they may be of several.
    return below?.of === 'interface' && nameAbove(open) === undefined ? undefined : below;
  }
  if (open && open.lines.at(-1)?.trim() !== '') return undefined;
  const found = excerptStart(line, '');
  const program = found?.command.split(' ', 1)[0] ?? '';
  // Of a file that is named after its command the name tells more.
  const named = found?.of !== undefined && ` ${wordsOf(hint)} `.includes(` ${program} `);
  return named || program === open?.program ? undefined : found;
}

/** Whether an attribute is in an output already. */
function repeats(open: Open, line: string): boolean {
  const name = ATTRIBUTE.exec(line)?.[1];
  return name !== undefined && open.lines.some((one) => ATTRIBUTE.exec(one)?.[1] === name);
}

/** The interface in the command line above an output. */
function nameAbove({ commands: [command = ''] }: Open): string | undefined {
  return deviceOfCommand(command) ?? interfaceIn(command);
}

/** In a mail it is quoted. */
function unquoted(line: string): string {
  return line.replace(/\r$/, '').replace(/^ ?(?:> ?){1,12}/, '');
}

/** How far all lines of a block that begins at a line are moved to the right. */
function blockIndent(lines: readonly string[], from: number): string {
  let least: string | undefined;
  for (const raw of lines.slice(from, from + MAX_BLOCK)) {
    const line = unquoted(raw);
    if (line.trim() === '') continue;
    const own = /^\s*/.exec(line)?.[0] ?? '';
    if (own.length < 2 && own !== '\t') break;
    if (least === undefined || own.length < least.length) least = own;
  }
  return least ?? '';
}

/** The outputs in a text; where it has none as it is, those that have something before each of their lines. */
function outputsIn(text: string, hint: string, others: Set<string>): Cut[] {
  const found = sectionsOf(text, hint, others);
  if (found.some(({ known, command }) => known && !OF_LINES.has(command))) return found;
  for (const bare of bareTexts(text)) {
    const more = new Set(bare.others);
    const within = sectionsOf(bare.text, hint, more);
    if (!within.some(({ known, command }) => known && (command === 'dmesg' || !OF_LINES.has(command))))
      continue;
    for (const one of more) others.add(one);
    const lines = found.filter(({ command }) => OF_LINES.has(command));
    const told = new Set(lines.map(({ command }) => command));
    return [...within.filter(({ command }) => !told.has(command)), ...lines];
  }
  return found;
}

/** Much else has a line "driver: x", such as cpupower and what is written for containers: ethtool -i has more behind it. */
function onlyLooksLike({ headed, commands, lines }: Open): boolean {
  if (headed || !commands.every((command) => command.startsWith('ethtool -i'))) return false;
  return !lines.some((line) => /^\s*(?:version|firmware-version|bus-info|supports-\S{1,30}):/.test(line));
}

/** The interface that a file's name tells: any word behind ethtool and its option, else what looks like one. */
function nameIn(hint: string): string | undefined {
  return deviceOfFile(hint) ?? interfaceIn(hint);
}

/** The disk that an output is about; one of which nothing tells the name is counted: "disk1". */
function diskOf({ name }: FormatStart, hint: string, count: number): string {
  return name ?? DISK.exec(hint)?.[0] ?? `disk${count}`;
}

/** Whether a first line is within an output that has begun already: chronyc prints a count above its table. */
function continues(open: Open, start: FormatStart): boolean {
  const last = open.commands.at(-1) ?? '';
  // smartctl's heading is followed by that of its part about NVMe.
  if (start.of === 'disk') return open.program === 'smartctl' && last !== '' && start.inner === true;
  // cpupower names its driver as ethtool -i does.
  if (open.program === 'cpupower' && start.command === 'ethtool -i') return true;
  return (
    start.of === undefined &&
    ((last === start.command && !ONCE.has(start.command)) ||
      (REPEATED.has(open.program) && start.command.split(' ', 1)[0] === open.program))
  );
}

function near({ lines }: Open): boolean {
  return lines.filter((line) => line.trim() !== '').length < NEAR;
}

/** Whether an output is over: a fence of a document, or an empty line where the format has none. */
function ends(open: Open, line: string): boolean {
  if (FENCE.test(line))
    // One behind the heading opens what is below it.
    return open.lines.some((one) => one.trim() !== '');
  return open.oneBlock && line.trim() === '';
}

/** The outputs within the files of a folder. */
export class SavedSections {
  readonly #byWords = new Map<string, Kept>();
  readonly #values = new Map<string, { readonly path: string; readonly text: string }>();
  /** Other hosts by the file in which they have outputs, which are not the machine's. */
  readonly others = new Map<string, Set<string>>();
  /** Command lines by the file in which they have outputs before the one that is taken. */
  readonly repeated = new Map<string, string[]>();
  /** Files that are too long to look for outputs in. */
  readonly long: readonly string[];

  /** @param root the folder. @param paths its text files, below it */
  constructor(root: string, paths: readonly string[]) {
    let total = 0;
    let objects = 0;
    const long: string[] = [];
    for (const path of paths) {
      if (YAML.test(path) && objects > MAX_YAML) continue;
      if (OTHER.test(path) || ELSEWHERE.test(wordsOf(path)) || total > MAX_TOTAL) continue;
      const text = readText(root, path);
      if (text === undefined) continue;
      const yaml = YAML.test(path);
      if (yaml) objects += text.length;
      if (yaml && !NODES.test(text)) continue;
      if (isLong(root, path)) {
        long.push(path);
        continue;
      }
      total += text.length;
      const place = placeOf(path);
      if (place !== undefined) this.#values.set(place, { path, text });
      for (const [file, value] of valuesIn(text, path)) this.#values.set(file, { path, text: value });
      const others = new Set<string>();
      for (const section of outputsIn(
        text,
        path
          .replace(/(?:\.[a-z]{2,4})+$/i, '')
          .split('/')
          .slice(-2)
          .join(' '),
        others,
      )) {
        // Each of several nodes has a file of its own.
        const words = wordsOf(yaml ? `${section.command} ${path}` : section.command);
        const { command, ...cut } = section;
        this.#keep({ words, path, ...cut }, command);
      }
      if (others.size > 0) this.others.set(path, others);
    }
    this.long = long;
  }

  /** Takes an output; of one command's in the same text the last, which is how the machine was then, unless they are of different things. */
  #keep(section: Kept, command: string): void {
    const device = deviceOfCommand(command);
    const own = { ...section, ...(device === undefined ? {} : { device }) };
    const before = this.#byWords.get(section.words);
    if (!before || (section.known && !before.known)) this.#byWords.set(section.words, own);
    if (!before || before.known !== section.known || before.path !== section.path) return;
    const { text, replaced, grown } = repeatOf(before.text, section.text);
    if (device === UNNAMED && replaced && !grown) {
      // Counters that went down, of an interface that nothing names: of another one.
      const count = [...this.#byWords.keys()].filter((words) => words.startsWith(section.words)).length + 1;
      const name = `${UNNAMED}${count}`;
      this.#byWords.set(`${section.words}${count}`, {
        ...own,
        words: `${section.words}${count}`,
        device: name,
      });
      return;
    }
    if (replaced) this.repeated.set(section.path, [...(this.repeated.get(section.path) ?? []), command]);
    const earlier = replaced && grown ? { earlier: before.earlier ?? before.text } : {};
    this.#byWords.set(section.words, { ...own, text, ...earlier });
  }

  /** The output of a command line; undefined where none is there. */
  find(command: string): Section | undefined {
    const found = this.#byWords.get(wordsOf(command));
    return found && whole(found);
  }

  /** A file of /proc or /sys that was printed: below a `cat`, or with its value; undefined where none is there. */
  file(path: string): { readonly path: string; readonly text: string } | undefined {
    const value = this.#values.get(path);
    // Of several files of one `cat` each has a line.
    return (path.startsWith('sys/') ? value : undefined) ?? this.find(`cat ${path}`) ?? value;
  }

  /** Names below a folder of /proc or /sys of which something was printed. */
  filesIn(path: string): string[] {
    const below = `cat ${wordsOf(path)} `;
    const names = new Set<string>();
    for (const words of this.#byWords.keys()) {
      const name = words.startsWith(below) ? words.slice(below.length) : '';
      if (path.startsWith('proc/') && name !== '' && !name.includes(' ')) names.add(name);
    }
    for (const file of this.#values.keys())
      if (file.startsWith(`${path}/`)) names.add(file.slice(path.length + 1).split('/', 1)[0] ?? '');
    return [...names].sort();
  }

  /** All outputs of a program. */
  of(program: string): Section[] {
    const first = wordsOf(program);
    return [...this.#byWords.values()]
      .filter(({ words }) => words === first || words.startsWith(`${first} `))
      .map(whole);
  }
}

/** An output with what stands above an excerpt. */
function whole(kept: Kept): Section {
  return kept.above ? { ...kept, text: `${kept.above}${kept.text}` } : kept;
}

function isLong(root: string, path: string): boolean {
  return (statSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0) > MAX_SECTION_FILE;
}

/** A file as text, of a long one the beginning; undefined for one that is binary, or may not be read. */
function readText(root: string, path: string): string | undefined {
  try {
    const text = readSmallFile(root, path, MAX_SECTION_FILE + 1);
    return text === undefined || text.slice(0, 1_000).includes('\0') ? undefined : copiedText(text);
  } catch {
    // Others may be readable: that one is not is told with those that were not used.
    return undefined;
  }
}
