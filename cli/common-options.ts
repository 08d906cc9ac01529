/** Options that many commands share, with one meaning everywhere. */

import type { OptionSpec } from './commands/declaration.ts';

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
    complete: 'label',
  },
  { flags: '--all', description: 'all nodes of the context' },
  { flags: '--timeout <duration>', description: 'how long a node may take to answer (default 15s)' },
];

/** What every command takes. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--context <name>', description: 'the context to use [NODECTL_CONTEXT]', complete: 'context' },
  { flags: '--config <file>', description: 'the contexts file [NODECTL_CONFIG]', complete: 'file' },
  {
    flags: '--color <when>',
    description: 'colour: auto, always, never',
    choices: ['auto', 'always', 'never'],
  },
  { flags: '--no-color', description: 'no colour, as NO_COLOR does' },
];

/** For commands that change something. */
export const CHANGE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--dry-run', description: 'have the nodes check the request and say what would be done' },
  { flags: '-y, --yes', description: 'do not ask' },
];

/** -o with a command's formats. */
export function outputOption(output: true | { formats: readonly string[]; default: string }): OptionSpec {
  const formats =
    output === true ? 'table, wide, json, jsonl, yaml, name, jsonpath=EXPR' : output.formats.join(', ');
  const first = output === true ? 'table' : output.default;
  return { flags: '-o, --output <format>', description: `${formats} (default ${first})` };
}
