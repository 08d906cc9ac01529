/** Turns journal entries into batches: chooses, counts sequence numbers, and knows where the read has come to. */

import type { JournalEntry as FileEntry, SharedValue } from '../../host/journal-files/entry.ts';
import { BatchBuilder } from '../batch-builder.ts';
import { formatCursor } from '../cursor.ts';
import type { Selection } from '../selection.ts';
import { type LogBatch, type LogFields, MAX_MESSAGE_BYTES, NO_PRIORITY } from '../types.ts';
import { type JournalEntry, kernelTime, type Span } from './export.ts';
import { BASE_FIELDS, type JournalPosition } from './query.ts';

/** The numbers of the fields that every record is made of. */
const [MESSAGE, PRIORITY, IDENTIFIER, COMM, PID, UNIT] = [0, 1, 2, 3, 4, 5];

/** Where entries of one read go. */
export class JournalSink {
  readonly #selection: Selection;
  readonly #fields: ReadonlySet<string> | 'all' | undefined;
  /** Whether every entry of the journal comes by, so that missing numbers are missing records. */
  readonly seesAll: boolean;
  readonly #kernelTimes: boolean;
  readonly #builder = new BatchBuilder();
  /** The id of the sequence numbers now, as text and as bytes. */
  #seqnumId = '';
  readonly #idBytes = Buffer.alloc(32);
  #seqnum = 0;
  #usec = 0;
  /** In this batch: the origins of processes, by the names that they write under. */
  readonly #originsOfPid = new Map<
    SharedValue,
    Map<SharedValue, { unit: SharedValue | undefined; index: number }>
  >();
  /** The earliest time in the batch: where a search for one of its records may begin. */
  #earliest = 0;
  records = 0;

  /**
   * @param seesAll whether every entry of the journal comes by
   * @param kernelTimes whether records have the kernel's time
   */
  constructor(selection: Selection, fields: readonly string[], seesAll: boolean, kernelTimes: boolean) {
    this.#kernelTimes = kernelTimes;
    this.#selection = selection;
    this.seesAll = seesAll;
    if (fields.length > 0) this.#fields = fields.includes('*') ? 'all' : new Set(fields);
  }

  /** The last entry that was passed, wanted or not. */
  get position(): JournalPosition | undefined {
    if (this.#seqnumId === '') return undefined;
    return { seqnumId: this.#seqnumId, seqnum: this.#seqnum, usec: this.#usec };
  }

  /** Goes on behind an entry that was delivered in an earlier read. */
  startAt(position: JournalPosition): void {
    this.#setId(position.seqnumId);
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
    if (!this.seesAll || !this.#isSame(entry)) return 0;
    return Math.max(0, entry.seqnum - this.#seqnum - 1);
  }

  /** As `isOther`, for an entry that was read from a journal file. */
  isOtherFrom(seqnumId: string): boolean {
    return seqnumId !== this.#seqnumId && !this.empty;
  }

  /** As `missingBefore`, for an entry that was read from a journal file: there all entries come by. */
  missingFrom(seqnum: number, seqnumId: string): number {
    return seqnumId === this.#seqnumId ? Math.max(0, seqnum - this.#seqnum - 1) : 0;
  }

  /** Passes an entry and keeps it if it is wanted; not when `keep` is false. */
  add(entry: JournalEntry, keep: boolean): void {
    const { bytes, message, usec } = entry;
    if (!this.#isSame(entry)) this.#setId(bytes.toString('latin1', entry.seqnumId, entry.seqnumId + 32));
    this.#seqnum = entry.seqnum;
    this.#usec = usec;
    if (!keep) return;
    const priority = priorityOf(bytes, entry.priority);
    const start = Math.max(0, message.start);
    const end = message.start < 0 ? 0 : message.end;
    const time = this.#kernelTimes ? kernelTime(entry) : usec;
    if (!this.#selection.admits(time, priority) || !this.#selection.matches(bytes, start, end)) return;
    this.#noteTime(usec);
    const origin = this.#builder.origin(originKey(entry), () => originOf(entry));
    this.#builder.add(bytes, start, end, time, entry.seqnum, priority, origin);
    if (this.#fields !== undefined) this.#builder.addFields(this.#fieldsOf(entry));
  }

  /** The same for an entry that was read from a journal file. */
  addFrom(entry: FileEntry, seqnumId: string): void {
    if (seqnumId !== this.#seqnumId) this.#setId(seqnumId);
    const usec = entry.realtimeUsec;
    this.#seqnum = entry.seqnum;
    this.#usec = usec;
    const bytes = entry.buffer(MESSAGE);
    const start = entry.start(MESSAGE);
    const end = Math.max(start, entry.end(MESSAGE));
    const priority = priorityIn(entry.buffer(PRIORITY), entry.start(PRIORITY), entry.end(PRIORITY));
    if (!this.#selection.admits(usec, priority) || !this.#selection.matches(bytes, start, end)) return;
    this.#noteTime(usec);
    const cut = entry.incomplete && end - start > MAX_MESSAGE_BYTES - 64;
    this.#builder.add(bytes, start, end, usec, entry.seqnum, priority, this.#originFrom(entry), cut);
    if (this.#fields instanceof Set) this.#builder.addFields(this.#fieldsFrom(entry, this.#fields));
  }

  #fieldsFrom(entry: FileEntry, names: ReadonlySet<string>): LogFields['values'] {
    const values: LogFields['values'] = {};
    let index = BASE_FIELDS.length;
    for (const name of names) {
      // A field of every record is found under its own number, others behind those.
      const base = BASE_FIELDS.indexOf(name as (typeof BASE_FIELDS)[number]);
      const field = base < 0 ? index : base;
      if (entry.has(field))
        values[name] = Buffer.from(entry.buffer(field).subarray(entry.start(field), entry.end(field)));
      index++;
    }
    return values;
  }

  #originFrom(entry: FileEntry): number {
    const name = entry.has(IDENTIFIER) ? IDENTIFIER : COMM;
    const [pid, nameValue, unit] = [entry.shared(PID), entry.shared(name), entry.shared(UNIT)];
    // Most processes write under one name: no text is put together for those.
    const names = pid === undefined ? undefined : this.#originsOfPid.get(pid);
    const known = nameValue === undefined ? undefined : names?.get(nameValue);
    if (known !== undefined && known.unit === unit) return known.index;
    const cut = (field: number) => entry.text(field).slice(0, MAX_NAME);
    const [identifier, unitName, pidText] = [cut(name), cut(UNIT), cut(PID)];
    const index = this.#builder.origin(`${identifier}\0${unitName}\0${pidText}`, () => ({
      identifier,
      unit: unitName,
      pid: pidNumber(pidText),
    }));
    const isShared = unit !== undefined || !entry.has(UNIT);
    if (pid === undefined || nameValue === undefined || !isShared) return index;
    if (names === undefined) this.#originsOfPid.set(pid, new Map([[nameValue, { unit, index }]]));
    else names.set(nameValue, { unit, index });
    return index;
  }

  #setId(id: string): void {
    this.#seqnumId = id;
    this.#idBytes.write(id, 'latin1');
  }

  #noteTime(usec: number): void {
    if (this.#builder.count === 0 || usec < this.#earliest) this.#earliest = usec;
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
    this.#originsOfPid.clear();
    this.records += batch.count;
    return batch;
  }
}

function priorityOf(bytes: Buffer, { start, end }: Span): number {
  return start < 0 ? NO_PRIORITY : priorityIn(bytes, start, end);
}

function priorityIn(bytes: Buffer, start: number, end: number): number {
  const value = (bytes[start] ?? 0) - 48;
  return end === start + 1 && value >= 0 && value <= 7 ? value : NO_PRIORITY;
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
  return {
    identifier: textOf(bytes, identifier.start >= 0 ? identifier : comm),
    unit: textOf(bytes, unit),
    pid: pidNumber(textOf(bytes, pid)),
  };
}

function pidNumber(text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 && number < 2 ** 31 ? number : 0;
}
