/**
 * Finds the record of a cursor at the start of a read. journalctl goes to where the record is or would be; records of other
 * stretches of sequence numbers may come before it, and were delivered before it the first time too.
 */

import { type JournalPlace, readJournal } from '../../host/journalctl.ts';
import type { LogGap } from '../types.ts';
import { ExportParser, type JournalEntry } from './export.ts';
import { Puller } from './pull.ts';
import { type JournalPosition, journalCursor } from './query.ts';

/** How many bytes of records are held back while the cursor's record is looked for. */
const MAX_HELD = 4 << 20;

/** A look at whether the record is there takes no longer without an answer (ms). */
const FIND_MS = 10_000;

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
      this.giveUp(entry.seqnum - this.#position.seqnum - 1);
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

  /** The record does not come. That says something only where nothing is filtered out: it may not have been wanted. */
  giveUp(lost: number): void {
    this.done = true;
    if (lost !== 0 && this.#unfiltered) this.gap = goneRecord(lost);
  }
}

/** The gap for a cursor whose record is not there any more. */
export function goneRecord(lost: number): LogGap {
  const detail = 'the cursor’s record has been rotated away or vacuumed from the journal';
  return { records: lost, bytes: 0, cause: 'ROTATED', detail };
}

/** How many entries are looked at for a cursor's record: more than a batch has, for its time is that of the batch. */
const MAX_LOOKED_AT = 20_000;

/** Whether nothing is missing behind a cursor's record: it is there, or the one after it. Looks at all entries. */
export async function isContinuous(
  place: JournalPlace,
  position: JournalPosition,
  signal: AbortSignal,
): Promise<boolean> {
  const journal = readJournal(place, ['--output-fields=PRIORITY', `--cursor=${journalCursor(position)}`]);
  const output = new Puller(journal.stdout, signal);
  const parser = new ExportParser(false);
  const id = Buffer.from(position.seqnumId);
  try {
    for (let count = 0; count < MAX_LOOKED_AT; ) {
      const chunk = await output.next(FIND_MS);
      if (chunk === 'end' || chunk === 'idle') return signal.aborted;
      parser.push(chunk);
      for (let entry = parser.next(); entry !== undefined; entry = parser.next(), count++) {
        const { bytes, seqnumId, seqnum } = entry;
        if (seqnumId < 0 || id.compare(bytes, seqnumId, seqnumId + 32) !== 0) continue;
        if (seqnum >= position.seqnum) return seqnum <= position.seqnum + 1;
      }
    }
    return true;
  } finally {
    await journal.stop();
  }
}
