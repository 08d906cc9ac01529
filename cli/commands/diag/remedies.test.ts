/** What remedies and explanations tell to run can be run: the commands are there, and take what is written behind them. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCommandLine } from '../../program.ts';
import { COMMANDS } from '../table.ts';

const top = join(import.meta.dirname, '..', '..', '..');

/** An option, a value in quotation marks, a place for a name, or a word before any of these, as in "logs kubelet.service -n NODE". */
const ARGUMENT = String.raw`-g [A-Za-z]+|-{1,2}[a-z][\w-]*|"[^"]+"|[A-Z]{2,}(?![a-z])|(?:err|previous|this)\b\+?|[a-z]+\.[a-z][a-z-]+\b|[\w.$@{}-]+(?= -)`;
const COMMAND = new RegExp(`nodectl ([a-z]+)((?: (?:${ARGUMENT}))*)`, 'g');

/** "What nodectl does not know". */
const PROSE = new Set(['does', 'was']);

/** The commands in the texts of a source file, each as words. */
function commandsIn(source: string): string[][] {
  const texts = source.split('\n').filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line));
  return [...texts.join('\n').matchAll(COMMAND)].map(([, name = '', rest = '']) => [
    name,
    ...(rest.match(/"[^"]+"|\S+/g) ?? []).map((word) =>
      word.replace(/^"|"$/g, '').replace(/^\$\{.*\}$/, 'a'),
    ),
  ]);
}

test('the commands that findings name are understood', async () => {
  const paths = globSync('agent/diagnostics/**/*.{ts,yaml}', { cwd: top }).filter(
    (path) => !/\.test\.ts$|testing\//.test(path),
  );
  const seen = new Set<string>();
  for (const path of paths)
    for (const words of commandsIn(readFileSync(join(top, path), 'utf8'))) {
      seen.add(words.join(' '));
      if (PROSE.has(words.join(' '))) continue;
      try {
        await parseCommandLine(COMMANDS, words);
      } catch (error) {
        // An option may be named without a value.
        assert.match(String(error), /argument missing/, `${path}: nodectl ${words.join(' ')}`);
      }
    }
  assert.ok(seen.size > 20, [...seen].join('\n'));
});
