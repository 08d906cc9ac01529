/**
 * A machine that was captured in a folder: its /proc, /sys and /etc below it, and outputs of its programs in files that are
 * named after the command line. A bundle of ours has them as `tools/ethtool -i eth0`; sosreport has
 * `sos_commands/networking/ethtool_-i_eth0`; a person writes `ethtool-i-eth0.txt`. So names are compared by their words alone.
 */

import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileLog, type KernelLog } from './kernel-log.ts';
import type { Machine, ProbeAnswer, ProbeTarget, ToolOutput } from './machine.ts';
import { OWN_LOGS, rankOfLog } from './saved-kernel-logs.ts';
import { absentOr, readSmallFile } from './small-file.ts';
import { Unavailable } from './unavailable.ts';

/** Saved outputs are looked for so deep below the folder, and among so many files. */
const MAX_DEPTH = 5;
const MAX_FILES = 20_000;
const MAX_LOGS = 6;
/** Trees of the machine itself, in which no saved outputs are. */
const OWN_TREES = new Set(['proc', 'sys', 'etc', 'dev', 'run', 'usr', 'var', 'lib', 'boot']);

/** A command line as its words: letters and digits in lower case. */
function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .join(' ');
}

/** A captured machine. Links that lead out of the folder are as if they were not there. */
export class CapturedMachine implements Machine {
  readonly live = false;
  readonly #root: string;
  readonly #capturedAt: number;
  /** Files with saved outputs by the words of their command lines. */
  #outputs: Map<string, string> | undefined;

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
    return this.#inside(path) ? readSmallFile(this.#root, path) : undefined;
  }

  list(path: string): string[] {
    if (!this.#inside(path)) return [];
    try {
      return readdirSync(join(this.#root, path)).sort();
    } catch (error) {
      return absentOr(error, path) ?? [];
    }
  }

  link(path: string): string | undefined {
    try {
      return readlinkSync(join(this.#root, path));
    } catch {
      return undefined;
    }
  }

  has(path: string): boolean {
    try {
      return lstatSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined;
    } catch {
      // Below something that is no folder, or that may not be entered.
      return false;
    }
  }

  async slowFiles(paths: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const path of paths) {
      const text = this.text(path);
      if (text !== undefined) found.set(path, text.replace(/\n$/, ''));
    }
    return found;
  }

  async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    const file = this.#saved().get(wordsOf([basename(program), ...args].join(' ')));
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
    const outputs = [...this.#saved().values()]
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

  #saved(): Map<string, string> {
    this.#outputs ??= this.#findOutputs();
    return this.#outputs;
  }

  #findOutputs(): Map<string, string> {
    const found = new Map<string, string>();
    let files = 0;
    const visit = (folder: string, depth: number) => {
      let entries: import('node:fs').Dirent[];
      try {
        entries = readdirSync(join(this.#root, folder), { withFileTypes: true });
      } catch {
        return;
      }
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (depth < MAX_DEPTH && !(depth === 0 && OWN_TREES.has(entry.name))) visit(path, depth + 1);
        } else if (entry.isFile() && files++ < MAX_FILES) {
          const words = wordsOf(entry.name.replace(/\.(txt|json|out|log)$/i, ''));
          if (!found.has(words)) found.set(words, path);
        }
      }
    };
    visit('', 0);
    return found;
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
