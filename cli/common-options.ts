/** Options that many commands share, with one meaning everywhere. */

import type { CommandSpec, OptionSpec } from './commands/declaration.ts';
import { FORMATS } from './output/format-names.ts';

/** Which nodes. */
export const TARGET_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-n, --node <names>',
    description: 'these nodes: names and ranges, as in web-[1-20],db-1',
    repeatable: true,
    complete: 'node',
  },
  {
    flags: '-l, --selector <labels>',
    description: "nodes with these labels, as in rack=a,'env in (prod,stage)'",
    repeatable: 'joined',
    complete: 'label',
  },
  { flags: '--all', description: 'all nodes of the context' },
  {
    flags: '--timeout <duration>',
    description: 'how long a node may take to connect (default 5s), and then to answer (default 15s)',
    type: 'duration',
    env: 'NODECTL_TIMEOUT',
  },
  { flags: '--parallel <n>', description: 'how many nodes are called at once (default 32)', type: 'whole' },
];

/** What every command takes. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--context <name>',
    description: 'the context to use',
    env: 'NODECTL_CONTEXT',
    complete: 'context',
  },
  { flags: '--config <file>', description: 'the contexts file', env: 'NODECTL_CONFIG', complete: 'file' },
  {
    flags: '--color <when>',
    description: 'colour: auto, always, never',
    choices: ['auto', 'always', 'never'],
  },
  { flags: '--no-color', description: 'no colour, as NO_COLOR does' },
];

/** Not an option of any command in the parser's sense, but shown and completed with each. */
export const HELP_OPTION: OptionSpec = { flags: '-h, --help', description: 'show this help' };

/** Stands before any command. */
export const VERSION_OPTION: OptionSpec = {
  flags: '-V, --version',
  description: 'print the version of nodectl itself',
};

/** For commands that change something. */
export const CHANGE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--dry-run', description: 'have the nodes check the request and say what would be done' },
  { flags: '-y, --yes', description: 'do not ask' },
];

const DEFAULTS = {
  true: 'table',
  progress: 'table; jsonl where stdout is no terminal',
  watch: 'table; with --watch jsonl where stdout is no terminal',
} as const;

/** -o with a command's formats. */
export function outputOption(output: Exclude<CommandSpec['output'], undefined | false>): OptionSpec {
  const formats = typeof output === 'object' ? output.formats : [...FORMATS, 'jsonpath=EXPR'];
  const first =
    typeof output === 'object' ? output.default : DEFAULTS[String(output) as keyof typeof DEFAULTS];
  return {
    flags: '-o, --output <format>',
    description: `${formats.join(', ')} (default ${first})`,
    env: 'NODECTL_OUTPUT',
  };
}

/** The formats of a command, for completion; none where it takes no -o. */
export function formatsOf(spec: CommandSpec): readonly string[] {
  if (!spec.output) return [];
  return typeof spec.output === 'object' ? spec.output.formats : [...FORMATS, 'jsonpath='];
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

/** Options that may stand before the command: they mean there what they mean behind it. */
export function leadingOptions(): OptionSpec[] {
  return [...TARGET_OPTIONS, outputOption(true), ...COMMON_OPTIONS];
}
