/**
 * Tables of `mpstat`, `sar -u`, `iostat` and `iostat -x` of sysstat 9 to 12. Columns come and went with versions, so each is found by its
 * name; numbers may have commas. The first report of iostat is the mean since boot.
 */

import { type CpuShares, type DiskShares, mean, numberOf, type Observed } from './shares.ts';

const MAX_ROWS = 200_000;
const MAX_DEVICES = 4_096;

/** "Linux 5.14.0 (web1) 	11/28/26 	_x86_64_	(8 CPU)". */
const BANNER = /^Linux \S{1,80} \(\S{1,80}\)\s.{1,60}\((\d{1,5}) CPUs?\)/;

/** A word of the heading of each table of sar that is not of processors. */
const OTHER = /\s(?:\S+\/s|runq-sz|kb[a-z]{3,12}|dentunusd|totsck|MHz|BUS)(?:\s|$)/;

type Row = ReadonlyMap<string, number>;

/** Reads them; undefined where there is none. */
export function parseSysstat(text: string): Observed | undefined {
  let cpus: number | undefined;
  let columns: string[] = [];
  let kind: 'processors' | 'totals' | 'disks' | undefined;
  let reports = 0;
  const processors = new Map<string, { rows: Row[]; average?: Row }>();
  const totals: Row[] = [];
  const disks = new Map<string, Row[]>();
  for (const raw of text.split('\n', MAX_ROWS)) {
    const line = raw.slice(0, 1_000);
    cpus ??= Number(BANNER.exec(line)?.[1] ?? 0) || undefined;
    const words = line.trim().split(/\s+/);
    const device = words.findIndex((word) => /^Device:?$/.test(word));
    const cpu = words.indexOf('CPU');
    if (words[0] === 'avg-cpu:') {
      [kind, columns] = ['totals', words.slice(1)];
      reports++;
    } else if (device >= 0 && words.some((word) => /^(?:%util|tps)$/.test(word)))
      [kind, columns] = ['disks', words.map((word) => word.replace(/:$/, ''))];
    else if (cpu >= 0 && words.includes('%idle')) [kind, columns] = ['processors', words.slice(cpu)];
    else if (words[0] === '') kind = kind === 'disks' ? undefined : kind;
    // Another table of sar.
    else if (OTHER.test(line)) kind = undefined;
    else if (kind === 'totals') {
      const row = rowOf(columns, words);
      if (row) totals.push(row);
    } else if (kind === 'processors') {
      // Before it stands the time, in one word or two, or "Average:".
      const own = words.slice(-columns.length);
      const row = rowOf(columns.slice(1), own.slice(1));
      if (!row || words.length < columns.length || !/^(?:all|\d{1,5})$/.test(own[0] ?? '')) continue;
      const one = processors.get(own[0] ?? '') ?? { rows: [] };
      if (/^(?:Average|Durchschn\.|Moyenne|Media|Média)\S*$/.test(words[0] ?? '')) one.average = row;
      else one.rows.push(row);
      processors.set(own[0] ?? '', one);
    } else if (kind === 'disks') {
      const at = columns.indexOf('Device');
      const row = rowOf(columns, words, at);
      const name = words[at];
      if (!row || name === undefined || disks.size >= MAX_DEVICES) continue;
      const rows = disks.get(name) ?? [];
      rows.push(row);
      disks.set(name, rows);
    }
  }
  const told = [...processors].flatMap(([name, { rows, average }]) => {
    const row = average ?? meanOf(rows);
    return row ? [sharesOf(name, row)] : [];
  });
  const looks = processors.get('all')?.rows.length ?? processors.values().next().value?.rows.length ?? 0;
  if (told.length > 0)
    return {
      ...{ tool: columns.includes('%usr') ? 'mpstat' : 'sar', looks, shares: told, disks: [] },
      ...(cpus === undefined ? {} : { cpus }),
    };
  const whole = meanOf(later(totals));
  const devices = [...disks].flatMap(([name, rows]) => diskOf(name, later(rows)) ?? []);
  if (!whole && devices.length === 0) return undefined;
  return {
    ...{ tool: 'iostat', shares: whole ? [sharesOf('all', whole)] : [], disks: devices },
    looks: Math.max(0, Math.max(reports, ...[...disks.values()].map((rows) => rows.length)) - 1),
    ...(cpus === undefined ? {} : { cpus }),
  };
}

/** The reports behind the first one, which is of all the time since boot; that one where there is no other. */
function later(rows: readonly Row[]): readonly Row[] {
  return rows.length > 1 ? rows.slice(1) : rows;
}

/** A row by its columns; undefined where a number is missing. @param skip a column that is none */
function rowOf(columns: readonly string[], words: readonly string[], skip = -1): Row | undefined {
  if (words.length < columns.length) return undefined;
  const entries = columns.flatMap((column, at) =>
    at === skip ? [] : [[column, numberOf(words[at])] as const],
  );
  return entries.every(([, value]) => Number.isFinite(value)) ? new Map(entries) : undefined;
}

function meanOf(rows: readonly Row[]): Row | undefined {
  const [first] = rows;
  return (
    first && new Map([...first.keys()].map((name) => [name, mean(rows.map((row) => row.get(name) ?? 0))]))
  );
}

function sharesOf(cpu: string, row: Row): CpuShares {
  const of = (name: string) => row.get(name) ?? 0;
  return {
    ...{ cpu, idle: of('%idle'), iowait: of('%iowait'), steal: of('%steal') },
    softirq: row.get('%soft'),
  };
}

/** Undefined where a row has neither times nor a share, as without -x. */
function diskOf(name: string, rows: readonly Row[]): DiskShares | undefined {
  const row = meanOf(rows);
  if (!row?.has('%util')) return undefined;
  const of = (column: string) => row.get(column) ?? 0;
  const requests = of('r/s') + of('w/s');
  // Before version 12 there is the mean of both; it and the two go by the requests of each look.
  const sum = rows.reduce(
    (total, one) =>
      total +
      (one.get('r/s') ?? 0) * (one.get('r_await') ?? one.get('await') ?? 0) +
      (one.get('w/s') ?? 0) * (one.get('w_await') ?? one.get('await') ?? 0),
    0,
  );
  const timed = row.has('r_await') || row.has('await');
  return {
    ...{ name, requests, queue: row.get('aqu-sz') ?? row.get('avgqu-sz'), busy: row.get('%util') },
    awaitMs: timed && requests > 0 ? sum / rows.length / requests : undefined,
  };
}
