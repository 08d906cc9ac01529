/**
 * Loops of the shell over devices: `for i in eth0 eth1; do echo $i; ethtool -S $i | grep err; done`. What such a command prints is of one
 * device after the other, told by names that the loop prints, or by their order in its list.
 */

import { UNNAMED } from './section-names.ts';
import { interfaceHeading } from './section-starts.ts';

/** "for i in eth0 eth1; do", "for i in $(ls /sys/class/net)". */
const FOR = /\bfor\s+([a-z_]\w{0,30})\s+in\s+([^;]{1,200}?)\s*(?:;|$)/i;
/** "while read -r nic; do". */
const READ = /\bwhile\s+(?:IFS=\S*\s+)?read\s+(?:-\w+\s+)*([a-z_]\w{0,30})\s*(?:;|$)/i;
const WORD = /^[\w.:@/-]{1,64}$/;
const RANGE = /^(.*)\{(\d{1,3})\.\.(\d{1,3})\}(.*)$/;
const CHOICE = /^(.*)\{([\w.,-]{1,120})\}(.*)$/;
const MARKS = /^[\s=*#+>|~:[\]"'`_.-]{0,100}|[\s=*#|~:[\]"'`_-]{1,100}$/g;
/** Filters that keep some rows of one device and others of the next. */
const BY_VALUE = /\|\s*(?:[ef]?grep\s+(?:-\w+\s+)*-\w*v|awk|sed|perl)\b/;
const MOST = 128;
/** The name of a row: "rx_crc_errors", "Link detected". */
const ROW = /^\s*(\S[^:]{0,80}):\s*\S/;

/** Which words a loop goes over. */
export interface ShellList {
  readonly variable: string;
  /** Empty where the shell alone knew them. */
  readonly words: readonly string[];
}

/** The list of the loop that a line begins; undefined for another line. */
export function shellListOf(line: string): ShellList | undefined {
  if (line.length > 300 || !/\b(?:for|read)\s/.test(line)) return undefined;
  const [, variable, list = ''] = FOR.exec(line) ?? [];
  if (variable === undefined) {
    const read = READ.exec(line)?.[1];
    return read === undefined ? undefined : { variable: read, words: [] };
  }
  const words = list.split(/\s+/).flatMap(expanded).slice(0, MOST);
  return { variable, words: words.every((word) => WORD.test(word)) ? words : [] };
}

function expanded(word: string): string[] {
  const [, before = '', from, to, behind = ''] = RANGE.exec(word) ?? [];
  if (from !== undefined && Number(to) - Number(from) < MOST)
    return Array.from(
      { length: Math.max(0, Number(to) - Number(from) + 1) },
      (_, at) => `${before}${Number(from) + at}${behind}`,
    );
  const [, first = '', choices, last = ''] = CHOICE.exec(word) ?? [];
  return choices === undefined ? [word] : choices.split(',').map((one) => `${first}${one}${last}`);
}

/** A command within a loop, and how far its outputs came. */
export class ShellLoop {
  readonly #command: string;
  readonly #words: readonly string[];
  readonly #variable: RegExp;
  #at = 0;

  private constructor(command: string, words: readonly string[], variable: RegExp) {
    this.#command = command;
    this.#words = words;
    this.#variable = variable;
  }

  /**
   * The loop that a command is in; undefined where it has not its variable.
   * @param line the line of the command, which may keep rows by their values: their order tells no device then
   */
  static of(command: string, list: ShellList | undefined, line: string): ShellLoop | undefined {
    if (!list) return undefined;
    const words = BY_VALUE.test(line) ? [] : list.words;
    const pattern = new RegExp(`["']?\\$(?:${list.variable}\\b|\\{${list.variable}\\})["']?`);
    return pattern.test(command) ? new ShellLoop(command, words, pattern) : undefined;
  }

  /** The command as it was run first; the text of the loop's where nothing tells. */
  first(): string {
    return this.#words.length === 0 ? this.#command : this.#with(this.#words[0] ?? '');
  }

  /** The command as it was run next, for a device without a name where the list does not tell; undefined behind its end. */
  next(): string | undefined {
    const word = this.#words[++this.#at];
    if (this.#words.length === 0) return this.#with(`${UNNAMED}${this.#at + 1}`);
    return word === undefined ? undefined : this.#with(word);
  }

  /** The command as it was run for the device whose name is all that a line has; undefined for another line. */
  named(line: string): string | undefined {
    const bare = line.length > 100 ? '' : line.replace(MARKS, '');
    const at = this.#words.findIndex((word) => word === bare || this.#whole(word) === bare);
    if (at >= 0) {
      this.#at = at;
      return this.#with(this.#words[at] ?? '');
    }
    const name = interfaceHeading(line);
    return name === undefined ? undefined : this.#command.replace(this.#around(), name);
  }

  #with(word: string): string {
    return this.#command.replace(this.#variable, word);
  }

  /** The word that the variable is in. */
  #whole(word: string): string | undefined {
    return this.#around().exec(this.#command)?.[0].replace(this.#variable, word).replace(/["']/g, '');
  }

  #around(): RegExp {
    return new RegExp(`[\\w.:@/"'-]*${this.#variable.source}[\\w.:@/"'-]*`);
  }
}

/** Whether the name of a row is among the lines already, so that those of the next device begin with it. */
export function comesAgain(lines: readonly string[], line: string): boolean {
  const name = ROW.exec(line)?.[1];
  return name !== undefined && lines.some((one) => ROW.exec(one)?.[1] === name);
}
