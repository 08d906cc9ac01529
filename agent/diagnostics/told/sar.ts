/** Checks of what `sar` told of interfaces and of paging, of captured machines. */

import { savedSar } from '../activity/sar.ts';
import { check, NotApplicable } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { nothing } from '../required.ts';

const sar = fact({
  id: 'activity.sar',
  reads: ['sar -n DEV, -n EDEV and -B, where they were saved'],
  limitMs: 2_000,
  read: ({ machine }) => {
    const found = savedSar(machine);
    if (found.length === 0) throw nothing(machine, 'the output of sar');
    return {
      rows: (table: string) => found.flatMap(({ tables }) => tables.get(table) ?? []),
    };
  },
});

/** Columns of -n EDEV, what they count, and what becomes of them. */
const ERRORS = [
  ['rxerr/s', 'bad packets received'],
  ['txerr/s', 'errors when sending'],
  ['rxfram/s', 'frame alignment errors'],
  ['rxfifo/s', 'overruns of the receive buffer'],
  ['txfifo/s', 'overruns of the transmit buffer'],
  ['txcarr/s', 'carrier errors'],
  ['coll/s', 'collisions'],
] as const;

/** The check of rates of errors. */
export const SAR_ERRORS_CHECK = check({
  id: 'nic.sar-errors',
  area: 'nic',
  title: 'Interfaces that have errors or drop packets while sar looks',
  about:
    'What sar -n EDEV tells. Errors and overruns are none on a link that is well. Of dropped packets some are of protocols that nobody ' +
    'here speaks, so they are held against all packets where sar -n DEV tells those.',
  needs: { sar },
  thresholds: {
    errorsPerSecond: {
      value: 5 / 600,
      unit: '1/s',
      source: 'netdata interface_inbound_errors, 10min_fifo_errors: 5 in ten minutes',
    },
    dropPercent: { value: 2, unit: '%', source: 'netdata inbound_packets_dropped_ratio' },
    dropsPerSecond: { value: 1, unit: '1/s', source: 'chosen: where packets are not told' },
  },
  links: ['https://man7.org/linux/man-pages/man1/sar.1.html'],
  evaluate: ({ sar: { rows } }, { errorsPerSecond, dropPercent, dropsPerSecond }) => {
    const errors = rows('EDEV');
    if (errors.length === 0) return new NotApplicable('no sar -n EDEV was saved');
    const packets = new Map(rows('DEV').map((one) => [one.name, one]));
    return errors.flatMap((one): FindingDraft[] => {
      const subject = { kind: 'interface', name: one.name };
      const bad = ERRORS.flatMap(([column, what]) => {
        const rate = one.of(column) ?? 0;
        return rate >= errorsPerSecond ? [`${figures(rate)} ${what} a second`] : [];
      });
      const draft = (severity: 'info' | 'warning', title: string, evidence: string): FindingDraft => ({
        ...{ severity, title, subject, evidence: [`${one.name}: ${evidence}`] },
        remedy: {
          text: 'ethtool -S tells which counters grow: for bad frames look at the cable, optic and port; for overruns at rings and interrupts.',
          risk: 'none',
        },
      });
      const all = packets.get(one.name);
      return [
        ...(bad.length > 0 ? [draft('warning', 'An interface has errors', bad.join(', '))] : []),
        ...(['rx', 'tx'] as const).flatMap((way) => {
          const drops = one.of(`${way}drop/s`) ?? 0;
          const whole = all?.of(`${way}pck/s`);
          const share = whole === undefined ? 0 : (100 * drops) / Math.max(1, whole + drops);
          if (whole === undefined ? drops < dropsPerSecond : share < dropPercent || drops < errorsPerSecond)
            return [];
          const words = `${figures(drops)} packets a second are dropped when ${way === 'rx' ? 'receiving' : 'sending'}`;
          return whole === undefined
            ? [draft('info', 'An interface drops packets', words)]
            : [draft('warning', 'An interface drops many packets', `${words}, ${figures(share)} %`)];
        }),
      ];
    });
  },
});

/** The check of links that are full. */
export const SAR_BUSY_CHECK = check({
  id: 'nic.sar-busy',
  area: 'nic',
  title: 'Links that are full while sar looks',
  about:
    'The column %ifutil of sar -n DEV: the share of the link’s speed that was in use, of the busier way on a duplex link.',
  needs: { sar },
  thresholds: {
    percent: { value: 90, unit: '%', source: 'netdata 1m_received_traffic_overflow (warns above 90 %)' },
  },
  links: ['https://man7.org/linux/man-pages/man1/sar.1.html'],
  evaluate: ({ sar: { rows } }, { percent }) => {
    const all = rows('DEV');
    if (all.length === 0) return new NotApplicable('no sar -n DEV was saved');
    return all
      .filter((one) => (one.of('%ifutil') ?? 0) >= percent)
      .map(
        (one): FindingDraft => ({
          severity: 'warning',
          certainty: 'likely',
          title: 'A link is full',
          subject: { kind: 'interface', name: one.name },
          evidence: [`${one.name}: ${figures(one.of('%ifutil') ?? 0)} % of its speed in use`],
          remedy: { text: 'Find what sends so much, or give the machine a faster link.', risk: 'none' },
        }),
      );
  },
});

/** The check of paging. */
export const SAR_PAGING_CHECK = check({
  id: 'memory.sar-scan',
  area: 'memory',
  title: 'A kernel that looks for free memory and finds little, while sar looks',
  about:
    'What sar -B tells: pages scanned a second, and %vmeff, how many of them could be taken. A machine with memory to spare scans none; ' +
    'one that scans many and takes few of them has difficulty.',
  needs: { sar },
  thresholds: {
    vmeffPercent: { value: 30, unit: '%', source: 'sar(1): below 30 % virtual memory has some difficulty' },
    scanned: {
      value: 1_000,
      unit: '1/s',
      source: 'chosen: 4 MiB a second; fewer are the usual turning over',
    },
  },
  links: ['https://man7.org/linux/man-pages/man1/sar.1.html'],
  evaluate: ({ sar: { rows } }, { vmeffPercent, scanned: least }) => {
    const all = rows('B');
    if (all.length === 0) return new NotApplicable('no sar -B was saved');
    return all.flatMap((one): FindingDraft[] => {
      const scanned = (one.of('pgscank/s') ?? 0) + (one.of('pgscand/s') ?? 0);
      const taken =
        one.of('%vmeff') ?? (scanned > 0 ? (100 * (one.of('pgsteal/s') ?? scanned)) / scanned : 100);
      if (scanned < least || taken >= vmeffPercent) return [];
      return [
        {
          severity: 'warning',
          title: 'The kernel looks for free memory and finds little',
          parameters: { scannedPerSecond: Math.round(scanned), taken: Math.round(taken) },
          evidence: [
            `${figures(scanned)} pages a second are looked at and ${figures(taken)} % of them taken; ${figures(one.of('majflt/s') ?? 0)} pages a second are read back`,
          ],
          remedy: {
            text: 'Find what takes the memory and limit it, or give the machine more.',
            risk: 'restart',
          },
        },
      ];
    });
  },
});
