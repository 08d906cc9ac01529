/**
 * Tables of `sar` of sysstat 9 to 12 other than that of processors: of interfaces (-n DEV, -n EDEV), disks (-d), the queue of tasks (-q),
 * paging (-B), swapping (-W) and memory (-r). Times are of 24 hours or of 12; one sample alone has its average beside it, or has not.
 */

import type { Machine } from '../../host/machine.ts';
import { type DiskShares, mean, numberOf, type Observed } from './shares.ts';

const MAX_ROWS = 200_000;
const MAX_NAMES = 4_096;
/** "Linux 5.14.0 (web1) 	11/28/26 	_x86_64_	(8 CPU)". */
const BANNER = /^Linux \S{1,80} \(\S{1,80}\)\s.{1,60}\((\d{1,5}) CPUs?\)/;
/** "10:20:31", "10:20:31 AM", "Average:" in the languages that sysstat has. */
const TIME = /^(?:\d\d[:.]\d\d[:.]\d\d(?:\s+[AP]M)?|[^\s\d]{2,20}:)\s+(?=\S)/;
/** The column by which each table is known. */
const TABLES: readonly (readonly [column: string, table: string])[] = [
  ['rxerr/s', 'EDEV'],
  ['rxpck/s', 'DEV'],
  ['runq-sz', 'q'],
  ['pgpgin/s', 'B'],
  ['pswpin/s', 'W'],
  ['kbmemfree', 'r'],
];

/** The columns of a table with their mean over all looks. */
export interface SarRow {
  /** Of an interface or disk; empty where the table is of the machine. */
  readonly name: string;
  readonly looks: number;
  readonly of: (column: string) => number | undefined;
  /** In how many looks at the least. */
  readonly least: (column: string) => number;
}

/** The tables of a text. */
export interface Sar {
  readonly cpus: number | undefined;
  /** "EDEV", "DEV", "d", "q", "B", "W", "r". */
  readonly tables: ReadonlyMap<string, readonly SarRow[]>;
}

type Values = ReadonlyMap<string, number>;

/** What kind of table a heading begins; undefined for other lines. */
function tableOf(words: readonly string[]): string | undefined {
  if (words[0] === 'DEV' && words.includes('tps')) return 'd';
  return TABLES.find(([column]) => words.includes(column))?.[1];
}

/** Parses them; undefined where there is none. */
export function parseSar(text: string): Sar | undefined {
  let cpus: number | undefined;
  let table: string | undefined;
  let columns: readonly string[] = [];
  const found = new Map<string, Map<string, { rows: Values[]; average?: Values }>>();
  for (const raw of text.split('\n', MAX_ROWS)) {
    const line = raw.slice(0, 1_000).trim();
    cpus ??= Number(BANNER.exec(line)?.[1] ?? 0) || undefined;
    const time = TIME.exec(line)?.[0];
    if (time === undefined) continue;
    const words = line.slice(time.length).split(/\s+/);
    // All words of a heading are names.
    if (!words.some((word) => Number.isFinite(numberOf(word)))) {
      table = tableOf(words);
      columns = words;
      continue;
    }
    if (table === undefined || words.length !== columns.length) continue;
    const named = /^(?:IFACE|DEV)$/.test(columns[0] ?? '');
    const values = new Map(
      columns.flatMap((column, at) => (named && at === 0 ? [] : [[column, numberOf(words[at])] as const])),
    );
    if (![...values.values()].every(Number.isFinite)) continue;
    const name = named ? (words[0] ?? '') : '';
    const rows = found.get(table) ?? new Map<string, { rows: Values[]; average?: Values }>();
    found.set(table, rows);
    const one = rows.get(name) ?? { rows: [] };
    if (rows.size < MAX_NAMES) rows.set(name, one);
    if (/^\d/.test(time)) one.rows.push(values);
    else one.average = values;
  }
  if (found.size === 0) return undefined;
  const tables = new Map(
    [...found].map(([name, rows]) => [name, [...rows].map(([of, seen]) => rowOf(of, seen))] as const),
  );
  return { cpus, tables };
}

function rowOf(name: string, { rows, average }: { rows: readonly Values[]; average?: Values }): SarRow {
  const all = (column: string) => rows.flatMap((one) => one.get(column) ?? []);
  return {
    ...{ name, looks: Math.max(1, rows.length) },
    of: (column) => average?.get(column) ?? (all(column).length > 0 ? mean(all(column)) : undefined),
    least: (column) => Math.min(average?.get(column) ?? Number.POSITIVE_INFINITY, ...all(column)),
  };
}

/** What they tell in the words of other tools; undefined where they tell nothing of the kind. */
export function observedOfSar(text: string): Observed | undefined {
  const sar = parseSar(text);
  const disks = sar?.tables.get('d') ?? [];
  const swapping = sar?.tables.get('W')?.[0];
  const queue = sar?.tables.get('q')?.[0];
  const one = disks[0] ?? swapping ?? queue;
  if (!sar || !one) return undefined;
  // Pages; 4 KiB on all but a few machines.
  const swapped = swapping && {
    in: (swapping.of('pswpin/s') ?? 0) * 4,
    out: (swapping.of('pswpout/s') ?? 0) * 4,
  };
  const blocked = queue?.of('blocked');
  return {
    ...{ tool: 'sar', looks: one.looks, shares: [], disks: disks.map(diskOf) },
    ...(swapped ? { swapped } : {}),
    ...(queue && blocked !== undefined ? { blocked: { least: queue.least('blocked'), mean: blocked } } : {}),
    ...(sar.cpus === undefined ? {} : { cpus: sar.cpus }),
  };
}

function diskOf(row: SarRow): DiskShares {
  const requests = row.of('tps') ?? 0;
  return {
    ...{ name: row.name, requests, busy: row.of('%util') },
    queue: row.of('aqu-sz') ?? row.of('avgqu-sz'),
    awaitMs: requests > 0 ? row.of('await') : undefined,
  };
}

/** The tables of all that a captured machine has; none of a live one. */
export function savedSar(machine: Machine): Sar[] {
  if (machine.live) return [];
  return ['sar', 'sysstat'].flatMap((program) =>
    (machine.saved?.(program) ?? []).flatMap(({ text }) => parseSar(text) ?? []),
  );
}
