/**
 * Giving memory back when there is nothing to do. V8 collects when memory is allocated, so an agent that has just started or
 * streamed a gigabyte keeps the garbage of it for as long as nobody calls. One full collection takes some 15 ms and halves
 * the anonymous memory of an idle agent.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long it must have been quiet, in milliseconds. */
const QUIET_MS = 2_000;

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let collect: Collect | undefined;
/** How often it was asked for in this process: agents that share one, as those of a lab do, share its heap as well. */
let asked = 0;

/** V8's own function, which is only in contexts that are made while the flag is set. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return found;
}

/** Collects once it has been quiet for a while. */
export class Settling {
  readonly #quiet: () => boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param quiet whether nobody is served at the moment */
  constructor(quiet: () => boolean) {
    this.#quiet = quiet;
  }

  /** Call when there may be something to give back. Repeated calls put it off, and it does not keep the process alive. */
  soon(): void {
    clearTimeout(this.#timer);
    const ask = ++asked;
    this.#timer = setTimeout(() => {
      // Another agent of this process has been busy since, and collects in its turn.
      if (ask !== asked || !this.#quiet()) return;
      collect ??= collector();
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    }, QUIET_MS).unref();
  }

  /** Forgets what was asked for. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
