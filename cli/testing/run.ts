/** Runs a command line in this process, with streams that remember and channels that are made up. For tests. */

import { main } from '../main.ts';
import type { Sink } from '../output/terminal.ts';
import type { OpenChannel } from '../session.ts';

/** A stream that remembers what was written. */
export class MemorySink implements Sink {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';
  readonly #listeners: ((error: NodeJS.ErrnoException) => void)[] = [];
  /** Told of each write, before it is remembered. */
  onWrite: (text: string) => void = () => {};

  /** @param columns those of a terminal; without, it is a pipe */
  constructor(columns?: number) {
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }

  write(text: string | Uint8Array): boolean {
    const written = typeof text === 'string' ? text : Buffer.from(text).toString();
    this.onWrite(written);
    this.text += written;
    return true;
  }

  once(): this {
    return this;
  }

  on(_event: 'error', listener: (error: NodeJS.ErrnoException) => void): this {
    this.#listeners.push(listener);
    return this;
  }

  /** Lets the next writes fail, as a pipe does whose reader has gone. */
  fail(code: string): void {
    for (const listener of this.#listeners)
      listener(Object.assign(new Error(`write ${code}`), { code }) as NodeJS.ErrnoException);
  }
}

/** What a run is given. */
export interface RunOptions {
  env?: Record<string, string>;
  open?: OpenChannel;
  /** Columns of the terminal that stdout and stderr are. */
  columns?: number;
  stdout?: MemorySink;
}

/** What came of a run. */
export interface RunResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line. */
export async function runCli(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const stdout = options.stdout ?? new MemorySink(options.columns);
  const stderr = new MemorySink(options.columns);
  const open: OpenChannel = options.open ?? (() => Promise.reject(new Error('this test opens no channel')));
  const before = process.exitCode;
  try {
    await main(argv, { stdout, stderr, env: options.env ?? {}, open });
    return { status: Number(process.exitCode), stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.exitCode = before;
  }
}
