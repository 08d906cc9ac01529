/** Checks of what counters did between two outputs that somebody saved. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { percent } from '../quantities.ts';
import { countOf, percentOf } from './counter-check.ts';
import { type Grown, nicGrowth } from './growth.ts';
import { nicIdentities, nicSubject } from './identity.ts';

const TITLES: Readonly<Record<Grown['kind'], string>> = {
  error: 'A NIC counts errors between two outputs',
  loss: 'A NIC loses packets between two outputs',
  drop: 'Packets are dropped between two outputs',
};
const EXPLAINED: Readonly<Record<Grown['kind'], readonly string[]>> = {
  error: ['nic.receive-errors', 'nic.transmit-errors'],
  loss: ['nic.ring-overflow', 'nic.buffer-overflow'],
  drop: ['nic.receive-drops', 'nic.transmit-drops'],
};

const growth = check({
  id: 'nic.grows',
  area: 'nic',
  title: 'Counters of errors that grow between two outputs',
  about:
    'Where a text has ethtool -S, ip -s link or ifconfig of an interface twice, what happened in between is judged: a total since the interface appeared ' +
    'tells little of what happens now.',
  needs: { growth: nicGrowth },
  wants: { identities: nicIdentities },
  thresholds: {
    error: percentOf(0.01, 'chosen: one frame in 10,000, as nic.crc-errors'),
    loss: percentOf(0.1, 'chosen: one packet in 1,000, as nic.ring-overflow'),
    drop: percentOf(2, 'netdata inbound_packets_dropped_ratio: 2 % or more in 10 min'),
    least: countOf(10, 'chosen: a few may be of a moment'),
    alone: countOf(100, 'chosen, where the packets in between are not told'),
  },
  evaluate: ({ growth: { compared, grown }, identities }, { least, alone, ...shares }) => {
    if (!compared) return new NotApplicable('no counters were saved twice');
    const bad = grown.filter(({ kind, by, packets }) =>
      packets === undefined
        ? by >= alone
        : by >= least && percent(by * 1_000, Math.max(packets, by)) >= shares[kind] * 1_000,
    );
    return [...Map.groupBy(bad, (one) => `${one.interface} ${one.kind}`).values()].flatMap(
      (all): FindingDraft[] => {
        const [worst] = all.toSorted((a, b) => b.by - a.by);
        if (!worst) return [];
        const { kind, by, packets } = worst;
        return [
          {
            severity: 'warning',
            title: TITLES[kind],
            subject: nicSubject(worst.interface, identities),
            parameters: { count: by, ...(packets === undefined ? {} : { packets }) },
            evidence: all
              .toSorted((a, b) => b.by - a.by)
              .slice(0, 3)
              .map(
                (one) =>
                  `${one.interface}: ${one.counter} grew by ${one.by}${one.packets === undefined ? '' : ` among ${one.packets} packets (${percent(one.by, Math.max(one.packets, one.by))} %)`}`,
              ),
            count: by,
            remedy: {
              text:
                kind === 'error'
                  ? 'Look at the port’s counters on the switch too; reseat, clean, then replace cable or optic.'
                  : 'Enlarge the ring (ethtool -G IFACE rx N), spread the queues, and see what the packets are: dropwatch.',
              risk: 'connection',
            },
            explains: EXPLAINED[kind],
          },
        ];
      },
    );
  },
});

/** Checks of this file. */
export const NIC_GROWTH_CHECKS: readonly Check[] = [growth];
