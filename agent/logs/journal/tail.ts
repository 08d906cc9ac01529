/** Finds where the newest N records that match begin, by reading the journal backwards. */

import { type JournalPlace, readJournal } from '../../host/journalctl.ts';
import { yieldTurn } from '../files/wait.ts';
import { Selection } from '../selection.ts';
import { NO_PRIORITY, type ReadOptions } from '../types.ts';
import { ExportParser, kernelTime } from './export.ts';
import type { Begin } from './outcome.ts';
import { Puller } from './pull.ts';
import { conditionArgs } from './query.ts';

/** How long one wait for output is; there may be many. */
const WAIT_MS = 60_000;

/**
 * Where the newest `tail` (at least 1) matching records begin; the journal's beginning when it has fewer.
 * @param preselect arguments by which journalctl leaves out most of what does not match
 */
export async function findTail(
  place: JournalPlace,
  options: ReadOptions,
  tail: number,
  preselect: readonly string[],
  signal: AbortSignal,
): Promise<Begin> {
  const journal = readJournal(place, ['--reverse', ...conditionArgs(options), ...preselect]);
  // journalctl has chosen by priority.
  const selection = new Selection({ ...options, priorityMask: 0 });
  const output = new Puller(journal.stdout, signal);
  const parser = new ExportParser(false);
  let found = 0;
  try {
    for (;;) {
      const chunk = await output.next(WAIT_MS);
      if (chunk === 'end') return {};
      if (chunk === 'idle') continue;
      parser.push(chunk);
      for (let entry = parser.next(); entry !== undefined; entry = parser.next()) {
        const { bytes, message } = entry;
        if (!selection.admits(options.kernel ? kernelTime(entry) : entry.usec, NO_PRIORITY)) continue;
        if (!selection.matches(bytes, Math.max(0, message.start), Math.max(0, message.end))) continue;
        if (++found < tail) continue;
        const seqnumId = bytes.toString('latin1', entry.seqnumId, entry.seqnumId + 32);
        return { at: { seqnumId, seqnum: entry.seqnum, usec: entry.usec } };
      }
      await yieldTurn();
      options.matcher?.rested();
    }
  } finally {
    await journal.stop();
  }
}
