/** Checks of how the work of packets is spread and queued: interrupts, receive queues, queueing disciplines. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { NO_TREND, past } from '../past.ts';
import { figures, percent } from '../quantities.ts';
import { countOf, percentOf } from './counter-check.ts';
import { receiveQueues } from './ethtool/rings.ts';
import { nicChannels } from './ethtool-facts.ts';
import { nicIdentities, nicSubject, speedText } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicInterrupts } from './interrupts.ts';
import { nicQueues } from './qdisc.ts';
import { nicSoftnet } from './softnet.ts';

const HOUR_MS = 3_600_000;
const SCALING = 'https://docs.kernel.org/networking/scaling.html';

const oneCpu = check({
  id: 'nic.interrupts-one-cpu',
  area: 'nic',
  title: 'A NIC whose interrupts all go to one processor',
  about:
    'A device with several queues has an interrupt for each, so that several processors can serve it. Where all of them go to ' +
    'one, that one becomes the limit. irqbalance or the driver spreads them; a wrong affinity mask gathers them.',
  needs: { interrupts: nicInterrupts, interfaces: nicInterfaces },
  wants: { identities: nicIdentities, softnet: nicSoftnet },
  thresholds: {
    share: percentOf(95, 'chosen: nearly all'),
    least: countOf(1_000_000, 'chosen: a device with less to do needs no more'),
    cpus: countOf(4, 'chosen: with fewer there is little to spread over'),
  },
  links: [SCALING],
  evaluate: (
    { interrupts: { cpus: on, spreads }, interfaces, identities, softnet },
    { share, least, cpus },
  ) => {
    if (spreads.size === 0) return new NotApplicable('no interrupt is known to be a NIC’s');
    if (on < cpus) return new NotApplicable('this machine has few processors');
    return [...spreads].flatMap(([name, { byCpu, total, interrupts }]): FindingDraft[] => {
      const [cpu, most] = [...byCpu].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
      // Two are a queue and the link's own.
      if (interrupts < 3 || total < least || percent(most, total) < share) return [];
      const lost = softnet?.cpus.find((one) => one.cpu === cpu)?.dropped ?? 0;
      const speed = identities?.get(name)?.speedMbps ?? 0;
      if (interfaces.find((one) => one.name === name)?.kind !== 'physical') return [];
      return [
        {
          severity: lost > 0 || speed >= 10_000 ? 'warning' : 'info',
          certainty: 'likely',
          title: 'All interrupts of the NIC go to one processor',
          subject: nicSubject(name, identities),
          parameters: { sharePercent: percent(most, total), interrupts, cpu },
          evidence: [
            `${percent(most, total)} % of ${total} interrupts of ${interrupts} queues came to processor ${cpu}`,
          ],
          remedy: {
            text: 'Let irqbalance run, or spread the masks in /proc/irq/N/smp_affinity_list over the processors of the device’s node.',
            risk: 'none',
          },
          explains: ['nic.softnet-drops', 'nic.softnet-squeezed', 'nic.ring-overflow'],
        },
      ];
    });
  },
});

const singleQueue = check({
  id: 'nic.single-queue',
  area: 'nic',
  title: 'A NIC that receives into one queue only',
  about:
    'With one receive queue one processor serves all packets, which is enough up to about 1 Gbit/s. The device has more queues ' +
    'that are not used.',
  needs: { channels: nicChannels, interfaces: nicInterfaces },
  wants: { identities: nicIdentities, interrupts: nicInterrupts },
  thresholds: { cpus: countOf(4, 'chosen: with fewer processors there is little to spread over') },
  links: [SCALING],
  evaluate: ({ channels, interfaces, identities, interrupts }, { cpus }) => {
    if (channels.size === 0) return new NotApplicable('no device tells of its queues');
    if (interrupts && interrupts.cpus < cpus) return new NotApplicable('this machine has few processors');
    return interfaces.flatMap(({ name, carrier }): FindingDraft[] => {
      const one = channels.get(name);
      if (!one || carrier === false) return [];
      const now = receiveQueues(one.current);
      const most = receiveQueues(one.maximum);
      if (now !== 1 || most < 2) return [];
      const speed = identities?.get(name)?.speedMbps;
      return [
        {
          severity: (speed ?? 0) >= 10_000 ? 'warning' : 'info',
          title: 'The NIC receives into one queue although it has more',
          subject: nicSubject(name, identities),
          parameters: {
            queues: now,
            queuesMaximum: most,
            ...(speed === undefined ? {} : { speedMbps: speed }),
          },
          evidence: [
            `ethtool -l ${name}: ${now} of at most ${most} receive queues${speed === undefined ? '' : ` at ${speedText(speed)}bit/s`}`,
          ],
          remedy: { text: `Use more: ethtool -L ${name} combined ${Math.min(most, 8)}.`, risk: 'connection' },
          explains: ['nic.interrupts-one-cpu', 'nic.softnet-drops', 'nic.ring-overflow'],
        },
      ];
    });
  },
});

const queueDrops = check({
  id: 'nic.queue-drops',
  area: 'nic',
  title: 'Packets dropped by the queueing discipline of an interface',
  about:
    'What is to be sent stands in the interface’s queueing discipline first. It drops what does not fit: the link is the bottle ' +
    'neck, a shaper is set, or the queue is too short.',
  needs: { queues: nicQueues, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  thresholds: {
    warn: percentOf(2, 'netdata outbound_packets_dropped_ratio: 2 % or more in 10 min'),
    least: countOf(1_000, 'chosen: queues that control delay drop a few on purpose'),
  },
  evaluate: ({ queues, interfaces, identities }, { warn, least }) =>
    interfaces.flatMap(({ name, kind }): FindingDraft[] => {
      const queue = queues.get(name);
      if (!queue || (kind !== 'physical' && kind !== 'bond') || queue.drops < least) return [];
      const share = percent(queue.drops, queue.drops + queue.packets);
      if (share < warn) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'The queue of an interface drops packets that were to be sent',
          subject: nicSubject(name, identities),
          parameters: { dropped: queue.drops, sharePercent: share },
          evidence: [
            `${queue.kinds.join(', ')}: ${queue.drops} dropped, ${queue.packets} sent (${figures(share)} %), ${queue.backlog} wait`,
          ],
          count: queue.drops,
          remedy: {
            text: 'Find who sends so much; where a shaper is set, see whether its rate is still right: tc -s qdisc show dev IFACE.',
            risk: 'none',
          },
          explains: ['nic.transmit-drops', 'nic.tcp-retransmits'],
        },
      ];
    }),
});

const shortQueue = check({
  id: 'nic.short-queue',
  area: 'nic',
  title: 'A transmit queue that was made very short',
  about:
    'txqueuelen is how many packets wait for the device at most in a queue of the kind pfifo. The kernel’s own value is 1,000; a ' +
    'very short one drops bursts.',
  needs: { interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  thresholds: { least: countOf(100, 'chosen: a tenth of the kernel’s DEFAULT_TX_QUEUE_LEN of 1,000') },
  evaluate: ({ interfaces, identities }, { least }) => {
    if (interfaces.length > 0 && interfaces.every(({ queueLength }) => queueLength === undefined))
      return new Skipped('the lengths of the transmit queues are not known');
    return interfaces.flatMap(({ name, kind, queueLength, up }): FindingDraft[] =>
      kind !== 'physical' || !up || queueLength === undefined || queueLength >= least
        ? []
        : [
            {
              severity: 'info',
              title: 'The transmit queue of a NIC is very short',
              subject: nicSubject(name, identities),
              parameters: { queueLength },
              evidence: [`${name}: txqueuelen ${queueLength}`],
              remedy: { text: `ip link set ${name} txqueuelen 1000`, risk: 'none' },
              explains: ['nic.transmit-drops', 'nic.queue-drops'],
            },
          ],
    );
  },
});

const ringTrend = check({
  id: 'nic.ring-overflow-rising',
  area: 'nic',
  title: 'A NIC that loses more packets than it used to',
  about:
    'Packets lost for want of buffers in the last hour are compared with the day before. A load that slowly outgrows the machine ' +
    'shows here before it is felt.',
  needs: { interfaces: nicInterfaces, past },
  wants: { identities: nicIdentities },
  thresholds: {
    factor: { value: 10, unit: '', source: 'chosen: ten times the hourly mean of the day' },
    least: countOf(1_000, 'chosen: an hour with fewer is quiet'),
  },
  evaluate: ({ interfaces, past: history, identities }, { factor, least }) => {
    const findings: FindingDraft[] = [];
    let judged = 0;
    for (const { name, kind } of interfaces) {
      if (kind !== 'physical') continue;
      const day = history.growth(`nic/${name}/rx_missed_errors`, 24 * HOUR_MS);
      const hour = history.growth(`nic/${name}/rx_missed_errors`, HOUR_MS);
      if (!day || !hour || day.overMs < 6 * HOUR_MS) continue;
      judged++;
      const mean = (day.delta - hour.delta) / Math.max(1, (day.overMs - hour.overMs) / HOUR_MS);
      if (hour.delta < least || hour.delta < factor * Math.max(1, mean)) continue;
      findings.push({
        severity: 'info',
        title: 'The NIC loses more packets than it used to',
        subject: nicSubject(name, identities),
        parameters: { lastHour: hour.delta, hourlyMean: Math.round(mean) },
        evidence: [`${name}: ${hour.delta} in the last hour, ${figures(mean)} an hour before that`],
        remedy: { text: 'See what changed at that time: nodectl history, nodectl logs.', risk: 'none' },
      });
    }
    return judged === 0 ? NO_TREND : findings;
  },
});

/** Checks of this file. */
export const NIC_QUEUE_CHECKS: readonly Check[] = [oneCpu, singleQueue, queueDrops, shortQueue, ringTrend];
