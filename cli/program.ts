/** From declarations and a command line to the command that was meant. Only that one command is built for commander. */

import type { Command, CommanderError, Option } from 'commander';
import { nearest } from '../proto/did-you-mean.ts';
import { Failure } from '../proto/failure.ts';
import type { CommandSpec, OptionSpec } from './commands/declaration.ts';
import { parseFlags } from './commands/flags.ts';
import { leadingOptions, optionsOf } from './common-options.ts';
import { parseDuration } from './duration.ts';
import type { OptionValues } from './session.ts';
import { shellWord } from './shell-word.ts';

export { optionsOf } from './common-options.ts';

/** A command line that was understood. */
export interface ParsedCommand {
  command: CommandSpec;
  path: string;
  args: readonly string[];
  options: OptionValues;
}

/** What a command line asks for. */
export type Request =
  | { kind: 'run'; parsed: ParsedCommand }
  /** A page: of a command, of a group, or the first one where there is no command. */
  | { kind: 'help'; command?: CommandSpec; path: string }
  | { kind: 'topic'; topic: string }
  | { kind: 'version' };

type Environment = Readonly<Record<string, string | undefined>>;

/** Understands a command line. Throws BAD_ARGUMENT with a hint where it is not valid. */
export async function parseCommandLine(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  env: Environment = {},
): Promise<Request> {
  const found = findCommand(commands, argv);
  if ('kind' in found) return found;
  const { command, path, rest } = found;
  if (asksForHelp(optionsOf(command), rest)) return { kind: 'help', command, path };
  const { args, options } = await parseOptions(command, path, rest);
  return { kind: 'run', parsed: { command, path, args, options: withEnvironment(command, options, env) } };
}

/** The command that the first words lead to. Common options may stand before it; they are moved behind it. */
function findCommand(
  commands: readonly CommandSpec[],
  argv: readonly string[],
): Exclude<Request, { kind: 'run' }> | { command: CommandSpec; path: string; rest: string[] } {
  const leading = leadingOptions();
  const moved: string[] = [];
  const path: string[] = [];
  let command: CommandSpec | undefined;
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '-h' || word === '--help') return help(command, path);
    if ((word === '-V' || word === '--version') && !command) return { kind: 'version' };
    if (word.startsWith('-') && word !== '-') {
      const option = optionNamed(leading, word.split('=', 1)[0] ?? '');
      if (!option) throw unknownLeading(word, command, path);
      moved.push(word);
      if (parseFlags(option.flags).value && !word.includes('=')) moved.push(...argv.slice(++at, at + 1));
      continue;
    }
    if (word === 'help' && !command) return helpOn(commands, argv.slice(at + 1));
    const among: readonly CommandSpec[] = command?.subcommands ?? commands;
    const next = commandNamed(among, word);
    if (!next) throw unknownCommand(word, among, path);
    command = next;
    path.push(next.name);
    const further = subcommandAt(next, argv, at + 1);
    if (further === undefined)
      return { command, path: path.join(' '), rest: [...moved, ...argv.slice(at + 1)] };
    moved.push(...argv.slice(at + 1, further));
    at = further - 1;
  }
  if (!command) return { kind: 'help', path: '' };
  throw new Failure('BAD_ARGUMENT', `"nodectl ${path.join(' ')}" needs to know what to do`, {
    hint: `it knows ${names(command.subcommands ?? []).join(', ')}; see nodectl ${path.join(' ')} --help`,
  });
}

/**
 * Where to look for the command below this one, or undefined where this one is meant itself. One that has both an action and
 * commands below it is left for one of those only where its first word, not counting options, names one; "--" keeps it.
 */
function subcommandAt(spec: CommandSpec, argv: readonly string[], from: number): number | undefined {
  if (!spec.subcommands) return undefined;
  if (!spec.load) return from;
  const options = optionsOf(spec);
  for (let at = from; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return undefined;
    if (!word.startsWith('-') || word === '-') return commandNamed(spec.subcommands, word) ? at : undefined;
    if (takesNext(optionNamed(options, word))) at++;
  }
  return undefined;
}

function help(command: CommandSpec | undefined, path: readonly string[]): Request & { kind: 'help' } {
  return { kind: 'help', ...(command ? { command } : {}), path: path.join(' ') };
}

/** `nodectl help WORDS`: a topic or a command. */
function helpOn(
  commands: readonly CommandSpec[],
  words: readonly string[],
): Exclude<Request, { kind: 'run' }> {
  let among = commands;
  let command: CommandSpec | undefined;
  const path: string[] = [];
  const plain = words.filter((one) => !one.startsWith('-'));
  for (const word of plain) {
    const next = commandNamed(among, word);
    // Whether it is a topic is known to whoever prints it: the pages are loaded there. A topic goes before another name of
    // a command, as "contexts" is both.
    if (!command && (!next || (plain.length === 1 && next.name !== word)))
      return { kind: 'topic', topic: word };
    if (!next) throw unknownCommand(word, among, path);
    command = next;
    path.push(next.name);
    among = next.subcommands ?? [];
  }
  return help(command, path);
}

function commandNamed(among: readonly CommandSpec[], word: string): CommandSpec | undefined {
  return among.find(({ name, aliases }) => name === word || aliases?.includes(word));
}

function optionNamed(options: readonly OptionSpec[], word: string): OptionSpec | undefined {
  return options.find(({ flags }) => {
    const { short, long } = parseFlags(flags);
    return word === long || word === short;
  });
}

/** The names of commands that are shown. */
export function names(commands: readonly CommandSpec[]): string[] {
  return commands.filter(({ hidden }) => !hidden).map(({ name }) => name);
}

function unknownCommand(word: string, among: readonly CommandSpec[], path: readonly string[]): Failure {
  const before = path.length > 0 ? ` of "nodectl ${path.join(' ')}"` : '';
  if (among.length === 0)
    return new Failure('BAD_ARGUMENT', `"nodectl ${path.join(' ')}" has no commands of its own`, {
      hint: `see nodectl ${path.join(' ')} --help`,
    });
  const near = nearest(word, names(among));
  const page = ['nodectl', ...path, '--help'].join(' ');
  return new Failure('BAD_ARGUMENT', `"${word.slice(0, 80)}" is not a command${before}`, {
    hint: near ? `did you mean "${['nodectl', ...path, near].join(' ')}"?` : `see ${page}`,
  });
}

function unknownLeading(word: string, command: CommandSpec | undefined, path: readonly string[]): Failure {
  const page = ['nodectl', ...path, '--help'].join(' ');
  return new Failure('BAD_ARGUMENT', `the option ${word.slice(0, 80)} is not known before a command`, {
    hint: `write it behind the ${command ? 'last word of the ' : ''}command; see ${page}`,
  });
}

/** Whether the words hold --help, and not as the value of an option or behind "--". */
function asksForHelp(options: readonly OptionSpec[], words: readonly string[]): boolean {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return false;
    if (word === '-h' || word === '--help') return true;
    if (takesNext(optionNamed(options, word))) at++;
  }
  return false;
}

/** Whether the word behind an option is its value. */
function takesNext(option: OptionSpec | undefined): boolean {
  if (!option) return false;
  const { value, optional } = parseFlags(option.flags);
  return value !== '' && !optional;
}

/** Options and arguments by commander. */
async function parseOptions(
  spec: CommandSpec,
  path: string,
  words: readonly string[],
): Promise<{ args: string[]; options: Record<string, unknown> }> {
  const commander = await import('commander');
  const command = new commander.Command(path)
    .helpOption(false)
    .exitOverride()
    // The failure that is thrown says it all.
    .configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} })
    .allowExcessArguments(false);
  for (const { name, description, required, variadic, choices } of spec.arguments ?? []) {
    const inner = variadic ? `${name}...` : name;
    const argument = new commander.Argument(required ? `<${inner}>` : `[${inner}]`, description);
    if (choices) argument.choices([...choices]);
    command.addArgument(argument);
  }
  for (const option of optionsOf(spec)) command.addOption(commanderOption(commander.Option, option));
  command.action(() => {});
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (error instanceof commander.CommanderError) throw usageFailure(error, command, path, spec, words);
    throw error;
  }
  for (const option of optionsOf(spec)) refuseAlone(command, option);
  return { args: command.args, options: command.opts() };
}

/** Refuses an option that was written without the one that gives it its meaning: it would do nothing, in silence. */
function refuseAlone(command: Command, { flags, needs }: OptionSpec): void {
  const written = (long: string) => command.getOptionValueSource(keyOf(long)) === 'cli';
  const { long } = parseFlags(flags);
  if (needs === undefined || !written(long) || written(needs)) return;
  throw new Failure('BAD_ARGUMENT', `${long} does nothing without ${needs}`, {
    hint: `write ${needs} too, or leave ${long} out`,
  });
}

/** Under which key commander keeps an option: "dryRun" for "--dry-run". */
function keyOf(long: string): string {
  return long.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function commanderOption(OptionClass: typeof Option, spec: OptionSpec): Option {
  const option = new OptionClass(spec.flags, spec.description);
  if (spec.choices) option.choices([...spec.choices]);
  if (spec.default !== undefined) option.default(spec.default);
  const { type } = spec;
  if (spec.repeatable === 'joined')
    option.argParser((value: string, before: string | undefined) =>
      before === undefined ? value : `${before},${value}`,
    );
  else if (spec.repeatable)
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  else if (type)
    option.argParser((value: string) => {
      checkType(parseFlags(spec.flags).long, value, type);
      return value;
    });
  return option;
}

function checkType(name: string, value: string, type: NonNullable<OptionSpec['type']>): void {
  if (type === 'whole' ? /^\d{1,9}$/.test(value) : parseDuration(value) !== undefined) return;
  const [what, example] = type === 'whole' ? ['a whole number', `${name} 20`] : ['a duration', `${name} 90s`];
  throw new Failure('BAD_ARGUMENT', `${name} ${value.slice(0, 40) || '""'} is not ${what}`, {
    hint: `write for example ${example}`,
  });
}

/** Options that were not written get their value from the environment, where they name a variable for it. */
function withEnvironment(
  spec: CommandSpec,
  options: Record<string, unknown>,
  env: Environment,
): OptionValues {
  const all = { ...options };
  for (const option of optionsOf(spec)) {
    const value = option.env === undefined ? undefined : env[option.env];
    const { long } = parseFlags(option.flags);
    const key = keyOf(long);
    if (!value || all[key] !== undefined) continue;
    // A format that suits most commands must not break those that do not know it.
    if (long === '--output' && typeof spec.output === 'object' && !spec.output.formats.includes(value))
      continue;
    if (option.type) checkType(option.env ?? long, value, option.type);
    all[key] = value;
  }
  return all;
}

/** What commander found wrong, as one of our failures. */
function usageFailure(
  error: CommanderError,
  command: Command,
  path: string,
  spec: CommandSpec,
  words: readonly string[],
): Failure {
  const [first = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const near = /Did you mean (?:one of )?(.*)\?\)/.exec(suggestion)?.[1];
  const wanted = command.registeredArguments.map((argument) => {
    const inner = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${inner}>` : `[${inner}]`;
  });
  const usage = ['nodectl', path, ...wanted].join(' ');
  const excess = command.args[wanted.length];
  const takesNodes = spec.targets !== undefined && spec.targets !== 'none';
  const hint =
    error.code === 'commander.excessArguments' && takesNodes && excess !== undefined
      ? `write ${usage}; nodes are named with -n, as in: nodectl ${path} -n ${shellWord(excess.slice(0, 80))}`
      : error.code === 'commander.excessArguments' || error.code === 'commander.missingArgument'
        ? `write ${usage}; see nodectl ${path} --help`
        : `see nodectl ${path} --help`;
  // A word that is no argument may be meant for a command below this one.
  const below =
    error.code === 'commander.invalidArgument'
      ? nearest(words[0] ?? '', names(spec.subcommands ?? []))
      : undefined;
  const foreign = spec.foreign?.[/unknown option '(--[^\s'=]+|-[^\s'])/.exec(first)?.[1] ?? ''];
  const meant = near ?? (below && `"nodectl ${path} ${below}"`);
  const told = first.replace(
    /^command-argument value (.*) is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/,
    '$1 is no $2; there are $3',
  );
  return new Failure('BAD_ARGUMENT', told.replaceAll("'", '"'), {
    hint: foreign ?? (meant ? `did you mean ${meant}?` : hint),
  });
}
