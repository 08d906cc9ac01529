/**
 * The words of the logs domain: what a source is, what a reader asks for, and the events that a read gives. A batch has
 * exactly the columns of nodectl.v1.LogBatch, so that the service passes it on without copying.
 */

import type { Matcher } from './pattern.ts';

/** The longest message that is sent, in bytes; the rest is cut and the record marked as truncated. */
export const MAX_MESSAGE_BYTES = 65_536;

/** The priority byte of a record that has no priority. */
export const NO_PRIORITY = 255;

/** Who wrote a record. */
export interface LogOrigin {
  /** The syslog identifier, program or container name, or empty. */
  identifier: string;
  /** The systemd unit, or empty. */
  unit: string;
  /** The process id, or 0. */
  pid: number;
}

/** Further fields of one record: raw bytes by name. */
export interface LogFields {
  values: Record<string, Buffer>;
}

/**
 * Records in columns: the n-th entry of each column belongs to the n-th record. See nodectl.v1.LogBatch. It holds until the
 * next event of its read is asked for; then its bytes are written over.
 */
export interface LogBatch {
  /** How many records. */
  count: number;
  /** The messages' bytes one after the other, each with a newline behind it that is not part of the message. */
  text: Buffer;
  /** Each message's length in bytes, or empty when no message holds a newline. */
  lengths: number[];
  /** Times in µs since the epoch as differences; empty when all are `baseUsec`. */
  timeDeltas: number[];
  baseUsec: number;
  /** A byte a record, NO_PRIORITY where it has none; empty when no record has one. */
  priorities: Buffer;
  /** Index into `origins`; empty when all are 0. */
  originIndex: number[];
  origins: LogOrigin[];
  /** A record's cursor is this, a colon, and its position in base 36. */
  cursorPrefix: string;
  /** Positions as differences; the first to `basePosition`. */
  positionDeltas: number[];
  basePosition: number;
  /** One entry a record, or empty when no fields were asked for. */
  fields: LogFields[];
  /** Indexes of the records whose message was cut to MAX_MESSAGE_BYTES. */
  truncated: number[];
}

/** Why records are missing. */
export type GapCause = 'OVERRUN' | 'TRUNCATED' | 'ROTATED' | 'REBOOT' | 'SLOW_READER' | 'NOT_PERMITTED';

/** Records were lost, or may not be read. */
export interface LogGap {
  /** How many records, or -1 when that cannot be known. */
  records: number;
  /** How many bytes, or 0 when unknown. */
  bytes: number;
  cause: GapCause;
  /** The same in words. */
  detail: string;
}

/** One event of a read. */
export type LogEvent =
  | { event: 'batch'; batch: LogBatch }
  | { event: 'gap'; gap: LogGap }
  /** No record before `timeUsec` will follow; `cursor` is where to resume, or empty. */
  | { event: 'watermark'; watermark: { timeUsec: number; cursor: string } }
  /** The read is complete; never with `follow`. */
  | { event: 'end'; end: { records: number; cursor: string } };

/** The kind of a source. */
export type SourceKind = 'JOURNAL' | 'KERNEL' | 'FILE' | 'CONTAINER';

/** What can be said about a source without reading it. */
export interface SourceInfo {
  /** "journal", "kernel", "file/NAME", "pod/NAMESPACE/POD/CONTAINER". */
  name: string;
  kind: SourceKind;
  /** What it reads, in words. */
  description: string;
  /** Why it cannot be read now, or empty. */
  unavailable: string;
  /** What of it cannot be read, and what to do, or empty. */
  incomplete: string;
  /** Bytes on disk, or 0 when unknown. */
  bytes: number;
}

/** A cursor that was taken apart: which stretch of the source, and where in it. */
export interface Cursor {
  prefix: string;
  position: number;
}

/** What one read asks a source for. Conditions are joined by "and". */
export interface ReadOptions {
  /** Only this systemd unit ("sshd.service"), or empty. Only the journal knows units. */
  unit: string;
  /** At or after, µs since the epoch; 0 for none. */
  sinceUsec: number;
  /** Before, µs since the epoch; 0 for none. */
  untilUsec: number;
  /** "" any, else as in nodectl.v1.ReadLogsRequest.boot, already checked for its form. */
  boot: string;
  /** What the message must match. */
  matcher: Matcher | undefined;
  /** Bit n set: priority n is wanted. 0: any, also records without one. */
  priorityMask: number;
  /** Only the newest N, or undefined for all. */
  tail: number | undefined;
  follow: boolean;
  /** Continue after this record; `sinceUsec` and `tail` are ignored then. */
  cursor: Cursor | undefined;
  /** Names of further fields, "*" for all; empty for none. */
  fields: readonly string[];
  /** Only the kernel's messages, with the kernel's time of them. Only the journal has others. */
  kernel: boolean;
}

/** A place that records come from. */
export interface LogSource {
  readonly name: string;
  readonly kind: SourceKind;
  /** Looks whether and what could be read. Never throws for what is a state of the source. */
  inspect(): Promise<SourceInfo>;
  /**
   * The records. The source reads no further than the consumer asks, and `signal` ends everything at once: the
   * iterator then finishes without an `end` event.
   * @throws Failure BAD_CURSOR, BAD_ARGUMENT, SOURCE_UNAVAILABLE
   */
  read(options: ReadOptions, signal: AbortSignal): AsyncIterable<LogEvent>;
}

/** A request as it comes from a caller, before names and patterns are resolved. */
export interface LogQuery {
  source: string;
  sinceUsec: number;
  untilUsec: number;
  boot: string;
  grep: string;
  grepIgnoreCase: boolean;
  priorities: readonly number[];
  tail: number | undefined;
  follow: boolean;
  cursor: string;
  fields: readonly string[];
}

/** A request that was resolved: what is read, and the events. */
export interface LogRead {
  /** The source's full name. */
  source: string;
  /** The systemd unit that the read is narrowed to, or empty. */
  unit: string;
  events: AsyncIterable<LogEvent>;
}

/** The logs of a node: what the service serves. */
export interface LogsDomain {
  /** The node's name, for LogStart. */
  readonly node: string;
  /** Every source, sorted by name; `isDefault` on the one that an empty name means. */
  listSources(): Promise<(SourceInfo & { isDefault: boolean })[]>;
  /**
   * Resolves a request and begins to read.
   * @throws Failure UNKNOWN_SOURCE, BAD_PATTERN, BAD_CURSOR, BAD_ARGUMENT, SOURCE_UNAVAILABLE
   */
  read(query: LogQuery, signal: AbortSignal): Promise<LogRead>;
}

/** A log file that the agent's configuration declares. */
export interface DeclaredFile {
  /** Letters, digits, dot, dash and underscore; the source is "file/NAME". */
  name: string;
  /** Absolute path. */
  path: string;
}
