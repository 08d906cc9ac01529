/**
 * Bounds what many callers at once cost a node: only so much is read at a time, and who asks the same as somebody who still waits
 * for his turn gets the same answer. A run that has begun is joined by nobody: what was read before one asked may be out of date.
 */

/** So many at a time: one reads on while another waits for a slow device. */
const AT_ONCE = 3;

interface Run {
  readonly result: Promise<unknown>;
  readonly stop: AbortController;
  /** Callers who still want it. */
  wanted: number;
}

/** Runs that are shared. */
export class SharedRuns {
  readonly #atOnce: number;
  /** Runs that have not begun, by what is asked. */
  readonly #queued = new Map<string, Run>();
  readonly #turns: (() => void)[] = [];
  #running = 0;

  constructor(atOnce = AT_ONCE) {
    this.#atOnce = atOnce;
  }

  /**
   * Reads, or waits for somebody who is about to read the same.
   * @param key what is asked: the same key means the same answer
   * @param signal of the caller; the run is given up when all who want it have gone
   * @returns what `work` gives. @throws what it throws, or the signal's reason
   */
  async run<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const run = this.#queued.get(key) ?? this.#begin(key, work);
    run.wanted++;
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return (await Promise.race([run.result, gone.promise])) as T;
    } finally {
      signal.removeEventListener('abort', leave);
      if (--run.wanted === 0) {
        // Nobody may join what is given up.
        if (this.#queued.get(key) === run) this.#queued.delete(key);
        run.stop.abort();
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<unknown>): Run {
    const stop = new AbortController();
    const reading = async () => {
      // Not before this caller has been counted in.
      await Promise.resolve();
      if (this.#running >= this.#atOnce) await new Promise<void>((resolve) => this.#turns.push(resolve));
      else this.#running++;
      try {
        if (this.#queued.get(key) === run) this.#queued.delete(key);
        stop.signal.throwIfAborted();
        return await work(stop.signal);
      } finally {
        // The turn is handed on as it is.
        const next = this.#turns.shift();
        if (next) next();
        else this.#running--;
      }
    };
    const run: Run = { result: reading(), stop, wanted: 0 };
    run.result.catch(() => undefined);
    this.#queued.set(key, run);
    return run;
  }
}
