/** Manual pages in the man macros of troff: one for nodectl, one for each command, from the declarations. */

import type { CommandSpec } from '../commands/declaration.ts';
import { COMMON_OPTIONS, HELP_OPTION, VERSION_OPTION } from '../common-options.ts';
import {
  ABOUT,
  argumentDescription,
  GROUPS,
  hasAction,
  optionGroups,
  optionText,
  usageLine,
} from '../help/page.ts';
import { TOPIC_NAMES, topic } from '../help/topics.ts';

/** File names with their contents. */
export type Pages = ReadonlyMap<string, string>;

/** All manual pages. */
export function manPages(commands: readonly CommandSpec[]): Pages {
  const shown = commands.filter(({ hidden }) => !hidden);
  const pages = new Map([['nodectl.1', rootPage(shown)]]);
  for (const spec of shown) if (spec.name !== 'help') pages.set(`nodectl-${spec.name}.1`, commandPage(spec));
  return pages;
}

function rootPage(commands: readonly CommandSpec[]): string {
  return page('nodectl', 'manage Linux nodes without SSH', [
    '.SH SYNOPSIS',
    bold('nodectl'),
    `.I command`,
    '[options]',
    '.SH DESCRIPTION',
    roff(ABOUT),
    ...GROUPS.flatMap((group) => {
      const inGroup = commands.filter((spec) => spec.group === group);
      return [
        `.SH ${quoted(group.toUpperCase())}`,
        ...inGroup.flatMap((spec) => item(`nodectl ${spec.name}`, spec.summary)),
      ];
    }),
    '.SH OPTIONS',
    ...[...COMMON_OPTIONS, VERSION_OPTION, HELP_OPTION].flatMap((option) =>
      item(option.flags, optionText(option)),
    ),
    ...TOPIC_NAMES.flatMap((name) => {
      const found = topic(name);
      if (!found) return [];
      const blocks = found.parts.flatMap((part) =>
        typeof part === 'string' ? ['.PP', roff(part)] : verbatim(part.join('\n')),
      );
      return [`.SH ${quoted(name.toUpperCase())}`, roff(`${found.title}.`), ...blocks];
    }),
    '.SH SEE ALSO',
    commands
      .filter(({ name }) => name !== 'help')
      .map(({ name }) => `.BR nodectl\\-${roff(name)} (1)`)
      .join(',\n'),
  ]);
}

function commandPage(spec: CommandSpec): string {
  return page(`nodectl-${spec.name}`, lowerFirst(spec.summary), [
    '.SH SYNOPSIS',
    ...synopses(spec, spec.name),
    '.SH DESCRIPTION',
    ...paragraphs(spec.description ?? `${spec.summary}.`),
    ...(hasAction(spec) ? details(spec, '.SH') : []),
    ...(spec.subcommands ?? [])
      .filter(({ hidden }) => !hidden)
      .flatMap((one) => [
        `.SH ${quoted(`${spec.name} ${one.name}`.toUpperCase())}`,
        ...paragraphs([`${one.summary}.`, one.description].filter(Boolean).join('\n\n')),
        ...details(one, '.SS'),
      ]),
    '.SH SEE ALSO',
    '.BR nodectl (1)',
  ]);
}

function synopses(spec: CommandSpec, path: string): string[] {
  const name = `nodectl ${path}`;
  const own = [`.B ${roff(name)}`, roff(usageLine(spec, path).slice(name.length).trim())];
  const below = (spec.subcommands ?? [])
    .filter(({ hidden }) => !hidden)
    .flatMap((one) => ['.br', ...synopses(one, `${path} ${one.name}`)]);
  return hasAction(spec) ? [...own, ...below] : below.slice(1);
}

function details(spec: CommandSpec, heading: '.SH' | '.SS'): string[] {
  const section = (title: string, lines: string[]) => {
    if (lines.length === 0) return [];
    return [`${heading} ${quoted(heading === '.SH' ? title.toUpperCase() : title)}`, ...lines];
  };
  return [
    ...section(
      'Arguments',
      (spec.arguments ?? []).flatMap((one) => item(one.name, argumentDescription(one))),
    ),
    ...optionGroups(spec)
      .filter(({ title }) => title !== 'Common options')
      .flatMap(({ title, options }) =>
        section(
          title,
          options.flatMap((option) => item(option.flags, optionText(option))),
        ),
      ),
    ...section(
      'Exit status',
      Object.entries(spec.exitCodes ?? {}).flatMap(([code, meaning]) => item(code, meaning)),
    ),
    ...section(
      'Examples',
      (spec.examples ?? []).flatMap(({ command, about }) => ['.PP', roff(`${about}:`), ...verbatim(command)]),
    ),
  ];
}

/** A page without a date: it would change with every build. */
function page(name: string, about: string, lines: readonly string[]): string {
  return [
    '.\\" Made by "npm run gen:docs" from cli/commands. Changes here are lost.',
    `.TH ${quoted(name.toUpperCase())} 1 "" nodectl "nodectl manual"`,
    '.SH NAME',
    `${roff(name)} \\- ${roff(about)}`,
    ...lines,
    '',
  ].join('\n');
}

function paragraphs(text: string): string[] {
  return text.split('\n\n').flatMap((one) => ['.PP', roff(one)]);
}

function item(term: string, text: string): string[] {
  return ['.TP', bold(term), roff(text)];
}

function verbatim(text: string): string[] {
  return ['.RS 4', '.nf', ...text.trimEnd().split('\n').map(roff), '.fi', '.RE'];
}

function bold(text: string): string {
  return `.B ${roff(text)}`;
}

function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '""')}"`;
}

/** Text in which troff finds no request, escape or hyphenation of its own. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('’', '\\(cq')
    .replace(/^\./gm, '\\&.');
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
