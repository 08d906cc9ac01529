/** Documents that wait for the next boot: staged now, and applied once by the agent that starts in another boot. */

import { Failure } from '../../proto/failure.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { Machine } from '../host/machine.ts';
import type { ConfigEngine } from './engine/engine.ts';
import type { Origin, Revision, Revisions } from './revisions.ts';
import type { StagedFile } from './staged.ts';

/** What it works on. */
export interface StagingParts {
  readonly engine: ConfigEngine;
  readonly revisions: Revisions;
  readonly file: StagedFile;
  readonly machine: Machine;
  readonly log: Log;
}

/** The document of a node that waits. */
export class Staging {
  readonly #parts: StagingParts;

  constructor(parts: StagingParts) {
    this.#parts = parts;
  }

  /** Keeps a document for the next boot, in the place of one that waited. Throws TRIAL_RUNNING, STALE_REVISION. */
  stage({ text, origin, expected }: { text: string; origin: Origin; expected?: number }): Revision {
    const { engine, revisions, file, machine } = this.#parts;
    if (engine.underWay)
      throw new Failure('TRIAL_RUNNING', 'another change of this node’s config is under way', {
        hint: 'confirm or revert it first; nodectl config history shows it',
      });
    const running = revisions.running()?.number ?? 0;
    if (expected !== undefined && expected !== running)
      throw new Failure('STALE_REVISION', `this node runs revision ${running}, not ${expected}`, {
        facts: { running: String(running) },
      });
    const before = file.waiting?.revision;
    const revision = revisions.add(text, running, origin, machine.now(), 'staged');
    file.keep(revision.number);
    if (before !== undefined) this.#notApplied(before, `revision ${revision.number} was staged in its place`);
    return revision;
  }

  /** Applies what waited for this boot. Gives a sentence that says why it could not be, or undefined. */
  async applyDue(): Promise<string | undefined> {
    const { engine, revisions, file, log } = this.#parts;
    const { waiting } = file;
    for (const { number, outcome } of revisions.all())
      if (outcome === 'staged' && number !== waiting?.revision)
        this.#notApplied(number, 'the agent or the node stopped when it was to be applied');
    if (!waiting?.due) return undefined;
    try {
      // Tried once: a document that fails must not fail at every boot.
      file.forget();
      const staged = revisions.get(waiting.revision);
      const { author, commit, dirty, message, parent } = staged;
      await engine.apply({
        ...{ text: revisions.text(staged), origin: { author, commit, dirty, message } },
        ...{ staged: staged.number, expected: parent, signal: new AbortController().signal },
      });
      return undefined;
    } catch (err) {
      const { message } = Failure.from(err);
      log.error({ err }, 'the config that was staged for this boot could not be applied');
      this.#notApplied(waiting.revision, message);
      return `revision ${waiting.revision} was staged for this boot and not applied: ${message}`;
    }
  }

  /** Notes why a staged revision was not applied, unless that is known already. */
  #notApplied(number: number, reason: string): void {
    const { revisions, log } = this.#parts;
    try {
      if (revisions.find(number)?.outcome === 'staged')
        revisions.update(number, { outcome: 'failed', reason });
    } catch (err) {
      log.warn({ err }, 'the end of a config revision could not be noted');
    }
  }
}
