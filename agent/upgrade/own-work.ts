/** What the node does by itself for an upgrade, one thing at a time, until somebody wants something else. */

import { Failure } from '../../proto/failure.ts';
import type { UpgradeSite } from './site.ts';

/** Something that the node does by itself. Rejects for an abort, and where it cannot go on. */
type Work = (site: UpgradeSite, signal: AbortSignal) => Promise<void>;

/** The work of one node. */
export class OwnWork {
  readonly #site: UpgradeSite;
  readonly #ending: AbortSignal;
  #now: { done: Promise<void>; stop: AbortController } | undefined;

  /** @param ending aborted when the agent ends: what fails from then on is left to the next one */
  constructor(site: UpgradeSite, ending: AbortSignal) {
    this.#site = site;
    this.#ending = ending;
  }

  /** Lets the node go on by itself. What it was at must have been stopped, or be done. */
  run(work: Work): void {
    const stop = new AbortController();
    const done = work(this.#site, stop.signal).catch((err: unknown) => {
      if (stop.signal.aborted || this.#ending.aborted) return;
      this.#site.parts.log.error({ err }, 'an upgrade cannot go on');
      this.#site.wait(
        `cannot go on: ${Failure.from(err).message}; nodectl upgrade abort ends it, a restart of the agent tries again`,
        { stuck: true },
      );
    });
    this.#now = { done, stop };
  }

  /** Ends what it is at. Never rejects. */
  async stop(): Promise<void> {
    this.#now?.stop.abort();
    await this.#now?.done;
    this.#now = undefined;
  }
}
