/** `journalctl --verify`: files of the journal that are damaged. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import { readEach, rowsOf } from './read-each.ts';

const FAILED = /^FAIL: (\S{1,300}\.journal~?) \((.{1,60})\)\s*$/;
const DAMAGED = /^File corruption detected at (\S{1,300}?\.journal~?):/;

/** The files that are damaged; undefined where nothing was verified. */
function parseVerify(text: string): string[] | undefined {
  const rows = rowsOf(text).map((row) => row.trim());
  const found = rows.flatMap((row) => FAILED.exec(row)?.[1] ?? DAMAGED.exec(row)?.[1] ?? []);
  const verified = rows.some((row) => /^PASS: \S{1,300}\.journal~?\s*$/.test(row));
  return found.length > 0 || verified ? [...new Set(found)] : undefined;
}

const verified = fact({
  id: 'system.journal-verified',
  reads: ['journalctl --verify, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(machine, ['journalctl --verify'], parseVerify, 'it tells of no file of the journal').flat(),
});

/** The check of the journal's files. */
export const JOURNAL_VERIFY_CHECK = check({
  id: 'system.journal-damaged',
  area: 'system',
  title: 'Files of the journal that are damaged',
  about:
    'journalctl --verify found what does not hold together in a file. Those that end in "~" were put aside by journald when it found them open ' +
    'after a crash; that alone is no trouble of the disk. A file that is being written while it is verified may fail too.',
  needs: { verified },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/journalctl.html'],
  evaluate: ({ verified: files }) => {
    const torn = files.filter((one) => !one.endsWith('~'));
    if (files.length === 0) return [];
    return [
      {
        severity: torn.length > 0 ? 'warning' : 'info',
        title: 'Files of the journal are damaged',
        parameters: { files: files.length },
        evidence: files.slice(0, 3).map((one) => `${one} does not verify`),
        remedy: {
          text: 'Look whether the disk below it is well (SMART, the kernel’s log); journalctl --rotate begins new files.',
          risk: 'none',
        },
      },
    ];
  },
});
