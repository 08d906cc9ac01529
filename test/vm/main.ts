/**
 * `npm run test:vm`: makes the images that the tests boot once, and runs all files with them, two machines at a time: each keeps about
 * a core busy, and waits for deadlines of the other one cost nothing. Words given choose files by their names: `npm run test:vm -- grub`.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGES_VARIABLE, VmImages } from './images.ts';
import { vmMissing } from './node-image.ts';

/** More than any file takes on a machine that is many times as slow. */
const LIMIT_MS = 3_600_000;
const begun = Date.now();
const seconds = () => Math.round((Date.now() - begun) / 1_000);
const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter(
    (name) =>
      name.endsWith('.vm-test.ts') && (words.length === 0 || words.some((word) => name.includes(word))),
  )
  .map((name) => join(import.meta.dirname, name));
if (files.length === 0) throw new Error(`no file of tests is named like ${words.join(' or ')}`);

// Without what it takes each test says so by its name.
const images = vmMissing() === undefined ? await VmImages.make() : undefined;
try {
  if (images) process.stdout.write(`images were made after ${seconds()} s\n`);
  const child = spawn(
    process.execPath,
    ['--test', '--test-concurrency=2', `--test-timeout=${LIMIT_MS}`, ...files],
    { stdio: 'inherit', env: { ...process.env, ...(images ? { [IMAGES_VARIABLE]: images.folder } : {}) } },
  );
  // Whoever interrupts a run wants the images removed as well.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  images?.remove();
}
process.stdout.write(`in all ${seconds()} s\n`);
