/**
 * Records as receivers take them: syslog messages of RFC 5424 in the octet-counted frames of RFC 5425, or JSON lines. Both
 * carry the record's cursor, so that a receiver can tell a record that came twice after a broken connection.
 */

import { isAscii, isUtf8 } from 'node:buffer';
import { PRIORITIES } from '../../proto/syslog.ts';
import type { LogRecord } from '../logs/records.ts';
import { NO_PRIORITY } from '../logs/types.ts';

/** The protocols. */
export type Protocol = 'syslog' | 'json';

/** What every record of a node is sent with. */
export interface Sender {
  /** The node's name. */
  readonly node: string;
  /** The source as `nodectl logs` names it. */
  readonly source: string;
}

const INFO = 6;
const [KERN, USER] = [0, 1];
/** RFC 5424, 6.2: the longest of each field. */
const MAX_APP_NAME = 48;

/** A record as bytes for the wire. */
export function formatted(protocol: Protocol, record: LogRecord, sender: Sender): Buffer {
  return protocol === 'syslog' ? syslogFrame(record, sender) : jsonLine(record, sender);
}

/** RFC 5424 in a frame of RFC 5425: "LENGTH SP MESSAGE". */
function syslogFrame(record: LogRecord, { node, source }: Sender): Buffer {
  const { text, usec, origin, cursor } = record;
  const severity = record.priority === NO_PRIORITY ? INFO : record.priority;
  const facility = source === 'kernel' ? KERN : USER;
  const head = [
    `<${facility * 8 + severity}>1`,
    new Date(usec / 1_000).toISOString(),
    field(node, 255),
    field(origin?.identifier || (source === 'kernel' ? 'kernel' : source), MAX_APP_NAME),
    origin && origin.pid > 0 ? String(origin.pid) : '-',
    '-',
    `[nodectl@32473 source="${parameter(source)}" cursor="${parameter(cursor)}"${
      origin?.unit ? ` unit="${parameter(origin.unit)}"` : ''
    }]`,
  ].join(' ');
  // A byte order mark says that the text is UTF-8 (6.4); other bytes go as they are.
  const mark = !isAscii(text) && isUtf8(text) ? '\ufeff' : '';
  const before = Buffer.from(`${head} ${mark}`);
  const length = before.length + text.length;
  return Buffer.concat([Buffer.from(`${length} `), before, text]);
}

function jsonLine({ text, usec, priority, origin, cursor }: LogRecord, { node, source }: Sender): Buffer {
  const line = JSON.stringify({
    time: new Date(usec / 1_000).toISOString(),
    ...{ node, source },
    ...(origin?.unit ? { unit: origin.unit } : {}),
    ...(origin?.identifier ? { identifier: origin.identifier } : {}),
    ...(origin && origin.pid > 0 ? { pid: origin.pid } : {}),
    ...(priority === NO_PRIORITY ? {} : { priority: PRIORITIES[priority] }),
    message: text.toString('utf8'),
    cursor,
  });
  return Buffer.from(`${line}\n`);
}

/** A header field: printable ASCII without blanks, "-" where nothing is left (RFC 5424, 6). */
function field(text: string, most: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, most) || '-';
}

/** A value of structured data: quotes, backslashes and brackets are escaped (RFC 5424, 6.3.3). */
function parameter(text: string): string {
  return text.replace(/["\\\]]/g, '\\$&');
}
