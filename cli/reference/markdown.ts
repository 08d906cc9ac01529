/** docs/cli.md: every command and topic on one page, from the declarations. */

import type { CommandSpec } from '../commands/declaration.ts';
import {
  ABOUT,
  argumentDescription,
  GROUPS,
  hasAction,
  optionGroups,
  optionText,
  rootPage,
  usageLine,
} from '../help/page.ts';
import { TOPIC_NAMES, topic } from '../help/topics.ts';

const NOTE = '<!-- Made by `npm run gen:docs` from cli/commands. Changes here are lost. -->';

/** The page. */
export function markdownReference(commands: readonly CommandSpec[]): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  return [
    NOTE,
    '# The nodectl command line',
    '',
    ABOUT,
    '',
    '```',
    rootPage(commands, { width: 100, heading: (text) => text }).trimEnd(),
    '```',
    '',
    ...GROUPS.flatMap((group) => [
      `## ${group}`,
      '',
      ...shown.filter((spec) => spec.group === group).flatMap((spec) => commandSection(spec, spec.name, 3)),
    ]),
    '## Topics',
    '',
    ...TOPIC_NAMES.flatMap((name) => {
      const found = topic(name);
      const blocks = (found?.parts ?? []).flatMap((part) =>
        typeof part === 'string' ? [escaped(part), ''] : ['```', ...part, '```', ''],
      );
      return [`### ${name}`, '', `${found?.title}.`, '', ...blocks];
    }),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function commandSection(spec: CommandSpec, path: string, level: number): string[] {
  const lines = [`${'#'.repeat(level)} nodectl ${path}`, '', `${escaped(spec.summary)}.`, ''];
  if (spec.description) lines.push(escaped(spec.description), '');
  if (spec.aliases?.length) lines.push(`Also: ${spec.aliases.map((one) => `\`${one}\``).join(', ')}`, '');
  if (hasAction(spec)) lines.push('```', usageLine(spec, path), '```', '');
  const described = (spec.arguments ?? []).map((one) => [one.name, argumentDescription(one)] as const);
  lines.push(...table('Argument', described));
  if (hasAction(spec))
    // What every command takes stands once, at the top of the page.
    for (const { title, options } of optionGroups(spec))
      if (title !== 'Common options')
        lines.push(
          ...table(
            title === 'Options' ? 'Option' : title,
            options.map((option) => [option.flags, optionText(option)]),
          ),
        );
  const codes = Object.entries(spec.exitCodes ?? {});
  lines.push(...table('Exit status', codes));
  const examples = (spec.examples ?? []).map(({ command, about }) => `# ${about}\n${command}`);
  if (examples.length > 0) lines.push('```sh', examples.join('\n\n'), '```', '');
  for (const one of spec.subcommands ?? [])
    if (!one.hidden) lines.push(...commandSection(one, `${path} ${one.name}`, level + 1));
  return lines;
}

function table(title: string, rows: readonly (readonly [left: string, right: string])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `| ${title} | |`,
    '|---|---|',
    ...rows.map(
      ([left, right]) => `| \`${left.replaceAll('|', '\\|')}\` | ${escaped(right).replaceAll('|', '\\|')} |`,
    ),
    '',
  ];
}

/** Text in which Markdown finds nothing of its own. */
function escaped(text: string): string {
  return text.replace(/[\\<>*_[\]`]/g, '\\$&');
}
