/** How a run of journalctl is begun and how it ends. */

import { Failure } from '../../../proto/failure.ts';
import type { LogEvent, ReadOptions } from '../types.ts';
import { conditionArgs, type JournalPosition } from './query.ts';

/** Why a run of journalctl ended. */
export interface Ended {
  code: number;
  stderr: string;
  error?: Error;
}

/** A gap for records whose numbers are missing. */
export function missingRecords(records: number): LogEvent {
  const detail = `${records} records are missing in the journal, by their sequence numbers`;
  return { event: 'gap', gap: { records, bytes: 0, cause: 'ROTATED', detail } };
}

/** A gap for entries that could not be read whole; -1 where not all of them may have been wanted. */
export function unreadableRecords(records: number): LogEvent {
  const detail =
    'what journalctl printed of an entry was not whole: its file was removed meanwhile, or is damaged, or it is longer than 8 MiB';
  return { event: 'gap', gap: { records, bytes: 0, cause: 'ROTATED', detail } };
}

/** Where journalctl begins. */
export interface Begin {
  /** Behind this record, which was delivered before. */
  after?: JournalPosition;
  /** At this record. */
  at?: JournalPosition;
  /** At the newest so many. */
  lines?: number;
  /** Only to know where that is: nothing is delivered. */
  silent?: boolean;
}

/** What journalctl says when the boot that was asked for, or the running one when it follows, has no entries. */
export const NO_BOOT = /no such boot|specified boot/i;

/** What is wrong with the request is said before anything is started. Throws BAD_ARGUMENT. */
export function checkRequest(options: ReadOptions): void {
  conditionArgs(options);
  if (options.follow && !['', '0', 'this'].includes(options.boot)) {
    throw new Failure('BAD_ARGUMENT', `the boot "${options.boot}" cannot be followed: it is over`, {
      hint: 'read it without following',
    });
  }
}

/** Whether journalctl gave everything. When it searched and found nothing it ends with status 1, without a word. */
export function isComplete({ code, stderr, error }: Ended, searched: boolean): boolean {
  return error === undefined && (code === 0 || (code === 1 && stderr === '' && searched));
}

/** The failure for a journalctl that ends again and again. */
export function broken({ stderr, code }: Ended): Failure {
  const why = stderr.split('\n')[0] ?? '';
  return new Failure(
    'SOURCE_UNAVAILABLE',
    `the journal cannot be read: journalctl ended with status ${code}: ${why}`,
    {
      hint: 'look at the journal’s files with journalctl --verify',
    },
  );
}
