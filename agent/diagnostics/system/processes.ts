/** Processes: those that wait where nothing can interrupt them, and those that ended and were never fetched. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Machine } from '../../host/machine.ts';
import { fact, unavailable } from '../fact.ts';
import { processesHidden } from '../hidden.ts';
import { nothing } from '../required.ts';

const MAX_PROCESSES = 65_536;
/** Processes are read in portions, so that a machine with very many holds nothing else up. */
const PORTION = 256;
/** Between the two looks at those that wait: what works is somewhere else by then. */
const PAUSE_MS = 250;
const MAX_TOLD = 64;

/** A process. */
export interface Process {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  /** Where in the kernel it waits: "rq_qos_wait", "nfs_wait_bit_killable"; empty where that is not told. */
  readonly where: string;
  /** That it cannot be at work: a command of a moment that began a day ago or more. */
  readonly long?: boolean;
}

/** Processes in trouble. */
export interface Processes {
  readonly total: number;
  /** In uninterruptible sleep (state D) at both looks, without having been woken between them. */
  readonly stuck: readonly Process[];
  /** Dead and not fetched by their parents (state Z). */
  readonly zombies: readonly Process[];
  /** Names of the parents of zombies, by their numbers. */
  readonly parents: ReadonlyMap<number, string>;
}

interface Stat {
  readonly name: string;
  readonly state: string;
  readonly parent: number;
}

/** Parses /proc/PID/stat: "PID (NAME) STATE PARENT …"; a name may hold anything, parentheses too. */
export function parseProcess(text: string): Stat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const [state = '', parent = ''] = text.slice(close + 2, close + 40).split(' ');
  if (open < 0 || close < open || !/^[A-Za-z]$/.test(state)) return undefined;
  return { name: text.slice(open + 1, close), state, parent: Number(parent) || 0 };
}

/** How often a process was put to sleep so far: the same number twice means that it was not woken. */
function switches(machine: Machine, pid: number): string {
  const status = machine.text(`proc/${pid}/status`) ?? '';
  return /^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1] ?? '';
}

function whereOf(machine: Machine, pid: number): string {
  try {
    const text = machine.text(`proc/${pid}/wchan`)?.trim() ?? '';
    return text === '0' ? '' : text;
  } catch {
    // Other users' are hidden from an agent without CAP_SYS_PTRACE.
    return '';
  }
}

function statOf(machine: Machine, pid: number): Stat | undefined {
  try {
    return parseProcess(machine.text(`proc/${pid}/stat`) ?? '');
  } catch (error) {
    // A process that ended meanwhile, or that began behind the look which a bundle keeps.
    if (['failed', 'denied', 'not-captured'].includes(unavailable(error).kind)) return undefined;
    throw error;
  }
}

async function look(machine: Machine): Promise<Processes> {
  const pids = machine
    .list('proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .slice(0, MAX_PROCESSES);
  const found = new Map<number, Stat>();
  for (const [at, pid] of pids.entries()) {
    if (at % PORTION === PORTION - 1) await new Promise((resolve) => setImmediate(resolve));
    const stat = statOf(machine, pid);
    if (stat) found.set(pid, stat);
  }
  const waiting = [...found].filter(([, { state }]) => state === 'D').slice(0, 1_000);
  const before = new Map(waiting.map(([pid]) => [pid, switches(machine, pid)]));
  if (waiting.length > 0) await delay(PAUSE_MS);
  const stuck = waiting.flatMap(([pid, { name, parent }]) => {
    if (statOf(machine, pid)?.state !== 'D' || switches(machine, pid) !== before.get(pid)) return [];
    return [{ pid, name, parent, where: whereOf(machine, pid) }];
  });
  const zombies = [...found].flatMap(([pid, { name, parent, state }]) =>
    state === 'Z' ? [{ pid, name, parent, where: '' }] : [],
  );
  const parents = new Map(zombies.map(({ parent }) => [parent, found.get(parent)?.name ?? '']));
  return { total: found.size, stuck: stuck.slice(0, MAX_TOLD), zombies, parents };
}

/** Commands that are done in a moment: one of them that is still there the next day hangs. */
const OF_A_MOMENT =
  /^(?:\S{0,40}\/)?(?:sync|ls|df|stat|mount(?:\.nfs4?)?|umount(?:\.nfs4?)?|lsblk|blkid|lsof|pvs|vgs|lvs|zpool|zfs|cat|rm|touch|mkdir|modprobe|rmmod|udevadm|fuser|lspci|smartctl|multipath)$/;

/** Rows alone, which a filter left without their heading, by that heading: of `ps -eo pid,state,wchan,cmd` and of `ps aux`. */
const HEADLESS = [
  ['PID STAT WCHAN CMD', /^\s*\d{1,8} +[DRSTZI][<NLsl+]{0,4} +(?:-|\w[\w.]{2,60}) +\S/],
  [
    'USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND',
    /^\S{1,32} +\d{1,8} +\d[\d.]* +\d[\d.]* +\d+ +\d+ +\S{1,12} +[DRSTZI][<NLsl+]{0,4} +[\w:]{4,6} +\d+:\d\d +\S/,
  ],
] as const;

/** The heading that rows of ps are without; undefined where they have one, or are others. */
function headless(rows: readonly string[]): string | undefined {
  const told = rows.filter((row) => row.trim() !== '');
  return told.length === 0
    ? undefined
    : HEADLESS.find(([, row]) => told.every((one) => row.test(one.slice(0, 500))))?.[0];
}

/**
 * Parses what `ps` printed with any options that give PID and STAT (or S), the command last: what a captured machine has. That
 * is one look, so a process that is in state D there may just have been working.
 */
export function parsePs(text: string): Processes | undefined {
  const whole = text.split('\n').slice(0, MAX_PROCESSES);
  const heading = headless(whole);
  const rows = heading === undefined ? whole : [heading, ...whole];
  const columns = rows[0]?.trim().split(/\s+/) ?? [];
  const at = (...names: string[]) => columns.findIndex((column) => names.includes(column));
  const [pid, state, parent, where] = [at('PID'), at('STAT', 'S'), at('PPID'), at('WCHAN')];
  const command = at('COMMAND', 'CMD', 'COMM');
  const started = at('START', 'STIME');
  if (pid < 0 || state < 0 || command < 0) return undefined;
  const all = rows.slice(1).flatMap((row) => {
    const words = row.slice(0, 2_000).trim().split(/\s+/);
    if (!/^\d+$/.test(words[pid] ?? '')) return [];
    const name = (words[command] ?? '').replace(/[[\]]/g, '');
    const own = {
      pid: Number(words[pid]),
      name,
      parent: Number(words[parent] ?? 0) || 0,
      where: words[where] ?? '',
      // What began before today has a day there: "Oct13", "2024".
      ...(started >= 0 && OF_A_MOMENT.test(name) && /^(?:[A-Z][a-z]{2}\d\d|\d{4})$/.test(words[started] ?? '')
        ? { long: true }
        : {}),
    };
    return [{ ...own, state: words[state]?.[0] ?? '' }];
  });
  if (all.length === 0) return undefined;
  const of = (letter: string) => all.filter((one) => one.state === letter).map(({ state: _, ...one }) => one);
  const zombies = of('Z');
  const parents = new Map(
    zombies.map((one) => [one.parent, all.find(({ pid: own }) => own === one.parent)?.name ?? '']),
  );
  return { total: all.length, stuck: of('D').slice(0, MAX_TOLD), zombies, parents };
}

/** Processes in trouble. */
export const processes = fact({
  id: 'system.processes',
  reads: ['/proc/*/stat', '/proc/*/{status,wchan} of those in state D', 'ps, on a captured machine'],
  limitMs: 4_000,
  read: async ({ machine }): Promise<Processes> => {
    if (machine.live) {
      const hidden = processesHidden(machine);
      if (hidden) throw hidden;
      const found = await look(machine);
      if (found.total === 0) throw nothing(machine, '/proc/*/stat');
      return found;
    }
    for (const args of [['alxwww'], ['auxwww'], ['auxwwwm'], ['aux'], ['-ef']]) {
      const saved = await machine.run('ps', args).catch(() => undefined);
      const found = parsePs(saved?.stdout ?? '');
      if (found) return found;
    }
    // With options of one's own: ps -eo pid,stat,wchan,cmd.
    for (const { text } of machine.saved?.('ps') ?? []) {
      const found = parsePs(text);
      if (found) return found;
    }
    throw nothing(machine, 'list of processes (ps aux)');
  },
});
