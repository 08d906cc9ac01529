/** Programs that crashed, as `coredumpctl list` and `coredumpctl info` tell of captured machines. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

interface Dump {
  readonly program: string;
  /** "11", "SIGSEGV", "SEGV". */
  readonly signal: string;
  readonly time: string;
}

/** "Sun 2017-01-22 14:04:30 CET  1749  1001  100  11 present  /usr/bin/x", and the blocks "Signal: 11 (SEGV)", "Executable: …" of info. */
function parseDumps(text: string): Dump[] | undefined {
  const found: Dump[] = [];
  let draft = { signal: '', time: '' };
  for (const row of rowsOf(text)) {
    const [, time = '', signal = '', program = ''] =
      /^(\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: [\w+:-]{1,8})? {1,20}\d{1,10} +\d{1,10} +\d{1,10} +(\d{1,2}|SIG[A-Z]{2,8}) +(?:present|missing|none|error|truncated|inaccessible|journal|-|\*)? *(\S{1,300})/.exec(
        row,
      ) ?? [];
    if (program !== '') found.push({ program, signal, time });
    if (/^\s+PID: \d/.test(row)) draft = { signal: '', time: '' };
    draft.signal = /^\s+Signal: \d{1,3} \((\w{1,12})\)/.exec(row)?.[1] ?? draft.signal;
    draft.time = /^\s+Timestamp: (\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/.exec(row)?.[1] ?? draft.time;
    const executable = /^\s+Executable: (\S{1,300})/.exec(row)?.[1];
    if (executable !== undefined && draft.signal !== '') found.push({ program: executable, ...draft });
  }
  return found.length > 0 || /^No coredumps found/m.test(text) ? found : undefined;
}

const dumps = fact({
  id: 'system.core-dump-list',
  reads: ['coredumpctl, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Dump[] =>
    readEach(machine, ['coredumpctl'], parseDumps, 'it tells of no crash').flat(),
});

/** The check of programs that crashed. */
export const CORE_DUMPS_CHECK = check({
  id: 'system.core-dump-list',
  area: 'system',
  title: 'Programs that crashed and left a core dump',
  about:
    'systemd-coredump keeps them for days; how old the list is the newest of them tells. One that crashes again and again is a warning.',
  needs: { dumps },
  thresholds: { warnTimes: { value: 5, unit: '', source: 'chosen: no single mishap' } },
  evaluate: ({ dumps: all }, { warnTimes }) =>
    [...Map.groupBy(all, ({ program }) => program)].slice(0, 30).map(
      ([program, own]): FindingDraft => ({
        severity: own.length >= warnTimes ? 'warning' : 'info',
        title: 'A program crashed and left a core dump',
        subject: { kind: 'program', name: program },
        parameters: { times: own.length },
        evidence: [
          `${program}: ${own.length === 1 ? 'once' : `${own.length} times`}, last ${own.at(-1)?.time} by signal ${own.at(-1)?.signal}`,
        ],
        remedy: { text: 'coredumpctl info names where it was; look for a newer version.', risk: 'none' },
      }),
    ),
});
