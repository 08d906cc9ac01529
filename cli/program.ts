/** From declarations and a command line to the command that was meant, by commander. */

import { Argument, Command, CommanderError, Option } from 'commander';
import { Failure } from '../proto/failure.ts';
import { VERSION } from '../proto/version.ts';
import type { CommandSpec, OptionSpec } from './commands/declaration.ts';
import { COMMON_OPTIONS, outputOption, TARGET_OPTIONS } from './common-options.ts';
import { helpEpilogue } from './help.ts';
import { nearest } from './output/did-you-mean.ts';
import type { Terminal } from './output/terminal.ts';
import type { OptionValues } from './session.ts';

/** A command line that was understood. */
export interface ParsedCommand {
  command: CommandSpec;
  path: string;
  args: readonly string[];
  options: OptionValues;
}

/** All options of a command: its own, those of targets and output where it takes them, and the common ones. */
export function optionsOf(spec: CommandSpec): OptionSpec[] {
  return [
    ...(spec.options ?? []),
    ...(spec.targets && spec.targets !== 'none' ? TARGET_OPTIONS : []),
    ...(spec.output ? [outputOption(spec.output)] : []),
    ...COMMON_OPTIONS,
  ];
}

/**
 * Finds the command and its values. Undefined where help or the version was asked for and printed. Throws BAD_ARGUMENT with
 * a hint where the command line is not valid.
 */
export async function parseCommandLine(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<ParsedCommand | undefined> {
  let parsed: ParsedCommand | undefined;
  const program = buildProgram(commands, terminal, (found) => {
    parsed = found;
  });
  let words = argv.length === 0 ? ['--help'] : [...argv];
  if (words[0] === 'help') {
    const topic = words[1] === undefined ? undefined : (await import('./help-topics.ts')).topicText(words[1]);
    if (topic !== undefined) {
      await terminal.write(topic);
      return undefined;
    }
    words = [...words.slice(1), '--help'];
  }
  try {
    program.parse(words, { from: 'user' });
    return parsed;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return undefined;
    throw usageFailure(error, commands, words);
  }
}

/** The whole program for commander; also what the reference pages are made from. */
export function buildProgram(
  commands: readonly CommandSpec[],
  terminal: Pick<Terminal, 'stdout' | 'style' | 'width'>,
  found: (parsed: ParsedCommand) => void,
): Command {
  const program = new Command('nodectl')
    .description('Manage Linux nodes without SSH: logs, upgrades and diagnostics over mutual TLS.')
    .usage('<command> [options]')
    .version(`nodectl ${VERSION}`, '-V, --version', 'print the version of nodectl itself')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({
      showGlobalOptions: false,
      styleTitle: (text) => terminal.style('bold', text),
      // A pipe has no width, but help without line breaks cannot be read.
      helpWidth: Math.min(terminal.width ?? 100, 100),
    })
    .configureOutput({
      writeOut: (text) => {
        terminal.stdout.write(text);
      },
      // The failure that is thrown says it all.
      writeErr: () => {},
      outputError: () => {},
    });
  program.addHelpText(
    'after',
    '\nHelp on more: nodectl help targets|output|contexts|environment|exit-codes\nHelp on a command: nodectl <command> --help',
  );
  for (const spec of commands) addCommand(program, spec, '', found);
  return program;
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  prefix: string,
  found: (parsed: ParsedCommand) => void,
): void {
  const path = prefix ? `${prefix} ${spec.name}` : spec.name;
  // A subcommand made this way takes over the settings of its parent.
  const command = parent.command(spec.name, { hidden: spec.hidden ?? false }).summary(spec.summary);
  command.description(spec.description ? `${spec.summary}\n\n${spec.description}` : spec.summary);
  if (prefix === '') command.helpGroup(`${spec.group}:`);
  for (const { name, description, required, variadic, choices } of spec.arguments ?? []) {
    const inner = variadic ? `${name}...` : name;
    const argument = new Argument(required ? `<${inner}>` : `[${inner}]`, description);
    if (choices) argument.choices([...choices]);
    command.addArgument(argument);
  }
  if (spec.subcommands) {
    for (const one of spec.subcommands) addCommand(command, one, path, found);
    return;
  }
  for (const option of optionsOf(spec)) command.addOption(commanderOption(option));
  const epilogue = helpEpilogue(spec);
  if (epilogue) command.addHelpText('after', epilogue);
  command.allowExcessArguments(false).action(() => {
    found({ command: spec, path, args: command.args, options: command.optsWithGlobals() });
  });
}

function commanderOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  if (spec.choices) option.choices([...spec.choices]);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.repeatable)
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

/** What commander found wrong, as one of our failures. */
function usageFailure(
  error: CommanderError,
  commands: readonly CommandSpec[],
  argv: readonly string[],
): Failure {
  const words = argv.filter((word) => !word.startsWith('-'));
  const group = commands.find(({ name }) => name === words[0]);
  if (error.code === 'commander.help')
    return new Failure('BAD_ARGUMENT', `"nodectl ${group?.name ?? ''}" needs to know what to do`, {
      hint: `it knows ${group?.subcommands?.map(({ name }) => name).join(', ')}; see nodectl ${group?.name ?? ''} --help`,
    });
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const told = /Did you mean (?:one of )?(.*)\?\)/.exec(suggestion ?? '')?.[1];
  const near =
    told ??
    (error.code === 'commander.unknownCommand'
      ? nearest(words.at(-1) ?? '', namesNear(group, commands))
      : undefined);
  const help = `see nodectl ${[group?.name, ...(group?.subcommands ? words.slice(1, 2) : [])].filter(Boolean).join(' ')} --help`;
  return new Failure('BAD_ARGUMENT', first, {
    hint: near ? `did you mean "${near}"?` : help.replace('  ', ' '),
  });
}

function namesNear(group: CommandSpec | undefined, commands: readonly CommandSpec[]): string[] {
  return (group?.subcommands ?? commands).filter(({ hidden }) => !hidden).map(({ name }) => name);
}
