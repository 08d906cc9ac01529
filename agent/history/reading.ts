/** The rows of a ring with their times, from the newest back, a file at a time: what the view and the queries read through. */

import { BadBytes } from './bytes.ts';
import type { Table } from './chunk.ts';
import { filesWithRows, type RingFile, readTable } from './files.ts';
import { type Now, Timeline } from './timeline.ts';

/** The rows of a file with their times. */
export interface TimedTable extends Table {
  /** ms since the epoch of each row, rising. */
  readonly times: Float64Array;
}

/** Where to read, and what to do about what is broken. */
export interface RingSource {
  readonly folder: string;
  readonly now: () => Now;
  /** Told of a segment that is broken; its rows are left out. */
  readonly broken?: (file: RingFile, why: string) => void;
}

/** The tables of a ring, newest first. The files are those that there are when the first is asked for. */
export function* tablesBack({ folder, now, broken }: RingSource): Generator<TimedTable, void, undefined> {
  const timeline = new Timeline(now());
  for (const file of filesWithRows(folder).toReversed()) {
    let table: Table | undefined;
    try {
      // A head that became a segment since the folder was listed.
      table = readTable(file) ?? readTable({ ...file, kind: 'seg', path: file.path.replace(/head$/, 'seg') });
    } catch (error) {
      if (!(error instanceof BadBytes)) throw error;
      broken?.(file, error.message);
    }
    if (!table) continue;
    const { offsets } = table;
    const times = timeline.times({ ...table, clockSet: offsets.some((one) => one !== offsets[0]) });
    yield { ...table, times };
  }
}
