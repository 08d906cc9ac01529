/**
 * Cuts a text into the outputs of programs in it: several below prompts or headings, or one that nothing heads. An output is known
 * by the command line above it or by its own first line.
 */

import { daemonLinesOf } from './daemon-lines.ts';
import { deviceOfCommand } from './ethtool-device.ts';
import { type Excerpt, excerptStart } from './excerpt-rows.ts';
import { jsonOutputsIn } from './json-formats.ts';
import { linesIn } from './lines-in-texts.ts';
import {
  continues,
  ends,
  FENCE,
  NEAR,
  nameAbove,
  near,
  type OpenOutput,
  onlyLooksLike,
  repeats,
} from './open-output.ts';
import { kernelLinesOf } from './saved-kernel-lines.ts';
import { wordsOf } from './saved-outputs.ts';
import { type FormatStart, formatStart } from './section-formats.ts';
import { blockIndent, DISK, diskOf, nameIn, UNNAMED, unquoted } from './section-names.ts';
import { type Heading, headingOf, interfaceHeading, interfaceIn, mentionedIn } from './section-starts.ts';
import { comesAgain, type ShellList, ShellLoop, shellListOf } from './shell-loops.ts';

/** No text has more. */
const MAX_SECTIONS = 20_000;
/** Programs that print what is in a file, and what runs them. */
const PRINTS = /\b(?:[ef]?grep|cat|head|tail|less|more|awk|sed)\b/;
/** A command that is asked of a folder's files, by a pattern. */
const PATTERN = /^cat \S*(?:\/$|[*?{[$])/;
/** An interface in a bond: what comes later is none of its. */
const MEMBER = /^\s*(?:Slave Interface|Primary Slave|Currently Active Slave): /;
/** A disk's name alone above what is of it. */
const DISK_ALONE =
  /^[\s=*#-]{0,40}(?:\/dev\/([hs]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?)|([hs]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?):)[:\s=*#-]{0,40}$/;
/** The first line of an interface's block, of programs that list them. */
const LISTED =
  /^([\w.:@-]{1,32})\s+Link encap:|^([\w.@-]{1,32}): flags=\d|^\d{1,9}: ([^\s:@]{1,32})(?:@\S{1,32})?: </;
const LISTS = new Set(['ifconfig', 'ip']);
/** Programs that are asked of files, each as often as there are some: what is said of one replaces nothing. */
const BY_FILE = new Set(['openssl']);
/** Programs that are asked of disks. */
const OF_DISKS = /^(?:smartctl|nvme)$/;

/** An output that was cut out of a text. */
export interface Cut {
  readonly command: string;
  readonly text: string;
  /** Whether its first line was that of its format: below a command that somebody quotes anything may stand. */
  readonly known: boolean;
  /** The lines that its reader wants to see above it; undefined or empty where they are in it. */
  readonly above?: string;
}

/**
 * Cuts a text into the outputs in it.
 * @param hint the file's name and folder, for the interface that it is about
 * @param others takes the names of other hosts whose outputs are in it and are left out
 */
export function sectionsOf(text: string, hint: string, others = new Set<string>()): Cut[] {
  const cutter = new Cutter(text, hint, others);
  const found = cutter.cut();
  for (const json of jsonOutputsIn(text)) {
    // The command above it, if any, says more, but for one that brings whatever it is asked for.
    const same = found.findIndex((one) => one.text.trim() === json.text.trim());
    const brought = same >= 0 && /^curl\b/.test(found[same]?.command ?? '');
    if (brought) found.splice(same, 1);
    else if (same >= 0) continue;
    const disk = /^(?:smartctl|nvme)/.test(json.command) ? ` ${cutter.nextDisk()}` : '';
    found.push({ ...json, command: `${json.command}${disk}`, known: true });
  }
  const daemons = daemonLinesOf(text);
  if (daemons !== '') found.push({ command: 'daemons', text: daemons, known: true });
  for (const lines of linesIn(text)) found.push({ ...lines, known: true });
  const kernel = kernelLinesOf(text, others);
  return kernel === '' ? found : [...found, { command: 'dmesg', text: kernel, known: true }];
}

/** One text while it is gone through line by line. */
class Cutter {
  readonly #lines: readonly string[];
  readonly #hint: string;
  readonly #others: Set<string>;
  readonly #found: Cut[] = [];
  #open: OpenOutput | undefined;
  /** The interface that was named last. */
  #name: string | undefined;
  /** The host that the text is about. */
  #host: string | undefined;
  /** Whether what comes is of another host or a container. */
  #elsewhere = false;
  /** Whether it stands below a command that is not known here. */
  #foreign = false;
  /** Disks whose names nothing tells. */
  #disks = 0;
  /** How many files of a pattern were printed below the last command; undefined where it was asked of no pattern. */
  #several: number | undefined;
  /** The disk whose name alone stood above. */
  #disk: string | undefined;
  /** How far a code block of a document is moved to the right. */
  #indent = '';
  /** The words that a loop of the shell goes over, and the loop of the command above. */
  #list: ShellList | undefined;
  #loop: ShellLoop | undefined;
  /** The interface whose block of ifconfig or ip ends in the line above; undefined behind an empty line. */
  #listed: string | undefined;
  /** A command that prose spoke of, and how many lines above. */
  #mention: { readonly command: string; readonly behind: number } | undefined;

  constructor(text: string, hint: string, others: Set<string>) {
    this.#lines = text.split('\n');
    this.#hint = hint;
    this.#others = others;
  }

  /** The outputs that stand as blocks, in their order. */
  cut(): Cut[] {
    for (const [at, raw] of this.#lines.entries()) {
      if (this.#found.length >= MAX_SECTIONS) break;
      this.#line(unquoted(raw), at);
    }
    this.#close();
    return this.#found;
  }

  /** The disk of a further output: the one that the file's name tells, or a number. */
  nextDisk(): string {
    return diskOf(undefined, this.#hint, ++this.#disks);
  }

  #line(moved: string, at: number): void {
    const indented = this.#indent !== '' && moved.startsWith(this.#indent);
    const own = indented ? moved.slice(this.#indent.length) : moved;
    const heading = headingOf(own);
    this.#list = shellListOf(own) ?? this.#list;
    if (heading) {
      this.#heading(heading, own, moved);
      return;
    }
    if (this.#elsewhere || this.#inLoop(own)) return;
    this.#diskAlone(own);
    const { start, line } = this.#startIn(own, moved, at);
    this.#listed =
      line.trim() === '' ? undefined : (LISTED.exec(line)?.slice(1).find(Boolean) ?? this.#listed);
    const open = this.#open;
    if (start && !(open?.begun && continues(open, start))) this.#begins(start);
    else if (open && ends(open, line)) this.#close();
    else if ((!open?.headed || open.begun) && !MEMBER.test(line))
      this.#name = interfaceHeading(line) ?? this.#name;
    this.#mentioned(line);
    if (start && 'above' in start) this.#excerpt(start);
    this.#open?.lines.push(line);
  }

  /** A command line, or another heading: what comes is of it. */
  #heading({ command, host, elsewhere }: Heading, line: string, moved: string): void {
    this.#close();
    this.#several = undefined;
    this.#loop = undefined;
    this.#indent = /^ {2,12}(?=\S)|^\t(?=\S)/.exec(moved)?.[0] ?? '';
    this.#mention = undefined;
    // A file may go from one machine to the next: the first is the one that it is about.
    const on = host.split('.', 1)[0] ?? '';
    if (on !== '') this.#host ??= on;
    const other = on !== '' && on !== this.#host;
    if (other && command !== '') this.#others.add(on);
    this.#elsewhere = other || elsewhere;
    // Who goes to another host from the own one means that.
    if (command === '' && this.#found.length === 0 && /\bssh\s[^|;]{1,200}$/.test(line))
      this.#host = undefined;
    this.#foreign = command === '' && !PRINTS.test(line);
    if (command === '' || this.#elsewhere) return;
    this.#loop = ShellLoop.of(command, this.#list, line);
    this.#asked(this.#loop?.first() ?? command);
  }

  /** What comes is of a command line. */
  #asked(command: string): void {
    this.#name = deviceOfCommand(command) ?? interfaceIn(command) ?? this.#name;
    this.#begin(command, { headed: true, begun: false, oneBlock: false });
  }

  /** Whether a line is the name that a loop prints before each of its devices' outputs; the next device begins, too, where a row comes again. */
  #inLoop(line: string): boolean {
    const loop = this.#loop;
    if (!loop || line.trim() === '') return false;
    const named = loop.named(line);
    if (named !== undefined) {
      this.#asked(named);
      return true;
    }
    const open = this.#open;
    const again =
      open?.begun === true &&
      (comesAgain(open.lines, line) || repeats(open, line) || open.lines.includes(line));
    const next = again ? loop.next() : undefined;
    if (next !== undefined) this.#asked(next);
    return false;
  }

  /** The name of a disk alone above what is of it, and in a loop over disks an attribute that comes again: the next one begins. */
  #diskAlone(line: string): void {
    const alone = DISK_ALONE.exec(line);
    if (alone) this.#disk = alone[1] ?? alone[2];
    const open = this.#open;
    if (!open || !OF_DISKS.test(open.program)) return;
    if ((alone && open.begun) || (open.above !== '' && repeats(open, line))) this.#close();
  }

  /** The first line of an output or of an excerpt, where a line is one; and the line, without what moves its block to the right. */
  #startIn(
    own: string,
    moved: string,
    at: number,
  ): { start: FormatStart | Excerpt | undefined; line: string } {
    let line = own;
    let start: FormatStart | Excerpt | undefined = formatStart(line);
    if (!this.#open?.begun && /^(?: {2,12}|\t)\S/.test(line)) {
      start ??= formatStart(line.trimStart());
      if (start && this.#indent === '') {
        this.#indent = blockIndent(this.#lines, at);
        line = moved.slice(this.#indent.length);
      }
    }
    this.#foreign &&= line.trim() !== '' && !FENCE.test(line);
    if (!this.#foreign) start ??= excerptIn(this.#open, line, this.#hint);
    return { start, line };
  }

  /** An output begins: that of the command line above it, or one of its own. */
  #begins(start: FormatStart | Excerpt): void {
    if (start.of === 'interface') this.#name = start.name ?? this.#listed ?? this.#name;
    const open = this.#open;
    const program = start.command.split(' ', 1)[0];
    const below = open?.headed && !open.begun && open.program === program && near(open);
    // The command above it tells which file or disk it is, but for a pattern of files.
    const asked = open?.commands[0] ?? '';
    const pattern = PATTERN.test(asked);
    const named =
      below && ((open.program === 'cat' && !pattern) || (start.of === 'disk' && DISK.test(asked)));
    if (below && pattern) {
      this.#several = 0;
      open.commands.length = 0;
    }
    const command = this.#commandOf(start, named === true);
    if (below) {
      // The command above it, and what it is called here.
      if (!named && !open.commands.includes(command) && !BY_FILE.has(open.program))
        open.commands.push(command);
      Object.assign(open, { begun: true, oneBlock: start.oneBlock });
    } else {
      const { command: said, behind } = this.#mention ?? { command: '', behind: NEAR };
      const meant = behind < NEAR && said.split(' ', 1)[0] === program;
      if (meant && start.of === 'interface' && start.name === undefined)
        this.#name = deviceOfCommand(said) ?? interfaceIn(said) ?? this.#name;
      const begun = this.#begin(meant ? said : command, {
        headed: false,
        begun: true,
        oneBlock: start.oneBlock,
      });
      // What is asked of the machine is looked for by what it is called here too.
      if (start.of === undefined && !begun.commands.includes(command)) begun.commands.push(command);
    }
    this.#mention = undefined;
  }

  /** What an output is called by its first line, with the interface or disk that it is of. */
  #commandOf(start: FormatStart | Excerpt, named: boolean): string {
    if (start.of === undefined) return start.command;
    if (start.of === 'interface') {
      const name = this.#name ?? nameIn(this.#hint) ?? UNNAMED;
      const count = this.#several === undefined ? 1 : ++this.#several;
      return `${start.command} ${name}${count > 1 && name === UNNAMED ? count : ''}`;
    }
    const told = named || start.name !== undefined || this.#disk !== undefined || DISK.test(this.#hint);
    if (!told) this.#disks++;
    return `${start.command} ${diskOf(start.name, this.#disk ?? this.#hint, this.#disks)}`;
  }

  /** Keeps in mind what prose above an output says of its command. */
  #mentioned(line: string): void {
    if (this.#open?.begun || line.trim() === '') return;
    const said = mentionedIn(line);
    const before = this.#mention;
    this.#mention =
      said !== '' ? { command: said, behind: 0 } : before && { ...before, behind: before.behind + 1 };
  }

  /** Rows without their heading get the one that the reader wants. */
  #excerpt(start: Excerpt): void {
    const open = this.#open;
    if (!open?.begun || (open.headed && !near(open)) || open.above !== '') return;
    // A heading in another language.
    open.lines.length = 0;
    this.#disk = undefined;
    const name = nameAbove(open) ?? this.#name ?? nameIn(this.#hint) ?? UNNAMED;
    const above = start.above(open.commands[0] ?? '', name);
    if (above !== undefined && above !== '') open.above = `${above}\n`;
  }

  #begin(command: string, rest: Pick<OpenOutput, 'headed' | 'begun' | 'oneBlock'>): OpenOutput {
    this.#close();
    const program = command.split(' ', 1)[0] ?? '';
    this.#open = { commands: [command], lines: [], above: '', program, ...rest };
    return this.#open;
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    // Of what nothing but a rule came, lldpcli's is above the first line of its format, nothing came.
    const said = open?.begun === true ? /\S/ : /[^\s=*_-]/;
    if (!open?.lines.some((line) => said.test(line)) || onlyLooksLike(open)) return;
    for (const command of open.commands)
      this.#found.push({ command, text: `${open.lines.join('\n')}\n`, known: open.begun, above: open.above });
  }
}

/** The excerpt that a row begins: below a command line that nothing known followed yet, or where no output goes on. */
function excerptIn(open: OpenOutput | undefined, line: string, hint: string): Excerpt | undefined {
  if (open?.headed && !open.begun) {
    const below = excerptStart(line, open.commands[0] ?? '');
    // "ethtool -S $i": in a loop they may be of several.
    return below?.of === 'interface' && nameAbove(open) === undefined ? undefined : below;
  }
  const directly = open !== undefined && open.lines.at(-1)?.trim() !== '';
  if (directly && !LISTS.has(open.program)) return undefined;
  const found = excerptStart(line, '');
  // Neither ifconfig nor ip prints counters of the driver.
  if (directly && found?.command !== 'ethtool -S') return undefined;
  const program = found?.command.split(' ', 1)[0] ?? '';
  // Of a file that is named after its command the name tells more.
  const named = found?.of !== undefined && ` ${wordsOf(hint)} `.includes(` ${program} `);
  return named || program === open?.program ? undefined : found;
}
