/**
 * A machine that was captured in a folder: its /proc, /sys and /etc below it, and outputs of its programs in files that are
 * named after the command line (saved-outputs.ts). Files of /proc are found under such names too.
 */

import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileLog, type KernelLog } from './kernel-log.ts';
import {
  type Machine,
  type ProbeAnswer,
  type ProbeTarget,
  type SavedOutput,
  type ToolOutput,
  textsOf,
} from './machine.ts';
import { OWN_LOGS, rankOfLog } from './saved-kernel-logs.ts';
import { SavedOutputs } from './saved-outputs.ts';
import { absentOr, readLink, readSmallFile } from './small-file.ts';
import { Unavailable } from './unavailable.ts';

const MAX_LOGS = 6;

/** A captured machine. Links that lead out of the folder are as if they were not there. */
export class CapturedMachine implements Machine {
  readonly live = false;
  readonly #root: string;
  readonly #capturedAt: number;
  #outputs: SavedOutputs | undefined;

  /** @param root the folder; it must exist. @param capturedAt ms since the epoch, where it is known better than by the folder's time */
  constructor(root: string, capturedAt?: number) {
    this.#root = realpathSync(root);
    this.#capturedAt = capturedAt ?? statSync(this.#root).mtimeMs;
  }

  now(): number {
    return this.#capturedAt;
  }

  nowUsec(): number {
    return this.#capturedAt * 1_000;
  }

  text(path: string): string | undefined {
    if (!this.#inside(path)) return undefined;
    const own = readSmallFile(this.#root, path);
    const copy = own === undefined ? this.#saved().copyOf(path) : undefined;
    return copy === undefined ? own : readSmallFile(this.#root, copy);
  }

  list(path: string): string[] {
    if (!this.#inside(path)) return [];
    try {
      return readdirSync(join(this.#root, path)).sort();
    } catch (error) {
      return absentOr(error, path) ?? this.#saved().copiesIn(path);
    }
  }

  link(path: string): string | undefined {
    return readLink(this.#root, path);
  }

  has(path: string): boolean {
    try {
      if (lstatSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined) return true;
      return this.#saved().copyOf(path) !== undefined || this.#saved().copiesIn(path).length > 0;
    } catch {
      // Below something that is no folder, or that may not be entered.
      return false;
    }
  }

  async slowFiles(paths: readonly string[]): Promise<Map<string, string>> {
    return textsOf(this, paths);
  }

  async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    const file = this.#saved().find([basename(program), ...args].join(' '));
    const stdout = file === undefined ? undefined : this.text(file);
    if (stdout === undefined) {
      const name = [program, ...args].join(' ').slice(0, 120);
      throw new Unavailable('not-captured', `the output of ${name} is not in the captured folder`);
    }
    return { code: 0, stdout, stderr: '' };
  }

  async probe(target: ProbeTarget): Promise<ProbeAnswer> {
    if (!('url' in target))
      throw new Unavailable('not-captured', `whether /${target.socket} answers was not captured`);
    return { status: 200, body: (await this.run('GET', [target.url])).stdout };
  }

  kernelLogs(): KernelLog[] {
    const outputs = this.#saved()
      .paths()
      .map((path) => ({ path, rank: rankOfLog(basename(path)) }))
      .filter((one): one is { path: string; rank: number } => one.rank !== undefined)
      .sort((a, b) => a.rank - b.rank)
      .map(({ path }) => path);
    const logs: KernelLog[] = [];
    for (const path of [...outputs, ...OWN_LOGS]) {
      if (logs.length >= MAX_LOGS || !this.#inside(path)) continue;
      const log = fileLog(this.#root, path);
      if (log) logs.push(log);
    }
    if (logs.length === 0)
      throw new Unavailable('not-captured', 'no log of the kernel is in the captured folder');
    return logs;
  }

  saved(program: string): SavedOutput[] {
    return this.#saved()
      .of(program)
      .flatMap(({ words, path }) => {
        try {
          const text = readSmallFile(this.#root, path);
          return text === undefined ? [] : [{ words, text }];
        } catch {
          // One that may not be read is as if it were not there: others tell the same.
          return [];
        }
      });
  }

  #saved(): SavedOutputs {
    this.#outputs ??= new SavedOutputs(this.#root);
    return this.#outputs;
  }

  #inside(path: string): boolean {
    try {
      const within = relative(this.#root, realpathSync(join(this.#root, path)));
      return within !== '..' && !within.startsWith(`..${sep}`);
    } catch {
      // Whether it is not there or cannot be followed is what reading it finds out; a dangling link leads nowhere.
      return this.has(path);
    }
  }
}
