/** The command line that goes on where a read stopped, ready to be copied into a shell. */

import type { OptionSpec } from '../commands/declaration.ts';
import { parseFlags } from '../commands/flags.ts';
import { shellWord } from '../shell-word.ts';

/** Options that take a new value, or mean nothing, when a read goes on. */
const LEFT_OUT = new Set(['--resume', '--show-cursor']);

/** A command as it was understood. */
export interface GivenCommand {
  /** "logs" */
  path: string;
  args: readonly string[];
  /** By long names in camel case. */
  options: Readonly<Record<string, unknown>>;
  /** All options that the command knows. */
  specs: readonly OptionSpec[];
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The command to go on with.
 * @param cursor that of the whole read
 * @param isWhole whether every stream has a place in it. One that has none begins as it did at first, with its --tail, which says
 *   nothing to the others
 */
export function resumeCommand(
  { path, args, options, specs, env }: GivenCommand,
  cursor: string,
  isWhole: boolean,
): string {
  const words = ['nodectl', path, ...args];
  for (const spec of specs) {
    const { long, value: placeholder } = parseFlags(spec.flags);
    const negative = long.startsWith('--no-');
    const value = options[camelCase(long.slice(negative ? 5 : 2))];
    if (LEFT_OUT.has(long) || (isWhole && long === '--tail')) continue;
    // What the environment says it will say again.
    if (spec.env !== undefined && value === env[spec.env]) continue;
    if (negative) {
      if (value === false) words.push(long);
    } else if (value === true) {
      if (!placeholder) words.push(long);
    } else if (Array.isArray(value)) for (const one of value) words.push(long, String(one));
    else if (typeof value === 'string') words.push(long, value);
  }
  return [...words, '--resume', cursor].map(shellWord).join(' ');
}

function camelCase(long: string): string {
  return long.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
