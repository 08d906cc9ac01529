/** Where a lab keeps what it makes, and how one finds out whether a lab runs: `lab.json` in the lab's folder. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What `lab.json` says of a lab. */
export interface LabState {
  /** The process that owns the lab. */
  pid: number;
  /** When that process started, in clock ticks since boot: tells it from a later process with the same number. */
  startedTicks: number;
  /** Whether all nodes serve. */
  ready: boolean;
  nodes: number;
  /** The contexts file that the lab added its context to, and the name of the context. */
  contextsFile: string;
  context: string;
  /** The context that was current before, to be current again afterwards. */
  previousContext: string;
  /** What was left out, and why, a sentence each. */
  leftOut: string[];
}

/** The folder of the user's lab: below $XDG_STATE_HOME, or ~/.local/state. */
export function defaultLabFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nodectl', 'lab');
}

/** What `lab.json` says, or undefined where there is none that can be read. */
export function readState(folder: string): LabState | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8')) as LabState;
  } catch {
    return undefined;
  }
}

/** Writes `lab.json` in one step, so that a reader sees the old or the new one. */
export function writeState(folder: string, state: LabState): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `lab.json.${process.pid}`);
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, join(folder, 'lab.json'));
}

/** Takes the lab's folder away. Refuses a folder that is not a lab's. */
export function removeFolder(folder: string): void {
  if (readState(folder)) rmSync(folder, { recursive: true, force: true });
}

/** When a process started, in clock ticks since boot (field 22 of proc_pid_stat(5)), or 0 when it does not exist. */
export function processStart(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and brackets; what follows its last bracket does not.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return 0;
  }
}

/** Whether the process that owns a lab still runs. */
export function isAlive(state: LabState): boolean {
  return processStart(state.pid) === state.startedTicks;
}
