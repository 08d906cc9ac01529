/** For tests of what people save: folders that are gone when the tests of a file have ended, and what is found in them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { found } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-texts-'));
after(() => rmSync(folder, { recursive: true }));

/** A new folder for captured files. */
export function newRoot(): string {
  return mkdtempSync(join(folder, 'root-'));
}

/** What is found in a text, but for infos about what was not saved. `name` is that of its file, which by itself tells nothing. */
export async function troubles(text: string, name = 'note.txt'): Promise<string[]> {
  const root = newRoot();
  writeFileSync(join(root, name), text);
  return found(CHECKS, new CapturedMachine(root));
}
