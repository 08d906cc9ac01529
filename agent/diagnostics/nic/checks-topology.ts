/** Checks of what interfaces are to each other and to the switch: MTU, VLANs, addresses, bridges. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nicBonds } from './bonding.ts';
import { nicBridges } from './bridges.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicNeighbours } from './lldp/fact.ts';
import { neighbourName, switchOf } from './lldp/neighbour.ts';
import { nicStack } from './stack.ts';
import { nicVlans } from './vlans.ts';

const mtuBelow = check({
  id: 'nic.mtu-below',
  area: 'nic',
  title: 'Interfaces that stand on one with a smaller MTU',
  about:
    'A VLAN or bond sends packets as long as its own MTU. An interface below it with a smaller one drops those that do not fit, ' +
    'without a word: small packets pass, large ones vanish.',
  needs: { interfaces: nicInterfaces },
  wants: { vlans: nicVlans, bonds: nicBonds, identities: nicIdentities },
  evaluate: ({ interfaces, vlans = [], bonds = [], identities }) => {
    const byName = new Map(interfaces.map((one) => [one.name, one]));
    if (interfaces.length > 0 && interfaces.every(({ mtu }) => mtu === undefined))
      return new Skipped('the MTUs are not known');
    const pairs = [
      ...vlans.map(({ name, parent }) => ({ upper: name, lower: parent })),
      ...bonds.flatMap(({ name, members }) => members.map((member) => ({ upper: name, lower: member.name }))),
    ];
    return pairs.flatMap(({ upper, lower }): FindingDraft[] => {
      const above = byName.get(upper)?.mtu;
      const below = byName.get(lower)?.mtu;
      if (above === undefined || below === undefined || below >= above) return [];
      return [
        {
          severity: 'warning',
          title: 'An interface stands on one with a smaller MTU',
          subject: nicSubject(lower, identities),
          parameters: { mtu: below, mtuAbove: above, above: upper },
          evidence: [`${upper} has an MTU of ${above}, ${lower} below it ${below}`],
          remedy: {
            text: `ip link set ${lower} mtu ${above}, in its configuration too; the switch must take it.`,
            risk: 'connection',
          },
          explains: ['nic.length-errors', 'nic.tcp-retransmits'],
        },
      ];
    });
  },
});

const mtuBridge = check({
  id: 'nic.mtu-bridge',
  area: 'nic',
  title: 'Ports of a bridge whose MTU differs',
  about:
    'A bridge passes a packet on as it came. A port with a smaller MTU drops what is too long for it; nobody is told.',
  needs: { interfaces: nicInterfaces, bridges: nicBridges },
  wants: { identities: nicIdentities },
  evaluate: ({ interfaces, bridges, identities }) =>
    bridges.flatMap(({ name, ports }): FindingDraft[] => {
      const sizes = ports.flatMap((port) => {
        const one = interfaces.find((other) => other.name === port.name);
        return one?.mtu === undefined ? [] : [{ name: port.name, mtu: one.mtu, kind: one.kind }];
      });
      const most = Math.max(0, ...sizes.map(({ mtu }) => mtu));
      const small = sizes.filter(
        ({ mtu, kind }) => mtu < most && (kind === 'physical' || kind === 'bond' || kind === 'vlan'),
      );
      if (small.length === 0) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'Ports of a bridge differ in MTU',
          subject: nicSubject(small[0]?.name ?? name, identities),
          parameters: { bridge: name, mtu: small[0]?.mtu ?? 0, mtuLargest: most },
          evidence: [
            `${name}: ${sizes
              .slice(0, 8)
              .map((one) => `${one.name} ${one.mtu}`)
              .join(', ')}`,
          ],
          remedy: { text: 'Set the same MTU on all ports of the bridge.', risk: 'connection' },
          explains: ['nic.tcp-retransmits'],
        },
      ];
    }),
});

const mtuSwitch = check({
  id: 'nic.mtu-switch',
  area: 'nic',
  title: 'An MTU that the switch does not take',
  about:
    'Switches may tell over LLDP how long a frame they take (IEEE 802.3 maximum frame size). Longer ones are dropped by the switch ' +
    'without a word. A frame is 18 bytes longer than the packet in it, 22 with a VLAN.',
  needs: { interfaces: nicInterfaces, neighbours: nicNeighbours },
  wants: { identities: nicIdentities },
  evaluate: ({ interfaces, neighbours, identities }) =>
    interfaces.flatMap(({ name, mtu, kind }): FindingDraft[] => {
      const neighbour = switchOf(neighbours, name);
      if (kind !== 'physical' || mtu === undefined || neighbour?.maxFrame === undefined) return [];
      // Many switches tell 1,500 or 1,514 and mean packets; only what is surely too little is told.
      if (neighbour.maxFrame >= mtu || neighbour.maxFrame < 1_500) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'The interface’s MTU is larger than the switch takes',
          subject: nicSubject(name, identities),
          parameters: { mtu, switchMaxFrame: neighbour.maxFrame },
          evidence: [
            `${name} has an MTU of ${mtu}; ${neighbourName(neighbour)} ${neighbour.port ?? ''} tells a maximum frame size of ${neighbour.maxFrame}`,
          ],
          remedy: { text: 'Allow jumbo frames on the switch’s port, or lower the MTU.', risk: 'connection' },
          explains: ['nic.tcp-retransmits', 'nic.transmit-drops'],
        },
      ];
    }),
});

const vlan = check({
  id: 'nic.vlan-missing',
  area: 'nic',
  title: 'VLANs that the switch does not carry on the port',
  about:
    'Switches that tell their VLANs over LLDP are compared with the VLAN interfaces of this machine. One that the switch does not ' +
    'list receives nothing. Switches that tell one VLAN or none are not judged.',
  needs: { vlans: nicVlans, neighbours: nicNeighbours },
  wants: { bonds: nicBonds, identities: nicIdentities },
  evaluate: ({ vlans, neighbours, bonds, identities }) => {
    if (vlans.length === 0) return new NotApplicable('this machine has no VLAN interface');
    return neighboursWithVlans(neighbours).flatMap(({ name, ids }): FindingDraft[] => {
      const bond = bonds?.find(({ members }) => members.some((member) => member.name === name))?.name;
      const missing = vlans.filter(({ parent, id }) => (parent === name || parent === bond) && !ids.has(id));
      if (missing.length === 0) return [];
      const neighbour = switchOf(neighbours, name);
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'The switch does not carry a VLAN that the machine uses',
          subject: nicSubject(name, identities),
          parameters: { vlans: missing.map(({ id }) => id).join(', ') },
          evidence: [
            `${missing
              .map((one) => `${one.name} is VLAN ${one.id}`)
              .slice(0, 4)
              .join(', ')}`,
            `${neighbour ? neighbourName(neighbour) : 'the switch'} ${neighbour?.port ?? ''} lists ${[...ids].slice(0, 12).join(', ')}`,
          ],
          remedy: {
            text: 'Allow the VLAN on the switch’s port (trunk), on every member of a bond alike.',
            risk: 'connection',
          },
        },
      ];
    });
  },
});

/** Interfaces whose switch lists its VLANs; one alone is the untagged one, which says nothing of the others. */
function neighboursWithVlans(
  neighbours: Parameters<typeof switchOf>[0],
): { name: string; ids: Set<number> }[] {
  return [...new Set(neighbours.map((one) => one.interface))].flatMap((name) => {
    const ids = new Set(switchOf(neighbours, name)?.vlans.map(({ id }) => id));
    return ids.size < 2 ? [] : [{ name, ids }];
  });
}

const nativeVlan = check({
  id: 'nic.vlan-native-differs',
  area: 'nic',
  title: 'Bonds whose members differ in the untagged VLAN',
  about:
    'The members of a bond must be set up alike on the switch. Where the untagged VLAN differs, packets end in one or the other by chance.',
  needs: { bonds: nicBonds, neighbours: nicNeighbours },
  wants: { identities: nicIdentities },
  evaluate: ({ bonds, neighbours, identities }) =>
    bonds.flatMap(({ name, members }): FindingDraft[] => {
      const found = members.flatMap((member) => {
        const native = switchOf(neighbours, member.name)?.vlans.find(({ untagged }) => untagged)?.id;
        return native === undefined ? [] : [{ member: member.name, native }];
      });
      if (new Set(found.map(({ native }) => native)).size < 2) return [];
      return [
        {
          severity: 'warning',
          title: 'Members of a bond have different untagged VLANs on the switch',
          subject: nicSubject(name, identities),
          evidence: [`${name}: ${found.map(({ member, native }) => `${member} VLAN ${native}`).join(', ')}`],
          remedy: {
            text: 'Set the same untagged VLAN on the switch’s ports of all members.',
            risk: 'connection',
          },
        },
      ];
    }),
});

/** Drivers of which two interfaces share an address on purpose: a paravirtual one and the fast path beside it. */
const SHARING = /^(?:hv_netvsc|virtio_net|net_failover|mana|mlx[45]e?_rep)$/;

const duplicateMac = check({
  id: 'nic.duplicate-mac',
  area: 'nic',
  title: 'Two devices of one machine with the same MAC address',
  about:
    'Outside of a bond or bridge every device needs an address of its own; switches send packets for two that share one now here, ' +
    'now there. Cloned virtual machines and copied configurations do that.',
  needs: { interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  evaluate: ({ interfaces, identities }) => {
    if (interfaces.length > 0 && interfaces.every(({ address }) => address === undefined))
      return new Skipped('the addresses of the interfaces are not known');
    const byAddress = Map.groupBy(
      interfaces.filter(
        ({ kind, address, master }) =>
          kind === 'physical' && address && !/^00(?::00)+$/.test(address) && master === undefined,
      ),
      ({ address }) => address ?? '',
    );
    return [...byAddress].flatMap(([address, all]): FindingDraft[] => {
      const drivers = all.map(({ name, device }) => identities?.get(name)?.driver ?? device?.driver ?? '');
      if (all.length < 2 || drivers.some((driver) => SHARING.test(driver))) return [];
      return [
        {
          severity: 'warning',
          title: 'Two network devices have the same MAC address',
          subject: nicSubject(all[0]?.name ?? '', identities),
          parameters: { address, interfaces: all.map(({ name }) => name).join(', ') },
          evidence: [`${all.map(({ name }) => name).join(' and ')} have ${address}`],
          remedy: {
            text: 'Take the fixed address out of the configuration of all but one: ethtool -P IFACE shows what each was made with.',
            risk: 'connection',
          },
        },
      ];
    });
  },
});

const duplicateAddress = check({
  id: 'nic.duplicate-address',
  area: 'nic',
  title: 'IPv6 addresses that another machine has too',
  about:
    'Before it uses an address the kernel asks whether somebody has it (duplicate address detection). Where somebody answered, the address is not used.',
  needs: { stack: nicStack },
  wants: { identities: nicIdentities },
  links: ['https://www.rfc-editor.org/rfc/rfc4862#section-5.4'],
  evaluate: ({ stack, identities }) =>
    stack.ipv6Addresses.flatMap((one): FindingDraft[] =>
      !one.duplicate
        ? []
        : [
            {
              severity: 'warning',
              title: 'Another machine has an address of this one',
              subject: nicSubject(one.interface, identities),
              parameters: { address: one.address.replaceAll(/(.{4})(?=.)/g, '$1:') },
              evidence: [
                `${one.interface}: duplicate address detection failed for ${one.address.replaceAll(/(.{4})(?=.)/g, '$1:')}`,
              ],
              remedy: {
                text: 'Find the other machine (ip -6 neigh on a third one) and change one of both; cloned machines need a new machine-id.',
                risk: 'connection',
              },
            },
          ],
    ),
});

const bridgeBlocked = check({
  id: 'nic.bridge-port-blocked',
  area: 'nic',
  title: 'Ports of a bridge that do not forward',
  about:
    'The spanning tree protocol blocks a port to break a loop, and listens and learns for 30 s before it forwards. A port that is blocked for good carries nothing.',
  needs: { bridges: nicBridges, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  evaluate: ({ bridges, interfaces, identities }) =>
    bridges.flatMap(({ name, ports, spanningTree }) =>
      ports.flatMap((port): FindingDraft[] => {
        const one = interfaces.find((other) => other.name === port.name);
        if (port.state !== 'blocking' || !one || one.carrier === false || one.kind === 'veth') return [];
        return [
          {
            severity: 'info',
            title: 'A port of a bridge is blocked',
            subject: nicSubject(port.name, identities),
            parameters: { bridge: name },
            evidence: [`${name}: ${port.name} is blocking, spanning tree is ${spanningTree ? 'on' : 'off'}`],
            remedy: {
              text: 'Where no loop is meant, find the second way to the same network.',
              risk: 'none',
            },
          },
        ];
      }),
    ),
});

const loopRisk = check({
  id: 'nic.bridge-loop-risk',
  area: 'nic',
  title: 'Bridges over several ports without spanning tree',
  about:
    'A bridge with two ports in the same network and no spanning tree passes broadcasts round and round until nothing else passes. Told only where both ports go to the same switch, by LLDP.',
  needs: { bridges: nicBridges, neighbours: nicNeighbours },
  wants: { identities: nicIdentities },
  evaluate: ({ bridges, neighbours, identities }) =>
    bridges.flatMap(({ name, ports, spanningTree }): FindingDraft[] => {
      if (spanningTree) return [];
      const cabled = ports.flatMap((port) => {
        const one = switchOf(neighbours, port.name);
        return one ? [{ port: port.name, switch: one.chassisId ?? neighbourName(one) }] : [];
      });
      const twice = cabled.find((one, at) => cabled.findIndex((other) => other.switch === one.switch) !== at);
      if (!twice) return [];
      return [
        {
          severity: 'warning',
          certainty: 'possible',
          title: 'A bridge has two ports at one switch and no spanning tree',
          subject: nicSubject(name, identities),
          evidence: [`${name}: ${cabled.map((one) => `${one.port} at ${one.switch}`).join(', ')}`],
          remedy: {
            text: 'Make a bond of the ports, take one out, or switch spanning tree on.',
            risk: 'connection',
          },
        },
      ];
    }),
});

/** Checks of this file. */
export const NIC_TOPOLOGY_CHECKS: readonly Check[] = [
  ...[mtuBelow, mtuBridge, mtuSwitch, vlan, nativeVlan, duplicateMac, duplicateAddress],
  ...[bridgeBlocked, loopRisk],
];
