/** This machine, or a folder that stands in for its files: the programs are always this machine's. */

import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { wallUsec } from '../../proto/wall-clock.ts';
import { fileLog, type KernelLog, ringLog } from './kernel-log.ts';
import type { Machine, ProbeAnswer, ProbeLimits, ProbeTarget, ToolLimits, ToolOutput } from './machine.ts';
import { ProgramSlots } from './program-slots.ts';
import { isInstalled, runCommand } from './run-command.ts';
import { absentOr, readLink, readSmallFile } from './small-file.ts';
import type { StaticInventory } from './static-inventory.ts';
import { Unavailable } from './unavailable.ts';

const TOOL_TIMEOUT_MS = 5_000;
const TOOL_MAX_BYTES = 4 << 20;

/** Of all that is asked of this machine by this process. */
const SLOTS = new ProgramSlots();

/** This machine. */
export class LiveMachine implements Machine {
  readonly live = true;
  readonly #root: string;

  /** @param root "/" for this machine; another folder stands in for its files alone */
  constructor(root = '/') {
    this.#root = root;
  }

  now(): number {
    return Date.now();
  }

  nowUsec(): number {
    return wallUsec();
  }

  text(path: string): string | undefined {
    return readSmallFile(this.#root, path);
  }

  list(path: string): string[] {
    try {
      return readdirSync(join(this.#root, path)).sort();
    } catch (error) {
      return absentOr(error, path) ?? [];
    }
  }

  link(path: string): string | undefined {
    return readLink(this.#root, path);
  }

  has(path: string): boolean {
    try {
      return lstatSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined;
    } catch {
      // Below something that is no folder, or that may not be entered.
      return false;
    }
  }

  async slowFiles(paths: readonly string[], limits: ToolLimits = {}): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (paths.length === 0) return found;
    // One grep prints "NAME:LINE" for every line of all files, and a file that hangs is the one after the last that was told.
    const names = new Map(paths.map((path) => [join(this.#root, path), path]));
    const read = (text: string) => {
      for (const one of text.split('\n')) {
        const at = one.indexOf('\0');
        const path = names.get(one.slice(0, at));
        if (at < 0 || path === undefined) continue;
        const before = found.get(path);
        found.set(path, before === undefined ? one.slice(at + 1) : `${before}\n${one.slice(at + 1)}`);
      }
    };
    let partial = '';
    try {
      const result = await this.#run(
        'grep',
        ['-a', '-s', '-H', '-Z', '--line-buffered', '-e', '', '--', ...names.keys()],
        limits,
        (text) => {
          partial = text;
        },
      );
      read(result.stdout);
      return found;
    } catch (error) {
      if (!(error instanceof Unavailable) || error.kind !== 'timeout') throw error;
      read(partial);
      const told = paths.findLastIndex((path) => found.has(path));
      throw new Unavailable('timeout', `/${paths[told + 1] ?? paths[told]} does not answer`, error);
    }
  }

  run(program: string, args: readonly string[], limits: ToolLimits = {}): Promise<ToolOutput> {
    return this.#run(program, args, limits);
  }

  kernelLogs(): KernelLog[] {
    if (this.#root === '/') return [ringLog('/dev/kmsg')];
    const log = fileLog(this.#root, 'dev/kmsg');
    if (!log) throw new Unavailable('absent', 'a folder that stands in for a machine has no /dev/kmsg');
    return [log];
  }

  async inventory(): Promise<StaticInventory> {
    if (this.#root !== '/')
      throw new Unavailable('absent', 'a folder that stands in for a machine has no inventory');
    const { staticInventory } = await import('./static-inventory.ts');
    try {
      return await staticInventory();
    } catch (error) {
      throw new Unavailable('failed', `systeminformation: ${(error as Error).message}`, error);
    }
  }

  async probe(target: ProbeTarget, limits?: ProbeLimits): Promise<ProbeAnswer> {
    const { probe } = await import('./probe.ts');
    return probe(this.#root, target, limits);
  }

  async #run(
    program: string,
    args: readonly string[],
    limits: ToolLimits,
    onTimeout?: (partial: string) => void,
  ): Promise<ToolOutput> {
    const { timeoutMs = TOOL_TIMEOUT_MS, maxBytes = TOOL_MAX_BYTES, signal, input } = limits;
    const name = [program, ...args].join(' ').slice(0, 120);
    const missing = (cause?: unknown) =>
      new Unavailable('missing-tool', `${program} is not installed`, cause);
    if (!program.includes('/') && !isInstalled(program)) throw missing();
    const free = await SLOTS.take(program, timeoutMs, signal);
    if (!free) throw new Unavailable('timeout', `${name} was not begun: too many programs have not ended`);
    try {
      const { code, stdout, stderr, truncated } = await runCommand({
        ...{ program, args, timeoutMs, maxBytes, onGone: free },
        ...(signal ? { signal } : {}),
        ...(input === undefined ? {} : { input }),
        ...(onTimeout ? { onTimeout: (partial: Buffer) => onTimeout(partial.toString('utf8')) } : {}),
      });
      if (truncated) throw new Unavailable('nonsense', `${name} printed more than ${maxBytes} bytes`);
      return { code, stdout: stdout.toString('utf8'), stderr };
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'HOST_TOOL_FAILED') throw error;
      const cause = error.cause;
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code === 'ENOENT') throw missing(error);
      if (code === 'EACCES')
        throw new Unavailable(
          'denied',
          `${program} may not be run: the agent needs root, or the group that may`,
          error,
        );
      const kind = cause === undefined ? 'timeout' : 'failed';
      throw new Unavailable(kind, `${name}: ${error.message}`, error);
    }
  }
}
