/** Checks of packets that were lost between the wire and the stack: rings, the device's own buffer, the processors' backlogs. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { past } from '../past.ts';
import { inTime, percent } from '../quantities.ts';
import { counterCheck, countOf, percentOf, severityOf } from './counter-check.ts';
import { quantitiesOf } from './counters/counters.ts';
import { nicCounters, nicDrivers, nicRings } from './ethtool-facts.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { inWords, judge, shareParameter } from './judge.ts';
import { nicSoftnet, softnetTotals } from './softnet.ts';

const HOUR_MS = 3_600_000;
const RED_HAT =
  'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/monitoring_and_managing_system_status_and_performance/tuning-the-network-performance_monitoring-and-managing-system-status-and-performance';
/** What frames that were lost on the way to the stack are seen as elsewhere. */
const SYMPTOMS_OF_LOST_FRAMES = ['nic.receive-drops', 'nic.receive-errors', 'nic.tcp-retransmits'];

const ring = check({
  id: 'nic.ring-overflow',
  area: 'nic',
  title: 'Packets lost because a receive ring was full',
  about:
    'The device had a packet and the driver had given it no buffer: the processor that serves the ring was late. A longer ring ' +
    'bridges longer pauses, more queues spread the work. Judged by share of all packets, with the agent’s history by those of the last hour.',
  needs: { interfaces: nicInterfaces },
  wants: { counters: nicCounters, rings: nicRings, drivers: nicDrivers, identities: nicIdentities, past },
  thresholds: {
    info: percentOf(0.0001, 'chosen: one packet in a million'),
    warn: percentOf(0.01, 'chosen: one packet in 10,000, which TCP begins to feel'),
    critical: percentOf(2, 'netdata inbound_packets_dropped_ratio: 2 % or more in 10 min'),
    least: countOf(100, 'chosen: one burst is none'),
  },
  links: [RED_HAT],
  evaluate: ({ interfaces, counters, rings, drivers, identities, past: history }, bounds) => {
    const devices = interfaces.filter(({ kind }) => kind === 'physical');
    if (devices.length === 0) return new NotApplicable('this machine has no network device');
    if (
      !devices.some(
        ({ name, statistics }) => counters?.has(name) || statistics.rx_missed_errors !== undefined,
      )
    )
      return new Skipped('no counter of it is known');
    return devices.flatMap((one): FindingDraft[] => {
      const driver = drivers?.get(one.name)?.driver ?? one.device?.driver;
      const own = counters?.get(one.name);
      const quantities = own && quantitiesOf(driver, own);
      const counted = quantities?.get('missed');
      const value = Math.max(counted?.value ?? 0, one.statistics.rx_missed_errors ?? 0);
      const judgement = judge({ one, history, value, series: 'rx_missed_errors', of: 'rx_packets' });
      const severity = judgement && severityOf(judgement, bounds);
      if (!judgement || !severity) return [];
      const { current, maximum } = rings?.get(one.name) ?? {};
      const small = current?.rx !== undefined && maximum?.rx !== undefined && current.rx < maximum.rx;
      const shown = counted?.counters.slice(0, 3).map(({ name, value: count }) => `${name} ${count}`) ?? [];
      return [
        {
          severity,
          certainty: judgement.overMs === undefined ? 'likely' : 'certain',
          title: small
            ? 'Packets are lost because a receive ring that could be longer was full'
            : 'Packets are lost because a receive ring was full',
          subject: nicSubject(one.name, identities),
          parameters: {
            count: judgement.bad,
            ...shareParameter(judgement),
            ...(current?.rx === undefined ? {} : { ring: current.rx }),
            ...(maximum?.rx === undefined ? {} : { ringMaximum: maximum.rx }),
          },
          evidence: [
            `${one.name}: ${inWords(judgement)}`,
            ...(shown.length > 0 ? [`ethtool -S: ${shown.join(', ')}`] : []),
            ...(current?.rx === undefined
              ? []
              : [`receive ring ${current.rx} of at most ${maximum?.rx ?? 'an unknown number of'} entries`]),
          ],
          count: judgement.bad,
          remedy: small
            ? {
                text: `Lengthen the ring: ethtool -G ${one.name} rx ${maximum?.rx}, in its .link or ifcfg file to keep it. The link is reset for a moment.`,
                risk: 'connection',
              }
            : {
                text: 'Spread the work over more queues (ethtool -L IFACE combined N) and see whether one processor serves all: nic.interrupts-one-cpu.',
                risk: 'connection',
              },
          // Drivers that do not tell the two apart put one count under both names.
          explains:
            Math.max(one.statistics.rx_fifo_errors ?? 0, quantities?.get('fifo')?.value ?? 0) === value
              ? [...SYMPTOMS_OF_LOST_FRAMES, 'nic.buffer-overflow']
              : SYMPTOMS_OF_LOST_FRAMES,
        },
      ];
    });
  },
});

const fifo = counterCheck({
  id: 'nic.buffer-overflow',
  title: 'Packets lost because the NIC’s own buffer was full',
  about:
    'The device could not move packets into memory as fast as they came: its PCI Express link is slow or degraded, memory is ' +
    'far away or busy, or it was told to send no pause frames to a switch that is faster.',
  quantity: 'fifo',
  kernel: 'rx_fifo_errors',
  of: 'rx_packets',
  info: percentOf(0.0001, 'chosen: one packet in a million'),
  warn: percentOf(0.01, 'chosen: one packet in 10,000'),
  critical: percentOf(2, 'netdata inbound_packets_dropped_ratio: 2 % or more in 10 min'),
  tenMinutes: countOf(100, 'netdata 10min_fifo_errors warns of any; a hundred, so that one burst is none'),
  least: countOf(100, 'chosen: one burst is none'),
  finding: () => ({
    title: 'Packets are lost because the NIC’s own buffer is full',
    remedy: {
      text: 'Look at nic.pcie-degraded and at the node of memory that the device is nearest to; then at flow control with the switch: ethtool -a IFACE.',
      risk: 'none',
    },
    explains: SYMPTOMS_OF_LOST_FRAMES,
  }),
});

const allocation = counterCheck({
  id: 'nic.allocation-failures',
  title: 'Receive buffers that could not be allocated',
  about:
    'The driver found no memory for a buffer, at a moment when packets came faster than memory could be freed.',
  quantity: 'allocation',
  of: 'rx_packets',
  info: percentOf(0.0001, 'chosen: one in a million packets'),
  warn: percentOf(0.01, 'chosen: one in 10,000 packets'),
  least: countOf(100, 'chosen: a driver tries again at once'),
  finding: () => ({
    title: 'The driver finds no memory for receive buffers',
    remedy: {
      text: 'Keep more memory free: raise vm.min_free_kbytes, and see nodectl diag memory.',
      risk: 'none',
    },
    explains: ['nic.ring-overflow', 'nic.receive-drops'],
  }),
});

const softnetDrops = check({
  id: 'nic.softnet-drops',
  area: 'nic',
  title: 'Packets dropped because a processor’s backlog was full',
  about:
    'Packets that were received and wait for a processor stand in its backlog of net.core.netdev_max_backlog packets. What ' +
    'does not fit is dropped (second column of /proc/net/softnet_stat), whatever the NIC.',
  needs: { softnet: nicSoftnet },
  wants: { past },
  thresholds: {
    perHour: {
      value: 600,
      unit: '1/h',
      source: 'netdata 1min_netdev_backlog_exceeded: more than 10 in a minute',
    },
    share: percentOf(0.001, 'chosen, where there is no history: one packet in 100,000 since start'),
  },
  links: [RED_HAT],
  evaluate: ({ softnet, past: history }, { perHour, share }) => {
    const { processed, dropped } = softnetTotals(softnet.cpus);
    const hour = history?.growth('nic//softnet_dropped', HOUR_MS);
    if (dropped === 0 || hour?.delta === 0) return [];
    const rate = hour && (hour.delta * HOUR_MS) / Math.max(1, hour.overMs);
    if (rate === undefined ? percent(dropped * 1_000, processed) < share * 1_000 : rate < perHour) return [];
    const worst = [...softnet.cpus].sort((a, b) => b.dropped - a.dropped)[0];
    return [
      {
        severity: 'warning',
        certainty: rate === undefined ? 'likely' : 'certain',
        title: 'Packets are dropped because a processor’s backlog is full',
        parameters: { dropped, ...(rate === undefined ? {} : { droppedPerHour: Math.round(rate) }) },
        evidence: [
          `dropped ${dropped} of ${processed} packets since start`,
          ...(hour ? [`${hour.delta} in ${inTime(hour.overMs)}`] : []),
          `most on processor ${worst?.cpu}: ${worst?.dropped}; net.core.netdev_max_backlog is ${softnet.backlogLimit ?? 'unknown'}`,
        ],
        count: dropped,
        remedy: {
          text: 'Raise net.core.netdev_max_backlog, and spread the load over processors: more queues (ethtool -L) or RPS.',
          risk: 'none',
        },
        explains: ['nic.receive-drops', 'nic.tcp-retransmits'],
      },
    ];
  },
});

const squeezed = check({
  id: 'nic.softnet-squeezed',
  area: 'nic',
  title: 'Receive processing that ran out of its budget',
  about:
    'The kernel stops polling devices after net.core.netdev_budget packets or netdev_budget_usecs and leaves the rest for later ' +
    '(third column of /proc/net/softnet_stat). Now and then is usual; often means that packets wait.',
  needs: { softnet: nicSoftnet },
  wants: { past },
  thresholds: {
    perHour: {
      value: 600,
      unit: '1/h',
      source: 'netdata 1min_netdev_budget_ran_outs: more than 10 in a minute',
    },
    share: percentOf(
      0.1,
      'chosen, where there is no history: one poll that ran out in 1,000 packets since start',
    ),
  },
  links: [RED_HAT],
  evaluate: ({ softnet, past: history }, { perHour, share }) => {
    const { processed, squeezed: count } = softnetTotals(softnet.cpus);
    const hour = history?.growth('nic//softnet_squeezed', HOUR_MS);
    if (count === 0 || hour?.delta === 0) return [];
    const rate = hour && (hour.delta * HOUR_MS) / Math.max(1, hour.overMs);
    if (rate === undefined ? percent(count, processed) < share : rate < perHour) return [];
    return [
      {
        severity: rate !== undefined && rate >= 10 * perHour ? 'warning' : 'info',
        title: 'Receive processing runs out of its budget',
        parameters: { squeezed: count, ...(rate === undefined ? {} : { squeezedPerHour: Math.round(rate) }) },
        evidence: [
          `${count} times for ${processed} packets since start`,
          ...(hour ? [`${hour.delta} times in ${inTime(hour.overMs)}`] : []),
          `net.core.netdev_budget is ${softnet.budget ?? 'unknown'}, netdev_budget_usecs ${softnet.budgetUsecs ?? 'unknown'}`,
        ],
        remedy: {
          text: 'Raise net.core.netdev_budget and netdev_budget_usecs, or spread the load over more queues.',
          risk: 'none',
        },
      },
    ];
  },
});

/** Checks of this file. */
export const NIC_BUFFER_CHECKS: readonly Check[] = [ring, fifo, allocation, softnetDrops, squeezed];
