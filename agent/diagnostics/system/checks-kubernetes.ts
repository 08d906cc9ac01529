/** Checks of the kubelet, container runtimes and etcd on this machine. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { pressures } from '../memory/pressure.ts';
import { figures, inBytes, inTime, percent } from '../quantities.ts';
import { type Etcd, etcd } from './etcd.ts';
import { fsyncLatency } from './fsync.ts';
import { kubelet, runtimes } from './kubernetes.ts';

const kubeletHealth = check({
  id: 'system.kubelet-unhealthy',
  area: 'system',
  title: 'Kubelets that are not well',
  about:
    'Asks the kubelet’s own health on loopback, where a kubelet is meant to run. Without it the node is lost to its cluster, and no pod is started or restarted.',
  needs: { kubelet },
  links: ['https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/'],
  evaluate: ({ kubelet: { trouble, asked, kind } }) => {
    if (trouble === '') return [];
    return [
      {
        severity: 'critical',
        title: kind === undefined ? 'The kubelet says that it is not well' : 'The kubelet does not answer',
        subject: { kind: 'service', name: 'kubelet' },
        evidence: [`${asked}: ${trouble}`],
        remedy: { text: 'nodectl logs kubelet.service tells why.', risk: 'restart' },
      },
    ];
  },
});

const runtimeHealth = check({
  id: 'system.runtime-dead',
  area: 'system',
  title: 'Container runtimes that do not answer',
  about:
    'Connects to each runtime’s socket and waits for its first word: the kernel accepts connections also for a process that ' +
    'stands still. Without its runtime the kubelet can start and stop nothing.',
  needs: { runtimes },
  evaluate: ({ runtimes: all }) =>
    all
      .filter(({ trouble }) => trouble !== '')
      .map(
        ({ name, asked, trouble }): FindingDraft => ({
          severity: 'critical',
          title: 'A container runtime does not answer',
          subject: { kind: 'service', name, hardware: name },
          evidence: [`${asked}: ${trouble}`],
          remedy: {
            text: 'Look at its log and restart it; containers go on while it is restarted.',
            risk: 'restart',
          },
          explains: ['system.kubelet-unhealthy'],
        }),
      ),
});

/** What stands beside a slow disk in the evidence: etcd is as often slowed by the processor. */
function beside(one: Etcd, cpu: number | undefined): string {
  const changes = one.leaderChanges === undefined ? '' : `, ${one.leaderChanges} changes of leader`;
  const wait = cpu === undefined ? '' : `, some ${cpu} % waiting for a processor`;
  return `${one.fsyncs} fsyncs${one.seconds === undefined ? '' : ` in ${inTime(one.seconds * 1_000)}`}${changes}${wait}`;
}

const slowDisk = check({
  id: 'system.etcd-slow-disk',
  area: 'system',
  title: 'etcd on a disk that is too slow',
  about:
    'etcd answers when its log is safe on the disk. It tells itself how long that took: the slowest hundredth since it started, ' +
    'for the log (fsync) and for the database (commit). Slow ones cost elections, and then the whole cluster.',
  needs: { etcd },
  wants: { pressures },
  thresholds: {
    fsyncMs: {
      value: 10,
      unit: 'ms',
      source: 'etcd’s documentation: p99 of wal_fsync_duration_seconds below 10 ms',
    },
    commitMs: {
      value: 25,
      unit: 'ms',
      source: 'etcd’s documentation: p99 of backend_commit_duration_seconds below 25 ms',
    },
    criticalMs: {
      value: 500,
      unit: 'ms',
      source: 'etcd-mixin etcdHighFsyncDurations (0.5 s, critical at 1 s)',
    },
  },
  links: ['https://etcd.io/docs/v3.5/faq/#what-does-the-etcd-warning-apply-entries-took-too-long-mean'],
  evaluate: ({ etcd: one, pressures: all }, { fsyncMs, commitMs, criticalMs }) => {
    const fsync = (one.fsyncP99 ?? 0) * 1_000;
    const commit = (one.commitP99 ?? 0) * 1_000;
    if (fsync < fsyncMs && commit < commitMs) return [];
    return [
      {
        severity: Math.max(fsync, commit) >= criticalMs ? 'critical' : 'warning',
        title: 'etcd’s disk is too slow',
        subject: { kind: 'service', name: 'etcd' },
        parameters: { fsyncP99Ms: Number(figures(fsync)), commitP99Ms: Number(figures(commit)) },
        evidence: [
          `p99 of fsync ${figures(fsync)} ms, of commit ${figures(commit)} ms`,
          beside(one, all?.cpu?.some?.avg60),
        ],
        remedy: {
          text: 'Give etcd an SSD with power-loss protection of its own; nodectl diag --check system.etcd-fsync measures one.',
          risk: 'none',
        },
        explains: ['system.etcd-elections'],
      },
    ];
  },
});

const noLeader = check({
  id: 'system.etcd-no-leader',
  area: 'system',
  title: 'etcd members without a leader',
  about:
    'A member that knows no leader can write nothing: the majority is gone, or it cannot be reached from here.',
  needs: { etcd },
  evaluate: ({ etcd: { hasLeader, heartbeatFailures } }) =>
    hasLeader === false
      ? [
          {
            severity: 'critical',
            title: 'etcd has no leader',
            subject: { kind: 'service', name: 'etcd' },
            evidence: [
              `etcd_server_has_leader is 0${heartbeatFailures ? `; ${heartbeatFailures} heartbeats failed` : ''}`,
            ],
            remedy: {
              text: 'Look at the other members, the network between them, and their certificates and clocks.',
              risk: 'none',
            },
            explains: ['system.kubelet-unhealthy', 'system.etcd-elections'],
          },
        ]
      : [],
});

const elections = check({
  id: 'system.etcd-elections',
  area: 'system',
  title: 'etcd that changes its leader often',
  about:
    'Each change stops all writes for a second or more. Many come from slow disks, short processors, or a network that loses packets.',
  needs: { etcd },
  thresholds: {
    perDay: {
      value: 12,
      unit: '1/d',
      source: 'etcd-mixin etcdHighNumberOfLeaderChanges (4 in 15 min); fewer, but all day long',
    },
  },
  evaluate: ({ etcd: { leaderChanges = 0, seconds } }, { perDay }) => {
    if (seconds === undefined || seconds < 3_600)
      return new NotApplicable('etcd has not been running for an hour');
    const rate = (leaderChanges * 86_400) / seconds;
    if (rate < perDay) return [];
    return [
      {
        severity: 'warning',
        title: 'etcd changes its leader often',
        subject: { kind: 'service', name: 'etcd' },
        parameters: { changesPerDay: Math.round(rate), changes: leaderChanges },
        evidence: [`${leaderChanges} changes of leader in ${inTime(seconds * 1_000)}`],
        remedy: {
          text: 'Look at its disk, at processor pressure, and at packet loss between the members.',
          risk: 'none',
        },
      },
    ];
  },
});

const quota = check({
  id: 'system.etcd-database-full',
  area: 'system',
  title: 'etcd whose database reaches its quota',
  about:
    'At its quota etcd raises an alarm and takes no more writes until it was defragmented and the alarm was cleared.',
  needs: { etcd },
  thresholds: {
    warnPercent: { value: 80, unit: '%', source: 'chosen: a fifth left' },
    criticalPercent: { value: 95, unit: '%', source: 'etcd-mixin etcdDatabaseQuotaLowSpace' },
  },
  links: ['https://etcd.io/docs/v3.5/op-guide/maintenance/#space-quota'],
  evaluate: (
    { etcd: { databaseBytes, databaseInUseBytes, quotaBytes } },
    { warnPercent, criticalPercent },
  ) => {
    // Quota 0 is the default of 2 GiB, and below it is none at all.
    if (databaseBytes === undefined || quotaBytes === undefined || quotaBytes < 0)
      return new NotApplicable('etcd does not tell its quota');
    const limit = quotaBytes === 0 ? 2 * 2 ** 30 : quotaBytes;
    const used = percent(databaseBytes, limit);
    if (used < warnPercent) return [];
    return [
      {
        severity: used >= criticalPercent ? 'critical' : 'warning',
        title: 'etcd’s database reaches its quota',
        subject: { kind: 'service', name: 'etcd' },
        parameters: { usedPercent: used, bytes: databaseBytes, quotaBytes: limit },
        evidence: [
          `${inBytes(databaseBytes)} of ${inBytes(limit)}` +
            (databaseInUseBytes === undefined ? '' : `, of which ${inBytes(databaseInUseBytes)} are in use`),
        ],
        remedy: {
          text: 'etcdctl defrag, member by member; find what stores so much; or raise --quota-backend-bytes.',
          risk: 'none',
        },
      },
    ];
  },
});

const measured = check({
  id: 'system.etcd-fsync',
  area: 'system',
  title: 'Latency of small safe writes, measured',
  about:
    'Writes 2 KiB forty times beside etcd’s data (else beside the agent’s own) and waits for each, as etcd does. It runs only ' +
    'where it is named, since it writes: 80 KiB into a file that is removed, for at most 20 s, by a process of its own.',
  needs: { fsyncLatency },
  wants: { pressures },
  onRequest: true,
  thresholds: {
    p99Ms: { value: 10, unit: 'ms', source: 'etcd’s documentation: p99 of fdatasync below 10 ms' },
  },
  links: ['https://etcd.io/docs/v3.5/op-guide/hardware/#disks'],
  evaluate: ({ fsyncLatency: one, pressures: all }, { p99Ms }) => {
    const io = all?.io?.some?.avg10;
    const slow = one.p99 >= p99Ms;
    return [
      {
        severity: slow ? 'warning' : 'info',
        title: slow ? 'The disk is too slow for etcd' : 'The disk is fast enough for etcd',
        subject: { kind: 'filesystem', name: one.folder },
        parameters: {
          medianMs: Number(figures(one.median)),
          p99Ms: Number(figures(one.p99)),
          writes: one.writes,
        },
        evidence: [
          `${one.writes} safe writes in ${one.folder}: median ${figures(one.median)} ms, slowest hundredth ${figures(one.p99)} ms` +
            (io === undefined ? '' : `, I/O pressure some ${io} %`),
        ],
        remedy: slow
          ? { text: 'Give etcd an SSD with power-loss protection, and nothing else on it.', risk: 'none' }
          : { text: 'Nothing is to be done.', risk: 'none' },
      },
    ];
  },
});

/** Checks of the kubelet, runtimes and etcd. */
export const SYSTEM_KUBERNETES_CHECKS = [
  ...[kubeletHealth, runtimeHealth, slowDisk, noLeader],
  ...[elections, quota, measured],
] as const;
