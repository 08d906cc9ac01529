/** The examples of the documentation and of the README are true: each of them is run. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'nodectl-examples-'));
after(() => rmSync(folder, { recursive: true }));

const files = readdirSync(here).filter((name) => /(?<!\.test)\.ts$|^README\.md$/.test(name));
const examples = files.flatMap((file) => {
  const text = readFileSync(join(here, file), 'utf8');
  return [...text.matchAll(/^( \* |)```[tj]s\n([\s\S]*?)^\1```$/gm)].map((match, index) => ({
    name: `${file}, example ${index + 1}`,
    code: (match[2] ?? '').replace(/^ \* ?/gm, ''),
  }));
});

test('every function that is exported has an example', async () => {
  const all = examples.map(({ code }) => code).join('\n');
  const mod = await import('./mod.ts');
  for (const name of Object.keys(mod)) assert.match(all, new RegExp(`\\b${name}\\b`));
  assert.ok(examples.length >= Object.keys(mod).length);
});

for (const [index, { name, code }] of examples.entries())
  test(name, async () => {
    const file = join(folder, `${index}.ts`);
    writeFileSync(file, code.replaceAll("'chrony-parser'", JSON.stringify(join(here, 'mod.ts'))));
    await import(pathToFileURL(file).href);
  });
