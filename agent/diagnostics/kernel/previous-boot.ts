/** How the boot before this one ended, by the last lines of its journal. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { catalogue } from '../signatures/catalogue.ts';
import { previousKernelLog } from '../signatures/facts.ts';
import { type Hit, LineScanner } from '../signatures/line-scanner.ts';
import type { Family } from '../signatures/signature.ts';

/** The end of the previous boot. */
export interface PreviousBoot {
  /** Whether the system shut down in order; undefined where that cannot be told. */
  readonly clean: boolean | undefined;
  /** The last lines of its journal, at most ten. */
  readonly tail: readonly string[];
  /** Lines of trouble among its last kernel messages, at most ten. */
  readonly trouble: readonly string[];
  /** Ids of the kernel-log signatures that were recognised in them. */
  readonly recognised: readonly string[];
  /** When its last line was written, ms since the epoch; undefined where that is not told. */
  readonly lastMs: number | undefined;
}

const LINES = 400;
/** Families of the kernel-log signatures that tell why a machine died or was restarted. */
const GRAVE: ReadonlySet<Family> = new Set<Family>([
  ...(['oops', 'bug', 'panic', 'hung-task', 'soft-lockup', 'hard-lockup', 'rcu-stall', 'nmi'] as const),
  ...(['mce', 'edac', 'memory-failure', 'oom', 'thermal', 'power', 'pcie', 'aer', 'iommu'] as const),
  ...(['ext4', 'xfs', 'btrfs', 'filesystem', 'readonly-remount', 'io-error'] as const),
  ...(['nvme-timeout', 'scsi-timeout', 'ata', 'md-degraded', 'device-mapper', 'watchdog'] as const),
]);
const MAX_TROUBLE = 10;
// systemd's shutdown in every version that is in use, and what its journal says at the very end.
const CLEAN =
  /systemd-shutdown|Journal stopped|Received SIGTERM from PID 1|Reached target (?:.* )?(?:Reboot|Power[ -]?Off|Halt|Shutdown|Final Step|reboot\.target|poweroff\.target|shutdown\.target|umount\.target|System (?:Reboot|Power Off|Halt))|Shutting down\.|reboot: (?:Restarting|Power down|System halted)|kexec_core: Starting new kernel|Reached target .*kexec/i;

/** Judges the last lines of a boot. @param referenceMs ms since the epoch: no line without a year is later than this */
export function judgeTail(text: string, referenceMs: number): PreviousBoot {
  const lines = text
    .split(/\r?\n/)
    .filter(
      (one) => one.trim() !== '' && !/^-- (?:Logs begin|Journal begins|No entries|Boot|Reboot)/.test(one),
    );
  const last = lines.at(-1) ?? '';
  const when = Date.parse(/^\S+/.exec(last)?.[0] ?? '');
  const hits: Hit[] = [];
  const scanner = new LineScanner(catalogue(), { referenceMs, hit: (hit) => hits.push(hit) });
  scanner.push(Buffer.from(`${lines.join('\n')}\n`));
  scanner.end();
  const grave = hits
    .filter(({ signature: { family, severity } }) => GRAVE.has(family) && severity !== 'info')
    .slice(-MAX_TROUBLE);
  return {
    clean: lines.length === 0 ? undefined : lines.slice(-200).some((one) => CLEAN.test(one)),
    tail: lines.slice(-MAX_TROUBLE).map((one) => one.slice(0, 300)),
    trouble: grave.map(({ line }) => (lines[line - 1] ?? '').slice(0, 300)),
    recognised: [...new Set(grave.map(({ signature }) => signature.id))],
    lastMs: Number.isFinite(when) ? when : undefined,
  };
}

/** The end of the previous boot. Absent where no journal of it is kept. */
export const previousBoot = fact({
  id: 'kernel.previous-boot',
  reads: ['journalctl -b -1'],
  limitMs: 8_000,
  waits: true,
  read: async ({ machine, get }): Promise<PreviousBoot> => {
    const { code, stdout, stderr } = await lastBoot(machine);
    const none =
      /no persistent journal|no journal files|does not refer|not found|out of range|No such boot|Data from the specified boot|-- No entries/i;
    if (code !== 0 || stdout.trim() === '' || (stdout.length < 500 && none.test(stdout))) {
      // -q leaves out that the journal may not be read; who reads the kernel's part of it is told.
      const why = await get(previousKernelLog).catch((error: unknown) => error);
      if (why instanceof Unavailable && why.kind === 'denied') throw why;
      throw none.test(stderr) || code === 0 || stdout.trim() === ''
        ? new Unavailable('absent', 'no journal of the previous boot is kept')
        : new Unavailable('failed', `journalctl: ${stderr.split('\n')[0]?.slice(0, 200) ?? ''}`);
    }
    // Below a command that somebody wrote about anything may stand.
    if (!machine.live && !/^.{0,40}\d\d:\d\d:\d\d/m.test(stdout))
      throw new Unavailable('nonsense', 'what was saved of journalctl -b -1 has no lines of a journal');
    return judgeTail(stdout, machine.now());
  },
});

async function lastBoot(machine: Machine) {
  const args = ['--no-pager', '-q', '-b', '-1', '-n', String(LINES), '-o', 'short-iso'];
  if (machine.live)
    try {
      return await machine.run('journalctl', args, { timeoutMs: 7_000 });
    } catch (error) {
      if (!(error instanceof Unavailable) || error.kind !== 'missing-tool') throw error;
      throw new Unavailable('absent', 'there is no journal on this machine', error);
    }
  // Captures have it in one of these forms; sosreport's is the last.
  for (const kept of [args, ['-b', '-1'], ['--boot', '-1'], ['--no-pager', '--boot', '-1']])
    try {
      return await machine.run('journalctl', kept);
    } catch (error) {
      if (!(error instanceof Unavailable) || error.kind !== 'not-captured') throw error;
    }
  throw new Unavailable('not-captured', 'the journal of the previous boot was not captured');
}
