/** Boots as lists of them tell on a captured machine: `journalctl --list-boots`, and `last -x` with its sessions that ended in a crash. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What one list tells. */
interface Boots {
  /** Sessions, or boots, that ended without a shutdown, as `last` tells. */
  readonly crashes: readonly string[];
  /** Boots that lasted less than half an hour each, one right behind the other; the rows. */
  readonly short: readonly string[];
}

/** " -1 2f1e…f0 Mon 2026-11-02 08:27:01 UTC—Mon 2026-11-02 08:39:20 UTC", and with blanks from systemd 252 on. */
const BOOT =
  /^\s*-?\d{1,6} [\da-f]{32} \w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \S{1,6}(?:—|\s+)\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\b/;
/** last(1): "root     pts/0  10.0.0.9  Mon Nov  2 08:30 - crash  (00:11)"; wtmpdb and last -x say it of the boot itself too. */
const SESSION = /^\S{1,32}\s+\S.{10,200}? - crash\s+\(/;
const LAST =
  /^(?:reboot\s+system boot|shutdown\s+system down|runlevel\s+\(to lvl|[wb]tmp begins)\b|^\S{1,32}\s+(?:pts\/\d|tty\d|:\d)\S*\s/;

/** Shorter boots are none that somebody works with. */
const SHORT_MS = 30 * 60_000;
/** One may be a test, and two a mistake that was mended. */
const MANY = 3;

function parse(text: string): Boots | undefined {
  const rows = rowsOf(text);
  const boots = rows.flatMap((row) => {
    const [, from = '', to = ''] = BOOT.exec(row) ?? [];
    const [first, last] = [from, to].map((one) => Date.parse(`${one.replace(' ', 'T')}Z`));
    return first !== undefined && last !== undefined && Number.isFinite(last - first)
      ? [{ row: row.trim(), lasted: last - first, first, last }]
      : [];
  });
  const crashes = rows.filter((row) => SESSION.test(row)).map((row) => row.trim());
  if (
    boots.length + crashes.length === 0 &&
    !rows.some((row) => LAST.test(row) || /^IDX BOOT ID\b/.test(row))
  )
    return undefined;
  const ordered = boots.toSorted((a, b) => a.first - b.first);
  // The last one still runs, or is where somebody listed them: it says nothing of how it ended.
  const ended = ordered.slice(0, -1);
  let run: typeof ended = [];
  let longest: typeof ended = [];
  for (const one of ended) {
    const before = run.at(-1);
    if (one.lasted >= SHORT_MS || (before && one.first - before.last > SHORT_MS)) run = [];
    if (one.lasted < SHORT_MS) run = [...run, one];
    if (run.length > longest.length) longest = run;
  }
  return { crashes, short: longest.length >= MANY ? longest.map(({ row }) => row) : [] };
}

const boots = fact({
  id: 'kernel.boots-told',
  reads: ['journalctl --list-boots and last -x, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => readEach(machine, ['last', 'list-boots'], parse, 'it tells of no boot'),
});

/** The check of boots that ended without a shutdown, or one soon after the other. */
export const BOOTS_CHECK = check({
  id: 'kernel.boots-told',
  area: 'kernel',
  title: 'Boots that ended in a crash, or soon one after the other, as lists of boots tell',
  about:
    'last(1) says crash of a session that was open when the machine went down without a shutdown: a panic, a reset, or power that was lost. ' +
    `${MANY} boots in a row that each lasted less than half an hour are a machine that comes up and dies.`,
  needs: { boots },
  links: ['https://man7.org/linux/man-pages/man1/last.1.html'],
  evaluate: ({ boots: all }): FindingDraft[] => {
    const crashes = all.flatMap((one) => one.crashes);
    const short = all.flatMap((one) => one.short);
    const remedy = {
      text: 'See the last lines of those boots (journalctl -b -1 -e), the event log of the board, and what crash kernels left.',
      risk: 'none',
    } as const;
    return [
      ...(crashes.length > 0
        ? [
            {
              severity: 'warning' as const,
              title: 'Sessions ended with the machine: it went down without a shutdown',
              evidence: [...new Set(crashes)].slice(0, 3).map((row) => row.slice(0, 200)),
              remedy,
            },
          ]
        : []),
      ...(short.length > 0
        ? [
            {
              severity: 'warning' as const,
              title: 'The machine boots again and again',
              evidence: short.slice(-5).map((row) => row.slice(0, 200)),
              remedy,
            },
          ]
        : []),
    ];
  },
});
