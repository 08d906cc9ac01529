/**
 * A machine that notes what another one is asked and answers. What is read is passed on as it is; of files that hold secrets
 * nothing is kept, and messages and command lines are kept without those in them.
 */

import type { KernelLog } from './kernel-log.ts';
import type { Machine, ProbeAnswer, ProbeLimits, ProbeTarget, ToolLimits, ToolOutput } from './machine.ts';
import {
  argvOf,
  plainPath,
  probeKey,
  type RecordedError,
  type RecordedProbe,
  type RecordedRun,
  type RecordedSlowError,
  type Recording,
} from './recording.ts';
import { Unavailable } from './unavailable.ts';

/** What may be kept. */
export interface RecordingRules {
  /** Whether nothing of a file is to be kept. */
  readonly secret: (path: string) => boolean;
  /** Whether logs may be kept. */
  readonly logs: boolean;
  /** A short text, such as a command line or a message, without the secrets in it. */
  readonly clean: (text: string) => string;
  /** Bytes of all that is kept. */
  readonly maxBytes: number;
}

/** A file of what was recorded. */
export interface RecordedFile {
  readonly path: string;
  /** As it was read, with what secrets are in it. */
  readonly text: string;
  /** How it was taken: "/proc/meminfo", or a command line. */
  readonly how: string;
}

/** Something that was not kept, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** The same is read again and again at most so often with another answer each time. */
const MAX_REPEATS = 8;
const MAX_NAME = 120;
/** Of a longer log its end is kept. */
const MAX_LOG = 16 << 20;
const LOG = 'dev/kmsg';

/** Records another machine. */
export class RecordingMachine implements Machine {
  readonly live: boolean;
  readonly leftOut: LeftOut[] = [];
  readonly #inner: Machine;
  readonly #rules: RecordingRules;
  readonly #takenAtMs: number;
  readonly #files = new Map<string, RecordedFile>();
  readonly #texts = new Map<string, string[]>();
  readonly #slow = new Map<string, string[]>();
  readonly #absent = new Set<string>();
  readonly #lists = new Map<string, string[]>();
  readonly #links = new Map<string, string | null>();
  readonly #has = new Map<string, boolean>();
  readonly #errors = new Map<string, RecordedError>();
  readonly #slowErrors: RecordedSlowError[] = [];
  readonly #runs: RecordedRun[] = [];
  readonly #probes: RecordedProbe[] = [];
  #bytes = 0;

  constructor(inner: Machine, rules: RecordingRules) {
    this.#inner = inner;
    this.#rules = rules;
    this.live = inner.live;
    this.#takenAtMs = inner.now();
  }

  now(): number {
    return this.#inner.now();
  }

  nowUsec(): number {
    return this.#inner.nowUsec();
  }

  text(path: string): string | undefined {
    const plain = plainPath(path);
    try {
      const text = this.#inner.text(path);
      if (plain !== undefined)
        if (text === undefined) this.#absent.add(plain);
        else this.#keepText(this.#texts, plain, text);
      return text;
    } catch (error) {
      throw this.#failed(plain, error);
    }
  }

  list(path: string): string[] {
    const plain = plainPath(path);
    try {
      const names = this.#inner.list(path);
      if (plain !== undefined && !this.#lists.has(plain)) this.#lists.set(plain, names);
      return names;
    } catch (error) {
      throw this.#failed(plain, error);
    }
  }

  link(path: string): string | undefined {
    const target = this.#inner.link(path);
    const plain = plainPath(path);
    if (plain !== undefined) this.#links.set(plain, target ?? null);
    return target;
  }

  has(path: string): boolean {
    const there = this.#inner.has(path);
    const plain = plainPath(path);
    if (plain !== undefined) this.#has.set(plain, there);
    return there;
  }

  async slowFiles(paths: readonly string[], limits?: ToolLimits): Promise<Map<string, string>> {
    try {
      const found = await this.#inner.slowFiles(paths, limits);
      for (const path of paths) {
        const plain = plainPath(path);
        const text = found.get(path);
        if (plain === undefined) continue;
        if (text !== undefined) this.#keepText(this.#slow, plain, text);
      }
      return found;
    } catch (error) {
      if (error instanceof Unavailable)
        this.#slowErrors.push({ paths: [...paths], ...this.#recorded(error) });
      throw error;
    }
  }

  async run(program: string, args: readonly string[], limits?: ToolLimits): Promise<ToolOutput> {
    const argv = argvOf(program, args);
    const line = argv.join(' ');
    try {
      const output = await this.#inner.run(program, args, limits);
      const { code } = output;
      const stderr = this.#rules.clean(output.stderr);
      const file = this.#keep(this.#toolName(line), output.stdout, this.#rules.clean(line));
      if (file !== undefined) this.#runs.push({ argv, file, code, stderr });
      return output;
    } catch (error) {
      if (error instanceof Unavailable) this.#runs.push({ argv, error: this.#recorded(error) });
      throw error;
    }
  }

  async probe(target: ProbeTarget, limits?: ProbeLimits): Promise<ProbeAnswer> {
    const key = probeKey(target);
    try {
      const answer = await this.#inner.probe(target, limits);
      const file = this.#keep(this.#toolName(key), answer.body, this.#rules.clean(key));
      if (file !== undefined) this.#probes.push({ key, file, status: answer.status });
      return answer;
    } catch (error) {
      if (error instanceof Unavailable) this.#probes.push({ key, error: this.#recorded(error) });
      throw error;
    }
  }

  kernelLogs(): KernelLog[] {
    try {
      return this.#inner.kernelLogs().map((log, at) => (at === 0 ? this.#kept(log) : log));
    } catch (error) {
      throw this.#failed(LOG, error);
    }
  }

  /** The files that were kept, by their paths. */
  files(): RecordedFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** All that was asked and answered, for RECORDING_FILE. */
  recording(): Recording {
    return {
      ...{ version: 1, takenAtMs: this.#takenAtMs },
      ...{ texts: Object.fromEntries(this.#texts), slow: Object.fromEntries(this.#slow) },
      ...{ absent: [...this.#absent].sort(), lists: Object.fromEntries(this.#lists) },
      ...{ links: Object.fromEntries(this.#links), has: Object.fromEntries(this.#has) },
      ...{ errors: Object.fromEntries(this.#errors), slowErrors: this.#slowErrors, runs: this.#runs },
      probes: this.#probes,
    };
  }

  /** A log of which is kept what is read. */
  #kept(log: KernelLog): KernelLog {
    const pieces: Buffer[] = [];
    let size = 0;
    const close = () => {
      log.close();
      if (!this.#rules.logs) this.#leaveOut(log.name, 'logs were not asked for');
      else this.#keepText(this.#texts, LOG, Buffer.concat(pieces).toString('utf8'));
    };
    const read = () => {
      const piece = log.read();
      if (this.#rules.logs) pieces.push(piece);
      size += piece.length;
      while (size > MAX_LOG && pieces.length > 1) size -= pieces.shift()?.length ?? 0;
      return piece;
    };
    return {
      name: log.name,
      get lost() {
        return log.lost;
      },
      ...{ read, close },
    };
  }

  #failed(plain: string | undefined, error: unknown): unknown {
    if (plain !== undefined && error instanceof Unavailable) this.#errors.set(plain, this.#recorded(error));
    return error;
  }

  #keepText(into: Map<string, string[]>, path: string, text: string): void {
    if (this.#rules.secret(path)) {
      this.#leaveOut(`/${path}`, 'it may hold secrets');
      return;
    }
    const before = into.get(path) ?? [];
    into.set(path, before);
    if (before.length > 0 && this.#files.get(before.at(-1) ?? '')?.text === text) return;
    if (before.length >= MAX_REPEATS) return;
    const file = this.#keep(
      before.length === 0 ? path : `nodectl/again/${path}.${before.length}`,
      text,
      `/${path}`,
    );
    if (file !== undefined) before.push(file);
  }

  /** Keeps a text under a path, or under another one where that is taken by another text. */
  #keep(path: string, text: string, how: string): string | undefined {
    const size = Buffer.byteLength(text);
    if (this.#bytes + size > this.#rules.maxBytes) {
      this.#leaveOut(how, `the bundle would have more than ${this.#rules.maxBytes} bytes`);
      return undefined;
    }
    let free = path;
    for (let at = 2; this.#files.has(free) && this.#files.get(free)?.text !== text; at++)
      free = `${path}.${at}`;
    if (!this.#files.has(free)) this.#bytes += size;
    this.#files.set(free, { path: free, text, how });
    return free;
  }

  #leaveOut(what: string, why: string): void {
    if (!this.leftOut.some((one) => one.what === what)) this.leftOut.push({ what, why });
  }

  /** A file name that says which command line it is of, and may stand in any file system. */
  #toolName(line: string): string {
    const name = this.#rules
      .clean(line)
      .replace(/[^A-Za-z0-9._+=:,@ -]+/g, '_')
      .slice(0, MAX_NAME)
      .trim();
    // Captured machines are searched by names without such an ending.
    return `tools/${name}${/\.(txt|json|out|log)$/i.test(name) ? '.txt' : ''}`;
  }

  #recorded({ kind, message }: Unavailable): RecordedError {
    return { kind, message: this.#rules.clean(message) };
  }
}
