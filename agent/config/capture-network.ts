/** The network of a machine as the section "network" would say it, from what the kernel has now (`ip -json`, /sys/class/net). */

import type { Network } from '../../proto/config/schema/network.ts';
import { line, type Machine, number } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';

const TOOL_MS = 10_000;

interface IpAddress {
  readonly ifname?: string;
  readonly addr_info?: readonly {
    readonly local?: string;
    readonly prefixlen?: number;
    readonly scope?: string;
    readonly dynamic?: boolean;
  }[];
}

interface IpRoute {
  readonly dst?: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly metric?: number;
  readonly protocol?: string;
}

/** Describes the network. What belongs to containers and virtual machines is theirs, and left out. */
export async function captureNetwork(machine: Machine, leftOut: string[]): Promise<Network | undefined> {
  const addresses = await json<IpAddress>(machine, ['-json', 'address', 'show']);
  const routes = [
    ...(await json<IpRoute>(machine, ['-json', 'route', 'show'])),
    ...(await json<IpRoute>(machine, ['-json', '-6', 'route', 'show'])),
  ];
  const names = machine.list('sys/class/net').filter((name) => name !== 'lo');
  const found: Found = { interfaces: {}, bonds: {}, vlans: {}, bridges: {} };
  const vlans = vlanParents(machine);
  for (const name of names) {
    const folder = `sys/class/net/${name}`;
    const link = linkOf(machine, name, addresses, routes);
    const vlan = vlans.get(name);
    const members = machine
      .list(`${folder}/brif`)
      .concat((line(machine, `${folder}/bonding/slaves`) ?? '').split(' ').filter((one) => one !== ''));
    if (machine.has(`${folder}/bonding`))
      found.bonds[name] = { members, mode: bondMode(machine, folder), ...link };
    else if (machine.has(`${folder}/bridge`)) found.bridges[name] = { members, ...link };
    else if (vlan) found.vlans[name] = { ...vlan, ...link };
    else if (machine.has(`${folder}/device`)) found.interfaces[name] = link;
    else leftOut.push(`network: ${name} is virtual, and made by something else on the node`);
  }
  // A bridge of containers has members that are not described.
  for (const [name, { members }] of Object.entries(found.bridges))
    if (members.some((one) => !(one in found.interfaces || one in found.bonds || one in found.vlans))) {
      delete found.bridges[name];
      leftOut.push(`network: the bridge ${name} has members that something else on the node makes`);
    }
  const entries = Object.entries(found).filter(([, all]) => Object.keys(all).length > 0);
  return entries.length > 0 ? (Object.fromEntries(entries) as Network) : undefined;
}

type Link = NonNullable<Network['interfaces']>[string];

/** Interfaces by kind, as the section has them. */
type Found = { [Kind in 'interfaces' | 'bonds' | 'vlans' | 'bridges']: NonNullable<Network[Kind]> };

function linkOf(
  machine: Machine,
  name: string,
  addresses: readonly IpAddress[],
  routes: readonly IpRoute[],
): Link {
  const mine = addresses.find(({ ifname }) => ifname === name)?.addr_info ?? [];
  const dynamic = mine.some((one) => one.dynamic);
  const fixed = mine
    .filter((one) => !one.dynamic && one.scope !== 'link')
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  const kept = routes.filter(
    ({ dev, protocol }) => dev === name && (protocol === 'static' || protocol === 'boot'),
  );
  const mtu = number(machine, `sys/class/net/${name}/mtu`);
  return {
    ...(mtu === undefined || mtu === 1_500 ? {} : { mtu }),
    ...(dynamic ? { dhcp: 'yes' as const } : {}),
    ...(fixed.length > 0 ? { addresses: fixed } : {}),
    ...(kept.length > 0
      ? {
          routes: kept.map(({ dst, gateway, metric }) => ({
            to: dst ?? 'default',
            ...(gateway === undefined ? {} : { via: gateway }),
            ...(metric === undefined ? {} : { metric }),
          })),
        }
      : {}),
  };
}

type BondMode = NonNullable<Network['bonds']>[string]['mode'];

function bondMode(machine: Machine, folder: string): BondMode {
  return (line(machine, `${folder}/bonding/mode`)?.split(' ')[0] ?? 'active-backup') as BondMode;
}

/** VLANs with what they stand on, from /proc/net/vlan/config: "eth0.10 | 10 | eth0". */
function vlanParents(machine: Machine): Map<string, { parent: string; id: number }> {
  const rows = (machine.text('proc/net/vlan/config') ?? '')
    .split('\n')
    .map((row) => row.split('|').map((one) => one.trim()));
  return new Map(
    rows
      .filter(([, id = '']) => /^\d+$/.test(id))
      .map(([name = '', id = '', parent = '']) => [name, { parent, id: Number(id) }]),
  );
}

async function json<T>(machine: Machine, args: readonly string[]): Promise<T[]> {
  const { code, stdout, stderr } = await machine.run('ip', args, { timeoutMs: TOOL_MS });
  if (code !== 0)
    throw new Unavailable('failed', `ip ${args.join(' ')}: ${stderr.split('\n')[0] || `status ${code}`}`);
  try {
    const parsed = JSON.parse(stdout.trim() || '[]') as unknown;
    return Array.isArray(parsed) ? (parsed as T[]) : [];
  } catch (cause) {
    throw new Unavailable('nonsense', `ip ${args.join(' ')} printed no JSON`, cause);
  }
}
