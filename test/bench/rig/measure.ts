/**
 * Timing of whole processes, and of pairs of them. Absolute times drift with the machine; so the commands of a comparison
 * run in turn, round after round, and what counts is the median of the ratios within a round.
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cleanEnvironment } from './environment.ts';

/** A program with its arguments, and what else its process needs. */
export interface Command {
  program: string;
  args: readonly string[];
  /** Added to this process' environment. */
  env?: Record<string, string>;
  /** Exit statuses that count as success. Default 0 alone. */
  statuses?: readonly number[];
}

/** What one run took. */
export interface Run {
  /** From the start of the process to its end, in milliseconds. */
  ms: number;
  /** Bytes that it wrote to stdout, and newlines among them; 0 where they were not counted. */
  bytes: number;
  lines: number;
  /** The most memory that it held (VmHWM), in bytes, or 0 where it was not watched. */
  peakBytes: number;
}

/** No command of the bench takes longer than this unless something hangs. */
const LIMIT_MS = 300_000;
const STDERR_KEPT = 4_000;

/**
 * Runs a command to its end and throws away what it prints. Throws an Error with the end of its stderr when it fails.
 * With `watch`, its memory is read every 10 ms; with `count`, the lines that it prints are counted.
 */
export function run(command: Command, { watch = false, count = false } = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(command.program, command.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment(command.env),
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let bytes = 0;
    let lines = 0;
    let stderr = '';
    let peakBytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (count) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    const timer = watch
      ? setInterval(() => {
          peakBytes = Math.max(peakBytes, highWater(child.pid));
        }, 10)
      : undefined;
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(timer);
      if (code !== null && (command.statuses ?? [0]).includes(code))
        resolve({ ms: performance.now() - began, bytes, lines, peakBytes });
      else
        reject(
          new Error(
            `${[command.program, ...command.args].join(' ')} ended with ${code ?? signal}: ${stderr}`,
          ),
        );
    });
  });
}

/** The most resident memory of a running process in bytes, 0 once it has ended. */
function highWater(pid: number | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Some commands by name, run in turn. */
export interface Rounds {
  /** The runs of each command, in order of the rounds. */
  runs: Record<string, Run[]>;
}

/** Runs every command once a round. The first `warmUps` rounds do not count. */
export async function inTurn(
  commands: Record<string, Command>,
  rounds: number,
  warmUps = 1,
): Promise<Rounds> {
  const runs: Record<string, Run[]> = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round++)
    for (const [name, command] of Object.entries(commands)) {
      const took = await run(command);
      if (round >= 0) runs[name]?.push(took);
    }
  return { runs };
}

/** The median of a command's times in milliseconds. */
export function medianMs(rounds: Rounds, name: string): number {
  return median((rounds.runs[name] ?? []).map(({ ms }) => ms));
}

/** The median over the rounds of one command's time divided by another's. */
export function ratio(rounds: Rounds, name: string, to: string): number {
  const others = rounds.runs[to] ?? [];
  return median((rounds.runs[name] ?? []).map(({ ms }, round) => ms / (others[round]?.ms ?? Number.NaN)));
}

/** The middle value; of an even number, the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
