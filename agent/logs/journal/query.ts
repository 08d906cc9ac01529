/** Turns what is asked for into arguments of journalctl. Nothing of a caller gets there unchecked. */

import { Failure } from '../../../proto/failure.ts';
import { MAX_FIELDS } from '../../../proto/log-limits.ts';
import type { Required } from '../pattern/literals.ts';
import type { ReadOptions } from '../types.ts';

/** The fields that every record is made of. */
export const BASE_FIELDS = [
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  '_PID',
  '_SYSTEMD_UNIT',
] as const;
/** What the kernel's own time of a message is taken from. */
const KERNEL_FIELDS = ['_SOURCE_MONOTONIC_TIMESTAMP'] as const;
const FIELD = /^[A-Z0-9_]{1,64}$/;

/** The id of a stretch of sequence numbers, a time that is not later than the record, and its number. */
export interface JournalPosition {
  seqnumId: string;
  seqnum: number;
  usec: number;
}

/** A journal cursor that leads to the record, or to where it was. */
export function journalCursor(position: JournalPosition): string {
  // The time is for files with other sequence numbers: without it these would be read from their beginning.
  return `s=${position.seqnumId};i=${position.seqnum.toString(16)};t=${position.usec.toString(16)}`;
}

/** The value of --boot for what the contract allows, undefined for any boot. Throws BAD_ARGUMENT for anything else. */
function bootArgument(boot: string): string | undefined {
  if (boot === '') return undefined;
  if (boot === '0' || boot === 'this') return '0';
  if (boot === 'previous') return '-1';
  if (/^-[1-9]\d{0,4}$/.test(boot) || /^[0-9a-f]{32}$/.test(boot)) return boot;
  throw new Failure('BAD_ARGUMENT', `the boot "${boot}" is not one of the known forms`, {
    hint: 'use this, previous, -N, or a boot id of 32 hexadecimal digits',
  });
}

/** The names of wanted fields, or undefined for all. Throws BAD_ARGUMENT. */
function outputFields({ fields, kernel }: ReadOptions): string[] | undefined {
  if (fields.includes('*')) return undefined;
  if (fields.length > MAX_FIELDS) {
    throw new Failure('BAD_ARGUMENT', `${fields.length} fields are asked for, more than ${MAX_FIELDS}`, {
      hint: 'ask for "*" to get all',
    });
  }
  const bad = fields.find((name) => !FIELD.test(name));
  if (bad !== undefined) {
    throw new Failure('BAD_ARGUMENT', `"${bad.slice(0, 80)}" is no name of a journal field`, {
      hint: 'names are of capital letters, digits and underscores, for example _PID',
    });
  }
  return [...new Set([...BASE_FIELDS, ...(kernel ? KERNEL_FIELDS : []), ...fields])];
}

function seconds(usec: number): string {
  return `@${Math.floor(usec / 1e6)}.${String(usec % 1e6).padStart(6, '0')}`;
}

/**
 * A pattern for journalctl that matches at least where ours does: the texts of which each of our matches holds one. What
 * journalctl finds is matched again, so that its kind of patterns never decides.
 */
export function preselection(required: Required | undefined): string[] {
  if (required === undefined) return [];
  const escaped = required.anyOf.map((text) => text.replace(/[^A-Za-z0-9 _]/g, '\\$&'));
  return [`--grep=${escaped.join('|')}`, `--case-sensitive=${required.fold ? 'no' : 'yes'}`];
}

/** The conditions that journalctl checks itself. */
export function conditionArgs(options: ReadOptions): string[] {
  const args: string[] = [];
  const boot = bootArgument(options.boot);
  if (boot !== undefined) args.push(`--boot=${boot}`);
  const fields = outputFields(options);
  if (fields !== undefined) args.push(`--output-fields=${fields.join(',')}`);
  if (options.unit !== '') args.push(`--unit=${options.unit}`);
  if (options.cursor === undefined && options.sinceUsec > 0)
    args.push(`--since=${seconds(options.sinceUsec)}`);
  // One later, for journalctl takes the end in; the exact condition is checked on each record. It looks at when a message
  // reached the journal, which may be later than the kernel's time of it, so that this alone decides there.
  if (options.untilUsec > 0 && !options.kernel) args.push(`--until=${seconds(options.untilUsec)}`);
  if (options.kernel) args.push('_TRANSPORT=kernel');
  for (let priority = 0; priority < 8; priority++) {
    if ((options.priorityMask >> priority) & 1) args.push(`PRIORITY=${priority}`);
  }
  return args;
}
