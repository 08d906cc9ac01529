/** What a command of nodectl loads: our own files, packages, and modules of Node. */

import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';

/** Files of one package, or of ours. */
export interface LoadedGroup {
  /** The package's name, or "nodectl". */
  name: string;
  files: number;
  bytes: number;
}

/** What one run has loaded. */
export interface Loaded {
  /** By name. */
  groups: LoadedGroup[];
  /** Our own files, as paths from the top of the checkout. */
  own: string[];
  /** Modules of Node that our code or a package asked for, without "node:". */
  builtins: string[];
}

const top = join(import.meta.dirname, '..', '..', '..');
const LIMIT_MS = 60_000;
let runs = 0;

/** Runs a command from source and tells what it loads. Throws when the command fails. */
export async function loadedBy(args: readonly string[], env: Record<string, string>): Promise<Loaded> {
  const file = join(tmpdir(), `nodectl-modules-${process.pid}-${runs++}.json`);
  try {
    await promisify(execFile)(
      process.execPath,
      ['--import', join(import.meta.dirname, 'list-modules.ts'), join(top, 'cli', 'nodectl.ts'), ...args],
      { env: { ...cleanEnvironment(env), NODECTL_MODULES_FILE: file }, timeout: LIMIT_MS },
    );
    return grouped(JSON.parse(readFileSync(file, 'utf8')));
  } finally {
    rmSync(file, { force: true });
  }
}

function grouped({ files, builtins }: { files: Record<string, number>; builtins: string[] }): Loaded {
  const groups = new Map<string, LoadedGroup>();
  const own: string[] = [];
  for (const [url, bytes] of Object.entries(files)) {
    const path = fileURLToPath(url).slice(top.length + 1);
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'nodectl';
    if (name === 'nodectl') own.push(path);
    const group = groups.get(name) ?? { name, files: 0, bytes: 0 };
    groups.set(name, { name, files: group.files + 1, bytes: group.bytes + bytes });
  }
  return { groups: [...groups.values()].sort((a, b) => b.bytes - a.bytes), own: own.sort(), builtins };
}
