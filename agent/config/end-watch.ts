/**
 * The clock of what has not ended yet: a trial is put back at its deadline, and what could not be put back is tried again, ever
 * more seldom, until it can.
 */

import { Failure } from '../../proto/failure.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { Machine } from '../host/machine.ts';
import type { ConfigEngine } from './engine/engine.ts';
import { leftOf } from './trial.ts';
import type { TrialTimer } from './trial-timer.ts';

/** What it works on. */
export interface EndWatchParts {
  readonly engine: ConfigEngine;
  readonly machine: Machine;
  readonly log: Log;
  /** The deadline outside this process, where the machine has something for that. */
  readonly timer: TrialTimer | undefined;
}

/** A deadline that passes while something is being changed waits this long. */
const BUSY_MS = 1_000;
/** What could not be put back is tried again after this, and then after twice as long, up to the second. */
const [FIRST_RETRY_MS, LONGEST_RETRY_MS] = [15_000, 600_000];

/** Waits for the end of what is under way. */
export class EndWatch {
  readonly #parts: EndWatchParts;
  #waiting: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #trouble: string | undefined;

  constructor(parts: EndWatchParts) {
    this.#parts = parts;
  }

  /** Why what was cut off could not be put back when that was tried last, a sentence; undefined where nothing is left. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Ends what was cut off, or whose time is over, and goes on waiting for what is not. Never throws: it is tried again. */
  async recover(): Promise<void> {
    const { engine, log } = this.#parts;
    try {
      const put = await engine.recover(new AbortController().signal);
      this.ended();
      if (put) log.warn({ revision: put.number, outcome: put.outcome }, 'a config was put back');
      if (put && !engine.trial()) await this.trialEnded();
    } catch (err) {
      // Somebody is changing it right now, and will end it.
      if (Failure.from(err).reason === 'TRIAL_RUNNING') return this.#wait(BUSY_MS);
      log.error({ err }, 'a config that was cut off could not be put back');
      this.#trouble = `config revision ${engine.stuck() ?? ''} could not be put back: ${Failure.from(err).message}`;
    }
    this.watch();
  }

  /** Waits for what is to be ended: a trial at its deadline, and what could not be put back after a while. */
  watch(): void {
    const { engine, machine } = this.#parts;
    this.stop();
    const open = engine.trial();
    if (!open && engine.stuck() === undefined) return;
    const left = open ? leftOf(open.trial, machine) : 0;
    const trying = left > 0 || (open !== undefined && this.#trouble === undefined);
    this.#wait(trying ? left + 10 : this.#retryMs);
    if (!trying) this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  /** A trial has ended, so nobody need wait for its deadline. */
  async trialEnded(): Promise<void> {
    this.stop();
    await this.#parts.timer?.disarm();
  }

  /** Whatever was cut off has been ended. */
  ended(): void {
    this.#trouble = undefined;
    this.#retryMs = FIRST_RETRY_MS;
  }

  /** Stops the clock; what it waited for is ended by whoever opens the folder next. */
  stop(): void {
    clearTimeout(this.#waiting);
  }

  #wait(ms: number): void {
    this.stop();
    this.#waiting = setTimeout(() => void this.recover(), ms);
  }
}
