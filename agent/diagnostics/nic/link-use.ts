/** Which interfaces are in use, so that a link that is down on them is a trouble and not just an empty socket. */

import type { Bond } from './bonding.ts';
import type { Interface } from './interfaces.ts';
import type { Stack } from './stack.ts';
import type { Vlan } from './vlans.ts';

/** What an interface is used for; undefined where nobody seems to use it. */
export function useOf(
  { name, master, addressed }: Interface,
  {
    stack,
    vlans,
    bonds,
  }: { stack?: Stack | undefined; vlans?: readonly Vlan[] | undefined; bonds?: readonly Bond[] | undefined },
): string | undefined {
  const bond = bonds?.find(({ members }) => members.some((member) => member.name === name));
  if (bond) return `it is part of the bond ${bond.name}`;
  if (master !== undefined) return `it is part of ${master}`;
  const vlan = vlans?.find(({ parent }) => parent === name);
  if (vlan) return `the VLAN interface ${vlan.name} stands on it`;
  if (stack?.routes?.routed.includes(name)) return 'it has IPv4 routes';
  if (addressed) return 'it has an IP address';
  const ipv6 = stack?.ipv6Addresses.some((one) => one.interface === name && !one.linkLocal);
  return ipv6 ? 'it has an IPv6 address' : undefined;
}

/**
 * The one interface that a capture tells of, where that has no link: nobody saves `ethtool eth0` or `ip link show eth0` alone of a socket that is
 * not used. Undefined where there are others, or it has one.
 * @param linkOf whether ethtool sees a link, by the interface's name
 */
export function askedFor(
  interfaces: readonly Interface[],
  linkOf: (name: string) => boolean | undefined,
): Interface | undefined {
  const [one, ...others] = interfaces.filter(({ kind }) => kind !== 'loopback');
  // Of one that has all its files in /sys more would be told.
  const whole = one?.carrierChanges !== undefined && one.index !== undefined;
  if (!one || others.length > 0 || one.kind !== 'physical' || whole) return undefined;
  const lacks = linkOf(one.name) === false || (one.up && one.carrier === false);
  return lacks && !one.addressed && one.master === undefined ? one : undefined;
}
