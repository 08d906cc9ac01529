/** A process of this program that does one piece of work and ends, so that what the work needed in memory ends with it. */

import { spawn } from 'node:child_process';

/** What such a process does, and may take. */
export interface OwnProcessWork {
  /** What it does, for the message of how it failed: "reads the kernel’s log". */
  readonly what: string;
  /** It is ended after this, in ms. */
  readonly limitMs: number;
  /** It is ended when it answers more bytes. */
  readonly maxAnswer: number;
}

/**
 * Starts a script with one argument, gives it `input` on standard input, and resolves with what it prints.
 * @throws the system's error where it cannot be started, Error where it fails, answers too much or takes too long
 */
export function answerOfOwnProcess(
  script: string,
  argument: string,
  input: string | Buffer,
  { what, limitMs, maxAnswer }: OwnProcessWork,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(process.execPath, [script, argument], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const parts: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (part: Buffer) => {
    size += part.length;
    if (size <= maxAnswer) parts.push(part);
    else child.kill('SIGKILL');
  });
  child.on('error', reject);
  child.on('close', (code) => {
    if (code === 0) resolve(Buffer.concat(parts).toString('utf8'));
    else reject(new Error(`the process that ${what} ended early`));
  });
  // It may end before it has read everything; why is told by how it ends.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return promise;
}
