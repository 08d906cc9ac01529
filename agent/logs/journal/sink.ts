/** Turns journal entries into batches: chooses, counts sequence numbers, and knows where the read has come to. */

import { BatchBuilder } from '../batch-builder.ts';
import { formatCursor } from '../cursor.ts';
import type { Selection } from '../selection.ts';
import { type LogBatch, type LogFields, type LogGap, NO_PRIORITY } from '../types.ts';
import type { JournalEntry, Span } from './export.ts';
import type { JournalPosition } from './query.ts';

/** What became of an entry. */
export type Taken = 'passed' | { gap: LogGap };

/** Where entries of one read go. */
export class JournalSink {
  readonly #selection: Selection;
  readonly #fields: ReadonlySet<string> | 'all' | undefined;
  readonly #unfiltered: boolean;
  readonly #builder = new BatchBuilder();
  /** The id of the sequence numbers now, as text and as bytes. */
  #seqnumId = '';
  readonly #idBytes = Buffer.alloc(32);
  #seqnum = 0;
  #usec = 0;
  /** The earliest time in the batch: where a search for one of its records may begin. */
  #earliest = 0;
  records = 0;

  /** @param unfiltered whether every entry of the journal comes by, so that missing numbers are missing records */
  constructor(selection: Selection, fields: readonly string[], unfiltered: boolean) {
    this.#selection = selection;
    this.#unfiltered = unfiltered;
    if (fields.length > 0) this.#fields = fields.includes('*') ? 'all' : new Set(fields);
  }

  /** The last entry that was passed, wanted or not. */
  get position(): JournalPosition | undefined {
    if (this.#seqnumId === '') return undefined;
    return { seqnumId: this.#seqnumId, seqnum: this.#seqnum, usec: this.#usec };
  }

  /** Goes on behind an entry that was delivered in an earlier read. */
  startAt(position: JournalPosition): void {
    this.#seqnumId = position.seqnumId;
    this.#idBytes.write(position.seqnumId, 'latin1');
    this.#seqnum = position.seqnum;
    this.#usec = position.usec;
  }

  /** The cursor of the last entry that was passed, or empty. */
  get cursor(): string {
    return this.#seqnumId === '' ? '' : formatCursor(this.#prefix(this.#usec), this.#seqnum);
  }

  #prefix(usec: number): string {
    return `j.${this.#seqnumId}.${usec.toString(36)}`;
  }

  get full(): boolean {
    return this.#builder.full;
  }

  get empty(): boolean {
    return this.#builder.count === 0;
  }

  /** Whether the entry begins another stretch of sequence numbers: then the batch must be taken first. */
  isOther(entry: JournalEntry): boolean {
    return !this.#isSame(entry) && !this.empty;
  }

  #isSame({ bytes, seqnumId }: JournalEntry): boolean {
    for (let i = 0; i < 32; i++) if (bytes[seqnumId + i] !== this.#idBytes[i]) return false;
    return this.#seqnumId !== '';
  }

  /** How many records are missing between the last entry and this one; 0 where that cannot be told. */
  missingBefore(entry: JournalEntry): number {
    if (!this.#unfiltered || !this.#isSame(entry)) return 0;
    return Math.max(0, entry.seqnum - this.#seqnum - 1);
  }

  /** Passes an entry and keeps it if it is wanted; not when `keep` is false. */
  add(entry: JournalEntry, keep: boolean): void {
    const { bytes, message, usec } = entry;
    if (!this.#isSame(entry)) {
      this.#seqnumId = bytes.toString('latin1', entry.seqnumId, entry.seqnumId + 32);
      bytes.copy(this.#idBytes, 0, entry.seqnumId, entry.seqnumId + 32);
    }
    this.#seqnum = entry.seqnum;
    this.#usec = usec;
    if (!keep) return;
    const priority = priorityOf(bytes, entry.priority);
    const start = Math.max(0, message.start);
    const end = message.start < 0 ? 0 : message.end;
    if (!this.#selection.admits(usec, priority) || !this.#selection.matches(bytes, start, end)) return;
    const builder = this.#builder;
    if (builder.count === 0 || usec < this.#earliest) this.#earliest = usec;
    const origin = builder.origin(originKey(entry), () => originOf(entry));
    builder.add(bytes, start, end, usec, entry.seqnum, priority, origin);
    if (this.#fields !== undefined) builder.addFields(this.#fieldsOf(entry));
  }

  #fieldsOf({ bytes, fields }: JournalEntry): LogFields['values'] {
    const values: LogFields['values'] = {};
    for (const { name, value } of fields) {
      const wanted = this.#fields === 'all' || (this.#fields instanceof Set && this.#fields.has(name));
      // A copy, for the parser's buffer moves on. A field that comes twice keeps its first value.
      if (wanted && !(name in values)) values[name] = Buffer.from(bytes.subarray(value.start, value.end));
    }
    return values;
  }

  /** The batch so far, or undefined when it is empty. */
  take(): LogBatch | undefined {
    if (this.empty) return undefined;
    const batch = this.#builder.take(this.#prefix(this.#earliest));
    this.records += batch.count;
    return batch;
  }
}

function priorityOf(bytes: Buffer, { start, end }: Span): number {
  const value = (bytes[start] ?? 0) - 48;
  return start >= 0 && end === start + 1 && value >= 0 && value <= 7 ? value : NO_PRIORITY;
}

/** Names and ids are short; what is longer is cut, for it travels with each batch. */
const MAX_NAME = 256;

function textOf(bytes: Buffer, { start, end }: Span): string {
  return start < 0 ? '' : bytes.toString('utf8', start, Math.min(end, start + MAX_NAME));
}

function originKey({ bytes, identifier, comm, unit, pid }: JournalEntry): string {
  const name = identifier.start >= 0 ? identifier : comm;
  const part = ({ start, end }: Span) =>
    start < 0 ? '' : bytes.toString('latin1', start, Math.min(end, start + MAX_NAME));
  return `${part(name)}\0${part(unit)}\0${part(pid)}`;
}

function originOf({ bytes, identifier, comm, unit, pid }: JournalEntry) {
  const number = Number(textOf(bytes, pid));
  return {
    identifier: textOf(bytes, identifier.start >= 0 ? identifier : comm),
    unit: textOf(bytes, unit),
    pid: Number.isInteger(number) && number > 0 && number < 2 ** 31 ? number : 0,
  };
}
