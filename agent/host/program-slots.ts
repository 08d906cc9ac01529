/**
 * How many programs of the machine run at once, whoever asks: callers that ask a hundred times at once, or a device on which
 * every process hangs that touches it, must not fill the machine with processes. A slot is free again when the process has gone,
 * and not when it was given up: one that hangs in the kernel cannot be ended.
 */

/** So many of one program: none of them may take the slots of all others. */
const MOST_OF_ONE = 12;
const MOST = 40;

interface Waiting {
  readonly program: string;
  readonly take: () => void;
}

/** Slots for programs. */
export class ProgramSlots {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #all = 0;

  constructor(most = MOST, mostOfOne = MOST_OF_ONE) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /**
   * Takes a slot, in the order of asking.
   * @param signal ends the waiting: it throws its reason. @param timeoutMs how long is waited at most
   * @returns what gives the slot back, or undefined where none became free in time
   */
  async take(program: string, timeoutMs: number, signal?: AbortSignal): Promise<(() => void) | undefined> {
    signal?.throwIfAborted();
    if (!this.#free(program)) {
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      const waiting = { program, take: () => resolve(true) };
      this.#waiting.add(waiting);
      // Whoever gives up is no longer handed a slot: the first of the three that comes settles it.
      const leave = (settle: () => void) => {
        if (this.#waiting.delete(waiting)) settle();
      };
      const timer = setTimeout(() => leave(() => resolve(false)), timeoutMs);
      const abort = () => leave(() => reject(signal?.reason));
      signal?.addEventListener('abort', abort, { once: true });
      try {
        if (!(await promise)) return undefined;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      }
    } else this.#count(program, 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#count(program, -1);
      this.#next();
    };
  }

  #free(program: string): boolean {
    return this.#all < this.#most && (this.#running.get(program) ?? 0) < this.#mostOfOne;
  }

  #count(program: string, by: 1 | -1): void {
    this.#all += by;
    const running = (this.#running.get(program) ?? 0) + by;
    if (running > 0) this.#running.set(program, running);
    else this.#running.delete(program);
  }

  /** Hands free slots to those who have waited longest. They are counted here, so that nobody takes them meanwhile. */
  #next(): void {
    for (const waiting of this.#waiting) {
      if (this.#all >= this.#most) return;
      if (!this.#free(waiting.program)) continue;
      this.#waiting.delete(waiting);
      this.#count(waiting.program, 1);
      waiting.take();
    }
  }
}
