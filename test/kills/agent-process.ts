/** A process of the agent that is to be killed, and the lines of its log as they come. */

import { type ChildProcess, spawn } from 'node:child_process';

/** Characters of a log that are kept for messages. */
const KEPT = 16_384;

/** A line of the agent's log, as far as it matters here. */
export interface LogLine {
  readonly msg?: string;
  readonly state?: string;
  readonly level?: string;
}

/** How an agent is started. */
export interface AgentStart {
  /** The bundle. */
  readonly program: string;
  readonly order: string;
  /** A folder for compiled code. */
  readonly cache: string;
  readonly line: (line: LogLine) => void;
}

/** An agent. */
export class AgentProcess {
  readonly #child: ChildProcess;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Whether it was told to end, so that calls to it may fail. */
  goingDown = false;
  killed = false;
  #text = '';
  #signal: NodeJS.Signals | null = null;

  constructor({ program, order, cache, line }: AgentStart) {
    this.#child = spawn(process.execPath, ['--use-openssl-ca', program, order], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // As the launcher of the agent has it: certificates of others are not read.
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: cache,
        SSL_CERT_FILE: '/dev/null',
        SSL_CERT_DIR: '/dev/null',
      },
    });
    let rest = '';
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      this.#text = (this.#text + text).slice(-KEPT);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) if (one.startsWith('{')) line(JSON.parse(one) as LogLine);
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (_, signal) => {
        this.#signal = signal;
        if (this.goingDown) resolve();
        else reject(new Error('the agent ended by itself'));
      });
    });
    // Whoever waits for something else hears of it from there.
    this.ended.catch(() => undefined);
  }

  /** The end of its log. */
  get text(): string {
    return this.#text;
  }

  /** The signal that ended it. */
  get signal(): NodeJS.Signals | null {
    return this.#signal;
  }

  /** SIGKILL, now. */
  kill(): void {
    this.goingDown = true;
    this.killed = true;
    this.#child.kill('SIGKILL');
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    this.goingDown = true;
    this.#child.kill('SIGTERM');
    await this.ended;
  }
}
