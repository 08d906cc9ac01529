/** NicService of the contract: translates facts of interfaces, nothing else. */

import { Failure } from '../../../proto/failure.ts';
import type { Nic } from '../../../proto/gen/types/nodectl/v1/Nic.ts';
import type { NicBond } from '../../../proto/gen/types/nodectl/v1/NicBond.ts';
import type { NicCounter } from '../../../proto/gen/types/nodectl/v1/NicCounter.ts';
import type { NicDevice } from '../../../proto/gen/types/nodectl/v1/NicDevice.ts';
import type { NicLink } from '../../../proto/gen/types/nodectl/v1/NicLink.ts';
import type { NicNeighbour } from '../../../proto/gen/types/nodectl/v1/NicNeighbour.ts';
import type { NicQuantity } from '../../../proto/gen/types/nodectl/v1/NicQuantity.ts';
import type { ServiceHandlers } from '../../../proto/serve/handlers.ts';
import type { DiagnosticsDomain } from '../domain.ts';
import type { Bond } from './bonding.ts';
import { QUANTITIES } from './counters/quantities.ts';
import { detailsOf, onOff } from './details.ts';
import type { Interface } from './interfaces.ts';
import { type Neighbour, neighbourName } from './lldp/neighbour.ts';
import { type NicOverview, readNics, stateOf } from './overview.ts';

const MAX_PATTERNS = 64;
const MAX_PATTERN = 64;

function toDevice(one: Interface, overview: NicOverview): NicDevice | undefined {
  const driver = overview.drivers?.get(one.name);
  const { device } = one;
  const identity = overview.identities?.get(one.name);
  if (!device && !driver) return undefined;
  const pcie = overview.speeds?.get(one.name)?.pcie;
  return {
    driver: driver?.driver ?? device?.driver ?? '',
    driverVersion: driver?.version ?? device?.moduleVersion ?? '',
    firmware: driver?.firmware ?? '',
    bus: device?.bus ?? '',
    address: device?.address ?? driver?.bus ?? '',
    ids: identity?.pci ?? '',
    ...(device?.numaNode === undefined ? {} : { numaNode: device.numaNode }),
    ...(pcie ? { pcie } : {}),
    moduleTaint: device?.moduleTaint ?? '',
    virtualFunctions: device?.virtualFunctions ?? 0,
    portName: device?.portName ?? '',
  };
}

function toLink(one: Interface, overview: NicOverview): NicLink {
  const settings = overview.settings?.get(one.name);
  const speeds = overview.speeds?.get(one.name);
  const speedMbps = speeds?.speedMbps ?? settings?.speedMbps;
  return {
    ...(speedMbps === undefined ? {} : { speedMbps }),
    duplex: speeds?.duplex ?? settings?.duplex ?? '',
    autonegotiation: onOff(settings?.autonegotiation),
    port: settings?.port ?? '',
    reason: settings?.linkReason ?? '',
    supported: [...(settings?.supported.modes ?? [])],
    advertised: [...(settings?.advertised.modes ?? [])],
    partner: [...(settings?.partner?.modes ?? [])],
    ...(settings?.lanes === undefined ? {} : { lanes: settings.lanes }),
    wakeOn: settings?.wakeOn ?? '',
  };
}

function toStatistics({ name, statistics }: Interface, overview: NicOverview): NicCounter[] {
  return Object.entries(statistics).map(([counter, value]) => {
    const perSecond = overview.rateOf(name, counter);
    return { name: counter, value, ...(perSecond === undefined ? {} : { perSecond }) };
  });
}

function toQuantities(one: Interface, overview: NicOverview): NicQuantity[] {
  return [...(overview.quantitiesOf(one) ?? [])]
    .filter(([, { value }]) => value > 0)
    .map(([name, { value, counters }]) => ({
      ...{ name, value, meaning: QUANTITIES[name] },
      counters: counters.slice(0, 20).map((counter) => ({ ...counter })),
    }));
}

function toNeighbour(one: Neighbour): NicNeighbour {
  return {
    protocol: one.protocol ?? '',
    name: neighbourName(one) ?? '',
    chassisId: one.chassisId ?? '',
    description: one.description ?? '',
    managementAddresses: [...one.managementAddresses],
    port: one.port ?? '',
    portDescription: one.portDescription ?? '',
    vlans: one.vlans.map(({ id, name = '', untagged }) => ({ id, name, untagged })),
    ...(one.maxFrame === undefined ? {} : { maxFrame: one.maxFrame }),
    capabilities: [...one.capabilities],
  };
}

function toBond(bond: Bond): NicBond {
  const {
    mode,
    status,
    hashPolicy = '',
    activeMember = '',
    lacpRate = '',
    partnerAddress = '',
    pollingMs,
  } = bond;
  return {
    ...{ mode, status, hashPolicy, activeMember, lacpRate, partnerAddress },
    ...(pollingMs === undefined ? {} : { pollingMs }),
    members: bond.members.map(({ name, status: state, ...member }) => ({
      ...{ name, status: state },
      ...(member.speedMbps === undefined ? {} : { speedMbps: member.speedMbps }),
      ...(member.linkFailures === undefined ? {} : { linkFailures: member.linkFailures }),
      ...(typeof member.aggregator === 'number' ? { aggregator: member.aggregator } : {}),
      permanentAddress: member.permanentAddress ?? '',
      actorChurn: member.actorChurn ?? '',
      partnerChurn: member.partnerChurn ?? '',
    })),
  };
}

function toNic(one: Interface, overview: NicOverview, details: boolean): Nic {
  const bond = overview.bonds?.find(({ name }) => name === one.name);
  const vlan = overview.vlans?.find(({ name }) => name === one.name);
  const device = toDevice(one, overview);
  return {
    ...{ name: one.name, kind: one.kind, state: stateOf(one), index: one.index ?? 0, mtu: one.mtu ?? 0 },
    ...{ address: one.address ?? '', master: one.master ?? '', lower: [...one.lower] },
    ...(one.carrierChanges === undefined ? {} : { carrierChanges: one.carrierChanges }),
    ...(one.queueLength === undefined ? {} : { queueLength: one.queueLength }),
    ...(device ? { device } : {}),
    link: toLink(one, overview),
    statistics: toStatistics(one, overview),
    neighbours: (overview.neighbours ?? [])
      .filter((neighbour) => neighbour.interface === one.name)
      .slice(0, 32)
      .map(toNeighbour),
    ...(bond ? { bond: toBond(bond) } : {}),
    ...(vlan ? { vlan: { id: vlan.id, parent: vlan.parent } } : {}),
    quantities: toQuantities(one, overview),
    ...(details ? { details: detailsOf(one.name, overview) } : {}),
  };
}

/** The handlers of the service. */
export function nicService(domain: DiagnosticsDomain): ServiceHandlers<'nodectl.v1.NicService'> {
  return {
    ListNics: async ({ interfaces, virtual, details }, { signal }) => {
      if (
        interfaces.length > MAX_PATTERNS ||
        interfaces.some(({ length }) => length === 0 || length > MAX_PATTERN)
      )
        throw new Failure(
          'BAD_ARGUMENT',
          `at most ${MAX_PATTERNS} names of 1 to ${MAX_PATTERN} characters are taken`,
        );
      const wanted = { patterns: interfaces, virtual, details };
      const overview = await domain.shared(`nics ${JSON.stringify(wanted)}`, signal, (own) =>
        readNics(domain.machine, own, wanted, domain.history),
      );
      return {
        node: domain.node,
        nowUsec: Math.round(domain.machine.now() * 1_000),
        nics: overview.chosen.map((one) => toNic(one, overview, details)),
        others: overview.others,
        problems: [...overview.problems],
      };
    },
  };
}
