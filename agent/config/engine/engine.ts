/**
 * The engine of documents, one change at a time: applying (apply.ts), the commit (commit.ts), putting back (put-back.ts), ending
 * what a crash left (recover.ts), correcting drift (correct.ts). An apply plans, changes, verifies, and commits or puts back. Whatever kills it, the machine
 * ends at the old revision or at the new one, complete, and the node says which:
 *
 *   1. the journal with what everything was is on disk
 *   2. every resource is changed, what they activate is run, everything is compared again, the health checks hold
 *   3. without a trial: `running` is replaced (the commit), the journal is removed
 *      with a trial: the journal gets its deadline; confirmation commits, the deadline puts back
 *
 * An agent that starts and finds a journal puts back, unless `running` is the journal's revision already: then the commit had
 * happened and only the journal is removed. What cannot be put back is tried again until it can, or until an operator gives up.
 */

import { Failure } from '../../../proto/failure.ts';
import { makePlan, type Plan } from '../plan.ts';
import type { Revision } from '../revisions.ts';
import { leftOf, type Trial } from '../trial.ts';
import { type Applied, type ApplyOptions, applyDocument } from './apply.ts';
import { commit } from './commit.ts';
import { correct } from './correct.ts';
import { CUT_OFF, type End, ended, putBack } from './put-back.ts';
import { recover } from './recover.ts';
import { type EngineParts, Workbench } from './workbench.ts';

/** The engine of one node. */
export class ConfigEngine {
  readonly #bench: Workbench;
  #busy = false;

  constructor(parts: EngineParts) {
    this.#bench = new Workbench(parts);
  }

  /** Whether something is being changed, or was cut off and not ended yet: what is on the machine is no revision then. */
  get underWay(): boolean {
    return this.#busy || this.#bench.open() !== undefined;
  }

  /** What a document would change. Throws BAD_DOCUMENT. */
  async plan(text: string): Promise<Plan> {
    const { all } = await this.#bench.resources(text, this.#bench.runningText());
    return makePlan(all, this.#bench.parts.host);
  }

  /** Paths of the files that a document decides on. Throws BAD_DOCUMENT. */
  async paths(text: string): Promise<string[]> {
    return (await this.#bench.parts.compile(text, 'apply')).flatMap(({ watches }) => watches ?? []);
  }

  /** Makes resources of the running document again what it says. No revision is made: the document is the same. */
  correct(ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    return this.#alone(async () => {
      // A trial decides on its own end.
      if (this.#bench.open()) return;
      await correct(this.#bench, ids, signal);
    });
  }

  /** The trial that runs, with its revision, or undefined. */
  trial(): { revision: number; trial: Trial } | undefined {
    const journal = this.#bench.open();
    return journal?.trial ? { revision: journal.revision, trial: journal.trial } : undefined;
  }

  /** The revision that could be neither applied nor put back yet, or undefined. */
  stuck(): number | undefined {
    const journal = this.#busy ? undefined : this.#bench.open();
    return journal && !journal.trial ? journal.revision : undefined;
  }

  /** Applies a document. Throws STALE_REVISION, TRIAL_RUNNING, BAD_DOCUMENT, or why it failed: then all was put back. */
  apply(options: ApplyOptions): Promise<Applied> {
    return this.#alone(() => applyDocument(this.#bench, options));
  }

  /** Commits the trial that runs. Throws UNKNOWN_REVISION where that one does not run. */
  confirm(id: string, connection: string): Promise<Revision> {
    return this.#alone(async () => {
      const open = this.#bench.open();
      if (!open?.trial || open.trial.id !== id)
        throw new Failure(
          'UNKNOWN_REVISION',
          open?.trial
            ? `another trial than "${id.slice(0, 60)}" runs on this node`
            : 'no trial runs on this node',
          { hint: 'nodectl config history shows what was kept and what was put back' },
        );
      if (open.trial.connection === connection)
        throw new Failure(
          'BAD_ARGUMENT',
          'a trial is confirmed over another connection than it was made over',
          {
            hint: 'nodectl config confirm opens a new one: that is what shows that the node can be reached',
          },
        );
      if (leftOf(open.trial, this.#bench.parts.host.machine) === 0)
        throw new Failure('UNKNOWN_REVISION', `the time of the trial "${id}" is over`, {
          hint: 'it is being put back: nodectl config history',
        });
      return commit(this.#bench, open);
    });
  }

  /**
   * Ends what a crash or a deadline left: a trial whose time is over, an apply that was cut off. Called when the agent starts,
   * by the timer of the trial, and by the program that systemd starts in the agent's place. Gives what was put back.
   */
  recover(signal: AbortSignal): Promise<Revision | undefined> {
    return this.#alone(() => recover(this.#bench, signal));
  }

  /**
   * Puts the trial that runs back before its deadline, or tries once more what could not be put back. With `giveUp` what still
   * cannot be is left as it is, and the history says so. Throws UNKNOWN_REVISION where nothing is under way.
   */
  revert(reason: string, giveUp: boolean, signal: AbortSignal): Promise<Revision> {
    return this.#alone(async () => {
      const open = this.#bench.open();
      if (!open || open.correction)
        throw new Failure('UNKNOWN_REVISION', 'no trial runs on this node', {
          hint: 'nodectl config history shows what was put back already',
        });
      const end: End = open.trial
        ? { outcome: 'reverted', reason }
        : { outcome: 'interrupted', reason: CUT_OFF };
      try {
        return await putBack(this.#bench, open, end, signal);
      } catch (error) {
        if (!giveUp) throw error;
        const left = `${end.reason}; given up: ${Failure.from(error).message}`;
        return ended(this.#bench, open, { outcome: end.outcome, reason: left });
      }
    });
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy)
      throw new Failure('TRIAL_RUNNING', 'another change of this node’s config is under way', {
        hint: 'wait until it has ended: nodectl config history',
      });
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}
