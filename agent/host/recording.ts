/**
 * What a machine was asked and what it answered, as a bundle keeps it beside the files themselves: with it the same questions
 * get the same answers later, on another machine (recording-machine.ts writes it, replay-machine.ts reads it).
 */

import { posix } from 'node:path';
import type { ProbeTarget } from './machine.ts';
import type { UnavailableKind } from './unavailable.ts';

/** Why something could not be read. */
export interface RecordedError {
  readonly kind: UnavailableKind;
  readonly message: string;
}

/** A run of a program. */
export interface RecordedRun {
  /** The program, then its arguments. */
  readonly argv: readonly string[];
  /** The file with its output, or undefined where it could not be run. */
  readonly file?: string;
  readonly code?: number;
  readonly stderr?: string;
  readonly error?: RecordedError;
}

/** What a service of the machine answered. */
export interface RecordedProbe {
  /** See probeKey. */
  readonly key: string;
  /** The file with the body, or undefined where it did not answer. */
  readonly file?: string;
  readonly status?: number;
  readonly error?: RecordedError;
}

/** Files whose content a device had to be asked for, and why that failed. */
export interface RecordedSlowError extends RecordedError {
  readonly paths: readonly string[];
}

/** A recording. Paths are as Machine takes them; files are relative to the folder of the machine. */
export interface Recording {
  readonly version: 1;
  /** When it began, ms since the epoch on the machine's clock. */
  readonly takenAtMs: number;
  /** Files with the texts of a path, in the order in which they were read. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** The same for files whose content a device had to be asked for. */
  readonly slow: Readonly<Record<string, readonly string[]>>;
  /** Paths that were asked for and are not there. */
  readonly absent: readonly string[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** What links say; null where there was no link. */
  readonly links: Readonly<Record<string, string | null>>;
  readonly has: Readonly<Record<string, boolean>>;
  readonly errors: Readonly<Record<string, RecordedError>>;
  readonly slowErrors: readonly RecordedSlowError[];
  readonly runs: readonly RecordedRun[];
  readonly probes: readonly RecordedProbe[];
}

/** Where a captured machine has its recording. */
export const RECORDING_FILE = 'nodectl/recording.json';
/** What the agent's own runtime is called in a recording: its path is another one wherever it is replayed. */
const RUNTIME = 'node';

/** A path in its plain form, or undefined for one that leads out of the root. */
export function plainPath(path: string): string | undefined {
  const plain = posix.normalize(path).replace(/^\/+|\/+$/g, '');
  return plain === '..' || plain.startsWith('../') || plain.includes('\0') ? undefined : plain;
}

/** A command line in the form in which runs are told apart. */
export function argvOf(program: string, args: readonly string[]): string[] {
  return [program === process.execPath ? RUNTIME : program, ...args];
}

/** A service in one line: "GET http://127.0.0.1:10248/healthz", "GET run/x.sock:/info", "gRPC run/x.sock". */
export function probeKey(target: ProbeTarget): string {
  if ('url' in target) return `GET ${target.url}`;
  return target.speaks === 'grpc' ? `gRPC ${target.socket}` : `GET ${target.socket}:${target.path}`;
}
