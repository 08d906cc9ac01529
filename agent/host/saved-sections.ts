/**
 * Outputs of programs within the text files of a captured folder, found by the command lines that they are of: of what is in a file
 * whose name does not tell it.
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { copiedText } from './copied-text.ts';
import { deviceOfCommand } from './ethtool-device.ts';
import { type FailedCommand, failedFile, failureIn, isErrorValue, isNamed } from './failed-commands.ts';
import { unjudgedFile, unjudgedJson } from './json-parts.ts';
import { bareTexts } from './line-prefixes.ts';
import { repeatOf, tablesOf } from './repeated-outputs.ts';
import { wordsOf } from './saved-outputs.ts';
import { placeOf, valuesIn } from './saved-values.ts';
import { type Cut, sectionsOf } from './section-cutter.ts';
import { UNNAMED } from './section-names.ts';
import { readSmallFile } from './small-file.ts';
import { recordLinesOf } from './structured-logs.ts';

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

/** In longer files, in bytes, which are logs and dumps, only lines of the kernel's log are looked for. */
export const MAX_SECTION_FILE = 2 << 20;
/** Of all files together so many bytes are looked at. */
export const MAX_SECTION_TOTAL = 96 << 20;
/** Outputs with something before each line are looked for in texts of so many characters: what people gather of some machines is no longer. */
export const MAX_PREFIXED = 128 << 10;
/** Packed or binary files, and code: what is in them is no output. */
export const OTHER_FILES =
  /\.(?:gz|xz|zst|bz2|zip|tar|tgz|png|jpe?g|gif|pdf|svg|so|o|ko|bin|pcap|py|sh|js|ts|go|c|h|rb|pl|db)$/i;
/** Of YAML nothing is an output but what kubectl printed of nodes. */
const YAML = /\.ya?ml$/i;
const MAX_YAML = 16 << 20;
const NODES = /^[\s-]{0,8}(?:kind: Node(?:List)?\s*$|lastHeartbeatTime: )/m;
/** What another place has is not what the machine has: of a file's name. */
const ELSEWHERE = /\b(?:netns|nsenter|docker exec|kubectl exec|ssh)\b/;
/** What is gathered from single lines, wherever they stand. */
const OF_LINES = new Set([
  'dmesg',
  'daemons',
  'tainted',
  'taint-told',
  'module-errors',
  'clock-labels',
  'tool-errors',
]);
/** Of these a row of a failed command is none. */
const OF_ROWS = new Set(['daemons']);
/** Whether an output stands as a block. */
const isHeaded = ({ command }: Cut) => !OF_LINES.has(command);
/** An output that is kept. */
type Kept = Section & Pick<Cut, 'known' | 'above'>;

/** An output that a later one took the place of; without its text where it is kept in part. */
export interface Replaced {
  readonly command: string;
  readonly text?: string;
}

/** Outputs with what the records of a log tell that has fields, where the text as it is does not. */
function withRecords(found: readonly Cut[], text: string, hint: string, others: Set<string>): Cut[] {
  const lines = recordLinesOf(text);
  if (lines === '') return [...found];
  const told = new Set(found.map(({ command }) => command));
  return [...found, ...sectionsOf(lines, hint, others).filter(({ command }) => !told.has(command))];
}

/**
 * The outputs in a text; where it has none as it is, those that have something before each of their lines.
 * @param bare whether the latter are looked for
 */
export function outputsIn(text: string, hint: string, others: Set<string>, bare = true): Cut[] {
  const found = withRecords(sectionsOf(text, hint, others), text, hint, others);
  if (
    !bare ||
    text.length > MAX_PREFIXED ||
    found.some(({ known, command }) => known && !OF_LINES.has(command))
  )
    return found;
  for (const one of bareTexts(text)) {
    const more = new Set(one.others);
    const within = sectionsOf(one.text, hint, more);
    if (!within.some(({ known, command }) => known && (command === 'dmesg' || !OF_LINES.has(command))))
      continue;
    for (const host of more) others.add(host);
    const lines = found.filter(({ command }) => OF_LINES.has(command));
    const told = new Set(lines.map(({ command }) => command));
    return [...within.filter(({ command }) => !told.has(command)), ...lines];
  }
  return found;
}

/** The outputs within the files of a folder. */
export class SavedSections {
  readonly #byWords = new Map<string, Kept>();
  readonly #values = new Map<string, { readonly path: string; readonly text: string }>();
  /** Other hosts by the file in which they have outputs, which are not the machine's. */
  readonly others = new Map<string, Set<string>>();
  /** Outputs by the file in which the same command has a later one, which is taken. */
  readonly repeated = new Map<string, Replaced[]>();
  /** Lines of the kernel's log in texts behind the first that has some. */
  readonly moreKernelLines: { readonly path: string; readonly text: string }[] = [];
  /** Commands that printed nothing but an error. */
  readonly failed: FailedCommand[] = [];
  /** Why outputs in JSON cannot be judged, each with its file. */
  readonly unjudged: (readonly [path: string, why: string])[] = [];
  /** Files that are too long to look for outputs in. */
  readonly long: readonly string[];
  /** Files that were not looked at because the time was over, or because there are too many. */
  readonly late: readonly string[];
  readonly tooMany: readonly string[];

  /**
   * @param root the folder. @param paths its text files, below it
   * @param until milliseconds of performance.now() at which no further file is begun
   */
  constructor(root: string, paths: readonly string[], until = Number.POSITIVE_INFINITY) {
    let total = 0;
    let objects = 0;
    const long: string[] = [];
    const late: string[] = [];
    const tooMany: string[] = [];
    for (const path of paths) {
      if (YAML.test(path) && objects > MAX_YAML) continue;
      if (OTHER_FILES.test(path) || ELSEWHERE.test(wordsOf(path))) continue;
      if (total > MAX_SECTION_TOTAL || performance.now() > until) {
        (total > MAX_SECTION_TOTAL ? tooMany : late).push(path);
        continue;
      }
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
      for (const [file, value] of valuesIn(text, path))
        if (!isErrorValue(value)) this.#values.set(file, { path, text: value });
      const others = new Set<string>();
      const hint = path
        .replace(/(?:\.[a-z]{2,4})+$/i, '')
        .split('/')
        .slice(-2)
        .join(' ');
      for (const section of this.#judged(outputsIn(text, hint, others), text, path)) {
        // Each of several nodes has a file of its own.
        const words = wordsOf(yaml ? `${section.command} ${path}` : section.command);
        const { command, ...cut } = section;
        this.#keep({ words, path, ...cut }, command);
      }
      if (others.size > 0) this.others.set(path, others);
    }
    this.long = long;
    this.late = late;
    this.tooMany = tooMany;
  }

  /** Outputs without those of which nothing can be judged, which are kept apart. */
  #judged(all: readonly Cut[], text: string, path: string): Cut[] {
    const unjudged = new Set<string>();
    const of = (why: string | undefined, own: string) => {
      if (why === undefined || unjudged.has(own.trim())) return;
      unjudged.add(own.trim());
      this.unjudged.push([path, why]);
    };
    for (const { command, text: own } of all) of(unjudgedJson(command, own), own);
    if (unjudged.size === 0) of(unjudgedFile(path.slice(path.lastIndexOf('/') + 1), text), text);
    const found = this.#withoutFailed(all, text, path);
    return unjudged.size === 0 ? found : found.filter(({ text: own }) => !unjudged.has(own.trim()));
  }

  /** Outputs without those that hold nothing but an error, which are kept apart. */
  #withoutFailed(found: readonly Cut[], text: string, path: string): Cut[] {
    const failed = new Map<string, Omit<FailedCommand, 'path'>>();
    for (const { command, text: own, known } of found) {
      if (failed.has(own) || (OF_LINES.has(command) && command !== 'dmesg')) continue;
      const error = failureIn(own, command, known);
      if (error !== undefined) failed.set(own, { command, error });
    }
    const blocks = found.filter(isHeaded);
    const isAlone =
      failed.size === 0
        ? found.length === 0 ||
          (found.every(({ command }) => OF_ROWS.has(command)) &&
            (isNamed(path) || failureIn(text, '') !== undefined))
        : blocks.every((one) => failed.has(one.text));
    const whole = isAlone ? failedFile(text, path) : undefined;
    for (const one of failed.values()) this.failed.push({ ...one, path });
    if (whole) {
      if (failed.size === 0) this.failed.push({ ...whole, path });
      failed.set(text, whole);
    }
    if (failed.size === 0) return [...found];
    // "mdadm: cannot open …": what a program said is no log of the daemon of the same name.
    const rows = new Set([...failed.keys()].flatMap((own) => own.split('\n').map((row) => row.trim())));
    return found.flatMap((cut) => {
      if (failed.has(cut.text)) return [];
      if (!OF_ROWS.has(cut.command)) return [cut];
      const left = cut.text.split('\n').filter((row) => row !== '' && !rows.has(row.trim()));
      return left.length === 0 ? [] : [{ ...cut, text: `${left.join('\n')}\n` }];
    });
  }

  /** Takes an output; of one command's in the same text the last, which is how the machine was then, unless they are of different things. */
  #keep(section: Kept, command: string): void {
    const device = deviceOfCommand(command);
    const own = { ...section, ...(device === undefined ? {} : { device }) };
    // What is gathered from single lines of one text replaces nothing of another's.
    if (OF_LINES.has(command) && (this.#byWords.get(section.words)?.path ?? section.path) !== section.path) {
      this.#byWords.set(`${section.words} ${this.#byWords.size}`, section);
      if (command === 'dmesg') this.moreKernelLines.push(section);
      return;
    }
    const before = this.#byWords.get(section.words);
    if (!before || (section.known && !before.known)) this.#byWords.set(section.words, own);
    if (!before || before.known !== section.known || before.path !== section.path) return;
    const tables = /^df\b/.test(section.words);
    // Rows without their heading bring the one that they want.
    const behind = section.above && section.above !== before.above ? section.above : '';
    const { text, replaced, grown } = tables
      ? tablesOf(before.text, `${behind}${section.text}`)
      : repeatOf(before.text, section.text);
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
    if (replaced) {
      const one = tables ? { command } : { command, text: before.text };
      this.repeated.set(section.path, [...(this.repeated.get(section.path) ?? []), one]);
    }
    const earlier = replaced && grown ? { earlier: before.earlier ?? before.text } : {};
    const above = tables && before.above !== undefined ? { above: before.above } : {};
    this.#byWords.set(section.words, { ...own, text, ...earlier, ...above });
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
