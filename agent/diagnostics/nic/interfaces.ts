/**
 * The interfaces of a machine, as the kernel lists them, with what it knows of each without asking a device. Whatever looks at
 * interfaces begins here, and takes their names from here.
 */

import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { capturedLinks } from './captured-links.ts';
import { quantitiesOf } from './counters/counters.ts';
import { dropsIn, packetsIn } from './counters/packets.ts';
import { type Device, readDevice } from './device.ts';
import { parseDriver } from './ethtool/driver.ts';
import { parseSettings } from './ethtool/settings.ts';
import { parseStatistics } from './ethtool/statistics.ts';
import type { IpLink } from './ip-link.ts';
import { baseName, interfaceFolder, isPciAddress, linkName } from './paths.ts';
import { LINK_COUNTERS, type LinkStatistics, parseNetDev, readStatistics } from './statistics.ts';

/** An interface. What is not known is left out. */
export interface Interface {
  readonly name: string;
  /**
   * "physical" (it has a device), "vf" (a function that a physical one of this machine lends out), "loopback", or what the
   * kernel calls it: "bond", "bridge", "vlan", "veth", "tun", "vxlan", "wireguard" …; "virtual" where that is not known.
   */
  readonly kind: string;
  readonly index?: number;
  /** Whether it is switched on. */
  readonly up: boolean;
  readonly promiscuous: boolean;
  /** "up", "down", "lowerlayerdown", "dormant", "unknown". */
  readonly operstate?: string;
  /** Whether there is a link; undefined where it is switched off. */
  readonly carrier?: boolean;
  /** How often the carrier came or went since the interface appeared. */
  readonly carrierChanges?: number;
  readonly mtu?: number;
  readonly queueLength?: number;
  /** In lower case. */
  readonly address?: string;
  /** How its name came to be, as in name_assign_type: 1 the kernel's counting, 2 predictable, 3 by a user, 4 renamed. */
  readonly nameAssignment?: number;
  /** Whether a capture tells that it has an IP address of more than the link; undefined on a running machine, where routes tell. */
  readonly addressed?: boolean;
  /** The bond, bridge or other interface that it is part of. */
  readonly master?: string;
  /** Interfaces that it stands on: of a VLAN, bond or bridge. */
  readonly lower: readonly string[];
  readonly device?: Device;
  readonly statistics: LinkStatistics;
}

/** Interfaces of these kinds are looked at closely, the others are there by the hundred. */
const CLOSE = new Set(['physical', 'bond', 'team']);
const ARPHRD_LOOPBACK = 772;
const IFF_UP = 0x1;
const IFF_PROMISC = 0x100;

/** Kinds by what `uevent` says of a virtual interface, where the kernel's word is not everybody's. */
const DEVTYPES: Readonly<Record<string, string>> = { wlan: 'physical', wwan: 'physical', dsa: 'physical' };

function kindOf(
  machine: Machine,
  name: string,
  folder: string,
  entries: ReadonlySet<string>,
  device?: Device,
): string {
  if (device) return device.virtualFunction ? 'vf' : 'physical';
  if (entries.has('bonding')) return 'bond';
  if (entries.has('bridge')) return 'bridge';
  if (entries.has('tun_flags')) return 'tun';
  const type = /^DEVTYPE=(\S+)/m.exec(machine.text(`${folder}/uevent`) ?? '')?.[1];
  if (type) return DEVTYPES[type] ?? type;
  if (number(machine, `${folder}/type`) === ARPHRD_LOOPBACK) return 'loopback';
  if (/^(?:dummy|ifb)\d/.test(name)) return name.startsWith('ifb') ? 'ifb' : 'dummy';
  const lower = [...entries].some((entry) => entry.startsWith('lower_'));
  const link = number(machine, `${folder}/iflink`);
  if (!lower && link !== undefined && link !== number(machine, `${folder}/ifindex`)) return 'veth';
  if (/^team/.test(name) && lower) return 'team';
  return 'virtual';
}

/** Reads one. @throws Unavailable */
function readInterface(
  machine: Machine,
  name: string,
  counted: LinkStatistics | undefined,
): Interface | undefined {
  const folder = interfaceFolder(machine, name);
  const entries = new Set(machine.list(folder));
  // It vanished, or /sys was not captured.
  if (entries.size === 0) return undefined;
  const device = readDevice(machine, folder);
  const kind = kindOf(machine, name, folder, entries, device);
  const flags = number(machine, `${folder}/flags`) ?? 0;
  const carrier = number(machine, `${folder}/carrier`);
  const texts = {
    index: number(machine, `${folder}/ifindex`),
    operstate: line(machine, `${folder}/operstate`),
    carrier: carrier === undefined ? undefined : carrier === 1,
    carrierChanges: number(machine, `${folder}/carrier_changes`),
    mtu: number(machine, `${folder}/mtu`),
    queueLength: CLOSE.has(kind) ? number(machine, `${folder}/tx_queue_len`) : undefined,
    address: line(machine, `${folder}/address`)?.toLowerCase() || undefined,
    nameAssignment: CLOSE.has(kind) ? number(machine, `${folder}/name_assign_type`) : undefined,
    master: linkName(machine, `${folder}/master`),
    device,
  };
  return {
    name,
    kind,
    up: (flags & IFF_UP) !== 0,
    promiscuous: (flags & IFF_PROMISC) !== 0,
    ...(Object.fromEntries(
      Object.entries(texts).filter(([, value]) => value !== undefined),
    ) as Partial<Interface>),
    lower: [...entries]
      .filter((entry) => entry.startsWith('lower_'))
      .map((entry) => entry.slice('lower_'.length)),
    statistics: CLOSE.has(kind) ? { ...counted, ...readStatistics(machine, folder) } : (counted ?? {}),
  };
}

/** All interfaces, sorted by their index. */
export const nicInterfaces = fact({
  id: 'nic.interfaces',
  reads: ['/sys/class/net', '/proc/net/dev'],
  limitMs: 5_000,
  read: async (reading): Promise<readonly Interface[]> => {
    const { machine } = reading;
    const text = machine.text('proc/net/dev') ?? machine.text('proc/1/net/dev');
    const counted = text === undefined ? new Map<string, LinkStatistics>() : parseNetDev(text);
    const names = new Set([
      ...machine.list('sys/class/net').filter((name) => name !== 'bonding_masters'),
      ...counted.keys(),
    ]);
    const told = machine.live ? new Map<string, IpLink>() : capturedLinks(machine);
    const found: Interface[] = [];
    for (const name of new Set([...names, ...told.keys()])) {
      const one = await reading.part(`/sys/class/net/${name}`, () =>
        readInterface(machine, name, counted.get(name)),
      );
      const link = told.get(name);
      // A live interface that is in neither place any more has gone between the two looks at it.
      if (one && (machine.live || one.index !== undefined)) found.push(one);
      else if (!machine.live)
        found.push(
          await fromCapture(machine, { name, link, own: ownAddress(link, told) }, one, counted.get(name)),
        );
    }
    // A machine without any would have its loopback.
    if (!machine.live && found.length === 0) throw nothing(machine, '/sys/class/net');
    return found.sort((a, b) => (a.index ?? 1e9) - (b.index ?? 1e9) || (a.name < b.name ? -1 : 1));
  },
});

/** An interface that a captured machine's outputs tell of, and whether the address in them is a maker's that no other there has. */
interface Told {
  readonly name: string;
  readonly link: IpLink | undefined;
  readonly own: boolean;
}

async function fromCapture(
  machine: Machine,
  { name, link, own }: Told,
  known: Interface | undefined,
  counted: LinkStatistics | undefined,
): Promise<Interface> {
  const driver = await machine
    .run('ethtool', ['-i', name])
    .then(({ stdout }) => parseDriver(stdout))
    .catch(() => undefined);
  const settings = await machine
    .run('ethtool', [name])
    .then(({ stdout }) => parseSettings(stdout))
    .catch(() => undefined);
  const told = await countersOf(machine, name);
  const folder = interfaceFolder(machine, name);
  const bus = driver?.bus ?? '';
  // Devices of boards are "fe540000.ethernet" there, those of Hyper-V a GUID, and nothing where somebody left the row out.
  const hasDevice = driver !== undefined && !SOFTWARE_DRIVERS.test(driver.driver);
  const device: Device | undefined =
    known?.device ??
    (hasDevice
      ? {
          bus: isPciAddress(bus) ? 'pci' : (/^(?:usb|virtio|vif|vmbus|platform)/.exec(bus)?.[0] ?? 'other'),
          address: baseName(bus),
          virtualFunction: false,
          ...(driver ? { driver: driver.driver } : {}),
        }
      : undefined);
  const kinds: Readonly<Record<string, string>> = { bonding: 'bond', '802.1Q VLAN Support': 'vlan' };
  const byDriver = driver && (kinds[driver.driver] ?? driver.driver);
  // Where nobody but ethtool told of it: people save its output of the device that has trouble.
  const alone =
    known === undefined && !driver && !link?.kind && !link?.type && !link?.flags.length && name !== 'lo';
  // Only something with a plug has modes of a link to choose from.
  const kind =
    device || alone || (settings && settings.supported.modes.length > 0 && !link?.kind && !driver)
      ? known?.kind === 'vf'
        ? 'vf'
        : 'physical'
      : (link?.kind ??
        (link?.type === 'loopback' || name === 'lo'
          ? 'loopback'
          : (byDriver ??
            (hasPlug(name, link, told) || (own && !SOFTWARE.test(name))
              ? 'physical'
              : (known?.kind ?? 'virtual')))));
  // Where nothing but ethtool told of it, a link says that it is switched on; without one it may be either.
  const flags = link?.flags.length ? link.flags : undefined;
  // Of its folder in /sys a few files may have been saved.
  const switchedOn =
    known &&
    (machine.has(`${folder}/flags`)
      ? known.up
      : // The kernel refuses to tell the carrier of one that is switched off.
        known.carrier !== undefined || !/^(?:down|lower)/.test(known.operstate ?? ''));
  // The first iproute2 told neither a state nor of a carrier that is there.
  const carrierTold =
    link?.index === undefined ||
    link.state !== undefined ||
    flags?.some((one) => /^(?:LOWER_UP|NO-CARRIER)$/.test(one));
  const up = flags?.includes('UP') ?? ((switchedOn ?? settings === undefined) || settings?.link === true);
  const parts = {
    index: link?.index,
    operstate: link?.state,
    carrier:
      flags && up && carrierTold ? flags.includes('LOWER_UP') : settings?.link === true ? true : undefined,
    mtu: link?.mtu,
    queueLength: link?.queueLength,
    address: link?.address,
    master: link?.master,
    addressed: link?.addresses.some((one) => !/^fe80:/i.test(one)) || undefined,
    device,
  };
  return {
    ...(Object.fromEntries(
      Object.entries(parts).filter(([, value]) => value !== undefined),
    ) as Partial<Interface>),
    ...known,
    name,
    kind,
    up,
    promiscuous: flags?.includes('PROMISC') ?? known?.promiscuous ?? false,
    lower: known?.lower.length ? known.lower : link?.lower && kind !== 'veth' ? [link.lower] : [],
    statistics: {
      ...told,
      ...link?.statistics,
      ...counted,
      ...(CLOSE.has(kind) ? readStatistics(machine, folder) : {}),
      ...known?.statistics,
    },
  };
}

/** Drivers of interfaces that are software, as `ethtool -i` names them (Linux 6.12, drivers/net and net). */
const SOFTWARE_DRIVERS =
  /^(?:bonding|bridge|802\.1Q VLAN Support|veth|tun|openvswitch|vxlan|dummy|team|macv(?:lan|tap)|ipv(?:lan|tap)|wireguard|geneve|ifb|vrf|(?:ip6?)?gre(?:tap)?|ip6gretap|ipip|sit|ip6tnl|(?:ip6)?erspan|xfrmi?|vti6?|macsec|nlmon|netdevsim|bareudp|gtp|amt|batman-adv|hsr|netkit|rmnet|dsa|ppp\w*|cdc_mbim_wwan)$/i;

/** Names of interfaces that are software whatever queue they have. */
const SOFTWARE =
  /^(?:tun|tap|vnet|ifb|imq|dummy|veth|docker|virbr|br|bond|team|cali|cni|flannel|lxc|vxlan|wg|macvtap|fw|vif|gre|sit|ip6|vti|xfrm|ppp|vmbr|nlmon|kube|tailscale|zt)[\d_.-]*/;

/**
 * Whether an interface has an address that its maker gave it (the second bit of IEEE 802's first octet is zero), and no other has the same:
 * bonds, bridges and VLANs have that of a device below them, and tunnels and pairs of veth one of the machine's own making.
 */
function ownAddress(link: IpLink | undefined, told: ReadonlyMap<string, IpLink>): boolean {
  if (link?.type !== 'ether' || link.lower !== undefined || link.kind !== undefined) return false;
  if (!/^[\da-f][048c](?::[\da-f]{2}){5}$/.test(link.address ?? '')) return false;
  return [...told.values()].every((one) => one.name === link.name || one.address !== link.address);
}

/**
 * Whether an interface is a device with a plug, where neither /sys nor its driver was saved: ethtool has counts of packets or errors of
 * it, which bridges, bonds, VLANs and veth have not; it has a queue; or its name is one that udev, the kernel or a maker's image gives to such. One
 * that stands on another ("eth0@if7", "eth0.100") is none.
 */
function hasPlug(name: string, link: IpLink | undefined, told: LinkStatistics): boolean {
  if (link?.lower !== undefined || (link?.type !== undefined && !/^(?:ether|infiniband)$/.test(link.type)))
    return false;
  if (Object.keys(told).length > 0 || link?.hardware) return true;
  // Software interfaces have no queue, but for those of programs (tun) and of traffic control (ifb).
  if (link?.qdisc !== undefined && !/^no(?:queue|op)$/.test(link.qdisc) && !SOFTWARE.test(name)) return true;
  return /^(?:e(?:th|m)\d|en(?:o|p|s|x|P)[\da-f]|ib\w?\d|p\d{1,3}p\d|wl|swp\d|lan\d|wan|sfp)[\w-]*$/.test(
    name,
  );
}

/**
 * The kernel's counters, where ethtool alone tells them: most drivers print them under the same names, and how many packets
 * there were, among which errors are judged, under names of their own.
 */
async function countersOf(machine: Machine, name: string): Promise<LinkStatistics> {
  const counters = await machine
    .run('ethtool', ['-S', name])
    .then(({ stdout }) => parseStatistics(stdout))
    .catch(() => undefined);
  if (!counters) return {};
  const same = LINK_COUNTERS.flatMap((counter) => {
    const value = counters.get(counter);
    return value === undefined ? [] : [[counter, value] as const];
  });
  const [received, sent] = [packetsIn(counters, 'rx'), packetsIn(counters, 'tx')];
  // Names that a table has are judged by themselves.
  const known = counters.has('rx_dropped') || quantitiesOf(undefined, counters).has('missed');
  const dropped = known ? undefined : dropsIn(counters);
  return {
    ...(dropped === undefined ? {} : { rx_dropped: dropped }),
    ...Object.fromEntries(same),
    ...(received === undefined ? {} : { rx_packets: received }),
    ...(sent === undefined ? {} : { tx_packets: sent }),
  };
}

/** Interfaces with a device, and bonds: those that are worth a line of their own. */
export function isClose(one: Interface): boolean {
  return CLOSE.has(one.kind);
}
