/** Drift: what on the node is no longer what its running document says, and since when that is known. */

import { Failure } from '../../proto/failure.ts';
import type { ConfigDomain } from './domain.ts';
import type { Change } from './plan.ts';

/** A resource that has drifted. */
export interface Drifted {
  readonly change: Change;
  /** When it was first seen, ms since the epoch. */
  readonly sinceMs: number;
}

/** What was last seen. */
export interface DriftState {
  readonly drifted: readonly Drifted[];
  /** When everything was last compared, or 0. */
  readonly checkedMs: number;
}

/** Compares a node with its running document, and remembers since when what differs. */
export class DriftWatch {
  readonly #domain: ConfigDomain;
  readonly #now: () => number;
  #state: DriftState = { drifted: [], checkedMs: 0 };
  #running = 0;

  constructor(domain: ConfigDomain, now: () => number) {
    this.#domain = domain;
    this.#now = now;
  }

  /** What was last seen. */
  get state(): DriftState {
    return this.#state;
  }

  /** Compares everything now. Throws what a plan of the running document throws. */
  async check(): Promise<DriftState> {
    const running = this.#domain.document(0);
    if (!running) return this.#state;
    if (this.#domain.trial()) throw new Failure('TRIAL_RUNNING', 'while a trial runs nothing is compared');
    const { plan } = await this.#domain.plan(running.text);
    const before = running.revision.number === this.#running ? this.#state.drifted : [];
    const since = new Map(before.map(({ change, sinceMs }) => [change.resource.id, sinceMs]));
    const now = this.#now();
    this.#running = running.revision.number;
    this.#state = {
      checkedMs: now,
      drifted: plan.changes.map((change) => ({ change, sinceMs: since.get(change.resource.id) ?? now })),
    };
    return this.#state;
  }
}
