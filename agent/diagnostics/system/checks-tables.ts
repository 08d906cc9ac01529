/** Checks of processes and of tables that fill up. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { past } from '../past.ts';
import { percent } from '../quantities.ts';
import { processes } from './processes.ts';
import { conntrack, ports, trackingLosses } from './sockets.ts';

const MINUTE = 60_000;

const stuck = check({
  id: 'system.processes-stuck',
  area: 'system',
  title: 'Processes that nothing can interrupt',
  about:
    'A process in state D waits inside the kernel, mostly for a disk or a network file system, and cannot be killed. It is looked ' +
    'at twice, a quarter of a second apart; one that was woken in between works. Few of them are told only where the history says ' +
    'that some task has been waiting all through the last minutes, or where a command of a moment (df, sync) began a day ago.',
  needs: { processes },
  wants: { past },
  thresholds: {
    warnProcesses: { value: 5, unit: '', source: 'chosen: more than a busy disk makes wait at both looks' },
    minutes: { value: 5, unit: 'min', source: 'chosen: twice the kernel’s hung_task_timeout_secs of 120 s' },
  },
  evaluate: ({ processes: { stuck: all }, past: history }, { warnProcesses, minutes }) => {
    if (all.length === 0) return [];
    const samples = history?.points('system//processes_blocked', minutes * MINUTE) ?? [];
    const span = (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
    const long =
      samples.length >= 3 && span >= (minutes * MINUTE) / 2 && samples.every(({ value }) => value > 0);
    if (all.length < warnProcesses && !long && !all.some((one) => one.long)) return [];
    const places = [...Map.groupBy(all, ({ where }) => where || 'unknown')].sort(
      (a, b) => b[1].length - a[1].length,
    );
    return [
      {
        severity: 'warning',
        certainty: long ? 'certain' : 'likely',
        title: 'Processes wait inside the kernel and cannot be interrupted',
        parameters: { processes: all.length },
        evidence: places.slice(0, 3).map(
          ([where, own]) =>
            `${own.length} in ${where}: ${own
              .slice(0, 5)
              .map(({ name, pid }) => `${name} (${pid})`)
              .join(', ')}`,
        ),
        remedy: {
          text: 'Find what they wait for: nodectl diag disk; nodectl dmesg -g "blocked for more than".',
          risk: 'none',
        },
        explains: ['system.load-high', 'kernel-log.hung-task*'],
      },
    ];
  },
});

const zombies = check({
  id: 'system.zombies',
  area: 'system',
  title: 'Dead processes that nobody fetches',
  about:
    'A process that ended stays in the table until its parent asks for it. Many are a defect of the parent, and take process numbers.',
  needs: { processes },
  thresholds: { warnProcesses: { value: 50, unit: '', source: 'chosen: a few are normal for a moment' } },
  evaluate: ({ processes: { zombies: all, parents } }, { warnProcesses }) => {
    if (all.length < warnProcesses) return [];
    const byParent = [...Map.groupBy(all, ({ parent }) => parent)].sort((a, b) => b[1].length - a[1].length);
    return [
      {
        severity: 'warning',
        title: 'Dead processes are not fetched by their parent',
        parameters: { zombies: all.length },
        evidence: byParent
          .slice(0, 3)
          .map(([pid, own]) => `${own.length} of ${parents.get(pid) || 'unknown'} (${pid})`),
        remedy: {
          text: 'Restart the parent. In a container, give it an init (tini, --init).',
          risk: 'restart',
        },
      },
    ];
  },
});

const tracked = check({
  id: 'system.conntrack-full',
  area: 'system',
  title: 'Connection tracking that fills up',
  about:
    'The firewall and NAT keep a row for each connection. When the table is full, packets of new connections are dropped.',
  needs: { conntrack },
  wants: { losses: trackingLosses },
  thresholds: {
    warnPercent: { value: 75, unit: '%', source: 'node-mixin NodeHighNumberConntrackEntriesUsed' },
    criticalPercent: {
      value: 95,
      unit: '%',
      source: 'netdata netfilter_conntrack_full; node-problem-detector warns at 90 %',
    },
  },
  evaluate: ({ conntrack: { entries, limit }, losses }, { warnPercent, criticalPercent }) => {
    const used = percent(entries, limit);
    if (used < warnPercent) return [];
    return [
      {
        severity: used >= criticalPercent ? 'critical' : 'warning',
        title: 'The table of tracked connections is nearly full',
        parameters: { usedPercent: used, entries, limit },
        evidence: [
          `${entries} of ${limit} connections are tracked${losses?.dropped ? `; ${losses.dropped} packets were dropped since boot` : ''}`,
        ],
        remedy: {
          text: 'Raise net.netfilter.nf_conntrack_max, or find who opens so many connections (conntrack -S).',
          risk: 'none',
        },
        explains: ['kernel-log.conntrack-full', 'system.conntrack-drops'],
      },
    ];
  },
});

const lost = check({
  id: 'system.conntrack-drops',
  area: 'system',
  title: 'Packets that connection tracking lost',
  about:
    'Each is a packet that its sender has to send again, or a name that is resolved only at the second try. "drop" and "early_drop" ' +
    'count what a full table refused or threw out; "insert_failed" counts packets whose entry another packet had just made, which ' +
    'happens when a program sends two requests through the same socket at once, as resolvers do. All of them count from boot, so few are no trouble.',
  needs: { losses: trackingLosses },
  thresholds: {
    warnDropped: {
      value: 1,
      unit: '',
      source: 'conntrack(8): each is a packet or connection that was lost for a full table',
    },
    warnInsertFailed: {
      value: 100,
      unit: '',
      source:
        'conntrack(8): each is a packet that was lost; a hundred is chosen, since single ones are normal',
    },
  },
  links: ['https://github.com/kubernetes/kubernetes/issues/56903'],
  evaluate: ({ losses }, { warnDropped, warnInsertFailed }) => {
    const { dropped, earlyDropped, insertFailed } = losses;
    const full = dropped + earlyDropped >= warnDropped;
    if (!full && insertFailed < warnInsertFailed) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: full
          ? 'A full table of tracked connections has cost packets'
          : 'Connection tracking loses packets of connections that begin at the same moment',
        parameters: { dropped, earlyDropped, insertFailed },
        evidence: [
          `since boot: ${dropped} dropped, ${earlyDropped} thrown out early, ${insertFailed} not inserted`,
        ],
        remedy: full
          ? {
              text: 'Raise net.netfilter.nf_conntrack_max, or find who opens so many connections (conntrack -L).',
              risk: 'none',
            }
          : {
              text: 'Give DNS a cache on the node (NodeLocal DNSCache), let resolvers use single-request-reopen or TCP, and NAT random-fully.',
              risk: 'none',
            },
        explains: ['kernel-log.conntrack-full'],
      },
    ];
  },
});

const exhausted: FindingDraft['remedy'] = {
  text: 'Reuse connections, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse=1.',
  risk: 'none',
};

const portsOut = check({
  id: 'system.ports-exhausted',
  area: 'system',
  title: 'Ports for outgoing connections that run out',
  about:
    'An outgoing connection takes a port of net.ipv4.ip_local_port_range, and keeps it for a minute after its end. With all of ' +
    'them taken towards one address, connecting fails with "Cannot assign requested address". Which address they go to is not ' +
    'looked at, so this is a suspicion.',
  needs: { ports },
  thresholds: {
    warnPercent: { value: 80, unit: '%', source: 'chosen: of the range, by all sockets of TCP' },
  },
  evaluate: ({ ports: { inUse, timeWait, range } }, { warnPercent }) => {
    const used = percent(inUse + timeWait, range);
    if (used < warnPercent) return [];
    return [
      {
        severity: 'warning',
        certainty: 'possible',
        title: 'Ports for outgoing connections may run out',
        parameters: { usedPercent: used, inUse, timeWait, range },
        evidence: [`${inUse} sockets of TCP and ${timeWait} in TIME_WAIT, for ${range} ports`],
        remedy: exhausted,
      },
    ];
  },
});

/** Checks of processes and tables. */
export const SYSTEM_TABLE_CHECKS = [stuck, zombies, tracked, lost, portsOut] as const;
