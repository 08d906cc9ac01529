/** The events of a log stream, decoded from the bytes of nodectl.v1.ReadLogsResponse. */

import { RecordBatch } from './batch.ts';
import { BYTES, VARINT, WireReader } from './wire.ts';

/** Why records are missing. UNKNOWN stands for a cause that a newer agent knows. */
export type GapCause =
  | 'OVERRUN'
  | 'TRUNCATED'
  | 'ROTATED'
  | 'REBOOT'
  | 'SLOW_READER'
  | 'NOT_PERMITTED'
  | 'UNKNOWN';

/** By the numbers of nodectl.v1.LogGapCause. */
const CAUSES: readonly GapCause[] = [
  'UNKNOWN',
  'OVERRUN',
  'TRUNCATED',
  'ROTATED',
  'REBOOT',
  'SLOW_READER',
  'NOT_PERMITTED',
];

/** Records were lost, or may not be read. */
export interface Gap {
  /** How many, or -1 when that cannot be known. */
  records: number;
  /** How many bytes, or 0 when unknown. */
  bytes: number;
  cause: GapCause;
  /** The same in words. */
  detail: string;
}

/** One event of a stream, as the node sends it. */
export type LogEvent =
  | { kind: 'start'; source: string; unit: string; node: string }
  | { kind: 'batch'; batch: RecordBatch }
  | { kind: 'gap'; gap: Gap }
  /** No record before `timeUsec` will follow; `cursor` may be empty. */
  | { kind: 'watermark'; timeUsec: number; cursor: string }
  | { kind: 'end'; records: number; cursor: string };

/** Decodes one event; undefined for a kind that this nodectl does not know. Throws a Failure for malformed bytes. */
export function decodeEvent(bytes: Buffer): LogEvent | undefined {
  const wire = new WireReader(bytes);
  let found: LogEvent | undefined;
  while (!wire.done) {
    const tag = wire.varint();
    if ((tag & 7) !== BYTES || tag >> 3 < 1 || tag >> 3 > 5) wire.skip(tag & 7);
    else found = decodeBody(tag >> 3, wire.block());
  }
  return found;
}

function decodeBody(field: number, body: Buffer): LogEvent {
  if (field === 1) return { kind: 'batch', batch: new RecordBatch(body) };
  const { numbers, strings } = scalars(body);
  if (field === 2)
    return {
      kind: 'gap',
      gap: {
        records: numbers[1] ?? 0,
        bytes: numbers[2] ?? 0,
        cause: CAUSES[numbers[3] ?? 0] ?? 'UNKNOWN',
        detail: strings[4] ?? '',
      },
    };
  if (field === 3) return { kind: 'watermark', timeUsec: numbers[1] ?? 0, cursor: strings[2] ?? '' };
  if (field === 4) return { kind: 'end', records: numbers[1] ?? 0, cursor: strings[2] ?? '' };
  return { kind: 'start', source: strings[1] ?? '', unit: strings[2] ?? '', node: strings[3] ?? '' };
}

/** The fields of a small message that holds numbers and strings alone, by their field numbers. */
function scalars(body: Buffer): { numbers: Record<number, number>; strings: Record<number, string> } {
  const numbers: Record<number, number> = {};
  const strings: Record<number, string> = {};
  const wire = new WireReader(body);
  while (!wire.done) {
    const tag = wire.varint();
    if ((tag & 7) === VARINT) numbers[tag >> 3] = wire.signed();
    else if ((tag & 7) === BYTES) strings[tag >> 3] = wire.string();
    else wire.skip(tag & 7);
  }
  return { numbers, strings };
}
