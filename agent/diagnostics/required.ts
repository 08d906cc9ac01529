/** Files without which a fact is none. */

import type { Machine } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';

/** A file's text. @throws Unavailable absent, or not-captured where a captured machine merely lacks the file */
export function required(machine: Machine, path: string): string {
  const text = machine.text(path);
  if (text !== undefined) return text;
  throw nothing(machine, `/${path}`);
}

/** A text with something of its format in it: what has nothing of it is judged by nobody. @throws Unavailable nonsense */
export function inFormat(text: string, format: RegExp, what: string): string {
  if (format.test(text)) return text;
  throw new Unavailable('nonsense', `${what} does not look like it: nothing of its format is in it`);
}

/** The error for what a machine does not have: a captured one may have had it. */
export function nothing(machine: Machine, what: string): Unavailable {
  return machine.live
    ? new Unavailable('absent', `this machine has no ${what}`)
    : new Unavailable('not-captured', `${what} is not in the captured folder`);
}

/** The error for programs of which nothing was saved: why they failed, where that was. */
export function notSaved(machine: Machine, programs: readonly string[]): Unavailable {
  const failed = machine
    .failedCommands?.(() => false)
    .find(({ command }) => programs.includes(command.split(' ', 1)[0] ?? ''));
  return failed
    ? new Unavailable('not-captured', `${failed.command} failed: ${failed.error}`)
    : nothing(machine, `the output of ${programs[0]}`);
}

/** All that was saved of a program which a running machine is not asked with. @throws Unavailable absent, not-captured */
export function savedText(machine: Machine, ...programs: readonly string[]): string {
  return savedTexts(machine, ...programs).join('\n');
}

/** The same, each output by itself. @throws Unavailable absent on a running machine, not-captured */
export function savedTexts(machine: Machine, ...programs: readonly string[]): string[] {
  if (machine.live) throw new Unavailable('absent', `${programs[0]} is read of captured machines only`);
  const texts = programs.flatMap((program) => (machine.saved?.(program) ?? []).map(({ text }) => text));
  if (texts.length === 0) throw notSaved(machine, programs);
  return texts;
}
