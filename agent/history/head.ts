/** The file that is appended to, as a table: its whole rows in the order of their time since boot. */

import { KIND, scan } from './blocks.ts';
import { BadBytes } from './bytes.ts';
import type { Table } from './chunk.ts';
import { type Names, namesKey, parseNames, parseRow, type Row } from './rows.ts';

/** What a head holds. */
export interface Head {
  /** Its rows, or undefined where there is none. */
  readonly table: Table | undefined;
  /** The names that its last row refers to, to go on with. */
  readonly last: { readonly names: Names; readonly key: number } | undefined;
  /** Where its last whole block ends. */
  readonly end: number;
  /** Whether something in it is broken that a writer that was killed does not leave. */
  readonly damaged: boolean;
  /** Whether another version of the agent wrote it. */
  readonly otherVersion: boolean;
}

/** Reads a head. Never throws: what is broken is left out and told. */
export function readHead(bytes: Buffer): Head {
  const { blocks, end, damaged, otherVersion } = scan(bytes);
  let broken = damaged;
  const known = new Map<number, Names>();
  let boot: string | undefined;
  /** Does something with the blocks of a kind; one that is whole and yet no sense is as good as damaged. */
  const each = (kind: number, read: (payload: Buffer) => void) => {
    for (const one of blocks)
      try {
        if (one.kind === kind) read(one.payload);
      } catch (error) {
        if (!(error instanceof BadBytes)) throw error;
        broken = true;
      }
  };
  let last: Head['last'];
  each(KIND.names, (payload) => {
    const names = parseNames(payload);
    boot ??= names.boot;
    if (names.boot !== boot) throw new BadBytes('rows of two boots');
    const key = namesKey(payload);
    known.set(key, names);
    last = { names, key };
  });
  const rows: { row: Row; names: readonly string[]; values: Float64Array }[] = [];
  each(KIND.row, (payload) => {
    const row = parseRow(payload);
    const names = known.get(row.key)?.names;
    if (!names) throw new BadBytes('a row without its names');
    const values = row.values(names.length);
    if (row.sinceBoot > (rows.at(-1)?.row.sinceBoot ?? -1)) rows.push({ row, names, values });
  });
  const table = boot === undefined || rows.length === 0 ? undefined : tableOf(boot, rows);
  return { table, last, end, damaged: broken, otherVersion };
}

function tableOf(
  boot: string,
  rows: readonly { row: Row; names: readonly string[]; values: Float64Array }[],
): Table {
  const columns = new Map<string, Float64Array>();
  for (const [at, { names, values }] of rows.entries())
    for (const [index, name] of names.entries()) {
      const value = values[index] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      let column = columns.get(name);
      if (!column) {
        column = new Float64Array(rows.length).fill(Number.NaN);
        columns.set(name, column);
      }
      column[at] = value;
    }
  const all = [...columns.values()];
  return {
    boot,
    sinceBoot: Float64Array.from(rows, ({ row }) => row.sinceBoot),
    offsets: Float64Array.from(rows, ({ row }) => row.wall - row.sinceBoot),
    names: [...columns.keys()],
    column: (index) => all[index] ?? new Float64Array(rows.length).fill(Number.NaN),
  };
}
