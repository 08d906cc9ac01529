/**
 * Whether a follower that fell behind has lost records. journalctl reads on in files that were removed while it has them open,
 * but never learns of those that came and went meanwhile. Where every entry comes by, their numbers tell; where journalctl
 * chooses, only whether the record is still there that was read last before: the oldest files go first.
 */

import type { JournalPlace } from '../../host/journalctl.ts';
import type { LogGap } from '../types.ts';
import type { JournalPosition } from './query.ts';
import { isContinuous } from './resume.ts';

/** A follower that was at the journal's end, or was looked after, within so long is not looked after. */
const BEHIND_MS = 2_000;

/** Watches over one follower. */
export class BehindWatch {
  readonly #place: JournalPlace;
  readonly #signal: AbortSignal;
  /** When nothing was lost up to `#known`. */
  #knownAt = Date.now();
  #known: JournalPosition | undefined;

  constructor(place: JournalPlace, signal: AbortSignal) {
    this.#place = place;
    this.#signal = signal;
  }

  /** The follower has read all that there is; `position` is the last entry that came by. */
  atEnd(position: JournalPosition | undefined): void {
    this.#knownAt = Date.now();
    this.#known = position;
  }

  /** More entries are about to be passed: the gap before them, where there may be one. */
  async gapBehind(position: JournalPosition | undefined): Promise<LogGap | undefined> {
    const now = Date.now();
    if (position !== undefined && now - position.usec / 1000 < BEHIND_MS) this.atEnd(position);
    if (now - this.#knownAt < BEHIND_MS) return undefined;
    const last = this.#known ?? position;
    this.atEnd(position);
    if (last === undefined || (await isContinuous(this.#place, last, this.#signal))) return undefined;
    const detail =
      'this read fell behind, and files of the journal that it had not read to their end may have been removed meanwhile';
    return { records: -1, bytes: 0, cause: 'ROTATED', detail };
  }
}
