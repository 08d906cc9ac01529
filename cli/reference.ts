/**
 * `npm run gen:docs`: makes docs/cli.md and the manual pages in docs/man/ from the table of commands, and the JSON Schema of
 * config documents.
 * `--check` changes nothing and fails where a page is not current.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { API_VERSION, documentSchema } from '../proto/config/document.ts';
import { COMMANDS } from './commands/table.ts';
import { manPages } from './reference/man.ts';
import { markdownReference } from './reference/markdown.ts';

const docs = join(import.meta.dirname, '..', 'docs');

/** Every page by its path below docs/. */
export function referencePages(): Map<string, string> {
  const man = [...manPages(COMMANDS)].map(([name, text]): [string, string] => [join('man', name), text]);
  // Its name has the version that documents name: another version is another file.
  const schema = `${JSON.stringify(documentSchema(), null, 2)}\n`;
  return new Map([
    ['cli.md', markdownReference(COMMANDS)],
    [`${API_VERSION.replace('/', '-')}.schema.json`, schema],
    ...man,
  ]);
}

/** Pages below docs/ that are missing, are not current, or are of a command that is no more. */
export function stalePages(pages = referencePages()): string[] {
  const stale = [...pages].filter(([path, text]) => textOf(join(docs, path)) !== text).map(([path]) => path);
  return [...stale, ...leftOver(pages)];
}

function leftOver(pages: ReadonlyMap<string, string>): string[] {
  try {
    return readdirSync(join(docs, 'man'))
      .map((name) => join('man', name))
      .filter((path) => !pages.has(path));
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function write(pages: ReadonlyMap<string, string>): void {
  for (const path of leftOver(pages)) rmSync(join(docs, path));
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(docs, path)), { recursive: true });
    writeFileSync(join(docs, path), text);
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = stalePages();
    for (const path of stale) process.stderr.write(`docs/${path} is not current: npm run gen:docs\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else write(referencePages());
}
