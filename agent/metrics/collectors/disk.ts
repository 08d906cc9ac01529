/** Disks and file systems. */

import { type Device, devices } from '../../diagnostics/disk/devices.ts';
import type { DiskStats } from '../../diagnostics/disk/disk-stats.ts';
import type { Mount } from '../../diagnostics/disk/mounts.ts';
import { usage } from '../../diagnostics/disk/usage.ts';
import { CHEAP_MS, type Collector, DEAR_MS } from '../collector.ts';
import { counter, gauge, info } from '../family.ts';

/** What /proc/diskstats counts, in node_exporter's units: seconds and bytes. */
const COUNTERS: readonly (readonly [
  name: string,
  help: string,
  of: (of: DiskStats) => number | undefined,
])[] = [
  ['reads_completed', 'Reads that were completed.', (of) => of.reads],
  ['read_bytes', 'Bytes that were read.', (of) => of.readBytes],
  ['read_time_seconds', 'Time that reads took, all together.', (of) => of.readMs / 1_000],
  ['writes_completed', 'Writes that were completed.', (of) => of.writes],
  ['written_bytes', 'Bytes that were written.', (of) => of.writtenBytes],
  ['write_time_seconds', 'Time that writes took, all together.', (of) => of.writeMs / 1_000],
  ['io_time_seconds', 'Time in which something was under way.', (of) => of.busyMs / 1_000],
  [
    'io_time_weighted_seconds',
    'That time, counted for each request that was under way.',
    (of) => of.queueMs / 1_000,
  ],
  ['flush_requests', 'Flushes that were completed.', (of) => of.flushes],
  [
    'flush_requests_time_seconds',
    'Time that flushes took, all together.',
    (of) => of.flushMs && of.flushMs / 1_000,
  ],
];

/** Block devices without loops and memory. */
export const diskCollector: Collector = {
  id: 'disk',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const all = (await reading.get(devices)).filter(
      ({ kind, empty }) => kind !== 'loop' && kind !== 'zram' && !empty,
    );
    const each = (of: (one: Device) => number | undefined) =>
      all.map((one) => [{ device: one.name }, of(one)] as const);
    return [
      ...COUNTERS.map(([name, help, of]) =>
        counter(
          `node_disk_${name}`,
          help,
          each(({ stats }) => stats && of(stats)),
        ),
      ),
      gauge(
        'node_disk_io_now',
        'Requests that are under way.',
        each(({ stats }) => stats?.inFlight),
      ),
      counter(
        'nodectl_disk_io_errors',
        'Requests that failed, as the driver counts them.',
        each((one) => one.ioErrors),
      ),
      counter(
        'nodectl_disk_io_timeouts',
        'Requests that ran out of time, as the driver counts them.',
        each((one) => one.ioTimeouts),
      ),
      info(
        'node_disk',
        'What the device is.',
        all.map(({ name, kind, model, firmware }) => ({ device: name, kind, model, revision: firmware })),
      ),
    ];
  },
};

function labelsOf({ source, type, path }: Mount) {
  return { device: source, fstype: type, mountpoint: path };
}

/** How full file systems are, and which do not answer. */
export const filesystemCollector: Collector = {
  id: 'filesystem',
  freshMs: DEAR_MS,
  collect: async (reading) => {
    const { known, hung, failed } = await reading.get(usage);
    const each = (of: (one: (typeof known)[number]) => number | undefined) =>
      known.map((one) => [labelsOf(one.mount), of(one)] as const);
    const broken = [...hung, ...failed.map(({ mount }) => mount)];
    return [
      gauge(
        'node_filesystem_size_bytes',
        'Size.',
        each(({ bytes }) => bytes),
      ),
      gauge(
        'node_filesystem_free_bytes',
        'What is free, for root.',
        each(({ bytes, usedBytes }) => bytes - usedBytes),
      ),
      gauge(
        'node_filesystem_avail_bytes',
        'What is free, for everybody.',
        each(({ availableBytes }) => availableBytes),
      ),
      gauge(
        'node_filesystem_files',
        'Inodes.',
        each(({ inodes }) => inodes),
      ),
      gauge(
        'node_filesystem_files_free',
        'Free inodes.',
        each(({ freeInodes }) => freeInodes),
      ),
      gauge(
        'node_filesystem_readonly',
        'Whether it is read-only.',
        each(({ mount }) => (mount.readOnly ? 1 : 0)),
      ),
      gauge('node_filesystem_device_error', 'Whether it does not answer, or with an error.', [
        ...each(() => 0),
        ...broken.map((mount) => [labelsOf(mount), 1] as const),
      ]),
    ];
  },
};
