/** The journal's own state, and core dumps that systemd keeps. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { journalRefused } from '../hidden.ts';
import { nothing } from '../required.ts';

const LIMIT_MS = 2_500;
const UNITS: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Messages that the journal did not keep. */
export interface Suppressed {
  /** "nginx.service", or as journald names the source. */
  readonly unit: string;
  readonly messages: number;
}

/** The journal. */
export interface Journal {
  /** Kept on disk, or lost with each boot. */
  readonly persistent: boolean;
  /** Size on disk; undefined where it is not told. */
  readonly bytes: number | undefined;
  /** What was dropped in the last day, most first. */
  readonly suppressed: readonly Suppressed[];
  /** Kernel messages that were missed in the last day. */
  readonly missed: number;
}

/** "Archived and active journals take up 1.2G in the file system.", "Journals take up 8.0M on disk." */
export function parseDiskUsage(text: string): number | undefined {
  const match = /take up (\d+(?:\.\d+)?)([BKMGT])\b/.exec(text);
  return match ? Math.round(Number(match[1]) * (UNITS[match[2] ?? 'B'] ?? 1)) : undefined;
}

/** "Suppressed 1234 messages from nginx.service" (also "from /system.slice/…" of old versions), "Missed 12 kernel messages". */
export function parseSuppressed(text: string): Pick<Journal, 'suppressed' | 'missed'> {
  const counts = new Map<string, number>();
  let missed = 0;
  for (const row of text.split('\n').slice(0, 10_000)) {
    const match = /Suppressed (\d+) messages from (?:unit )?(\S+)/.exec(row.slice(0, 1_000));
    if (match?.[2]) {
      const unit = match[2].slice(match[2].lastIndexOf('/') + 1);
      counts.set(unit, (counts.get(unit) ?? 0) + Number(match[1]));
    }
    missed += Number(/Missed (\d+) kernel messages/.exec(row.slice(0, 1_000))?.[1] ?? 0);
  }
  const suppressed = [...counts].map(([unit, messages]) => ({ unit, messages }));
  return { suppressed: suppressed.sort((a, b) => b.messages - a.messages), missed };
}

/** The journal. */
export const journal = fact({
  id: 'system.journal',
  reads: ['journalctl --disk-usage', 'journalctl -t systemd-journald --since=-24h', '/var/log/journal'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal, part }): Promise<Journal> => {
    const persistent = machine.list('var/log/journal').length > 0;
    if (!persistent && machine.list('run/log/journal').length === 0) throw nothing(machine, 'journal');
    const limits = { timeoutMs: LIMIT_MS, signal };
    const run = (args: readonly string[]) =>
      part(`journalctl ${args[0]}`, () => machine.run('journalctl', args, limits));
    const [usage, own] = await Promise.all([
      run(['--disk-usage']),
      run(['-t', 'systemd-journald', '--since=-24h', '-n', '1000', '-o', 'cat', '-q', '--no-pager']),
    ]);
    const refused = journalRefused(usage?.stderr ?? '');
    if (refused) throw refused;
    return { persistent, bytes: parseDiskUsage(usage?.stdout ?? ''), ...parseSuppressed(own?.stdout ?? '') };
  },
});

/** A program that crashed. */
export interface CoreDump {
  readonly program: string;
  /** ms since the epoch */
  readonly at: number;
}

/** Names are "core.COMM.UID.BOOT-ID.PID.MICROSECONDS[.zst]" (systemd-coredump(8)); white space in the name is escaped. */
function dumpOf(name: string): CoreDump[] {
  const match = /^core\.(.+)\.\d+\.[0-9a-f]{32}\.\d+\.(\d{10,20})(?:\.(?:zst|lz4|xz))?$/.exec(name);
  return match?.[1] && match[2]
    ? [{ program: match[1].replaceAll('\\x20', ' '), at: Number(match[2]) / 1_000 }]
    : [];
}

/** Core dumps that systemd keeps, the newest first. */
export const coreDumps = fact({
  id: 'system.core-dumps',
  reads: ['/var/lib/systemd/coredump'],
  limitMs: 1_000,
  read: ({ machine }): { readonly dumps: readonly CoreDump[]; readonly nowMs: number } => {
    const at = 'var/lib/systemd/coredump';
    if (!machine.has(at)) throw new Unavailable('absent', 'systemd keeps no core dumps here');
    const dumps = list(machine, at).flatMap(dumpOf);
    return { dumps: dumps.sort((a, b) => b.at - a.at), nowMs: machine.now() };
  },
});

function list(machine: Machine, path: string): string[] {
  return machine.list(path).slice(-10_000);
}
