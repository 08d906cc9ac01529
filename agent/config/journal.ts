/**
 * The journal of the apply that is under way: on disk before the first thing is changed, with what everything was, so that
 * whoever finds it after a crash can put all of it back. INVARIANT: the machine is at the running revision, complete, unless
 * there is a journal; then it may be anywhere between that and the journal's, and putting back leads to the former.
 */

import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../pki/atomic-file.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import type { Snapshot } from './resource.ts';

/** A trial: it reverts at its deadline unless it is confirmed. */
export interface Trial {
  /** Names the trial; a confirmation must say it. */
  readonly id: string;
  /** ms since the epoch */
  readonly deadlineMs: number;
  /** The connection that the apply came over: a confirmation must come over another one. */
  readonly connection: string;
}

/** What is under way. */
export interface ApplyJournal {
  /** The revision that is applied. */
  readonly revision: number;
  /** The revision that was running before, or 0. */
  readonly from: number;
  /** What every resource that is changed was before, in the order in which they are changed. */
  readonly before: readonly { readonly id: string; readonly snapshot: Snapshot }[];
  /** Set once everything is changed and only the confirmation is missing. */
  readonly trial?: Trial;
}

/** Reads and writes the journal's file. */
export class JournalFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    makeFolder(dirname(path));
  }

  /** The journal, or undefined where nothing is under way. Throws where there is one that cannot be read. */
  read(): ApplyJournal | undefined {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as ApplyJournal;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Replaces it; on disk when it returns. It may hold secrets of the machine, and nobody else may read it. */
  write(journal: ApplyJournal): void {
    writeFileAtomic(this.#path, JSON.stringify(journal));
  }

  /** Nothing is under way any more; on disk when it returns. */
  remove(): void {
    rmSync(this.#path, { force: true });
    syncFolder(dirname(this.#path));
  }
}
