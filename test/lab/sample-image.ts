/** What the demonstration makes images of: the sources of the agent as a root, each file at the beginning of a block, as file systems put them. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = 4_096;
const SOURCES = join(import.meta.dirname, '..', '..', 'agent');

/** Writes the root of a version and its kernel into a folder. Versions differ in one file. */
export function writeSampleParts(folder: string, version: string): void {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => padded(readFileSync(join(SOURCES, name))));
  const release = padded(Buffer.from(`NAME="Lab Linux"\nVERSION_ID="${version}"\n`));
  writeFileSync(join(folder, 'root.img'), Buffer.concat([release, ...files]));
  writeFileSync(join(folder, 'vmlinuz'), `a kernel for simulated nodes, ${version}\n`);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], Math.ceil(bytes.length / BLOCK) * BLOCK);
}
