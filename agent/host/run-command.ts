/**
 * Starts the machine's own programs: always with an argument list, never through a shell, with a time limit, a bound on
 * what they may print, and an end that reaches the process for sure.
 */

import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Failure } from '../../proto/failure.ts';
import { letIn } from './turns.ts';

/** What to run. */
export interface Command {
  /** The program's name, looked for in the PATH of the agent, or an absolute path. */
  program: string;
  args: readonly string[];
  /** Ends the process at once. */
  signal?: AbortSignal;
}

/** How a program that ran to its end ended. */
export interface CommandResult {
  /** Exit status, or -1 when a signal ended it. */
  code: number;
  stdout: Buffer;
  /** At most 16 KiB of it. */
  stderr: string;
  /** Whether the output was more than was allowed: the program was then ended and `stdout` is its beginning. */
  truncated: boolean;
}

/** How long a program has between the request to end and the end by force. */
const GRACE_MS = 500;
/** How long output is waited for once the program has ended. */
const LINGER_MS = 100;
/** What is kept of the messages of a program. */
const MAX_STDERR = 16_384;

/** Where programs are looked for. */
function searchPath(): string {
  return process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin';
}

/**
 * Whether the PATH has a program of this name, which says nothing of whether it can be run. Starting a process only to learn
 * that there is no such program costs this one over a millisecond, in which it does nothing else.
 */
export function isInstalled(program: string): boolean {
  return searchPath()
    .split(delimiter)
    .some((folder) => {
      try {
        return statSync(join(folder, program), { throwIfNoEntry: false }) !== undefined;
      } catch {
        // A folder that may not be entered; another one may have it.
        return false;
      }
    });
}

/** Locale and pager are fixed, so that output does not depend on how the agent was started. */
function environment(): Record<string, string> {
  const { TZ } = process.env;
  return {
    PATH: searchPath(),
    LC_ALL: 'C.UTF-8',
    SYSTEMD_PAGER: '',
    SYSTEMD_COLORS: '0',
    ...(TZ === undefined ? {} : { TZ }),
  };
}

function kill(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (!child.kill('SIGTERM')) return;
  const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(force));
}

/** Sends a signal to a program and all that it started and that did not leave its group; 0 asks. Says whether there was any. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/** Ends a program that leads a group, with its children: a script that is ended leaves what it waited for behind. */
function killGroup(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (!signalGroup(child, 'SIGTERM')) return;
  const force = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  // The group's number is nobody else's while there is one of it; when it has gone, nothing may be sent there any more.
  child.once('exit', () => {
    if (!signalGroup(child, 0)) clearTimeout(force);
  });
}

function collectStderr(child: ChildProcess): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  child.stderr?.on('data', (part: Buffer) => {
    if (size < MAX_STDERR) parts.push(part.subarray(0, MAX_STDERR - size));
    size += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8').trim();
}

/**
 * Runs a program to its end.
 * @param command `timeoutMs` at most this long; `maxBytes` at most so much output (16 MiB unless told);
 *   `onTimeout` is given what had been printed when the time ran out; `input` is what it reads on standard input; `onGone` is
 *   called when there is no process any more, which may be long after it was given up: one that hangs in the kernel cannot be ended
 * @throws Failure HOST_TOOL_FAILED when it cannot be started or runs out of time, CANCELLED when `signal` fires
 */
export async function runCommand(
  command: Command & {
    timeoutMs: number;
    maxBytes?: number;
    onTimeout?: (partial: Buffer) => void;
    onGone?: () => void;
    input?: string;
  },
): Promise<CommandResult> {
  const { program, args, signal, timeoutMs, maxBytes = 16 << 20, onTimeout, onGone, input } = command;
  const child = spawn(program, args, {
    // A group of its own, so that its children can be ended with it.
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: environment(),
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  // A program that does not read to the end says so by its status.
  child.stdin?.on('error', () => undefined).end(input);
  const stderr = collectStderr(child);
  const parts: Buffer[] = [];
  let size = 0;
  let truncated = false;
  child.stdout.on('data', (part: Buffer) => {
    parts.push(part.subarray(0, maxBytes - size));
    size += part.length;
    if (size <= maxBytes || truncated) return;
    truncated = true;
    killGroup(child);
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let settled = false;
  const timer = setTimeout(async () => {
    await letIn();
    if (settled) return;
    onTimeout?.(Buffer.concat(parts));
    reject(new Failure('HOST_TOOL_FAILED', `${program} did not end within ${timeoutMs} ms`));
    killGroup(child);
  }, timeoutMs);
  const abort = () => {
    reject(new Failure('CANCELLED', `${program} was ended because the call was cancelled`));
    killGroup(child);
  };
  child.once('exit', (code) => {
    onGone?.();
    // A child that it left behind may hold the output open for ever: what comes for a while after its end is still its own.
    void drained(
      () => size,
      () => child.stdout.closed,
    ).then(() => {
      if (child.stdout.closed) return;
      killGroup(child);
      resolve(code ?? -1);
    });
  });
  child.once('error', (cause) => {
    if (child.pid === undefined) onGone?.();
    reject(new Failure('HOST_TOOL_FAILED', `${program} could not be started: ${cause.message}`, { cause }));
  });
  child.once('close', (code) => resolve(code ?? -1));
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    const code = await promise;
    return { code, stdout: Buffer.concat(parts), stderr: stderr(), truncated };
  } finally {
    settled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Resolves when the output is closed, or when nothing was read for a while in which something could have been. */
async function drained(size: () => number, closed: () => boolean): Promise<void> {
  for (let before = -1; before !== size() && !closed(); ) {
    before = size();
    await new Promise((done) => setTimeout(done, LINGER_MS));
    await letIn();
  }
}

/** A program whose output is read while it runs. */
export interface RunningCommand {
  /** Read no faster than is asked for: the program waits. */
  stdout: Readable;
  /** Resolves when the process has gone; never rejects. `error` is set when it could not be started. */
  ended: Promise<{ code: number; stderr: string; error?: Error }>;
  /** Ends it; resolves when it has gone. */
  stop(): Promise<void>;
}

/** Starts a program to read its output as it comes. It has no time limit: `stop` or `signal` ends it. */
export function startCommand(command: Command): RunningCommand {
  const { program, args, signal } = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const stderr = collectStderr(child);
  const { promise: ended, resolve } = Promise.withResolvers<{
    code: number;
    stderr: string;
    error?: Error;
  }>();
  const abort = () => kill(child);
  const finish = (code: number, error?: Error) => {
    signal?.removeEventListener('abort', abort);
    resolve({ code, stderr: stderr(), ...(error === undefined ? {} : { error }) });
  };
  child.once('error', (error) => finish(-1, error));
  child.once('exit', (code) => finish(code ?? -1));
  // A pipe that is closed early is how a read is ended, not an error.
  child.stdout.on('error', () => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  return {
    stdout: child.stdout,
    ended,
    stop: async () => {
      kill(child);
      await ended;
    },
  };
}
