/** The facts of one run: each is read once, within its limit, however many checks ask for it. */

import { type HistoryView, NO_HISTORY } from '../history/view.ts';
import type { Machine } from '../host/machine.ts';
import { letIn } from '../host/turns.ts';
import { Unavailable } from '../host/unavailable.ts';
import type { FactsOf, MaybeFactsOf, Needs } from './check.ts';
import { type Fact, type Problem, type Reading, unavailable } from './fact.ts';

/** How many times longer a fact of a captured machine may take. */
const CAPTURED_PATIENCE = 10;

/** What is in files is read soon: when the time of a call is over, what was begun has so many milliseconds more. */
const GRACE_MS = 5_000;

/** A signal that comes some time after another one. */
function later(signal: AbortSignal): AbortSignal {
  const over = new AbortController();
  const wait = () => setTimeout(() => over.abort(signal.reason), GRACE_MS).unref();
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return over.signal;
}

/** Reads facts of a machine. */
export class FactStore {
  /** What could not be read so far, in part or whole. */
  readonly problems: Problem[] = [];
  readonly #machine: Machine;
  readonly #history: HistoryView;
  readonly #signal: AbortSignal;
  readonly #facts = new Map<Fact<unknown>, Promise<unknown>>();
  /** Errors that were told: one that facts which build on another hand on is told once, with the first. */
  readonly #told = new WeakSet<Unavailable>();

  constructor(machine: Machine, signal: AbortSignal, history: HistoryView = NO_HISTORY) {
    this.#machine = machine;
    this.#history = history;
    this.#signal = machine.live ? signal : later(signal);
  }

  /** A fact. @throws Unavailable */
  get<T>(fact: Fact<T>): Promise<T> {
    const known = this.#facts.get(fact as Fact<unknown>);
    if (known) return known as Promise<T>;
    const reading = this.#read(fact);
    // Whoever asks gets the error; a fact that nobody waits for any more must not end the process.
    reading.catch(() => undefined);
    this.#facts.set(fact as Fact<unknown>, reading);
    return reading;
  }

  /** Facts by the names that somebody gives them. @throws Unavailable where one of them cannot be read */
  async all<N extends Needs>(needs: N): Promise<FactsOf<N>> {
    return (await this.#each(needs, (fact) => this.get(fact))) as FactsOf<N>;
  }

  /** The same, with undefined for those that cannot be read. */
  async maybe<N extends Needs>(wants: N): Promise<MaybeFactsOf<N>> {
    return (await this.#each(wants, (fact) => this.get(fact).catch(() => undefined))) as MaybeFactsOf<N>;
  }

  async #each(
    facts: Needs,
    read: (fact: Fact<unknown>) => Promise<unknown>,
  ): Promise<Record<string, unknown>> {
    const entries = Object.entries(facts).map(async ([name, fact]) => [name, await read(fact)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** What traits are read with: no limit of their own beside those of the facts. */
  reading(): Reading {
    return this.#reading(() => this.#signal);
  }

  /** @param signalOf asked once, and only by who uses it: most facts are read from memory and need none */
  #reading(signalOf: () => AbortSignal): Reading {
    let signal: AbortSignal | undefined;
    return {
      machine: this.#machine,
      history: this.#history,
      get signal() {
        signal ??= signalOf();
        return signal;
      },
      get: (fact) => this.get(fact),
      problem: (problem) => this.problems.push(problem),
      part: async (what, read) => {
        try {
          return await read();
        } catch (error) {
          const { kind, message } = unavailable(error);
          // What a machine simply does not have is no problem of reading it.
          if (kind !== 'absent') this.problems.push({ what, kind, why: message });
          return undefined;
        }
      },
    };
  }

  async #read<T>(fact: Fact<T>): Promise<T> {
    const over = new AbortController();
    const late = Promise.withResolvers<never>();
    // A captured machine has nothing that could hang: there only a busy workstation takes long.
    const limitMs = this.#machine.live ? fact.limitMs : fact.limitMs * CAPTURED_PATIENCE;
    const timer = setTimeout(async () => {
      // A fact that has been read by now is handed out first; nobody hears of the rejection then.
      await letIn();
      late.reject(new Unavailable('timeout', `${fact.id} could not be read within ${limitMs} ms`));
      over.abort();
    }, limitMs);
    const why = this.#machine.live
      ? `${fact.id} was given up with the call`
      : 'it was not read before the time was over (--timeout)';
    const cancelled = () => late.reject(new Unavailable('timeout', why));
    this.#signal.addEventListener('abort', cancelled, { once: true });
    if (this.#signal.aborted) cancelled();
    late.promise.catch(() => undefined);
    try {
      const reading = this.#reading(() => AbortSignal.any([this.#signal, over.signal]));
      return await Promise.race([(async () => fact.read(reading))(), late.promise]);
    } catch (error) {
      const problem = unavailable(error);
      if (problem.kind !== 'absent' && !this.#told.has(problem))
        this.problems.push({ what: fact.id, kind: problem.kind, why: problem.message });
      this.#told.add(problem);
      throw problem;
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', cancelled);
    }
  }
}
