/** Checks of room in thin pools, snapshots, ZFS pools and btrfs. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures, percent } from '../quantities.ts';
import { fileSystemErrors } from './file-system-errors.ts';
import { mapper } from './mapper.ts';
import { zpools } from './zpool.ts';

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
              `${pool.needsCheck ? ', needs_check' : ''}`,
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

/** Checks of room in pools. */
export const DISK_POOL_SPACE_CHECKS = [thin, snapshots, zpoolFull, btrfs] as const;
