/**
 * The lines of the audit log and the chain over them. A line is one JSON object whose last member, `chain`, is the SHA-256
 * over the chain of the line before and this line without it. Whoever edits, removes or swaps a line breaks the chain there.
 * Cutting off the end cannot be seen in the file alone: callers are told the newest number and chain with every answer.
 */

import { createHash } from 'node:crypto';
import type { AuditEntry } from '../audit.ts';

/** One record of the log. */
export interface AuditRecord extends AuditEntry {
  /** The number of the record, from 1. */
  readonly sequence: number;
  /** When the call ended, in microseconds since the epoch. */
  readonly timeUsec: number;
  /** The chain's value after this record, in hexadecimal. */
  readonly chain: string;
}

/** A place in the chain: the number and the chain value of the newest record. */
export interface ChainHead {
  readonly sequence: number;
  readonly chain: string;
}

/** The head before the first record ever. */
export const GENESIS: ChainHead = { sequence: 0, chain: '0'.repeat(64) };

/** First line of a file: where the chain stood when the file was begun. It makes files verifiable after older ones are gone. */
export interface FileHeader {
  readonly log: 'nodectl-audit/1';
  /** The number of the record before the first one of the file. */
  readonly after: number;
  readonly chain: string;
}

/** The header line of a new file, with its newline. */
export function headerLine(head: ChainHead): string {
  const header: FileHeader = { log: 'nodectl-audit/1', after: head.sequence, chain: head.chain };
  return `${JSON.stringify(header)}\n`;
}

/** The head that a header line gives, or undefined where the line is none. */
export function parseHeader(line: string): ChainHead | undefined {
  const header = parseJson(line) as Partial<FileHeader> | undefined;
  return header?.log === 'nodectl-audit/1' && Number.isSafeInteger(header.after) && isDigest(header.chain)
    ? { sequence: header.after as number, chain: header.chain }
    : undefined;
}

/** The next record's line, with its newline, and the head after it. */
export function recordLine(
  head: ChainHead,
  entry: AuditEntry,
  timeUsec: number,
): { line: string; head: ChainHead } {
  const { caller, serial, peer, method, requestSha256, status, reason } = entry;
  const sequence = head.sequence + 1;
  const body = JSON.stringify({
    ...{ sequence, timeUsec, caller, serial, peer, method, requestSha256, status, reason },
  });
  const chain = link(head.chain, body);
  return { line: `${body.slice(0, -1)},"chain":"${chain}"}\n`, head: { sequence, chain } };
}

/** A record's line, parsed, and the chain value that it should have after `before`; undefined where it is no record. */
export function parseRecord(
  line: string,
  before: string,
): { record: AuditRecord; expected: string } | undefined {
  const match = /^(\{.*),"chain":"[0-9a-f]{64}"\}$/.exec(line);
  const record = match ? (parseJson(line) as AuditRecord | undefined) : undefined;
  if (!match || !record || !Number.isSafeInteger(record.sequence) || !Number.isSafeInteger(record.timeUsec))
    return undefined;
  return { record, expected: link(before, `${match[1]}}`) };
}

function link(before: string, body: string): string {
  return createHash('sha256').update(before).update(body).digest('hex');
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
