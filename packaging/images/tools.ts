/** Programs that make images: run by argument list with a time limit, their own words in the error. */

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Unpacking and formatting take seconds; a mirror that hangs is given up on. */
const LIMIT_MS = 600_000;
const MOST_OUTPUT = 64 << 20;
/** Programs of the superuser, which not every user's PATH names. */
const SYSTEM = ['/usr/sbin', '/sbin'];

/** How a program is run. */
export interface RunOptions {
  /** Goes to its standard input. */
  readonly input?: string | Buffer;
  /** Replaces variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs. */
  readonly cwd?: string;
}

/** What a program wrote. */
export interface Output {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 * @throws Error with the program's own words where it cannot be run, fails or takes longer than ten minutes
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Output {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    env: { ...process.env, PATH: path(), ...options.env },
    timeout: LIMIT_MS,
    maxBuffer: MOST_OUTPUT,
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  if (error) throw new Error(`${program} cannot be run: ${error.message}`);
  if (status !== 0) {
    const words = stderr.toString().trim() || stdout.toString().trim();
    throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${words}`);
  }
  return { stdout, stderr: stderr.toString() };
}

/** Of some programs those that PATH does not have. */
export function missingPrograms(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      !path()
        .split(delimiter)
        .some((folder) => executable(join(folder, name))),
  );
}

function path(): string {
  return [process.env.PATH ?? '', ...SYSTEM].join(delimiter);
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
