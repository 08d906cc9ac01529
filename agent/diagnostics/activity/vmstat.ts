/** What `vmstat` printed, with or without -w, -t, -a and a delay (procps' vmstat.c): a table whose first row is the mean since boot. */

import { type CpuShares, mean, type Observed } from './shares.ts';

const MAX_ROWS = 100_000;

/** Reads it; undefined where it has no row. */
export function parseVmstat(text: string): Observed | undefined {
  let columns: string[] = [];
  const rows: Map<string, number>[] = [];
  for (const line of text.split('\n', MAX_ROWS)) {
    const words = line.slice(0, 500).trim().split(/\s+/);
    if (words[0] === 'r' && words[1] === 'b') {
      // With -t the name of the time zone stands behind.
      columns = words.filter((word) => /^[a-z]{1,6}$/.test(word));
      continue;
    }
    const values = words.slice(0, columns.length).map(Number);
    if (columns.length < 10 || values.length < columns.length || !values.every(Number.isFinite)) continue;
    rows.push(new Map(columns.map((column, at) => [column, values[at] ?? 0])));
  }
  // With -s and others there is no such table.
  if (rows.length === 0) return undefined;
  const looks = rows.length > 1 ? rows.slice(1) : rows;
  const of = (name: string) => mean(looks.map((row) => row.get(name) ?? 0));
  const shares: CpuShares = {
    ...{ cpu: 'all', idle: of('id'), iowait: of('wa'), steal: of('st'), softirq: undefined },
  };
  const blocked = looks.map((row) => row.get('b') ?? 0);
  return {
    ...{ tool: 'vmstat', looks: rows.length > 1 ? looks.length : 0, shares: [shares], disks: [] },
    swapped: { in: of('si'), out: of('so') },
    // What waits at the moment is told of the moment in the first row as well.
    blocked: { least: Math.min(...blocked), mean: mean(blocked) },
  };
}
