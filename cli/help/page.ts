/**
 * Help pages, made from the declarations alone, so that `--help` loads no parser. The man pages and docs/cli.md are made
 * from the same parts (cli/reference.ts).
 */

import type { ArgumentSpec, CommandSpec, Group, OptionSpec } from '../commands/declaration.ts';
import { parseFlags } from '../commands/flags.ts';
import {
  COMMON_OPTIONS,
  HELP_OPTION,
  outputOption,
  TARGET_OPTIONS,
  VERSION_OPTION,
} from '../common-options.ts';
import { TOPIC_NAMES } from './topics.ts';
import { twoColumns, wrap } from './wrap.ts';

/** How a page is shown. */
export interface PageStyle {
  width: number;
  /** Sets a heading off. */
  heading: (text: string) => string;
}

/** What nodectl is, in one sentence. */
export const ABOUT = 'Manage Linux nodes without SSH: logs, state and access over mutual TLS.';

/** The headings of the first page, in their order. */
export const GROUPS: readonly Group[] = [
  'Nodes',
  'Config',
  'Upgrades',
  'Diagnostics',
  'Logs',
  'Access',
  'Set-up',
  'Help',
];

/** Options of a command under their headings. */
export interface OptionGroup {
  title: string;
  options: readonly OptionSpec[];
}

/** The options of a command, grouped as its page shows them. Empty groups are left out. */
export function optionGroups(spec: CommandSpec): OptionGroup[] {
  const targets = spec.targets !== undefined && spec.targets !== 'none';
  const groups: OptionGroup[] = [
    {
      title: 'Options',
      options: [...(spec.options ?? []), ...(spec.output ? [outputOption(spec.output)] : [])],
    },
    { title: 'Which nodes', options: targets ? TARGET_OPTIONS : [] },
    { title: 'Common options', options: [...COMMON_OPTIONS, HELP_OPTION] },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/** What an option's line says: its description with choices, default and environment variable. */
export function optionText({ description, default: first, choices, env, repeatable }: OptionSpec): string {
  const notes = [
    choices && !choices.every((one) => description.includes(one)) ? `one of ${choices.join(', ')}` : '',
    first !== undefined && first !== false ? `default ${String(first)}` : '',
    repeatable && !description.includes('repeated') ? 'may be repeated' : '',
  ].filter(Boolean);
  return `${description}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}${env ? ` [${env}]` : ''}`;
}

/** How an argument is written. */
function argumentText({ name, required, variadic }: ArgumentSpec): string {
  const inner = `${name}${variadic ? '...' : ''}`;
  return required ? `<${inner}>` : `[${inner}]`;
}

/** Whether a command does something itself, and is not only the name of a group. */
export function hasAction(spec: CommandSpec): boolean {
  return spec.load !== undefined || spec.subcommands === undefined;
}

/** The line that shows how a command is called itself; for a group, how those below it are. */
export function usageLine(spec: CommandSpec, path: string): string {
  if (!hasAction(spec)) return `nodectl ${path} <command> [options]`;
  return ['nodectl', path, ...(spec.arguments ?? []).map(argumentText), '[options]'].join(' ');
}

/** Flags aligned so that long ones stand below each other whether or not there is a short one. */
function flagsText(flags: string): string {
  return parseFlags(flags).short === '' ? `    ${flags}` : flags;
}

/** The page of `nodectl --help`. */
export function rootPage(commands: readonly CommandSpec[], { width, heading }: PageStyle): string {
  const groups = GROUPS.map((group) => ({
    group,
    rows: commands
      .filter((spec) => spec.group === group && !spec.hidden)
      .map(({ name, summary }) => [name, summary] as const),
  })).filter(({ rows }) => rows.length > 0);
  const column = Math.max(...groups.flatMap(({ rows }) => rows.map(([name]) => name.length)));
  const options = [...COMMON_OPTIONS, VERSION_OPTION, HELP_OPTION].map(
    (option) => [flagsText(option.flags), optionText(option)] as const,
  );
  return [
    wrap(ABOUT, width),
    '',
    `${heading('Usage:')} nodectl <command> [options]`,
    ...groups.flatMap(({ group, rows }) => [
      '',
      heading(`${group}:`),
      twoColumns(
        rows.map(([name, summary]) => [name.padEnd(column), summary]),
        width,
      ),
    ]),
    '',
    heading('Options:'),
    twoColumns(options, width),
    '',
    `Help on a command: nodectl <command> --help`,
    wrap(`Help on more: nodectl help ${TOPIC_NAMES.join('|')}`, width),
    '',
  ].join('\n');
}

/** The page of one command or of a group of commands. */
export function commandPage(spec: CommandSpec, path: string, { width, heading }: PageStyle): string {
  const lines = [wrap(`${spec.summary}.`, width), '', `${heading('Usage:')} ${usageLine(spec, path)}`];
  if (spec.subcommands && hasAction(spec)) lines.push(`       nodectl ${path} <command> [options]`);
  if (spec.aliases?.length) lines.push(`${heading('Also:')} ${spec.aliases.join(', ')}`);
  for (const paragraph of spec.description?.split('\n\n') ?? []) lines.push('', wrap(paragraph, width));
  const section = (title: string, text: string) => lines.push('', heading(`${title}:`), text);
  const shown = spec.subcommands?.filter(({ hidden }) => !hidden) ?? [];
  if (shown.length > 0)
    section(
      'Commands',
      twoColumns(
        shown.map(({ name, summary }) => [name, summary]),
        width,
      ),
    );
  const described = (spec.arguments ?? []).map((one) => [one.name, argumentDescription(one)] as const);
  if (described.length > 0) section('Arguments', twoColumns(described, width));
  if (hasAction(spec))
    for (const { title, options } of optionGroups(spec))
      section(
        title,
        twoColumns(
          options.map((option) => [flagsText(option.flags), optionText(option)]),
          width,
        ),
      );
  const examples = (spec.examples ?? []).map(({ command, about }) => `  # ${about}\n  ${command}`);
  if (examples.length > 0) section('Examples', examples.join('\n\n'));
  const codes = Object.entries(spec.exitCodes ?? {}).map(([code, meaning]) => [code, meaning] as const);
  if (codes.length > 0) section('Exit statuses beside the usual ones', twoColumns(codes, width));
  if (spec.subcommands) lines.push('', `Help on one of them: nodectl ${path} <command> --help`);
  if (hasAction(spec) && spec.targets && spec.targets !== 'none')
    lines.push('', 'More: nodectl help targets|output|exit-codes');
  return `${lines.join('\n')}\n`;
}

/** An argument's description with its choices. */
export function argumentDescription({ description, choices }: ArgumentSpec): string {
  if (!choices || choices.every((one) => description.includes(one))) return description;
  return `${description} (one of ${choices.join(', ')})`;
}
