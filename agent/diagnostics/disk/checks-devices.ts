/** Checks of block devices themselves: gone, failing, oddly set up. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { NO_TREND, past } from '../past.ts';
import { devices, diskSubject, disksOf } from './devices.ts';
import { trimming } from './trim.ts';

const HOUR = 3_600_000;

const state = check({
  id: 'disk.gone',
  area: 'disk',
  title: 'Disks that the kernel has given up',
  about:
    'SCSI and SATA disks that did not come back after resets are set offline; an NVMe controller that does not answer is ' +
    '"resetting", then "dead". A disk whose size is zero is there in name only.',
  needs: { devices },
  evaluate: ({ devices: all }) =>
    disksOf(all).flatMap((disk): FindingDraft[] => {
      const off = /^(offline|transport-offline|blocked|quiesce|dead|deleting|resetting|connecting)/.exec(
        disk.state,
      )?.[0];
      const empty = disk.empty && !disk.removable;
      if (off === undefined && !empty) return [];
      const passing = off === 'resetting' || off === 'connecting' || off === 'blocked' || off === 'quiesce';
      return [
        {
          severity: passing ? 'warning' : 'critical',
          title: passing ? 'A disk does not answer at the moment' : 'A disk is gone',
          subject: diskSubject(disk),
          evidence: [
            off === undefined
              ? `/sys/block/${disk.name}/size is 0`
              : `/sys/block/${disk.name}/device/state is ${disk.state}`,
          ],
          remedy: {
            text: 'nodectl dmesg -p err tells what happened. Reseat or replace it; a power cycle can bring it back for a while.',
            risk: 'data',
          },
          explains: [
            ...[
              'disk.io-errors',
              'disk.read-only',
              'disk.filesystem-dead',
              'disk.filesystem-errors',
              'disk.md-degraded',
            ],
            ...[
              'disk.zpool-degraded',
              'system.processes-stuck',
              'kernel-log.io-error*',
              'kernel-log.nvme-*',
              'kernel-log.scsi-*',
              'kernel-log.ata-*',
            ],
          ],
        },
      ];
    }),
});

const ioErrors = check({
  id: 'disk.io-errors',
  area: 'disk',
  title: 'Disks whose requests fail or run out of time',
  about:
    'The SCSI layer counts requests of each disk that ended with an error or were aborted. Some commands that a disk does not ' +
    'know count too, so only their growth in the last hour is judged, by the agent’s history.',
  needs: { devices, past },
  thresholds: {
    warnErrors: { value: 10, unit: '1/h', source: 'chosen: unknown commands come by ones, at boot' },
    warnTimeouts: {
      value: 1,
      unit: '1/h',
      source: 'chosen: a request that was aborted after 30 s is never normal',
    },
  },
  evaluate: ({ devices: all, past: history }, { warnErrors, warnTimeouts }) => {
    const counted = disksOf(all).filter(({ ioErrors: count }) => count !== undefined);
    if (counted.length === 0) return new NotApplicable('no disk of this machine counts its errors');
    const grown = counted.map((disk) => ({
      disk,
      errors: history.growth(`disk/${disk.name}/io_errors`, HOUR),
      timeouts: history.growth(`disk/${disk.name}/io_timeouts`, HOUR),
    }));
    if (grown.every(({ errors }) => errors === undefined)) return NO_TREND;
    return grown.flatMap(({ disk, errors, timeouts }): FindingDraft[] => {
      const failed = errors?.delta ?? 0;
      const late = timeouts?.delta ?? 0;
      if (failed < warnErrors && late < warnTimeouts) return [];
      const last = history.lastGrowth(`disk/${disk.name}/io_errors`);
      return [
        {
          severity: 'warning',
          title: 'Requests to a disk fail or run out of time',
          subject: diskSubject(disk),
          parameters: { errorsInHour: failed, timeoutsInHour: late },
          count: failed,
          ...(last === undefined ? {} : { lastMs: last }),
          evidence: [`${failed} failed and ${late} timed out in the last hour (ioerr_cnt ${disk.ioErrors})`],
          remedy: {
            text: 'nodectl dmesg -p err names the errors. Look at the disk’s health, its cable and its controller.',
            risk: 'none',
          },
          explains: ['disk.filesystem-errors', 'kernel-log.io-error*', 'kernel-log.scsi-*'],
        },
      ];
    });
  },
});

const scheduler = check({
  id: 'disk.scheduler',
  area: 'disk',
  title: 'Disks with an I/O scheduler that does not suit them',
  about:
    'A scheduler that sorts and waits (bfq, kyber apart) costs a fast NVMe drive much of its speed; a hard disk without any ' +
    'does not sort its requests and lets one writer starve all readers.',
  needs: { devices },
  evaluate: ({ devices: all }) =>
    disksOf(all)
      .filter(
        ({ kind, scheduler: name, rotational }) =>
          (kind === 'nvme' && (name === 'bfq' || name === 'cfq')) ||
          (kind === 'scsi' && rotational && (name === 'none' || name === 'noop')),
      )
      // A virtual or RAID controller’s disk says that it turns, and sorts by itself.
      .filter(
        ({ kind, model }) =>
          kind === 'nvme' || !/virtual|qemu|vbox|perc|megaraid|logical|raid|lun|mr9|smart array/i.test(model),
      )
      .map(
        (disk): FindingDraft => ({
          severity: 'info',
          title: `A ${disk.kind === 'nvme' ? 'fast drive' : 'hard disk'} has an I/O scheduler that does not suit it`,
          subject: diskSubject(disk),
          evidence: [`/sys/block/${disk.name}/queue/scheduler is ${disk.scheduler}`],
          remedy: {
            text: `Set ${disk.kind === 'nvme' ? 'none' : 'mq-deadline or bfq'} by a udev rule (ATTR{queue/scheduler}).`,
            risk: 'none',
          },
        }),
      ),
});

const alignment = check({
  id: 'disk.misaligned',
  area: 'disk',
  title: 'Partitions that are not aligned',
  about:
    'A partition that does not begin at a physical block makes the disk read, change and write two blocks for one.',
  needs: { devices },
  evaluate: ({ devices: all }) =>
    disksOf(all).flatMap((disk) =>
      disk.partitions
        .filter(({ misalignment }) => misalignment > 0)
        .map(
          (partition): FindingDraft => ({
            severity: 'info',
            title: 'A partition is not aligned to the disk’s blocks',
            subject: { ...diskSubject(disk), name: partition.name },
            parameters: { offBytes: partition.misalignment },
            evidence: [
              `/sys/block/${disk.name}/${partition.name}/alignment_offset is ${partition.misalignment}`,
            ],
            remedy: {
              text: 'Partition it anew, beginning at 1 MiB, when its data is moved anyway.',
              risk: 'data',
            },
          }),
        ),
    ),
});

const trim = check({
  id: 'disk.trim-off',
  area: 'disk',
  title: 'Solid-state disks that are never told what is free',
  about:
    'Without TRIM an SSD takes everything that was ever written for data, becomes slower and wears faster. It is told by ' +
    'fstrim.timer, or by the mount option discard.',
  needs: { devices, trimming },
  evaluate: ({ devices: all, trimming: told }) => {
    const able = disksOf(all).filter(
      ({ rotational, discard, kind }) => !rotational && discard && kind !== 'virtio',
    );
    if (able.length === 0) return new NotApplicable('no solid-state disk of this machine takes TRIM');
    if (told.timer || told.discards) return [];
    return [
      {
        severity: 'info',
        title: 'Solid-state disks are never told what is free',
        parameters: { disks: able.length },
        evidence: [
          `fstrim.timer is not enabled and no file system is mounted with discard; ${able.length} disks could be told`,
        ],
        remedy: { text: 'Enable it: systemctl enable --now fstrim.timer.', risk: 'none' },
      },
    ];
  },
});

/** Checks of block devices. */
export const DISK_DEVICE_CHECKS = [state, ioErrors, scheduler, alignment, trim] as const;
