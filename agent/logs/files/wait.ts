/**
 * Waiting for a file to change: woken by the kernel's notice where there is one, and by a slow tick that sees what notices
 * miss (a rotation, a network file system). Nothing runs while nobody waits.
 */

import { type FSWatcher, watch } from 'node:fs';
import { sleep } from '../../../proto/sleep.ts';

/** How long a wait lasts when nothing is noticed: also the period of watermarks. */
export const TICK_MS = 500;
/** After a notice the writer gets this long to write more, so that many small writes make one batch. */
const GATHER_MS = 20;
/** The tick where the kernel gives no notices. */
const POLL_MS = 100;

/** Lets everything else have its turn. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for changes of one path at a time. */
export class ChangeWaiter {
  readonly #signal: AbortSignal;
  #path = '';
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Notices are wanted for what is at the path now. */
  watch(path: string): void {
    if (this.#path === path && this.#watcher !== undefined) return;
    this.#watcher?.close();
    this.#path = path;
    this.#watcher = undefined;
    try {
      this.#watcher = watch(path, () => this.#notice());
      this.#watcher.on('error', () => this.forget());
    } catch {
      // No notices left, or nothing at the path: the tick does it alone.
    }
  }

  /** Stops taking notices: the file at the path may have been replaced. */
  forget(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #notice(): void {
    this.#changed = true;
    this.#wake?.();
  }

  /** Resolves after a change, after a tick, or when the signal fires. */
  async wait(): Promise<void> {
    if (!this.#changed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await Promise.race([
        promise,
        sleepUntil(promise, this.#watcher === undefined ? POLL_MS : TICK_MS, this.#signal),
      ]);
      this.#wake = undefined;
      resolve();
    }
    if (this.#changed) await sleep(GATHER_MS, this.#signal);
    this.#changed = false;
  }

  close(): void {
    this.forget();
    this.#wake?.();
  }
}

/** Like `sleep`, ended early (its timer too) when the promise resolves. */
async function sleepUntil(early: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const ends = new AbortController();
  void early.then(() => ends.abort());
  await sleep(ms, AbortSignal.any([signal, ends.signal]));
}
