/** What is sampled of disks: what they did, their errors, and now and then how full file systems are. */

import type { Sample, Sampler } from '../../history/sample.ts';
import { type Machine, number } from '../../host/machine.ts';
import { parseDiskStats } from './disk-stats.ts';
import { type Mount, parseMountinfo } from './mounts.ts';
import { statFileSystems } from './usage.ts';

/** Disks that are sampled; a machine with more has its first ones sampled. */
const MAX_DISKS = 48;
const MAX_FILE_SYSTEMS = 24;
/**
 * How often file systems are asked. That takes a child process, since a call in this one could hang it for ever: at this pace it
 * costs less than reading /proc does.
 */
const USAGE_EVERY_MS = 600_000;

/** The name of a series of a file system: its path with other separators, since "/" separates the parts of the name. */
export function seriesOf(path: string, quantity: string): string {
  return `disk/${path.replaceAll('/', ':')}/${quantity}`;
}

function counters(machine: Machine): Sample[] {
  const names = machine
    .list('sys/block')
    .filter((name) => /^(nvme\d+n\d+|(sd|vd|xvd)[a-z]+|md\d+|mmcblk\d+)$/.test(name));
  const stats = parseDiskStats(machine.text('proc/diskstats') ?? '');
  return names.slice(0, MAX_DISKS).flatMap((name) => {
    const one = stats.get(name);
    if (!one) return [];
    const errors = number(machine, `sys/block/${name}/device/ioerr_cnt`);
    const timeouts = number(machine, `sys/block/${name}/device/iotmo_cnt`);
    const values: Record<string, number | undefined> = {
      requests: one.reads + one.writes,
      request_ms: one.readMs + one.writeMs,
      busy_ms: one.busyMs,
      queue_ms: one.queueMs,
      flushes: one.flushes,
      flush_ms: one.flushMs,
      io_errors: errors,
      io_timeouts: timeouts,
    };
    return Object.entries(values).flatMap(([quantity, value]) =>
      value === undefined ? [] : [{ series: `disk/${name}/${quantity}`, value }],
    );
  });
}

async function space(machine: Machine, signal: AbortSignal): Promise<Sample[]> {
  const seen = new Map<string, Mount>();
  for (const mount of parseMountinfo(machine.text('proc/self/mountinfo') ?? ''))
    if (mount.kind === 'local' && mount.root === '/' && !seen.has(mount.device))
      seen.set(mount.device, mount);
  const mounts = [...seen.values()].slice(0, MAX_FILE_SYSTEMS);
  if (mounts.length === 0) return [];
  const { known } = await statFileSystems(machine, mounts, { timeoutMs: 2_000, signal });
  return known.map(({ mount, availableBytes }) => ({
    series: seriesOf(mount.path, 'available_bytes'),
    value: availableBytes,
  }));
}

/** When each machine's file systems were last asked, by its own clock. */
const askedAt = new WeakMap<Machine, number>();

/** Samples of disks. */
export const DISK_SAMPLER: Sampler = {
  id: 'disk',
  read: async (machine, signal) => {
    const samples = counters(machine);
    const since = machine.now() - (askedAt.get(machine) ?? 0);
    // A clock that was set back must not stop this for ever.
    if (since >= 0 && since < USAGE_EVERY_MS) return samples;
    askedAt.set(machine, machine.now());
    // One that hangs is the business of the check that asks the same.
    return [...samples, ...(await space(machine, signal).catch((): Sample[] => []))];
  },
};
