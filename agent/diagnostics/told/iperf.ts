/** What `iperf3` and `iperf` measured, as text and as JSON. */

import { isObject } from '../nic/ethtool/text.ts';
import { figures } from '../quantities.ts';
import { type Seen, seen } from './seen.ts';

/** As netdata has it of pings; and the share of segments that this project warns from, of all that a machine sends. */
const LOSS_PERCENT = 5;
const RETRANSMITS_PERCENT = 1;
/** The payload of a segment without jumbo frames: with them fewer are sent, and the share is larger yet. */
const SEGMENT_BYTES = 1_448;
/** Of fewer segments a share says nothing. */
const LEAST_SEGMENTS = 50;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1_024,
  M: 1_024 ** 2,
  G: 1_024 ** 3,
  T: 1_024 ** 4,
};

/** One direction as a whole. */
interface Sum {
  readonly bytes: number;
  readonly retransmits: number | undefined;
  readonly lostPercent: number | undefined;
  readonly datagrams: number;
  readonly receiver: boolean;
  readonly row: string;
}

/** "[  5]   0.00-10.00  sec  1.09 GBytes   940 Mbits/sec   12             sender", UDP with jitter and "123/8912 (1.4%)" instead. */
const ROW =
  /^\[(?: *\d{1,4}|SUM)\](?:\[[TR]X-[CS]\])?\s+[\d.]{1,8} ?- ?[\d.]{1,8}\s+sec\s+([\d.]{1,10}) ([KMGT]?)Bytes\s+[\d.]{1,10} [KMGT]?bits\/sec(?:\s+[\d.]{1,12} ms\s+\d{1,12}\/ ?(\d{1,12}) \(([\d.e+-]{1,10})%\)|\s+(\d{1,9}))?(?:\s+(sender|receiver))?\s*$/;

function ofRow(row: string): Sum | undefined {
  const [, size, unit = '', datagrams, lost, retransmits, side] = ROW.exec(row) ?? [];
  if (size === undefined) return undefined;
  // Rows of one second have no side; the server's report of iperf 2 has none either, and tells what was lost.
  if (side === undefined && lost === undefined) return undefined;
  return {
    bytes: Number(size) * (UNITS[unit] ?? 1),
    retransmits: retransmits === undefined ? undefined : Number(retransmits),
    lostPercent: lost === undefined ? undefined : Number(lost),
    datagrams: Number(datagrams ?? 0),
    receiver: side === 'receiver',
    row,
  };
}

/** What a row or an object tells. */
function judge(sum: Sum, host: string): Seen[] {
  const { bytes, retransmits = 0, lostPercent, datagrams, receiver, row } = sum;
  if (lostPercent !== undefined && datagrams > 0 && lostPercent >= LOSS_PERCENT)
    // A sender that was told to send more than the path takes loses the rest.
    return [seen('warning', 'Packets are lost on the way', host, row, 'possible')];
  if (receiver && bytes === 0 && lostPercent === undefined)
    return [seen('warning', 'A transfer does not get through', host, row)];
  const segments = bytes / SEGMENT_BYTES;
  const share = (100 * retransmits) / segments;
  return segments >= LEAST_SEGMENTS && share >= RETRANSMITS_PERCENT
    ? [
        seen(
          'warning',
          'TCP sends many segments again on the way',
          host,
          `${figures(share)} % at least: ${row.trim()}`,
        ),
      ]
    : [];
}

function ofJson(text: string): Seen[] | undefined {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(whole)) return undefined;
  const of = (...path: string[]): unknown =>
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), whole);
  const host = of('start', 'connecting_to', 'host');
  const name = typeof host === 'string' ? host : '';
  if (typeof whole.error === 'string') return [ofError(whole.error, name)];
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const sums = (['sum', 'sum_sent', 'sum_received'] as const).flatMap((key): Sum[] => {
    const bytes = number(of('end', key, 'bytes'));
    if (bytes === undefined) return [];
    const retransmits = number(of('end', key, 'retransmits'));
    const lostPercent = number(of('end', key, 'lost_percent'));
    const words = [
      `${key}: ${bytes} bytes`,
      ...(retransmits === undefined ? [] : [`${retransmits} retransmits`]),
      ...(lostPercent === undefined ? [] : [`${figures(lostPercent)} % lost`]),
    ];
    return [
      {
        ...{ bytes, retransmits, lostPercent, datagrams: number(of('end', key, 'packets')) ?? 0 },
        receiver: key === 'sum_received',
        row: words.join(', '),
      },
    ];
  });
  return sums.length === 0 ? undefined : sums.flatMap((sum) => judge(sum, name));
}

function ofError(message: string, host: string): Seen {
  const busy = /the server is busy running a test/i.test(message);
  return seen(busy ? 'info' : 'warning', 'A service is not reached', host, `iperf3: ${message}`, 'possible');
}

/** What iperf tells; undefined where the rows are none of it. */
export function ofIperf(rows: readonly string[]): Seen[] | undefined {
  if (/^\s*\{/.test(rows[0] ?? '') && rows.some((row) => /"sum_received"|^\s*"error":\s*"/.test(row)))
    return ofJson(rows.join('\n'));
  let host = '';
  let understood = false;
  const found: Seen[] = [];
  for (const row of rows) {
    host =
      /^(?:Connecting to host|Client connecting to|Accepted connection from) ([^\s,]{1,253})/.exec(
        row,
      )?.[1] ?? host;
    const error =
      /^iperf3?: error - (.{1,250})$/.exec(row)?.[1] ?? /^connect failed: (.{1,100})$/.exec(row)?.[1];
    if (error !== undefined) {
      understood = true;
      if (!/unable to start listener|parameter|option|interrupt/i.test(error))
        found.push(ofError(error, host));
      continue;
    }
    const sum = ofRow(row);
    if (!sum) continue;
    understood = true;
    found.push(...judge(sum, host));
  }
  return understood ? found : undefined;
}
