/** The kernel's log as facts: troubles of this boot by its ring buffer, and of the boot before by the journal and by pstore. */

import { setImmediate } from 'node:timers/promises';
import { type KernelLog, textLog } from '../../host/kernel-log.ts';
import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { journalRefused } from '../hidden.ts';
import { LogFollower, uptimeOf } from './follower.ts';
import { withPast } from './log-events.ts';
import { merged } from './merge.ts';
import { type Group, Tally } from './tally.ts';

/** Troubles in a log. */
export interface LoggedTroubles {
  /** Where the log comes from: "/dev/kmsg". */
  readonly sources: readonly string[];
  /** Signatures and devices, worst first. Wall-clock times are filled in where the machine tells how long it is up. */
  readonly groups: readonly Group[];
  /** Lines that are in groups of their signature alone, whatever their device, since groups are bounded. */
  readonly overflow: number;
  /** Whether the beginning of the log is not kept any more. */
  readonly lost: boolean;
  /** Seconds since boot; undefined where the machine does not say. */
  readonly uptime: number | undefined;
  /** When it was read, ms since the epoch. */
  readonly nowMs: number;
}

const JOURNAL = ['-k', '-b', '0', '-n', '20000', '-o', 'short-iso-precise', '--no-pager'];
const PREVIOUS = ['-k', '-b', '-1', '-n', '3000', '-o', 'short-iso-precise', '--no-pager'];
/** The same as bundles and sosreports have it. */
const SAVED_PREVIOUS = [
  ['-k', '-b', '-1', '-n', '20000', '-o', 'short-iso-precise', '--no-pager'],
  ['-k', '-b', '-1'],
  ['-b', '-1', '-k'],
  ['--no-pager', '-k', '-b', '-1'],
  ['--no-pager', '--boot', '-1'],
  ['-b', '-1'],
];
const JOURNAL_LIMITS = { timeoutMs: 7_000, maxBytes: 8 << 20 } as const;

/** Pieces of a log that are looked at, 64 MiB: more than any ring buffer holds. A log that grows faster than it is read has no end. */
const MAX_PIECES = 256;

/** What an open log holds. Other work is let in after each piece. */
async function tallyOf(log: KernelLog, machine: Machine, signal: AbortSignal): Promise<Tally> {
  const tally = new Tally();
  const follower = new LogFollower(log, machine);
  for (let pieces = 0; pieces < MAX_PIECES; pieces++) {
    const hits = follower.next();
    if (hits === undefined) break;
    for (const hit of hits) tally.add(hit);
    await setImmediate();
    signal.throwIfAborted();
  }
  return tally;
}

async function troublesIn(
  logs: readonly KernelLog[],
  machine: Machine,
  signal: AbortSignal,
): Promise<LoggedTroubles> {
  try {
    const tallies: Tally[] = [];
    for (const log of logs) tallies.push(await tallyOf(log, machine, signal));
    return {
      sources: logs.map(({ name }) => name),
      groups: merged(tallies.map((one) => one.groups())),
      overflow: Math.max(0, ...tallies.map(({ overflow }) => overflow)),
      lost: logs[0]?.lost ?? false,
      uptime: uptimeOf(machine),
      nowMs: machine.now(),
    };
  } finally {
    for (const log of logs) log.close();
  }
}

/** All of what journalctl prints where it has nothing to show. */
const NO_ENTRIES = /^\s*(?:-- No entries --\s*)?$/;

/** The kernel's log of this boot; the journal's copy of it where the agent may not read the ring buffer. */
async function openLogs(machine: Machine): Promise<readonly KernelLog[]> {
  try {
    return machine.kernelLogs();
  } catch (error) {
    if (!(error instanceof Unavailable) || !machine.live) throw error;
    const { code, stdout } = await machine.run('journalctl', JOURNAL, JOURNAL_LIMITS).catch(() => {
      throw error;
    });
    // Who may not read the journal either is told that it has no entries: that is no log of a kernel that is well.
    if (code !== 0 || NO_ENTRIES.test(stdout)) throw error;
    return [textLog('journalctl -k', stdout)];
  }
}

/** Troubles in the kernel's log of this boot. */
export const kernelLog = fact({
  id: 'kernel-log',
  reads: ['/dev/kmsg', `journalctl ${JOURNAL.join(' ')}`],
  limitMs: 12_000,
  read: async ({ machine, signal, history }): Promise<LoggedTroubles> =>
    withPast(await troublesIn(await openLogs(machine), machine, signal), history.events()),
});

/** Troubles in the kernel's log of the boot before this one. Absent where no journal of it is kept. */
export const previousKernelLog = fact({
  id: 'kernel-log.previous-boot',
  reads: [`journalctl ${PREVIOUS.join(' ')}`],
  limitMs: 9_000,
  waits: true,
  read: async ({ machine, signal }): Promise<LoggedTroubles> => {
    const text = await previousJournal(machine);
    if (text.trim() === '' || (text.length < 500 && /^(?:-- No entries|No journal|Data from)/m.test(text)))
      throw new Unavailable('absent', 'no journal of the previous boot is kept');
    return troublesIn([textLog('journalctl -k -b -1', text)], machine, signal);
  },
});

async function previousJournal(machine: Machine): Promise<string> {
  const forms = machine.live ? [PREVIOUS] : [PREVIOUS, ...SAVED_PREVIOUS];
  for (const args of forms)
    try {
      const { code, stdout, stderr } = await machine.run('journalctl', args, JOURNAL_LIMITS);
      const refused = code !== 0 || NO_ENTRIES.test(stdout) ? journalRefused(stderr) : undefined;
      if (refused) throw refused;
      // journalctl ends with an error where there is no such boot, and has no other way to say so.
      return code === 0 ? stdout : '';
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (error.kind === 'missing-tool')
        throw new Unavailable('absent', 'there is no journal on this machine', error);
      if (error.kind !== 'not-captured') throw error;
    }
  throw new Unavailable('not-captured', 'the journal of the previous boot was not captured');
}

const MAX_RECORDS = 16;
const FOLDERS = ['sys/fs/pstore', 'var/lib/systemd/pstore'];

/** Troubles in the ends of logs that firmware or reserved memory kept of crashes. Absent where there are none. */
export const crashLog = fact({
  id: 'kernel-log.pstore',
  reads: FOLDERS.map((folder) => `/${folder}`),
  limitMs: 5_000,
  read: async ({ machine, signal, part }): Promise<LoggedTroubles> => {
    const logs: KernelLog[] = [];
    for (const path of crashFiles(machine)) {
      const text = await part(`/${path}`, () => machine.text(path));
      if (text !== undefined) logs.push(textLog(`/${path}`, text));
    }
    if (logs.length === 0) throw new Unavailable('absent', 'no log of a crash is kept in pstore');
    return troublesIn(logs, machine, signal);
  },
});

/** Newest first: names end in a time, and systemd-pstore makes a folder by boot. */
function crashFiles(machine: Machine): string[] {
  const files: string[] = [];
  const visit = (folder: string, depth: number) => {
    for (const name of machine.list(folder).reverse()) {
      if (files.length >= MAX_RECORDS) return;
      if (/^dmesg|^console-ramoops/.test(name)) files.push(`${folder}/${name}`);
      else if (depth > 0 && /^\d/.test(name)) visit(`${folder}/${name}`, depth - 1);
    }
  };
  for (const folder of FOLDERS) visit(folder, 2);
  return files.slice(0, MAX_RECORDS);
}
