/** What findings about bonds are about, in words and attributes that they share. */

import { UNNAMED } from '../../host/section-names.ts';
import type { Subject } from '../finding.ts';
import type { Bond, BondMember } from './bonding.ts';
import type { Identity } from './identity.ts';
import { type Neighbour, neighbourName, switchOf } from './lldp/neighbour.ts';

type Identities = ReadonlyMap<string, Identity> | undefined;

/** A finding about a bond carries the switches and drivers of its members. */
export function bondSubject({ name, members, mode }: Bond, identities: Identities): Subject {
  const attributes = members.map((member) => identities?.get(member.name)?.attributes ?? {});
  const joined = (key: string) =>
    [...new Set(attributes.flatMap((one) => one[key] ?? []))].sort().join(' + ');
  const entries = ['driver', 'firmware', 'switch', 'pci']
    .map((key) => [key, joined(key)] as const)
    .filter(([, value]) => value !== '');
  return { kind: 'nic', name, hardware: `bond ${mode}`, attributes: Object.fromEntries(entries) };
}

/** Where the kernel tells of a bond; nothing names that of an excerpt without a command line. */
export function bondFile({ name, partial }: Bond): string {
  if (partial) return name === UNNAMED ? 'a bond that nothing names' : name;
  return name === UNNAMED ? '/proc/net/bonding, of a bond that nothing names' : `/proc/net/bonding/${name}`;
}

/** Whether a member has a link. */
export function isUp({ status }: BondMember): boolean {
  return status === 'up';
}

/** "eth0 goes to sw-a1 Ethernet7"; empty where no neighbour is known. */
export function switchText(neighbours: readonly Neighbour[] | undefined, name: string): string {
  const one = switchOf(neighbours ?? [], name);
  return one ? `${name} goes to ${neighbourName(one)} ${one.port ?? ''}`.trim() : '';
}
