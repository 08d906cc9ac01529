/** Checks of block devices themselves: gone, failing, oddly set up. */

import { check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { NO_TREND, past } from '../past.ts';
import { nvmeControllers } from './controllers.ts';
import { type Device, devices, diskSubject, disksOf } from './devices.ts';
import { trimming } from './trim.ts';

const HOUR = 3_600_000;

/** Why disks cannot be judged by what was captured of them; undefined where something of what is asked is told of one. */
function untold(
  all: readonly Device[],
  what: string,
  seen: (disk: Device) => boolean,
): NotApplicable | Skipped | undefined {
  const disks = disksOf(all);
  if (disks.length === 0) return new NotApplicable('no disk is told of');
  return disks.some(seen) ? undefined : new Skipped(`${what} of disks was not captured`);
}

const GONE = /^(offline|transport-offline|blocked|quiesce|dead|deleting|resetting|connecting)/;

const state = check({
  id: 'disk.gone',
  area: 'disk',
  title: 'Disks that the kernel has given up',
  about:
    'SCSI and SATA disks that did not come back after resets are set offline; an NVMe controller that does not answer is ' +
    '"resetting", then "dead". A disk whose size is zero is there in name only.',
  needs: {},
  wants: { devices, controllers: nvmeControllers },
  evaluate: ({ devices: all, controllers = [] }) => {
    const disks = disksOf(all ?? []);
    if (disks.length + controllers.length === 0)
      return all
        ? new NotApplicable('no disk is told of')
        : new Skipped('block devices (/sys/block) could not be read');
    if (controllers.length === 0 && !disks.some(({ state: told, sized }) => told !== '' || sized))
      return new Skipped('the state of disks was not captured');
    // Of a controller that is dead no block device may be left.
    const alone = controllers.filter(({ name }) => !disks.some((disk) => disk.name.startsWith(`${name}n`)));
    return [
      ...disks.flatMap((disk) =>
        gone(diskSubject(disk), GONE.exec(disk.state)?.[0], {
          path: `/sys/block/${disk.name}`,
          empty: disk.empty && !disk.removable,
        }),
      ),
      ...alone.flatMap((one) =>
        gone(diskSubject(one), GONE.exec(one.state)?.[0], {
          path: `/sys/class/nvme/${one.name}`,
          empty: false,
        }),
      ),
    ];
  },
});

/** What is told of a disk in a state; nothing where it is well. */
function gone(
  subject: ReturnType<typeof diskSubject>,
  off: string | undefined,
  { path, empty }: { readonly path: string; readonly empty: boolean },
): FindingDraft[] {
  if (off === undefined && !empty) return [];
  const passing = off === 'resetting' || off === 'connecting' || off === 'blocked' || off === 'quiesce';
  const file = path.startsWith('/sys/class/') ? 'state' : 'device/state';
  return [
    {
      severity: passing ? 'warning' : 'critical',
      title: passing ? 'A disk does not answer at the moment' : 'A disk is gone',
      subject,
      evidence: [off === undefined ? `${path}/size is 0` : `${path}/${file} is ${off}`],
      remedy: {
        text: 'nodectl dmesg --level err+ tells what happened. Reseat or replace it; a power cycle can bring it back for a while.',
        risk: 'data',
      },
      explains: [
        ...['disk.io-errors', 'disk.read-only', 'disk.filesystem-dead', 'disk.filesystem-errors'],
        ...['disk.md-degraded', 'disk.zpool-degraded', 'system.processes-stuck'],
        ...['kernel-log.io-error*', 'kernel-log.nvme-*', 'kernel-log.scsi-*', 'kernel-log.ata-*'],
      ],
    },
  ];
}

/** A disk whose requests ran out of time, over how long nobody knows. */
function timedOut(disk: Device): FindingDraft {
  const { ioTimeouts = 0, name } = disk;
  return {
    severity: 'info',
    certainty: 'possible',
    title: 'Requests to a disk ran out of time',
    subject: diskSubject(disk),
    parameters: { timeouts: ioTimeouts },
    count: ioTimeouts,
    evidence: [`/sys/block/${name}/device/iotmo_cnt is ${ioTimeouts}, since the disk was found`],
    remedy: {
      text: 'See whether it grows; look at the disk’s health, its cable and its controller.',
      risk: 'none',
    },
  };
}

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
    if (grown.every(({ errors }) => errors === undefined)) {
      const late = counted.filter(({ ioTimeouts = 0 }) => ioTimeouts > 0);
      return late.length === 0 ? NO_TREND : late.map(timedOut);
    }
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
            text: 'nodectl dmesg --level err+ names the errors. Look at the disk’s health, its cable and its controller.',
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
    untold(all, 'the scheduler', ({ scheduler: told, sized }) => told !== '' || sized) ??
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
    untold(all, 'the alignment', ({ partitions, sized }) => partitions.length > 0 || sized) ??
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
