/** Finds the common quantities among a driver's own counters, by the reviewed table, else by what a name says. */

import type { Counters } from '../ethtool/statistics.ts';
import type { Quantity } from './quantities.ts';
import { COMMON, OF_DRIVERS } from './table.ts';

/** A counter of a driver. */
export interface NamedCounter {
  readonly name: string;
  readonly value: number;
}

/** A quantity of an interface. */
export interface Counted {
  /** The largest of what the driver's counters of it say: several often count the same events, so a sum would count them twice. */
  readonly value: number;
  /** The counters that are not zero, largest first. */
  readonly counters: readonly NamedCounter[];
  /** Whether the table has the names; else they were taken for what their words say. */
  readonly known: boolean;
}

/** Quantities of an interface that its driver counts; those that are zero are in it too. */
export type Quantities = ReadonlyMap<Quantity, Counted>;

/** A name as the table has it. */
export function templateOf(name: string): string {
  return name
    .slice(0, 64)
    .toLowerCase()
    .replaceAll(/\d+/g, '#')
    .replaceAll(/[^a-z#]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

function indexOf(names: { readonly [Q in Quantity]?: string }): Map<string, Quantity> {
  const found = new Map<string, Quantity>();
  for (const [quantity, words] of Object.entries(names) as [Quantity, string][])
    for (const word of words.split(/\s+/)) if (word !== '') found.set(word, quantity);
  return found;
}

const COMMON_INDEX = indexOf(COMMON);
const DRIVER_INDEXES = new Map(Object.entries(OF_DRIVERS).map(([driver, names]) => [driver, indexOf(names)]));

/** Names of drivers that are printed otherwise than the table has them. */
const ALIASES: Readonly<Record<string, string>> = {
  mlx4_core: 'mlx4_en',
  sfc_siena: 'sfc',
  netvsc: 'hv_netvsc',
  mlx5e_rep: 'mlx5_core',
};

/** What words say in the names of drivers that the table does not know. The first that fits counts. */
const BY_WORDS: readonly (readonly [RegExp, Quantity])[] = [
  [/fec_(?:.*_)?uncorr|uncorrect.*(?:block|codeword)/, 'fecUncorrected'],
  [/tx_.*time_?outs?(?:_|$)/, 'timeouts'],
  [/late_?col/, 'lateCollisions'],
  [/^(?!.*tx_).*(?:(?:crc|fcs)_?(?:err|bad)|bad_(?:crc|fcs))/, 'crc'],
  [/^(?!.*tx_).*symbol_?err/, 'symbol'],
  [/^(?!.*tx_).*align(?:ment)?_?err/, 'alignment'],
  [/rx_.*(?:no_?(?:buf|desc|rbuf)|out_of_buf|missed)/, 'missed'],
  [/rx_.*fifo_?(?:over|err|drop)|rx_.*overruns?$/, 'fifo'],
  [/^link_down/, 'linkDown'],
];

/** Names with these in them are of virtual queues and programs, and no trouble of the NIC's. */
const IGNORED = /xdp|_tls_|_xsk_|macsec|hwtstamp|fcoe|_ptp_|steer_|_sent$/;
/** All bits set: what is read of a device that is not there any more. */
const GONE = 2 ** 64;

/** The quantities that a driver counts. @param driver its name, as `ethtool -i` has it; undefined where that is not known */
export function quantitiesOf(driver: string | undefined, counters: Counters): Quantities {
  const own = DRIVER_INDEXES.get(ALIASES[driver ?? ''] ?? driver ?? '');
  const groups = new Map<Quantity, Map<string, { counters: NamedCounter[]; known: boolean }>>();
  for (const [name, total] of counters) {
    // What an XDP program threw away, it meant to: virtio_net counts it among its drops.
    const meant = counters.get(name.replace(/_drops$/, '_xdp_drops'));
    const value = name.endsWith('_drops') && meant !== undefined ? Math.max(0, total - meant) : total;
    // A name that came twice is a queue's; the reader numbers the copies.
    const template = templateOf(name.replace(/ \(\d+\)$/, ''));
    const exact = own?.get(template) ?? COMMON_INDEX.get(template);
    const quantity = exact ?? (IGNORED.test(template) ? undefined : byWords(template));
    if (quantity === undefined || value >= GONE) continue;
    const byTemplate =
      groups.get(quantity) ?? new Map<string, { counters: NamedCounter[]; known: boolean }>();
    groups.set(quantity, byTemplate);
    const group = byTemplate.get(template) ?? { counters: [], known: exact !== undefined };
    byTemplate.set(template, group);
    group.counters.push({ name, value });
  }
  return new Map(
    [...groups].map(([quantity, byTemplate]) => [quantity, countedOf([...byTemplate.values()])]),
  );
}

function byWords(template: string): Quantity | undefined {
  return BY_WORDS.find(([pattern]) => pattern.test(template))?.[1];
}

/** Queues add up under one template; of the templates the largest counts. */
function countedOf(groups: readonly { counters: readonly NamedCounter[]; known: boolean }[]): Counted {
  const sums = groups.map(({ counters }) => counters.reduce((sum, { value }) => sum + value, 0));
  const raised = groups.flatMap(({ counters }) => counters.filter(({ value }) => value > 0));
  return {
    value: Math.max(0, ...sums),
    counters: raised.sort((a, b) => b.value - a.value),
    known: groups.some(({ known }) => known),
  };
}

/** Whether a device answers with all bits set, so that it has gone from the bus. */
export function isGone(counters: Counters): boolean {
  const values = [...counters.values()];
  return values.length >= 4 && values.every((value) => value >= GONE || value === 0xffff_ffff);
}

/** How many names the table has, and for how many drivers there are own ones. */
export const TABLE_SIZE = { names: COMMON_INDEX.size, drivers: DRIVER_INDEXES.size };
