/** What the tests of checks share: a machine with interfaces, what is found on it, bonds and neighbours. */

import { found, type Parts } from '../testing.ts';
import { NIC_CHECKS } from './checks.ts';
import { bonding, type FakeNic, nicMachine } from './testing.ts';

/** In ms. */
export const HOUR = 3_600_000;

type Past = Parameters<typeof found>[2];

/** What all checks find on a machine with these interfaces: "SEVERITY ID SUBJECT" each. */
export const run = (nics: Record<string, FakeNic>, more: Parts = {}, history?: Past) =>
  found(NIC_CHECKS, nicMachine(nics, more), history);

/** The same of one check, by its name without the area. */
export const only = async (id: string, nics: Record<string, FakeNic>, more: Parts = {}, history?: Past) =>
  (await run(nics, more, history)).filter((one) => one.includes(` nic.${id}`));

/** A processor's line of /proc/net/softnet_stat. */
export const SOFTNET = (dropped: number, squeezed: number) =>
  `${[10_000_000, dropped, squeezed, ...Array(9).fill(0), 0].map((one) => Number(one).toString(16).padStart(8, '0')).join(' ')}\n`;

/** What a member of a bond says of its link. */
export const UP = ['MII Status: up', 'Speed: 25000 Mbps', 'Duplex: full', 'Link Failure Count: 0'];
/** The head of a bond that speaks LACP. */
export const LACP = [
  'MII Status: up',
  'MII Polling Interval (ms): 100',
  'Aggregator ID: 1',
  'Number of ports: 2',
  'Partner Mac Address: 02:00:5e:ff:00:01',
];
/** A bond that speaks LACP, with its members. */
export const lacp = (members: Record<string, readonly string[]>, heading = LACP): Parts => ({
  files: { 'proc/net/bonding/bond0': bonding('IEEE 802.3ad Dynamic link aggregation', heading, members) },
});
/** Two members of a bond. */
export const TWO = { eth0: { master: 'bond0' }, eth1: { master: 'bond0' } };

/** What lldpcli says of the neighbours of interfaces. */
export function lldp(
  entries: Record<
    string,
    { id: string; port: string; vlans?: readonly { id: number; native?: boolean }[]; mfs?: number }
  >,
): Record<string, string> {
  const list = Object.entries(entries).map(([name, { id, port, vlans = [], mfs }]) => ({
    [name]: {
      via: 'LLDP',
      chassis: {
        [`sw-${id}`]: { id: { type: 'mac', value: id }, capability: { type: 'Bridge', enabled: true } },
      },
      port: { id: { type: 'ifname', value: port }, ...(mfs ? { mfs: String(mfs) } : {}) },
      ...(vlans.length
        ? { vlan: vlans.map((vlan) => ({ 'vlan-id': String(vlan.id), pvid: vlan.native === true })) }
        : {}),
    },
  }));
  return { 'lldpcli -f json show neighbors details': JSON.stringify({ lldp: { interface: list } }) };
}
