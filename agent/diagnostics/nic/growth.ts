/**
 * By how much counters of interfaces grew between two outputs of one command in a text that somebody saved: people run `ethtool -S` or
 * `ip -s link` twice to show what happens now.
 */

import { fact } from '../fact.ts';
import { quantitiesOf } from './counters/counters.ts';
import { packetsIn } from './counters/packets.ts';
import type { Quantity } from './counters/quantities.ts';
import { parseStatistics } from './ethtool/statistics.ts';
import { nicDrivers } from './ethtool-facts.ts';
import { parseIfconfig } from './ifconfig.ts';
import { parseIpLink } from './ip-link.ts';

/** A counter that grew. */
export interface Grown {
  readonly interface: string;
  /** The driver's counter that grew most of its kind, or the kernel's. */
  readonly counter: string;
  readonly kind: 'error' | 'loss' | 'drop';
  readonly by: number;
  /** Packets in the same direction between the two outputs; undefined where they are not told. */
  readonly packets: number | undefined;
}

type Kind = Grown['kind'];

const QUANTITIES: Readonly<Partial<Record<Quantity, readonly [Kind, 'rx' | 'tx']>>> = {
  ...{ crc: ['error', 'rx'], symbol: ['error', 'rx'], alignment: ['error', 'rx'], length: ['error', 'rx'] },
  ...{ receiveErrors: ['error', 'rx'], transmitErrors: ['error', 'tx'], underrun: ['error', 'tx'] },
  ...{
    carrier: ['error', 'tx'],
    missed: ['loss', 'rx'],
    fifo: ['loss', 'rx'],
    transmitDrops: ['drop', 'tx'],
  },
};
const KERNEL: Readonly<Record<string, readonly [Kind, 'rx' | 'tx']>> = {
  ...{ rx_errors: ['error', 'rx'], rx_crc_errors: ['error', 'rx'], tx_errors: ['error', 'tx'] },
  ...{ tx_carrier_errors: ['error', 'tx'], rx_missed_errors: ['loss', 'rx'], rx_fifo_errors: ['loss', 'rx'] },
  ...{ rx_over_errors: ['loss', 'rx'], rx_dropped: ['drop', 'rx'], tx_dropped: ['drop', 'tx'] },
};

/** What is in both, less what it was before; what went down began anew and is left out. */
function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  return new Map(
    [...after].flatMap(([name, value]): [string, number][] => {
      const from = before.get(name);
      return from === undefined || value < from ? [] : [[name, value - from]];
    }),
  );
}

function ofDriver(name: string, driver: string | undefined, before: string, after: string): Grown[] {
  const grown = difference(parseStatistics(before), parseStatistics(after));
  const packets = { rx: packetsIn(grown, 'rx'), tx: packetsIn(grown, 'tx') };
  return [...quantitiesOf(driver, grown)].flatMap(([quantity, { value, counters }]): Grown[] => {
    const [kind, side] = QUANTITIES[quantity] ?? [];
    const counter = counters[0]?.name;
    if (!kind || !side || value === 0 || counter === undefined) return [];
    return [{ interface: name, counter, kind, by: value, packets: packets[side] }];
  });
}

function ofKernel(before: string, after: string): Grown[] {
  const parse = (text: string) => [...parseIpLink(text), ...parseIfconfig(text)];
  const earlier = new Map(parse(before).map((one) => [one.name, one]));
  return parse(after).flatMap(({ name, type, statistics }) => {
    const known = earlier.get(name);
    if (!known || type === 'loopback') return [];
    const counters = (from: object) => new Map(Object.entries(from) as [string, number][]);
    const grown = difference(counters(known.statistics), counters(statistics));
    return [...grown].flatMap(([counter, by]): Grown[] => {
      const [kind, side] = KERNEL[counter] ?? [];
      if (!kind || !side || by === 0) return [];
      return [{ interface: name, counter, kind, by, packets: grown.get(`${side}_packets`) }];
    });
  });
}

/** What grew between outputs that were saved; none where each was saved once, and on a running machine. */
export const nicGrowth = fact({
  id: 'nic.growth',
  reads: ['ethtool -S, ip -s link and ifconfig, on a captured machine where one text has them twice'],
  limitMs: 2_000,
  read: async ({
    machine,
    get,
  }): Promise<{ readonly compared: boolean; readonly grown: readonly Grown[] }> => {
    const drivers = await get(nicDrivers).catch(() => undefined);
    const twice = (program: string) =>
      (machine.saved?.(program) ?? []).flatMap((one) =>
        one.earlier === undefined ? [] : [{ ...one, earlier: one.earlier }],
      );
    const ethtool = twice('ethtool').filter(({ words }) => words[0] === 's');
    const links = [...twice('ip'), ...twice('ifconfig')];
    return {
      compared: ethtool.length + links.length > 0,
      grown: [
        ...ethtool.flatMap(({ device, words, earlier, text }) => {
          const name = device ?? words.slice(1).join('-');
          return ofDriver(name, drivers?.get(name)?.driver, earlier, text);
        }),
        ...links.flatMap(({ earlier, text }) => ofKernel(earlier, text)),
      ],
    };
  },
});
