/** The kernel's command line: its parameters, with values that are secret left out. */

import { line, type Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';

/** A parameter. Dashes in names are underscores, since the kernel takes both for the same. */
export interface Parameter {
  readonly name: string;
  /** Empty for a parameter without a value. */
  readonly value: string;
}

/** A command line. */
export interface CommandLine {
  /** As it was given, with secrets masked. */
  readonly text: string;
  /** The kernel's own, up to "--"; later ones of the same name come later. */
  readonly parameters: readonly Parameter[];
}

const SECRET =
  /pass(?:wd|word|phrase|code)?(?![a-z])|secret|token|api_?key|(?:^|[._-])key$|priv(?:ate)?_?key|credential|psk|auth_?key/i;
const URL_WITH_USER = /\b(\w{1,16}:\/\/[^\s/:@]*):[^\s/@]*@/g;
/** netroot=iscsi:USER:PASSWORD@SERVER…, as dracut takes it. */
const ISCSI_WITH_USER = /\b(iscsi):[^\s@]*@/g;
/** The longest that an architecture takes (COMMAND_LINE_SIZE of s390). */
const MAX_LENGTH = 4_096;

/** Splits a command line as the kernel does (lib/cmdline.c next_arg): double quotes hold white space together. */
export function parseCommandLine(raw: string): CommandLine {
  const words = wordsOf(raw.slice(0, MAX_LENGTH).trim());
  const masked = words.map(mask);
  const end = words.indexOf('--');
  const parameters = (end < 0 ? masked : masked.slice(0, end)).map((word): Parameter => {
    const at = word.indexOf('=');
    const name = (at < 0 ? word : word.slice(0, at)).replace(/^"/, '').replaceAll('-', '_');
    return { name, value: at < 0 ? '' : word.slice(at + 1).replace(/^"|"$/g, '') };
  });
  return { text: masked.join(' '), parameters };
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (/\s/.test(character) && !quoted) {
      if (word !== '') words.push(word);
      word = '';
    } else word += character;
  }
  if (word !== '') words.push(word);
  return words;
}

/** Values of parameters whose name sounds like a secret, and passwords within addresses. */
function mask(word: string): string {
  const at = word.indexOf('=');
  if (at > 0 && SECRET.test(word.slice(0, at))) return `${word.slice(0, at)}=***`;
  return word.replace(URL_WITH_USER, '$1:***@').replace(ISCSI_WITH_USER, '$1:***@');
}

/** The last value of a parameter; undefined where it is not there. */
export function parameter({ parameters }: CommandLine, name: string): string | undefined {
  return parameters.findLast((one) => one.name === name)?.value;
}

/** The command line of a machine. @throws Unavailable */
function readCommandLine(machine: Machine): CommandLine | undefined {
  const text = line(machine, 'proc/cmdline');
  return text === undefined ? undefined : parseCommandLine(text);
}

/** The command line as a fact; an empty one where it is not there. */
export const commandLine = fact({
  id: 'kernel.command-line',
  reads: ['/proc/cmdline'],
  limitMs: 1_000,
  read: ({ machine }): CommandLine => readCommandLine(machine) ?? { text: '', parameters: [] },
});
