/** Checks of how full file systems are, and how fast they fill. */

import { check } from '../check.ts';
import type { FindingDraft, Subject } from '../finding.ts';
import { NO_TREND, past } from '../past.ts';
import { figures, inBytes, inTime, percent } from '../quantities.ts';
import { fileSystemErrors } from './file-system-errors.ts';
import { mapper } from './mapper.ts';
import type { Mount } from './mounts.ts';
import { seriesOf } from './samples.ts';
import { type Usage, usage, usedPercent } from './usage.ts';
import { zpools } from './zpool.ts';

const HOUR = 3_600_000;

/** A file system as the subject of a finding. */
export function fileSystem({ path, type, source }: Pick<Mount, 'path' | 'type' | 'source'>): Subject {
  return { kind: 'filesystem', name: path, attributes: { type, source: source.slice(0, 120) } };
}

/** File systems that are written to and that can be full: read-only ones are full by nature. */
function writable(all: readonly Usage[]): Usage[] {
  return all.filter(({ mount, bytes }) => bytes > 0 && !mount.readOnly && !mount.fileSystemReadOnly);
}

const full = check({
  id: 'disk.filesystem-full',
  area: 'disk',
  title: 'File systems that are nearly full',
  about:
    'Judges what users can still write, as df does. A full file system stops whatever writes to it: logs, databases, the ' +
    'kubelet, the agent’s own state. Read-only images and the kernel’s own file systems are left out.',
  needs: { usage },
  thresholds: {
    warnPercent: { value: 80, unit: '%', source: 'netdata disk_space_usage (80 to 90 %)' },
    criticalPercent: {
      value: 90,
      unit: '%',
      source: 'kubelet’s hard eviction default, nodefs.available<10%',
    },
  },
  links: ['https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/'],
  evaluate: ({ usage: { known } }, { warnPercent, criticalPercent }) =>
    writable(known).flatMap((one): FindingDraft[] => {
      const used = usedPercent(one);
      if (used < warnPercent) return [];
      const critical = used >= criticalPercent && one.mount.kind !== 'network';
      return [
        {
          severity: critical ? 'critical' : 'warning',
          title: used >= criticalPercent ? 'A file system is nearly full' : 'A file system is filling up',
          subject: fileSystem(one.mount),
          parameters: { usedPercent: used, availableBytes: one.availableBytes, sizeBytes: one.bytes },
          evidence: [
            `${one.mount.path} (${one.mount.type}): ${used} % used, ${inBytes(one.availableBytes)} of ${inBytes(one.bytes)} left`,
          ],
          remedy: {
            text: 'Find what grew and remove it (old logs: journalctl --vacuum-size=; images; core dumps), or enlarge it.',
            risk: 'data',
          },
          explains: critical ? ['system.unit-failed', 'disk.filesystem-fills'] : [],
        },
      ];
    }),
});

const inodes = check({
  id: 'disk.inodes-full',
  area: 'disk',
  title: 'File systems that run out of inodes',
  about:
    'Each file takes an inode, and ext4 and others have a fixed number of them: many small files end with "No space left on ' +
    'device" while df shows room. File systems without a fixed number are left out.',
  needs: { usage },
  thresholds: {
    warnPercent: { value: 90, unit: '%', source: 'netdata disk_inode_usage' },
    criticalPercent: { value: 97, unit: '%', source: 'node-mixin NodeFilesystemAlmostOutOfFiles (3 % left)' },
  },
  evaluate: ({ usage: { known } }, { warnPercent, criticalPercent }) =>
    writable(known).flatMap((one): FindingDraft[] => {
      const used = percent(one.inodes - one.freeInodes, one.inodes);
      if (used < warnPercent) return [];
      return [
        {
          severity: used >= criticalPercent ? 'critical' : 'warning',
          title: 'A file system runs out of inodes',
          subject: fileSystem(one.mount),
          parameters: { usedPercent: used, freeInodes: one.freeInodes, inodes: one.inodes },
          evidence: [`${one.mount.path}: ${one.freeInodes} of ${one.inodes} inodes are left`],
          remedy: { text: 'Remove many small files (caches, sessions, old container layers).', risk: 'data' },
        },
      ];
    }),
});

/** A line through points by least squares, in units a ms. */
function slope(points: readonly { at: number; value: number }[]): number {
  const n = points.length;
  const start = points[0]?.at ?? 0;
  let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
  for (const { at, value } of points) {
    const x = at - start;
    sx += x;
    sy += value;
    sxx += x * x;
    sxy += x * value;
  }
  const below = n * sxx - sx * sx;
  return below > 0 ? (n * sxy - sx * sy) / below : 0;
}

const fills = check({
  id: 'disk.filesystem-fills',
  area: 'disk',
  title: 'File systems that will be full soon',
  about:
    'Draws a line through what was available over the last six hours of the agent’s history, and tells when it reaches zero, ' +
    'as node-mixin does. It counts only where little enough is left that it can come true.',
  needs: { usage, past },
  thresholds: {
    warnHours: { value: 24, unit: 'h', source: 'node-mixin NodeFilesystemSpaceFillingUp' },
    warnLeftPercent: { value: 40, unit: '%', source: 'node-mixin fsSpaceFillingUpWarningThreshold' },
    criticalHours: { value: 4, unit: 'h', source: 'node-mixin NodeFilesystemSpaceFillingUp' },
    criticalLeftPercent: { value: 20, unit: '%', source: 'node-mixin fsSpaceFillingUpCriticalThreshold' },
  },
  links: ['https://github.com/prometheus/node_exporter/tree/master/docs/node-mixin'],
  evaluate: ({ usage: { known }, past: history }, limits) => {
    let judged = 0;
    const findings = writable(known).flatMap((one): FindingDraft[] => {
      const points = history.points(seriesOf(one.mount.path, 'available_bytes'), 6 * HOUR);
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last || points.length < 4 || last.at - first.at < HOUR) return [];
      judged++;
      const rate = slope(points);
      if (rate >= 0) return [];
      const hours = last.value / -rate / HOUR;
      const left = percent(one.availableBytes, one.availableBytes + one.usedBytes);
      const critical = hours < limits.criticalHours && left < limits.criticalLeftPercent;
      if (!critical && !(hours < limits.warnHours && left < limits.warnLeftPercent)) return [];
      return [
        {
          severity: critical ? 'critical' : 'warning',
          certainty: 'likely',
          title: 'A file system will be full soon',
          subject: fileSystem(one.mount),
          parameters: { hoursLeft: Number(figures(hours)), bytesPerHour: Math.round(-rate * HOUR) },
          evidence: [
            `${one.mount.path} loses ${inBytes(-rate * HOUR)} an hour and has ${inBytes(one.availableBytes)} left: ${inTime(hours * HOUR)}`,
          ],
          remedy: { text: 'Find what writes so much, and stop it or make room.', risk: 'none' },
        },
      ];
    });
    return judged === 0 ? NO_TREND : findings;
  },
});

const thin = check({
  id: 'disk.thin-pool-full',
  area: 'disk',
  title: 'Thin pools that run full',
  about:
    'A thin pool promises more than it has. When its data is full, writes wait and then fail, and file systems on it turn ' +
    'read-only; when its metadata is full, it has to be repaired offline.',
  needs: { mapper },
  thresholds: {
    warnPercent: {
      value: 80,
      unit: '%',
      source: 'LVM thin_pool_autoextend_threshold as recommended in lvmthin(7)',
    },
    criticalPercent: { value: 95, unit: '%', source: 'chosen: dmeventd warns at 80, 85, 90, 95 and 100 %' },
  },
  links: ['https://man7.org/linux/man-pages/man7/lvmthin.7.html'],
  evaluate: ({ mapper: { pools } }, { warnPercent, criticalPercent }) =>
    pools.flatMap((pool): FindingDraft[] => {
      const most = Math.max(pool.dataPercent, pool.metadataPercent);
      const broken = pool.needsCheck || (pool.mode !== 'rw' && pool.mode !== '');
      if (most < warnPercent && !broken) return [];
      return [
        {
          severity: broken || most >= criticalPercent ? 'critical' : 'warning',
          title: broken ? 'A thin pool is out of service' : 'A thin pool is nearly full',
          subject: { kind: 'pool', name: pool.name },
          parameters: {
            dataPercent: Math.round(pool.dataPercent),
            metadataPercent: Math.round(pool.metadataPercent),
          },
          evidence: [
            `data ${figures(pool.dataPercent)} %, metadata ${figures(pool.metadataPercent)} %, mode ${pool.mode}` +
              `${pool.needsCheck ? ', needs_check' : ''} (dmsetup status)`,
          ],
          remedy: broken
            ? {
                text: 'Stop what uses it, extend it (lvextend), and repair it: lvconvert --repair.',
                risk: 'data',
              }
            : {
                text: 'Extend it: lvextend, with --poolmetadatasize for its metadata; or discard what is unused: fstrim.',
                risk: 'none',
              },
          explains:
            broken || most >= 100
              ? ['disk.read-only', 'disk.filesystem-errors', 'kernel-log.ext4-*', 'kernel-log.xfs-*']
              : [],
        },
      ];
    }),
});

const snapshots = check({
  id: 'disk.snapshot-full',
  area: 'disk',
  title: 'Snapshots that overflow',
  about:
    'A classic LVM snapshot keeps what its origin overwrites. When its store is full it becomes invalid and is lost.',
  needs: { mapper },
  thresholds: {
    warnPercent: {
      value: 80,
      unit: '%',
      source: 'lvm.conf snapshot_autoextend_threshold examples; dmeventd warns at 80 %',
    },
  },
  evaluate: ({ mapper: { snapshots: all } }, { warnPercent }) =>
    all
      .filter((one) => one.percent === undefined || one.percent >= warnPercent)
      .map(
        (one): FindingDraft => ({
          severity: 'warning',
          title: one.percent === undefined ? 'A snapshot is invalid' : 'A snapshot is nearly full',
          subject: { kind: 'snapshot', name: one.name },
          parameters: one.percent === undefined ? {} : { usedPercent: Math.round(one.percent) },
          evidence: [
            one.percent === undefined
              ? 'invalid (dmsetup status)'
              : `${figures(one.percent)} % of its store is used`,
          ],
          remedy:
            one.percent === undefined
              ? { text: 'It is lost: remove it (lvremove).', risk: 'none' }
              : { text: 'Extend it (lvextend) or remove it (lvremove).', risk: 'data' },
        }),
      ),
});

const zpoolFull = check({
  id: 'disk.zpool-full',
  area: 'disk',
  title: 'ZFS pools that are nearly full',
  about:
    'ZFS never overwrites, so it needs free space to write at all: nearly full pools become slow, and full ones cannot even delete.',
  needs: { zpools },
  thresholds: {
    warnPercent: { value: 85, unit: '%', source: 'netdata zfs_pool_space_utilization (85 to 90 %)' },
    criticalPercent: { value: 95, unit: '%', source: 'netdata zfs_pool_space_utilization (90 to 98 %)' },
  },
  evaluate: ({ zpools: pools }, { warnPercent, criticalPercent }) =>
    pools.flatMap((pool): FindingDraft[] => {
      const used = pool.usedPercent;
      if (used === undefined || used < warnPercent) return [];
      return [
        {
          severity: used >= criticalPercent ? 'critical' : 'warning',
          title: 'A ZFS pool is nearly full',
          subject: { kind: 'pool', name: pool.name },
          parameters: { usedPercent: used },
          evidence: [`zpool list: ${pool.name} is ${used} % full`],
          remedy: {
            text: 'Remove old snapshots (zfs list -t snapshot) and data, or add devices.',
            risk: 'data',
          },
        },
      ];
    }),
});

const btrfs = check({
  id: 'disk.btrfs-metadata-full',
  area: 'disk',
  title: 'btrfs without room for metadata',
  about:
    'btrfs gives its devices’ space to data and to metadata in large pieces. With all of it given away and the metadata full, ' +
    'writes fail with "No space left on device" while df shows room.',
  needs: { fileSystemErrors },
  thresholds: {
    allocatedPercent: { value: 98, unit: '%', source: 'netdata btrfs_allocated' },
    warnPercent: { value: 90, unit: '%', source: 'netdata btrfs_metadata (90 to 95 %)' },
  },
  evaluate: ({ fileSystemErrors: { btrfsSpaces } }, { allocatedPercent, warnPercent }) =>
    btrfsSpaces.flatMap((one): FindingDraft[] => {
      const allocated = percent(one.allocated, one.size);
      if (allocated < allocatedPercent || one.metadataUsedPercent < warnPercent) return [];
      return [
        {
          severity: 'warning',
          title: 'A btrfs file system has no room for metadata',
          subject: { kind: 'filesystem', name: one.label || one.uuid },
          parameters: { allocatedPercent: allocated, metadataUsedPercent: one.metadataUsedPercent },
          evidence: [`${allocated} % is given away, and the metadata is ${one.metadataUsedPercent} % full`],
          remedy: { text: 'Give unused pieces back: btrfs balance start -dusage=10 MOUNT.', risk: 'none' },
        },
      ];
    }),
});

/** Checks of space. */
export const DISK_SPACE_CHECKS = [full, inodes, fills, thin, snapshots, zpoolFull, btrfs] as const;
