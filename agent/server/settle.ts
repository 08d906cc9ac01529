/**
 * Giving memory back when there is nothing to do. V8 collects when memory is allocated, so an agent that has just started or
 * streamed a gigabyte keeps the garbage of it for as long as nobody calls. One full collection takes some 15 ms and halves
 * the anonymous memory of an idle agent. Where the process is the agent's alone, memory outside of V8 is given back as well.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long it must have been quiet, in milliseconds. */
const QUIET_MS = 2_000;

type Collect = (options: { type: 'minor' | 'major'; execution: 'sync'; flavor?: 'last-resort' }) => void;

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

/**
 * Collects all that can be done without, also a megabyte of machine code, most of which only the start has needed.
 * @param code whether compiled code of all kinds goes, 0.8 MB more; what is called next is compiled again, in some 5 ms
 */
function collectAll(code: boolean): void {
  collect ??= collector();
  const flags = ['flush-baseline-code', ...(code ? ['stress-flush-code'] : [])];
  // For this once: V8 counts such flags into the version of its code cache.
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  for (const flag of flags) setFlagsFromString(`--no-${flag}`);
}

/** Memory outside of V8's heap. */
interface OtherMemory {
  /** Called before garbage is collected. Says whether this is one of the rare times when all that is not in use goes. */
  before(): boolean;
  /** Called afterwards. */
  after(): void;
}

/** Collects once it has been quiet for a while. */
export class Settling {
  readonly #quiet: () => boolean;
  readonly #other: OtherMemory | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param quiet whether nobody is served at the moment
   * @param other what gives back memory that is not V8's
   */
  constructor(quiet: () => boolean, other?: OtherMemory) {
    this.#quiet = quiet;
    this.#other = other;
  }

  /** Call when there may be something to give back. Repeated calls put it off, and it does not keep the process alive. */
  soon(): void {
    clearTimeout(this.#timer);
    const ask = ++asked;
    this.#timer = setTimeout(() => {
      // Another agent of this process has been busy since, and collects in its turn.
      if (ask !== asked || !this.#quiet()) return;
      collectAll(this.#other?.before() ?? false);
      this.#other?.after();
    }, QUIET_MS).unref();
  }

  /**
   * Call after a little work that comes again and again. Takes a fifth of a millisecond, and keeps garbage from waiting until there is
   * enough of it for V8 to collect by itself: the memory that it fills until then would not be given back.
   */
  young(): void {
    collect ??= collector();
    collect({ type: 'minor', execution: 'sync' });
  }

  /** Forgets what was asked for. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
