/** A large journal read to its end, beside `ssh host journalctl`. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { checkCount } from './bulk-logs.ts';
import { memoryFigures } from './log-memory.ts';
import { journalMissing, NEEDLE, writeJournal } from './rig/log-data.ts';
import { type Command, inTurn, medianMs, ratio } from './rig/measure.ts';
import { FootprintWatch, onPath } from './rig/process.ts';
import { atMost, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';
import { sshdMissing } from './rig/sshd.ts';

const ENTRIES = 1_000_000;

/** The benchmark. */
export const journal: Bench = {
  name: 'journal',
  title: 'a million journal entries beside `ssh host journalctl`',
  missing: () =>
    journalMissing() ?? (onPath('journalctl') ? sshdMissing() : 'journalctl is not installed (systemd)'),
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const entries = rig.amount(ENTRIES, ENTRIES / 10);
  const folder = join(rig.folder, 'journal');
  mkdirSync(folder);
  await writeJournal(folder, entries);
  const name = 'journal-1';
  const agent = await rig.startAgent(name, ['--journal', folder]);
  const sshd = await rig.sshd();
  const ssh = (...words: string[]): Command => ({
    program: 'ssh',
    args: [
      ...sshd.options,
      '127.0.0.1',
      'journalctl',
      '--quiet',
      '--no-pager',
      `--directory=${folder}`,
      ...words,
    ],
  });
  const logs = rig.command(['logs', 'journal', '-n', name]);
  await checkCount(logs, entries);
  const commands = {
    journalctl: ssh(),
    logs,
    journalctlGrep: ssh(`'--grep=${NEEDLE}'`),
    grep: rig.command(['logs', 'journal', '-n', name, '--grep', NEEDLE]),
  };
  const watch = new FootprintWatch(agent.pid);
  const rounds = await inTurn(commands, rig.amount(3, 1), rig.amount(1, 0));
  const samples = watch.stop();
  await agent.stop();
  return {
    figures: [
      plain('entries', String(entries)),
      plain('ssh host journalctl', show.seconds(medianMs(rounds, 'journalctl'))),
      plain('nodectl logs', show.seconds(medianMs(rounds, 'logs'))),
      atMost('… of ssh journalctl', ratio(rounds, 'logs', 'journalctl'), 1, show.ratio),
      plain('ssh host journalctl --grep, 1 % kept', show.seconds(medianMs(rounds, 'journalctlGrep'))),
      plain('nodectl logs --grep, 1 % kept', show.seconds(medianMs(rounds, 'grep'))),
      atMost('… of ssh journalctl', ratio(rounds, 'grep', 'journalctl'), 1, show.ratio),
      plain('… of ssh journalctl --grep', show.ratio(ratio(rounds, 'grep', 'journalctlGrep'))),
      ...memoryFigures(samples),
    ],
    notes: [
      'The journal was written by systemd-journal-remote: 18 fields an entry, as a service’s line has them.',
    ],
  };
}
