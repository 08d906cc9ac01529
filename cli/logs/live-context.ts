/**
 * The context of a read that goes on for long: its credential may end and be renewed in its file meanwhile, and its roots
 * may be replaced. Each node's connections after the first are made with what the files hold then.
 */

import type { Context } from '../context/contexts.ts';

/** The context as one node's connections know it. */
export class LiveContext {
  readonly #load: () => Context;
  #used: Context;
  #first = true;

  /**
   * @param context as it was read at the start
   * @param load reads it anew; may throw, as while a file is being replaced
   */
  constructor(context: Context, load: () => Context) {
    this.#used = context;
    this.#load = load;
  }

  /** The context to make the next connection with. */
  next(): Context {
    if (!this.#first) this.#used = this.#now();
    this.#first = false;
    return this.#used;
  }

  /** Whether the files hold another credential than the last connection was made with. */
  renewed(): boolean {
    return this.#now().credential.chain !== this.#used.credential.chain;
  }

  #now(): Context {
    try {
      return this.#load();
    } catch {
      return this.#used;
    }
  }
}
