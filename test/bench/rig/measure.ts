/**
 * Timing of whole processes, and of pairs of them. Absolute times drift with the machine; so the commands of a comparison
 * run in turn, round after round, and what counts is the median of the ratios within a round.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cleanEnvironment } from './environment.ts';
import { processorMs } from './process.ts';

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
  /** Processor time of it and of what it ran, in milliseconds: a multiple of 10. */
  processorMs: number;
}

/** No command of the bench takes longer than this unless something hangs. */
const LIMIT_MS = 300_000;

/** What the starter answers. `end` is the exit status, the name of a signal, or why the program could not be started. */
interface Answer extends Omit<Run, 'processorMs'> {
  end: string;
  stderr: string;
}

let starter: ChildProcess | undefined;

/** The process that starts the measured ones. It ends with this one. */
function theStarter(): ChildProcess {
  if (!starter?.connected) {
    starter = fork(join(import.meta.dirname, 'starter.cjs'), { execArgv: [], env: cleanEnvironment() });
    starter.unref();
    starter.channel?.unref();
  }
  return starter;
}

/**
 * Runs a command to its end and throws away what it prints. Throws an Error with the end of its stderr when it fails.
 * With `watch`, its memory is read every 10 ms; with `count`, the lines that it prints are counted.
 */
export async function run(command: Command, { watch = false, count = false } = {}): Promise<Run> {
  const { program, args, env, statuses = [0] } = command;
  const process = theStarter();
  // What it runs has ended before it answers, and nothing else runs in it.
  const spent = () => processorMs(process.pid ?? 0).children;
  const before = spent();
  process.channel?.ref();
  const answered = once(process, 'message');
  process.send({ program, args, env: cleanEnvironment(env), limitMs: LIMIT_MS, watch, count });
  const [{ end, stderr, ...took }] = (await answered) as [Answer];
  process.channel?.unref();
  if (!statuses.some((status) => end === String(status)))
    throw new Error(`${[program, ...args].join(' ')} ended with ${end}: ${stderr}`);
  return { ...took, processorMs: spent() - before };
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
