/** A large log file read to its end as records, beside `ssh host cat` and `ssh host grep`. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { memoryFigures } from './log-memory.ts';
import { NEEDLE, writeLogFile } from './rig/log-data.ts';
import { type Command, inTurn, medianMs, ratio, run as runOnce } from './rig/measure.ts';
import { FootprintWatch } from './rig/process.ts';
import { atMost, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';
import { sshdMissing } from './rig/sshd.ts';

const LINES = 1_000_000;

/** The benchmark. */
export const bulkLogs: Bench = {
  name: 'log-file',
  title: 'a million lines of a declared log file, as records, beside `ssh host cat`',
  missing: sshdMissing,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const lines = rig.amount(LINES, LINES / 10);
  const path = join(rig.folder, 'bulk.log');
  await writeLogFile(path, lines);
  const name = 'logs-1';
  const agent = await rig.startAgent(name, ['--log-file', `bulk=${path}`]);
  const sshd = await rig.sshd();
  const ssh = (...words: string[]): Command => ({
    program: 'ssh',
    args: [...sshd.options, '127.0.0.1', ...words],
  });
  const logs = rig.command(['logs', 'file/bulk', '-n', name]);
  const grep = rig.command(['logs', 'file/bulk', '-n', name, '--grep', NEEDLE]);
  await checkCount(logs, lines);
  const commands = {
    cat: ssh('cat', path),
    logs,
    sshGrep: ssh('grep', '-F', `'${NEEDLE}'`, path),
    grep,
  };
  const watch = new FootprintWatch(agent.pid);
  const rounds = await inTurn(commands, rig.amount(5, 1));
  const samples = watch.stop();
  await agent.stop();
  return {
    figures: [
      plain('lines, bytes', `${lines}, ${(statSync(path).size / 1e6).toFixed(0)} MB`),
      plain('ssh host cat FILE', show.seconds(medianMs(rounds, 'cat'))),
      plain('nodectl logs FILE', show.seconds(medianMs(rounds, 'logs'))),
      atMost('… of ssh cat', ratio(rounds, 'logs', 'cat'), 3, show.ratio),
      plain('ssh host grep, 1 % kept', show.seconds(medianMs(rounds, 'sshGrep'))),
      plain('nodectl logs --grep, 1 % kept', show.seconds(medianMs(rounds, 'grep'))),
      atMost('… of ssh cat', ratio(rounds, 'grep', 'cat'), 1, show.ratio),
      plain('… of ssh grep', show.ratio(ratio(rounds, 'grep', 'sshGrep'))),
      ...memoryFigures(samples),
    ],
    notes: [
      'nodectl parses a time out of each line, counts records and prints each with its time; cat copies bytes.',
    ],
  };
}

/** Throws an Error unless the command prints as many lines as there are records: a fast reader that loses some is no use. */
export async function checkCount(command: Command, records: number): Promise<void> {
  const { lines } = await runOnce(command, { count: true });
  if (lines !== records)
    throw new Error(`${command.args.join(' ')} printed ${lines} lines for ${records} records`);
}
