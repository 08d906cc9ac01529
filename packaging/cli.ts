/** Makes the packaged command line: one executable, of which a command loads what it needs. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleParts, bundleScript } from './bundle.ts';
import { makeExecutable } from './executable.ts';

/** Writes `nodectl` into a folder, and what it was made of into `cli/` beside it. Gives the executable's path. */
export async function buildCli(folder: string): Promise<string> {
  const parts = join(folder, 'cli');
  // What an earlier build has left would go into the executable too.
  rmSync(parts, { recursive: true, force: true });
  await bundleParts(join(import.meta.dirname, 'cli-entry.ts'), parts);
  const script = join(parts, 'loader.cjs');
  await bundleScript(join(import.meta.dirname, 'cli-loader.ts'), script);
  const out = join(folder, 'nodectl');
  makeExecutable({ script, parts, out });
  return out;
}
