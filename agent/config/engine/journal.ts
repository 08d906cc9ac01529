/**
 * The journal of what is under way: on disk before the first thing is changed, with what everything was, so that whoever finds
 * it after a crash can put all of it back. INVARIANT: the machine is at the running revision, complete, unless there is a
 * journal; then it may be anywhere between that and the journal's, and putting back leads to the former. A correction of drift
 * has a journal as well: its end is the running revision, so it is ended by going on.
 */

import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../../../pki/atomic-file.ts';
import { makeFolder } from '../../../proto/make-folder.ts';
import { asidePath, readKept, setAside, writeKept } from '../kept-json.ts';
import type { Snapshot } from '../resource.ts';
import type { Trial } from '../trial.ts';

/** What is under way. */
export interface ApplyJournal {
  /** The revision that is applied. */
  readonly revision: number;
  /** The revision that was running before, or 0. */
  readonly from: number;
  /** The documents of both, "" for none: putting back must not need anything else than this file. */
  readonly text: string;
  readonly fromText: string;
  /** What every resource that is changed was before, in the order in which they are changed. */
  readonly before: readonly { readonly id: string; readonly snapshot: Snapshot }[];
  /** Set once everything is changed and only the confirmation is missing. */
  readonly trial?: Trial;
  /** Drift of the running revision is being corrected, and nothing is to be put back. */
  readonly correction?: true;
}

/** Reads and writes the journal's file. */
export class JournalFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    makeFolder(dirname(path));
  }

  /** The journal, or undefined where nothing is under way. Throws DamagedFile. */
  read(): ApplyJournal | undefined {
    return readKept(this.path) as ApplyJournal | undefined;
  }

  /** Replaces it; on disk when it returns. It may hold secrets of the machine, and nobody else may read it. */
  write(journal: ApplyJournal): void {
    writeKept(this.path, journal);
  }

  /** Nothing is under way any more; on disk when it returns. */
  remove(): void {
    rmSync(this.path, { force: true });
    syncFolder(dirname(this.path));
  }

  /** Whether a damaged one was set aside since the last document was applied. */
  get lost(): boolean {
    return existsSync(asidePath(this.path));
  }

  /** Moves a damaged one out of the way. */
  setAside(): void {
    setAside(this.path);
  }

  /** Forgets one that was set aside: another revision was applied since, and says what the machine is. */
  forgetAside(): void {
    rmSync(asidePath(this.path), { force: true });
  }
}
