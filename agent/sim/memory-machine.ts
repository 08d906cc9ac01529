/** A machine that exists in memory alone: its files, links and programs' outputs are given. For the lab, tests and fleets. */

import { wallUsec } from '../../proto/wall-clock.ts';
import { type KernelLog, textLog } from '../host/kernel-log.ts';
import {
  type Machine,
  type ProbeAnswer,
  type ProbeTarget,
  type ToolOutput,
  textsOf,
} from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';

/** What a simulated machine consists of. Paths are as Machine takes them: "proc/version". */
export interface MachineParts {
  /** What does not stay the same is a function. */
  readonly files: ReadonlyMap<string, string | (() => string)>;
  /** What symbolic links say, by their paths. */
  readonly links?: ReadonlyMap<string, string>;
  /**
   * Outputs by command line: "ethtool -i eth0"; a function makes one that changes. A program without any is not installed.
   * Services answer as if to a program: "GET http://127.0.0.1:10248/healthz", "GET run/crio/crio.sock"; nobody listens where
   * there is none.
   */
  readonly tools?: ReadonlyMap<string, string | (() => string)>;
  /** How far its clock is ahead of this machine's, in ms. */
  readonly clockAheadMs?: number;
}

/** A simulated machine. Parts behind the first overlay nothing of it: what stands in an earlier one is what counts. */
export class MemoryMachine implements Machine {
  readonly live = true;
  readonly #parts: readonly MachineParts[];
  readonly #clockAheadMs: number;
  /** Names by folder, made when a folder is first listed. */
  #folders: Map<string, Set<string>> | undefined;

  constructor(...parts: MachineParts[]) {
    this.#parts = parts;
    this.#clockAheadMs = parts.find(({ clockAheadMs }) => clockAheadMs !== undefined)?.clockAheadMs ?? 0;
  }

  now(): number {
    return Date.now() + this.#clockAheadMs;
  }

  nowUsec(): number {
    return wallUsec() + this.#clockAheadMs * 1_000;
  }

  text(path: string): string | undefined {
    const real = this.#resolve(path);
    for (const { files } of this.#parts) {
      const text = files.get(real);
      if (text !== undefined) return typeof text === 'function' ? text() : text;
    }
    return undefined;
  }

  list(path: string): string[] {
    return [...(this.#index().get(this.#resolve(path)) ?? [])].sort();
  }

  link(path: string): string | undefined {
    for (const { links } of this.#parts) {
      const target = links?.get(path);
      if (target !== undefined) return target;
    }
    return undefined;
  }

  has(path: string): boolean {
    return (
      this.link(path) !== undefined || this.text(path) !== undefined || this.#index().has(this.#resolve(path))
    );
  }

  async slowFiles(paths: readonly string[]): Promise<Map<string, string>> {
    return textsOf(this, paths);
  }

  async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    const name = program.slice(program.lastIndexOf('/') + 1);
    const line = [name, ...args].join(' ');
    let installed = false;
    for (const { tools = new Map<string, string>() } of this.#parts) {
      const output = tools.get(line);
      if (output !== undefined)
        return { code: 0, stdout: typeof output === 'string' ? output : output(), stderr: '' };
      installed ||= [...tools.keys()].some((key) => key === name || key.startsWith(`${name} `));
    }
    if (!installed) throw new Unavailable('missing-tool', `${name} is not installed`);
    return { code: 1, stdout: '', stderr: `${name}: this simulated machine has no answer to that\n` };
  }

  async probe(target: ProbeTarget): Promise<ProbeAnswer> {
    const name = 'url' in target ? target.url : target.socket;
    for (const { tools } of this.#parts) {
      const told = tools?.get(`GET ${name}`);
      const body = typeof told === 'function' ? told() : told;
      if (body !== undefined) return { status: 'url' in target || target.speaks === 'http' ? 200 : 0, body };
    }
    if ('socket' in target && !this.has(target.socket))
      throw new Unavailable('absent', `/${name} is not there`);
    throw new Unavailable('failed', `nobody listens on ${name}`);
  }

  kernelLogs(): KernelLog[] {
    const text = this.text('dev/kmsg');
    if (text === undefined) throw new Unavailable('absent', 'this simulated machine has no log');
    return [textLog('/dev/kmsg', text)];
  }

  /** A path with the links in it followed, as far as there are any; bounded, since links can go in circles. */
  #resolve(path: string): string {
    let steps = 0;
    const walk = (parts: readonly string[]): string[] => {
      const done: string[] = [];
      for (const [at, part] of parts.entries()) {
        if (part === '' || part === '.') continue;
        if (part === '..') {
          done.pop();
          continue;
        }
        done.push(part);
        const target = this.link(done.join('/'));
        if (target === undefined || steps++ > 40) continue;
        const base = target.startsWith('/') ? [] : done.slice(0, -1);
        return walk([...base, ...target.split('/'), ...parts.slice(at + 1)]);
      }
      return done;
    };
    return walk(path.split('/')).join('/');
  }

  #index(): Map<string, Set<string>> {
    if (this.#folders) return this.#folders;
    const folders = new Map<string, Set<string>>([['', new Set()]]);
    const add = (path: string) => {
      for (let rest = path; rest !== ''; ) {
        const at = rest.lastIndexOf('/');
        const folder = at < 0 ? '' : rest.slice(0, at);
        const names = folders.get(folder) ?? new Set<string>();
        folders.set(folder, names);
        if (names.has(rest.slice(at + 1))) return;
        names.add(rest.slice(at + 1));
        rest = folder;
      }
    };
    for (const { files, links } of this.#parts) {
      for (const path of files.keys()) add(path);
      for (const path of links?.keys() ?? []) add(path);
    }
    this.#folders = folders;
    return folders;
  }
}
