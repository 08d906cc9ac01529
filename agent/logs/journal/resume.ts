/**
 * Finds the record of a cursor at the start of a read. journalctl goes to where the record is or would be; records of other
 * stretches of sequence numbers may come before it, and were delivered before it the first time too.
 */

import type { LogGap } from '../types.ts';
import type { JournalEntry } from './export.ts';
import type { JournalPosition } from './query.ts';

/** How many bytes of records are held back while the cursor's record is looked for. */
const MAX_HELD = 4 << 20;

/** What to do with an entry. */
export type Verdict =
  /** It was delivered before. */
  | 'drop'
  /** It is kept back until the cursor's record is found or known to be gone. */
  | 'hold'
  /** It is new; so are the held ones. `gap` says what was lost before them. */
  | 'deliver';

/** The search for one record. */
export class Resumption {
  readonly #position: JournalPosition;
  readonly #idBytes: Buffer;
  /** Whether every record of the journal is seen, so that sequence numbers can be counted. */
  readonly #unfiltered: boolean;
  #heldBytes = 0;
  /** Copies of entries that were held back. */
  held: Buffer[] = [];
  gap: LogGap | undefined;
  done = false;

  constructor(position: JournalPosition, unfiltered: boolean) {
    this.#position = position;
    this.#idBytes = Buffer.from(position.seqnumId);
    this.#unfiltered = unfiltered;
  }

  /** Decides about the next entry. */
  judge(entry: JournalEntry): Verdict {
    const { seqnumId } = entry;
    const same = seqnumId >= 0 && this.#idBytes.compare(entry.bytes, seqnumId, seqnumId + 32) === 0;
    if (same && entry.seqnum < this.#position.seqnum) return 'drop';
    if (same && entry.seqnum === this.#position.seqnum) {
      this.done = true;
      this.held = [];
      return 'drop';
    }
    if (same) {
      this.giveUp(this.#unfiltered ? entry.seqnum - this.#position.seqnum - 1 : -1);
      return 'deliver';
    }
    this.#heldBytes += entry.end - entry.start;
    if (this.#heldBytes > MAX_HELD) {
      this.giveUp(-1);
      return 'deliver';
    }
    this.held.push(Buffer.from(entry.bytes.subarray(entry.start, entry.end)));
    return 'hold';
  }

  /** The record is not there any more. */
  giveUp(lost: number): void {
    this.done = true;
    if (lost === 0) return;
    const detail = 'the cursor’s record has been rotated away or vacuumed from the journal';
    this.gap = { records: lost, bytes: 0, cause: 'ROTATED', detail };
  }
}
