/** An engine over files in a folder, for tests: everything below one folder, also as a process of its own that can be killed. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from '../../../proto/config/document.ts';
import { HostFiles } from '../../host/host-files.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import type { Machine } from '../../host/machine.ts';
import { ConfigEngine } from '../engine/engine.ts';
import { JournalFile } from '../engine/journal.ts';
import { Originals } from '../engine/originals.ts';
import { Revisions } from '../revisions.ts';
import { fileResources } from '../sections/files.ts';
import { ORIGIN } from './test-node.ts';

/** An engine whose machine is FOLDER/root and whose state is FOLDER/state. */
export function fileEngine(
  folder: string,
  step: (name: string) => void = () => undefined,
  machine: (root: string) => Machine = (root) => new LiveMachine(root),
): ConfigEngine {
  const root = join(folder, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  // Whoever runs the test is root on that machine.
  writeFileSync(join(root, 'etc/passwd'), `root:x:${process.getuid?.()}:0::/:/bin/sh\n`);
  writeFileSync(join(root, 'etc/group'), `root:x:${process.getgid?.()}:\n`);
  const state = join(folder, 'state');
  return new ConfigEngine({
    host: { machine: machine(root), files: new HostFiles(root) },
    revisions: new Revisions(state),
    journal: new JournalFile(join(state, 'apply.json')),
    originals: new Originals(join(state, 'originals.json')),
    compile: async (text) => fileResources(parseDocument(text).document, (sealed) => Buffer.from(sealed)),
    step,
  });
}

/** As a program: FOLDER and FILE with a document are applied, or with "recover" what was left is ended; step AT kills it. */
if (import.meta.main) {
  const [folder = '', what = '', at = ''] = process.argv.slice(2);
  let steps = 0;
  const engine = fileEngine(folder, () => {
    if (++steps === Number(at)) process.kill(process.pid, 'SIGKILL');
  });
  const { signal } = new AbortController();
  if (what === 'recover') await engine.recover(signal);
  else await engine.apply({ text: readFileSync(what, 'utf8'), origin: ORIGIN, signal });
}
