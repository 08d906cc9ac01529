/** By what interfaces differ: driver, firmware, PCI ids, speed and the switch behind the cable. Every finding of a NIC carries these. */

import { fact } from '../fact.ts';
import type { Subject } from '../finding.ts';
import { nicDrivers, nicSettings } from './ethtool-facts.ts';
import { type Interface, isClose, nicInterfaces } from './interfaces.ts';
import { nicNeighbours } from './lldp/fact.ts';
import { type Neighbour, neighbourName, switchOf } from './lldp/neighbour.ts';
import { nicSpeeds } from './speeds.ts';

/** What an interface is. */
export interface Identity {
  readonly driver?: string;
  readonly firmware?: string;
  /** "15b3:1017", or with the subsystem, "15b3:1017:15b3:0020". */
  readonly pci?: string;
  readonly speedMbps?: number;
  readonly neighbour?: Neighbour;
  /** As findings name it: "mlx5_core 15b3:1017". */
  readonly hardware?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** 25000 → "25G", 2500 → "2.5G", 100 → "100M". */
export function speedText(mbps: number): string {
  return mbps >= 1_000 ? `${mbps / 1_000}G` : `${mbps}M`;
}

/** The PCI or USB ids of a device; undefined where they are not known. */
function idsOf({ device }: Interface): string | undefined {
  if (device?.vendor === undefined || device.device === undefined) return undefined;
  const subsystem = device.subsystemVendor && device.subsystemDevice;
  return [device.vendor, device.device, ...(subsystem ? [device.subsystemVendor, subsystem] : [])].join(':');
}

/** Identities of interfaces with a device and of bonds, by name. Parts that could not be read are left out. */
export const nicIdentities = fact({
  id: 'nic.identities',
  reads: [nicInterfaces, nicDrivers, nicSettings, nicSpeeds, nicNeighbours].flatMap(({ reads }) => reads),
  limitMs: 12_000,
  read: async ({ get }): Promise<ReadonlyMap<string, Identity>> => {
    const interfaces = (await get(nicInterfaces)).filter((one) => isClose(one) || one.kind === 'vf');
    const maybe = <T>(value: Promise<T>) => value.catch(() => undefined);
    const [drivers, settings, speeds, neighbours] = await Promise.all([
      maybe(get(nicDrivers)),
      maybe(get(nicSettings)),
      maybe(get(nicSpeeds)),
      maybe(get(nicNeighbours)),
    ]);
    const found = new Map<string, Identity>();
    for (const one of interfaces) {
      const told = drivers?.get(one.name);
      const driver = told?.driver ?? one.device?.driver ?? (one.kind === 'bond' ? 'bonding' : undefined);
      const speedMbps = speeds?.get(one.name)?.speedMbps ?? settings?.get(one.name)?.speedMbps;
      const neighbour = switchOf(neighbours ?? [], one.name);
      const parts = { driver, firmware: told?.firmware, pci: idsOf(one), speedMbps, neighbour };
      const attributes = {
        ...{
          driver,
          firmware: told?.firmware && driver ? `${driver} ${told.firmware}` : undefined,
          pci: parts.pci,
        },
        ...{ speed: speedMbps === undefined ? undefined : speedText(speedMbps) },
        ...{ switch: neighbour && neighbourName(neighbour), switchFirmware: neighbour?.description },
      };
      const ids =
        one.device?.vendor && one.device.device ? `${one.device.vendor}:${one.device.device}` : undefined;
      const hardware = [driver, ids].filter((part) => part !== undefined).join(' ');
      found.set(one.name, {
        ...(Object.fromEntries(
          Object.entries(parts).filter(([, value]) => value !== undefined),
        ) as Partial<Identity>),
        ...(hardware === '' ? {} : { hardware }),
        attributes: Object.fromEntries(
          Object.entries(attributes).filter(([, value]) => value !== undefined),
        ) as Record<string, string>,
      });
    }
    return found;
  },
});

/** The subject of a finding about an interface. */
export function nicSubject(name: string, identities: ReadonlyMap<string, Identity> | undefined): Subject {
  const identity = identities?.get(name);
  return {
    kind: 'nic',
    name,
    ...(identity?.hardware ? { hardware: identity.hardware } : {}),
    ...(identity ? { attributes: identity.attributes } : {}),
  };
}
