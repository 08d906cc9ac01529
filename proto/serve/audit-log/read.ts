/** Reading an audit log: records in order, each held against the chain, with the first place where it does not hold. */

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AuditRecord, type ChainHead, parseHeader, parseRecord } from './chain.ts';
import { auditFiles } from './files.ts';

/** Which records to read. */
export interface AuditQuery {
  /** Only records at or after this time, in microseconds since the epoch; 0 for all. */
  readonly sinceUsec: number;
  /** Only the newest so many; 0 for all. */
  readonly tail: number;
}

/** Some records, oldest first, and in the last batch where the chain is broken, if it is. */
export interface AuditBatch {
  readonly records: readonly AuditRecord[];
  /** In words, or empty. */
  readonly broken: string;
}

/** Records in a message. */
const BATCH = 256;

/** Reads a log and verifies all of it, whatever part is asked for. Ends with a batch that may have no records. */
export async function* readAudit(folder: string, query: AuditQuery): AsyncGenerator<AuditBatch> {
  const verifier = new Verifier();
  let held: AuditRecord[] = [];
  for await (const record of records(folder, verifier)) {
    if (record.timeUsec < query.sinceUsec) continue;
    held.push(record);
    if (query.tail > 0) {
      // Dropping in halves keeps it linear.
      if (held.length >= 2 * query.tail + BATCH) held = held.slice(-query.tail);
    } else if (held.length >= BATCH) {
      yield { records: held, broken: '' };
      held = [];
    }
  }
  if (query.tail > 0) held = held.slice(-query.tail);
  while (held.length > BATCH) yield { records: held.splice(0, BATCH), broken: '' };
  yield { records: held, broken: verifier.broken };
}

async function* records(folder: string, verifier: Verifier): AsyncGenerator<AuditRecord> {
  for (const name of auditFiles(folder)) {
    const lines = createInterface({ input: createReadStream(join(folder, name)), crlfDelay: 0 });
    let number = 0;
    for await (const line of lines) {
      number++;
      const record = verifier.take(line, name, number);
      if (record) yield record;
    }
  }
}

/** Holds lines against the chain, one after the other. After a break it goes on from what the line itself says. */
class Verifier {
  /** The first break in words, and how many there were, or empty. */
  get broken(): string {
    return this.#breaks === 0
      ? ''
      : `${this.#first}${this.#breaks > 1 ? `; ${this.#breaks} breaks in all` : ''}`;
  }

  #head: ChainHead | undefined;
  #first = '';
  #breaks = 0;

  take(line: string, file: string, number: number): AuditRecord | undefined {
    const where = `${file} line ${number}`;
    if (number === 1) {
      this.#begin(parseHeader(line), where);
      return undefined;
    }
    const before = this.#head;
    const parsed = parseRecord(line, before?.chain ?? '');
    if (!parsed) {
      this.#break(`${where} is not a record`);
      return undefined;
    }
    const { record, expected } = parsed;
    if (before && record.sequence !== before.sequence + 1)
      this.#break(`${where}: ${jump(before.sequence, record.sequence)}`);
    else if (record.chain !== expected)
      this.#break(`${where}: record ${record.sequence} was changed, or the one before it`);
    this.#head = { sequence: record.sequence, chain: record.chain };
    return record;
  }

  #begin(header: ChainHead | undefined, where: string): void {
    const before = this.#head;
    if (!header) this.#break(`${where} is not the header of a log file`);
    else if (before && header.sequence !== before.sequence)
      this.#break(`${where}: ${jump(before.sequence, header.sequence + 1)}`);
    else if (before && header.chain !== before.chain)
      this.#break(`${where} does not go on from the file before it`);
    this.#head = header ?? before;
  }

  #break(what: string): void {
    if (this.#breaks++ === 0) this.#first = what;
  }
}

function jump(from: number, to: number): string {
  if (to <= from) return `record ${to} comes after record ${from}`;
  return to === from + 2 ? `record ${from + 1} is missing` : `records ${from + 1} to ${to - 1} are missing`;
}
