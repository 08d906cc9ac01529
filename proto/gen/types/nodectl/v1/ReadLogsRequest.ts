// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which records to read. Conditions are joined by "and".
 */
export interface ReadLogsRequest {
  /**
   * A source's name, or the name of a systemd unit ("sshd", "sshd.service"), or the last part of a source's name
   * where only one source has it. Empty means the node's default source.
   */
  'source'?: (string);
  /**
   * Only records at or after this time, in microseconds since the epoch. 0 means from the oldest.
   */
  'sinceUsec'?: (number | string | Long);
  /**
   * Only records before this time, in microseconds since the epoch. 0 means to the newest.
   */
  'untilUsec'?: (number | string | Long);
  /**
   * Only records of this boot: "" any, "0" or "this" the running one, "-1" or "previous" the one before, "-N",
   * or a boot id of 32 hexadecimal digits. Only the journal and the kernel know boots.
   */
  'boot'?: (string);
  /**
   * A regular expression (ECMAScript syntax without back-references and look-ahead, so that it runs in linear
   * time) that the message must match. Empty means any message. At most 1,024 characters.
   */
  'grep'?: (string);
  /**
   * Whether `grep` ignores case.
   */
  'grepIgnoreCase'?: (boolean);
  /**
   * Only records of these priorities, 0 (emergency) to 7 (debug). Empty means any, also records without one. A log
   * file of whose lines none has a priority refuses it with BAD_ARGUMENT.
   */
  'priorities'?: (number)[];
  /**
   * Only the newest N records that meet the other conditions. Unset means all. With `follow`, what comes
   * after them is sent too.
   */
  'tail'?: (number);
  /**
   * Go on with new records as they are written.
   */
  'follow'?: (boolean);
  /**
   * Continue after this cursor, which came from a batch of the same source. `since_usec` and `tail` are ignored then.
   * A cursor whose record is gone gives a gap first.
   */
  'cursor'?: (string);
  /**
   * Names of further fields to send with each record, for example "_PID"; "*" sends all. Empty sends none.
   */
  'fields'?: (string)[];
  '_tail'?: "tail";
}

/**
 * Which records to read. Conditions are joined by "and".
 */
export interface ReadLogsRequest__Output {
  /**
   * A source's name, or the name of a systemd unit ("sshd", "sshd.service"), or the last part of a source's name
   * where only one source has it. Empty means the node's default source.
   */
  'source': (string);
  /**
   * Only records at or after this time, in microseconds since the epoch. 0 means from the oldest.
   */
  'sinceUsec': (number);
  /**
   * Only records before this time, in microseconds since the epoch. 0 means to the newest.
   */
  'untilUsec': (number);
  /**
   * Only records of this boot: "" any, "0" or "this" the running one, "-1" or "previous" the one before, "-N",
   * or a boot id of 32 hexadecimal digits. Only the journal and the kernel know boots.
   */
  'boot': (string);
  /**
   * A regular expression (ECMAScript syntax without back-references and look-ahead, so that it runs in linear
   * time) that the message must match. Empty means any message. At most 1,024 characters.
   */
  'grep': (string);
  /**
   * Whether `grep` ignores case.
   */
  'grepIgnoreCase': (boolean);
  /**
   * Only records of these priorities, 0 (emergency) to 7 (debug). Empty means any, also records without one. A log
   * file of whose lines none has a priority refuses it with BAD_ARGUMENT.
   */
  'priorities': (number)[];
  /**
   * Only the newest N records that meet the other conditions. Unset means all. With `follow`, what comes
   * after them is sent too.
   */
  'tail'?: (number);
  /**
   * Go on with new records as they are written.
   */
  'follow': (boolean);
  /**
   * Continue after this cursor, which came from a batch of the same source. `since_usec` and `tail` are ignored then.
   * A cursor whose record is gone gives a gap first.
   */
  'cursor': (string);
  /**
   * Names of further fields to send with each record, for example "_PID"; "*" sends all. Empty sends none.
   */
  'fields': (string)[];
  '_tail'?: "tail";
}
