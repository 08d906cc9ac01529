/** The pages for people are true: their commands are understood, their npm scripts and the files that they name are there. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFlags } from '../../agent/settings/flags.ts';
import type { CommandSpec } from '../../cli/commands/declaration.ts';
import { COMMANDS } from '../../cli/commands/table.ts';
import { splitLine } from '../../cli/completion/words.ts';
import { parseCommandLine } from '../../cli/program.ts';

const top = join(import.meta.dirname, '..', '..');
const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'],
  ...['config', 'diag', 'upgrades', 'watching'].map((page) => `docs/${page}.md`),
];
const text = (page: string) => readFileSync(join(top, page), 'utf8');

/** The command lines of a page: lines of its code blocks, and code in the first column of its tables. */
function commandLines(page: string): string[] {
  const blocks = [...text(page).matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const cells = [...text(page).matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell = '']) => cell);
  return [...blocks, ...cells].map((line) => line.replace(/^\$ /, '').trim());
}

/** The words of a line up to a comment, a pipe or a redirection, without the program. */
function words(line: string): string[] {
  return splitLine(line.split(/\s[#|>]/, 1)[0] ?? '')
    .slice(1)
    .filter((word, at, all) => word !== '' || at < all.length - 1);
}

/** Throws where nodectl would not understand a command line. */
async function understood(line: string): Promise<void> {
  await assert.doesNotReject(parseCommandLine(COMMANDS, words(line)), line);
}

test('every command of nodectl on the pages is understood', async () => {
  const lines = PAGES.flatMap(commandLines).filter((line) => /^(\.\/)?nodectl /.test(line));
  assert.ok(lines.length >= 15);
  for (const line of lines) await understood(line);
});

test('every command of the agent on the pages is understood', () => {
  const lines = PAGES.flatMap(commandLines).filter((line) => line.startsWith('nodectl-agent '));
  assert.ok(lines.length >= 1);
  for (const line of lines) assert.doesNotThrow(() => parseFlags(words(line)), line);
});

test('every example of a help page is understood', async () => {
  const all = (commands: readonly CommandSpec[]): CommandSpec[] =>
    commands.flatMap((command) => [command, ...all(command.subcommands ?? [])]);
  const examples = all(COMMANDS).flatMap((command) => command.examples ?? []);
  assert.ok(examples.length >= 30);
  for (const { command } of examples) if (command.startsWith('nodectl ')) await understood(command);
});

test('every npm script on the pages is there', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  for (const page of PAGES)
    for (const [, name = ''] of text(page).matchAll(/npm run ([a-z:]+)/g))
      assert.ok(Object.hasOwn(scripts, name), `${page}: npm run ${name}`);
});

test('every file that the pages name is there', () => {
  // Measured on the machine that publishes it, by `npm run bench -- --markdown docs/bench.md`.
  const made = ['docs/bench.md'];
  const path = /(?<![\w./-])((?:proto|agent|cli|pki|packaging|test|docs)\/[\w./-]*[\w/])/g;
  for (const page of PAGES)
    for (const [, name = ''] of text(page).matchAll(path))
      assert.ok(made.includes(name) || existsSync(join(top, name)), `${page}: ${name}`);
});
