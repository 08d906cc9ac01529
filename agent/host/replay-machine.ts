/**
 * A machine that answers as another one did when it was recorded. It behaves as if it ran, since readers ask a running machine
 * other questions than a folder of files; what nobody asked then is told as not captured, and never as not there.
 */

import { CapturedMachine } from './captured-machine.ts';
import { type KernelLog, textLog } from './kernel-log.ts';
import type { Machine, ProbeAnswer, ProbeTarget, ToolOutput } from './machine.ts';
import {
  argvOf,
  plainPath,
  probeKey,
  RECORDING_FILE,
  type RecordedRun,
  type Recording,
} from './recording.ts';
import { readSmallFile } from './small-file.ts';
import { Unavailable } from './unavailable.ts';

const MAX_RECORDING = 64 << 20;

/** A machine that was recorded in a folder. */
export class ReplayMachine implements Machine {
  readonly live = true;
  readonly #files: CapturedMachine;
  readonly #recording: Recording;
  readonly #absent: ReadonlySet<string>;
  readonly #runs = new Map<string, RecordedRun[]>();
  /** How often each thing was asked for: what was read twice may have been another text the second time. */
  readonly #asked = new Map<string, number>();
  readonly #began = performance.now();

  private constructor(folder: string, recording: Recording) {
    this.#recording = recording;
    this.#files = new CapturedMachine(folder, recording.takenAtMs);
    this.#absent = new Set(recording.absent);
    for (const run of recording.runs) {
      const key = run.argv.join('\0');
      this.#runs.set(key, [...(this.#runs.get(key) ?? []), run]);
    }
  }

  /** The machine that was recorded in a folder, or undefined where there is no recording in it. Throws an Error where it is broken. */
  static open(folder: string): ReplayMachine | undefined {
    const text = readSmallFile(folder, RECORDING_FILE, MAX_RECORDING + 1);
    if (text === undefined) return undefined;
    if (text.length > MAX_RECORDING) throw new Error(`${RECORDING_FILE} is too long`);
    const recording = JSON.parse(text) as Recording;
    if (
      recording.version !== 1 ||
      !(recording.takenAtMs > 0) ||
      !Array.isArray(recording.runs) ||
      !Array.isArray(recording.probes)
    )
      throw new Error(`${RECORDING_FILE} is of another version of nodectl`);
    return new ReplayMachine(folder, recording);
  }

  now(): number {
    // It goes on, since readers that look twice divide by the time between.
    return this.#recording.takenAtMs + (performance.now() - this.#began);
  }

  nowUsec(): number {
    return Math.round(this.now() * 1_000);
  }

  text(path: string): string | undefined {
    const plain = plainPath(path) ?? '';
    const { texts } = this.#recording;
    if (Object.hasOwn(texts, plain)) {
      const text = this.#content(`text ${plain}`, texts[plain] ?? []);
      if (text !== undefined) return text;
    }
    this.#throwError(plain);
    if (this.#absent.has(plain)) return undefined;
    throw notCaptured(`/${plain}`);
  }

  list(path: string): string[] {
    const plain = plainPath(path) ?? '';
    const { lists } = this.#recording;
    if (Object.hasOwn(lists, plain)) return [...(lists[plain] ?? [])];
    this.#throwError(plain);
    throw notCaptured(`/${plain}`);
  }

  link(path: string): string | undefined {
    const plain = plainPath(path) ?? '';
    return Object.hasOwn(this.#recording.links, plain)
      ? (this.#recording.links[plain] ?? undefined)
      : undefined;
  }

  has(path: string): boolean {
    const plain = plainPath(path) ?? '';
    const { has, texts, lists } = this.#recording;
    return Object.hasOwn(has, plain)
      ? has[plain] === true
      : Object.hasOwn(texts, plain) || (lists[plain]?.length ?? 0) > 0;
  }

  async slowFiles(paths: readonly string[]): Promise<Map<string, string>> {
    const { slow, slowErrors } = this.#recording;
    const failed = slowErrors.find((one) => one.paths.join('\0') === paths.join('\0'));
    if (failed) throw new Unavailable(failed.kind, failed.message);
    const found = new Map<string, string>();
    for (const path of paths) {
      const plain = plainPath(path) ?? '';
      if (!Object.hasOwn(slow, plain)) continue;
      const text = this.#content(`slow ${plain}`, slow[plain] ?? []);
      if (text !== undefined) found.set(path, text);
    }
    return found;
  }

  async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    const key = argvOf(program, args).join('\0');
    const runs = this.#runs.get(key) ?? [];
    const run = runs[this.#count(`run ${key}`, runs.length)];
    if (run?.error) throw new Unavailable(run.error.kind, run.error.message);
    const stdout = run?.file === undefined ? undefined : this.#files.text(run.file);
    if (!run || stdout === undefined)
      throw notCaptured(`the output of ${[program, ...args].join(' ').slice(0, 120)}`);
    return { code: run.code ?? 0, stdout, stderr: run.stderr ?? '' };
  }

  async probe(target: ProbeTarget): Promise<ProbeAnswer> {
    const key = probeKey(target);
    const answers = this.#recording.probes.filter((one) => one.key === key);
    const answer = answers[this.#count(`probe ${key}`, answers.length)];
    if (answer?.error) throw new Unavailable(answer.error.kind, answer.error.message);
    const body = answer?.file === undefined ? undefined : this.#files.text(answer.file);
    if (!answer || body === undefined) throw notCaptured(`the answer to ${key}`);
    return { status: answer.status ?? 0, body };
  }

  kernelLogs(): KernelLog[] {
    const kept = this.#recording.texts['dev/kmsg'];
    const text = kept && this.#content('text dev/kmsg', kept);
    if (text !== undefined) return [textLog('/dev/kmsg', text)];
    this.#throwError('dev/kmsg');
    throw notCaptured('/dev/kmsg');
  }

  #content(what: string, files: readonly string[]): string | undefined {
    const file = files[this.#count(what, files.length)];
    return file === undefined ? undefined : this.#files.text(file);
  }

  /** Which of so many answers is next; the last one stays. */
  #count(what: string, answers: number): number {
    const asked = this.#asked.get(what) ?? 0;
    this.#asked.set(what, asked + 1);
    return Math.min(asked, answers - 1);
  }

  #throwError(plain: string): void {
    if (!Object.hasOwn(this.#recording.errors, plain)) return;
    const error = this.#recording.errors[plain];
    if (error) throw new Unavailable(error.kind, error.message);
  }
}

function notCaptured(what: string): Unavailable {
  return new Unavailable('not-captured', `${what} is not in the bundle`);
}
