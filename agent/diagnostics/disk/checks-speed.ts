/** Checks of how fast disks are, and how much they have to do. */

import { activity } from '../activity/activity.ts';
import { type DiskShares, lookWords, type Observed } from '../activity/shares.ts';
import { check, NotApplicable } from '../check.ts';
import type { FindingDraft, Remedy } from '../finding.ts';
import { pressures } from '../memory/pressure.ts';
import { NO_TREND, past } from '../past.ts';
import { figures, inTime } from '../quantities.ts';
import { keepsEtcd } from '../system/etcd.ts';
import { devices, diskSubject, disksOf, isDisk } from './devices.ts';

const HOUR = 3_600_000;

const SLOW: Remedy = {
  text: 'See whether it is overloaded or sick: compare with its siblings, look at its health.',
  risk: 'none',
};
const OVERLOADED: Remedy = {
  text: 'Find what reads or writes so much, or spread it over more or faster disks.',
  risk: 'none',
};

/** Disks of which iostat tells, or what is made of disks where it tells of nothing else: LVM and RAID have the same requests again. */
function seenDisks({ disks }: Observed): readonly DiskShares[] {
  const hardware = disks.filter(({ name }) => isDisk(name));
  return hardware.length > 0
    ? hardware
    : disks.filter(({ name }) => !/^(?:loop|ram|zram|sr|fd)\d/.test(name));
}

const latency = check({
  id: 'disk.latency',
  area: 'disk',
  title: 'Disks that answer slowly',
  about:
    'The mean time of a request, from its queueing to its end, over the last quarter of an hour of the agent’s history. ' +
    'Disks that did little are left out.',
  needs: { past },
  wants: { devices, activity },
  thresholds: {
    warnMs: {
      value: 100,
      unit: 'ms',
      source: 'awesome-prometheus-alerts HostUnusualDiskReadLatency and …WriteLatency',
    },
    leastRequests: { value: 100, unit: '', source: 'chosen: a mean of fewer says little' },
  },
  evaluate: ({ devices: all, past: history, activity: looks }, { warnMs, leastRequests }) => {
    const seen = looks?.find(({ disks }) => disks.length > 0);
    if (seen)
      return seenDisks(seen)
        .filter(({ awaitMs = 0, requests }) => awaitMs >= warnMs && requests >= 1)
        .map(
          ({ name, awaitMs = 0, requests, queue, busy }): FindingDraft => ({
            severity: 'warning',
            certainty: 'likely',
            title: 'A disk answers slowly',
            subject: { kind: 'disk', name },
            parameters: { meanMs: Number(figures(awaitMs)), requestsPerSecond: Number(figures(requests)) },
            evidence: [
              `${name}: ${figures(awaitMs)} ms a request at ${figures(requests)} requests a second${queue === undefined ? '' : `, ${figures(queue)} under way`}${busy === undefined ? '' : `, busy ${figures(busy)} %`}, ${lookWords(seen)}`,
            ],
            remedy: SLOW,
            explains: ['disk.io-pressure', 'system.etcd-slow-disk', 'system.iowait', 'system.load-high'],
          }),
        );
    if (!all) return NO_TREND;
    const known = disksOf(all).map((disk) => ({
      disk,
      requests: history.growth(`disk/${disk.name}/requests`, HOUR / 4),
      time: history.growth(`disk/${disk.name}/request_ms`, HOUR / 4),
    }));
    if (known.every(({ requests }) => requests === undefined)) return NO_TREND;
    return known.flatMap(({ disk, requests, time }): FindingDraft[] => {
      if (!requests || !time || requests.delta < leastRequests) return [];
      const mean = time.delta / requests.delta;
      if (mean < warnMs) return [];
      return [
        {
          severity: 'warning',
          title: 'A disk answers slowly',
          subject: diskSubject(disk),
          parameters: { meanMs: Number(figures(mean)), requests: requests.delta },
          evidence: [
            `${figures(mean)} ms a request, over ${requests.delta} requests in ${inTime(requests.overMs)}`,
          ],
          remedy: SLOW,
          explains: ['disk.io-pressure', 'system.etcd-slow-disk', 'disk.flush-latency'],
        },
      ];
    });
  },
});

const saturated = check({
  id: 'disk.saturated',
  area: 'disk',
  title: 'Disks with a long queue',
  about:
    'The mean number of requests under way or waiting, over half an hour of the agent’s history: more than the disk works on at ' +
    'a time only makes each of them wait.',
  needs: { past },
  wants: { devices, activity },
  thresholds: {
    warnQueue: { value: 10, unit: '', source: 'node-mixin NodeDiskIOSaturation' },
    busyPercent: {
      value: 90,
      unit: '%',
      source: 'netdata 10min_disk_utilization (98 %); less for half an hour',
    },
    alonePercent: {
      value: 95,
      unit: '%',
      source: 'netdata 10min_disk_utilization (98 %), in what iostat saw',
    },
    aloneMs: { value: 10, unit: 'ms', source: 'etcd’s documentation: p99 of wal_fsync below 10 ms' },
  },
  evaluate: (
    { devices: all, past: history, activity: looks },
    { warnQueue, busyPercent, alonePercent, aloneMs },
  ) => {
    const seen = looks?.find(({ disks }) => disks.length > 0);
    if (seen)
      return seenDisks(seen)
        .filter(
          ({ queue = 0, busy = 0, awaitMs = aloneMs }) =>
            // A fast disk works on a hundred at a time and answers each in a fraction of a millisecond.
            awaitMs >= aloneMs && (busy >= alonePercent || (queue >= warnQueue && busy >= busyPercent)),
        )
        .map(
          ({ name, queue = 0, busy = 0, awaitMs }): FindingDraft => ({
            severity: 'warning',
            certainty: 'likely',
            title: 'A disk has more to do than it can',
            subject: { kind: 'disk', name },
            parameters: { meanQueue: Number(figures(queue)), busyPercent: Math.round(busy) },
            evidence: [
              `${name}: a queue of ${figures(queue)}${awaitMs === undefined ? '' : `, ${figures(awaitMs)} ms each`}, busy ${figures(busy)} % ${lookWords(seen)}`,
            ],
            remedy: OVERLOADED,
            explains: ['disk.io-pressure', 'disk.latency', 'system.iowait', 'system.load-high'],
          }),
        );
    if (!all) return NO_TREND;
    const known = disksOf(all).map((disk) => ({
      disk,
      queue: history.growth(`disk/${disk.name}/queue_ms`, HOUR / 2),
      busy: history.growth(`disk/${disk.name}/busy_ms`, HOUR / 2),
    }));
    if (known.every(({ queue }) => queue === undefined)) return NO_TREND;
    return known.flatMap(({ disk, queue, busy }): FindingDraft[] => {
      if (!queue || !busy || queue.overMs < 60_000) return [];
      const length = queue.delta / queue.overMs;
      const share = (100 * busy.delta) / busy.overMs;
      // A solid-state disk works on many at a time: being busy says nothing there, the length of the queue does.
      if (length < warnQueue || share < busyPercent) return [];
      return [
        {
          severity: 'warning',
          title: 'A disk has more to do than it can',
          subject: diskSubject(disk),
          parameters: { meanQueue: Number(figures(length)), busyPercent: Math.round(share) },
          evidence: [
            `${figures(length)} requests under way in the mean, busy ${Math.round(share)} % of ${inTime(queue.overMs)}`,
          ],
          remedy: OVERLOADED,
          explains: [
            'disk.io-pressure',
            'disk.latency',
            'disk.flush-latency',
            'system.etcd-slow-disk',
            'system.load-high',
          ],
        },
      ];
    });
  },
});

const flush = check({
  id: 'disk.flush-latency',
  area: 'disk',
  title: 'Disks that are slow to make data safe',
  about:
    'fsync waits for the disk’s flush, and etcd and every database wait for fsync: a warning where an etcd is kept here. The kernel measures each flush (Linux 5.5 ' +
    'and later), so the mean is known without writing anything: over the last hour by the agent’s history, else since boot.',
  needs: { devices },
  wants: { past, keepsEtcd },
  thresholds: {
    warnMs: { value: 10, unit: 'ms', source: 'etcd’s documentation: p99 of wal_fsync below 10 ms' },
    leastFlushes: { value: 50, unit: '', source: 'chosen: a mean of fewer says little' },
  },
  links: ['https://etcd.io/docs/v3.5/op-guide/hardware/'],
  evaluate: ({ devices: all, past: history, keepsEtcd: etcd }, { warnMs, leastFlushes }) => {
    const known = disksOf(all).filter(({ stats }) => stats?.flushes !== undefined);
    if (known.length === 0)
      return new NotApplicable('this kernel does not measure flushes, or no disk is flushed');
    return known.flatMap((disk): FindingDraft[] => {
      const recent = history?.growth(`disk/${disk.name}/flushes`, HOUR);
      const time = history?.growth(`disk/${disk.name}/flush_ms`, HOUR);
      const trend = recent && time && recent.delta >= leastFlushes;
      const count = trend ? recent.delta : (disk.stats?.flushes ?? 0);
      const ms = trend ? time.delta : (disk.stats?.flushMs ?? 0);
      if (count < leastFlushes || ms / count < warnMs) return [];
      return [
        {
          // A disk that turns takes some 10 ms for a turn, and one on a network as long: only who waits for it is troubled.
          severity: etcd ? 'warning' : 'info',
          title: 'A disk is slow to make data safe',
          subject: diskSubject(disk),
          parameters: { meanMs: Number(figures(ms / count)), flushes: count },
          evidence: [
            `${figures(ms / count)} ms a flush, over ${count} flushes ${trend ? `in ${inTime(recent.overMs)}` : 'since boot'}`,
          ],
          remedy: {
            text: 'Put databases and etcd on an SSD with power-loss protection, and nothing else on it.',
            risk: 'none',
          },
          explains: ['system.etcd-slow-disk'],
        },
      ];
    });
  },
});

const pressure = check({
  id: 'disk.io-pressure',
  area: 'disk',
  title: 'Programs that stand still for their disks',
  about:
    'Pressure stall information: the share of the last minute in which tasks waited for I/O. "full" means that nobody could work.',
  needs: { pressures },
  thresholds: {
    someWarn: { value: 50, unit: '%', source: 'chosen: half of the last minute lost for at least one task' },
    fullWarn: { value: 20, unit: '%', source: 'chosen: a fifth of the last minute lost for everyone' },
  },
  links: ['https://www.kernel.org/doc/html/latest/accounting/psi.html'],
  evaluate: ({ pressures: { io } }, { someWarn, fullWarn }) => {
    const some = io?.some?.avg60 ?? 0;
    const full = io?.full?.avg60 ?? 0;
    if (some < someWarn && full < fullWarn) return [];
    return [
      {
        severity: 'warning',
        title: 'Programs stand still for their disks',
        parameters: { somePercent: some, fullPercent: full },
        evidence: [`over the last minute some ${some} %, full ${full} % (/proc/pressure/io)`],
        remedy: {
          text: 'nodectl diag disk tells of slow or overloaded disks; find what reads or writes so much.',
          risk: 'none',
        },
        explains: ['system.load-high', 'system.iowait'],
      },
    ];
  },
});

/** Checks of speed and load. */
export const DISK_SPEED_CHECKS = [latency, saturated, flush, pressure] as const;
