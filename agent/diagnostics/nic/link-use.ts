/** Which interfaces are in use, so that a link that is down on them is a trouble and not just an empty socket. */

import type { Bond } from './bonding.ts';
import type { Interface } from './interfaces.ts';
import type { Stack } from './stack.ts';
import type { Vlan } from './vlans.ts';

/** What an interface is used for; undefined where nobody seems to use it. */
export function useOf(
  { name, master }: Interface,
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
  const addressed = stack?.ipv6Addresses.some((one) => one.interface === name && !one.linkLocal);
  return addressed ? 'it has an IPv6 address' : undefined;
}
