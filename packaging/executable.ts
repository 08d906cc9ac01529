/** Node's single executable application: a copy of the node binary with a start-up snapshot of our program in it. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARTS_VARIABLE } from './parts.ts';

/** What to make an executable of. */
export interface ExecutableOptions {
  /** A CommonJS script that loads the parts, of which one calls `v8.startupSnapshot.setDeserializeMainFunction`. */
  script: string;
  /** The folder of the program's parts, see bundle.ts; source maps in it are left out. */
  parts: string;
  /** The executable to write. */
  out: string;
}

/** A snapshot of ours takes about a second. */
const LIMIT_MS = 120_000;

/**
 * Runs the script's top level, keeps the heap as it is then, and writes an executable that begins there. Throws with what
 * Node said when the script cannot be part of a snapshot, as when it loads node:tls or node:http2 at its top level.
 */
export function makeExecutable({ script, parts, out }: ExecutableOptions): void {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-build-'));
  try {
    const config = join(folder, 'executable.json');
    writeFileSync(
      config,
      JSON.stringify({
        main: script,
        output: out,
        executable: process.execPath,
        useSnapshot: true,
        assets: Object.fromEntries(
          readdirSync(parts)
            .filter((name) => name.endsWith('.js'))
            .map((name) => [name, join(parts, name)]),
        ),
        disableExperimentalSEAWarning: true,
        // No public authority is trusted by anything here; see cli-entry.ts.
        execArgv: ['--use-openssl-ca'],
        // What NODE_OPTIONS says is meant for other programs.
        execArgvExtension: 'none',
      }),
    );
    execFileSync(process.execPath, ['--build-sea', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: LIMIT_MS,
      env: { PATH: process.env.PATH ?? '', [PARTS_VARIABLE]: parts },
    });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Error(
      `the executable ${out} could not be made: ${stderr?.toString() || (error as Error).message}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
