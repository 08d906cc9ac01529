/** Section "network": files of systemd-networkd (systemd.network(5), .netdev(5), .link(5)) and what makes it take them up. */

import type { Document } from '../../../proto/config/document.ts';
import type { Network } from '../../../proto/config/schema/network.ts';
import { Failure } from '../../../proto/failure.ts';
import { type ManagedFile, managedFile } from '../managed-file.ts';
import type { Activation, Resource } from '../resource.ts';
import { restartUnit, runProgram } from '../systemd.ts';
import { unitResource } from '../unit.ts';

const FOLDER = '/etc/systemd/network';
const MADE = '# Made by nodectl from the config document of this node; changes are reported as drift.\n';
const NETWORKD = 'systemd-networkd.service';
const RESOLVED = 'systemd-resolved.service';

/** What every kind of interface has. */
type Link = NonNullable<Network['interfaces']>[string];

/** A section of a unit file: its name and its lines. */
type Section = readonly [name: string, lines: readonly (string | undefined)[]];

/** networkd reads its files again and brings the named interfaces to what they say. */
function takeUp(names: readonly string[]): Activation[] {
  return [
    runProgram('networkd/reload', 20, 'networkctl', ['reload']),
    {
      id: 'networkd/reconfigure',
      rank: 21,
      run: async (host, signal) => {
        // What networkd has still to make it configures by itself when it has.
        const there = names.filter((name) => host.machine.has(`sys/class/net/${name}`));
        if (there.length > 0)
          await runProgram('', 0, 'networkctl', ['reconfigure', '--', ...there]).run(host, signal);
      },
    },
  ];
}

/** The resources of the section. `has` says whether the machine has a file. */
export function networkResources({ network }: Document, has: (path: string) => boolean): Resource[] {
  if (!network) return [];
  const { interfaces = {}, bonds = {}, vlans = {}, bridges = {}, dns } = network;
  const links: Record<string, Link> = { ...interfaces, ...bonds, ...vlans, ...bridges };
  const owners = ownersOf(network);
  const names = Object.keys(links);
  const activates = takeUp(names);
  const file = (name: string, sections: readonly Section[]): Resource => {
    const wanted: ManagedFile = {
      path: `${FOLDER}/10-nodectl-${name}`,
      content: Buffer.from(MADE + unitText(sections)),
      kind: 'network',
      activates,
      effect: 'live',
      risksConnection: true,
    };
    return managedFile(wanted);
  };
  const resources: Resource[] = [];
  for (const [name, { match }] of Object.entries(interfaces))
    resources.push(match ? file(`${name}.link`, linkSections(name, match)) : present(name));
  for (const [name, bond] of Object.entries(bonds))
    resources.push(file(`${name}.netdev`, bondSections(name, bond)), netdev(name));
  for (const [name, { id }] of Object.entries(vlans))
    resources.push(
      file(`${name}.netdev`, [
        ['NetDev', [`Name=${name}`, 'Kind=vlan']],
        ['VLAN', [`Id=${id}`]],
      ]),
      netdev(name),
    );
  for (const [name, { stp, vlanFiltering }] of Object.entries(bridges))
    resources.push(
      file(`${name}.netdev`, [
        ['NetDev', [`Name=${name}`, 'Kind=bridge']],
        ['Bridge', [yesNo('STP', stp), yesNo('VLANFiltering', vlanFiltering)]],
      ]),
      netdev(name),
    );
  for (const [name, link] of Object.entries(links))
    resources.push(
      file(`${name}.network`, networkSections(name, link, owners.get(name) ?? [])),
      ...(link.addresses?.length ? [addressResource(name, link.addresses, activates)] : []),
    );
  resources.push(manager());
  if (dns) resources.push(dnsResource(dns, has));
  return resources;
}

/** What networkd writes into an interface's [Network] because of others: which bond or bridge it belongs to, its VLANs. */
function ownersOf({ bonds = {}, vlans = {}, bridges = {} }: Network): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  const add = (name: string, row: string) => owners.set(name, [...(owners.get(name) ?? []), row]);
  for (const [owner, { members }] of Object.entries(bonds))
    for (const name of members) add(name, `Bond=${owner}`);
  for (const [owner, { members }] of Object.entries(bridges))
    for (const name of members) add(name, `Bridge=${owner}`);
  for (const [name, { parent }] of Object.entries(vlans)) add(parent, `VLAN=${name}`);
  return owners;
}

function linkSections(name: string, match: NonNullable<Link['match']>): Section[] {
  const { macAddress, driver, path } = match;
  return [
    ['Match', [row('MACAddress', macAddress), row('Driver', driver), row('Path', path)]],
    ['Link', [`Name=${name}`]],
  ];
}

function bondSections(name: string, bond: NonNullable<Network['bonds']>[string]): Section[] {
  return [
    ['NetDev', [`Name=${name}`, 'Kind=bond']],
    [
      'Bond',
      [
        `Mode=${bond.mode}`,
        `MIIMonitorSec=${bond.miiMonitorMs ?? 100}ms`,
        row('LACPTransmitRate', bond.lacpRate),
        row('TransmitHashPolicy', bond.transmitHashPolicy),
        row('MinLinks', bond.minLinks),
      ],
    ],
  ];
}

function networkSections(name: string, link: Link, owned: readonly string[]): Section[] {
  const {
    mtu,
    macAddress,
    dhcp,
    addresses = [],
    routes = [],
    dns,
    requiredForOnline,
    acceptRouterAdvertisements,
  } = link;
  return [
    ['Match', [`Name=${name}`]],
    [
      'Link',
      [row('MTUBytes', mtu), row('MACAddress', macAddress), yesNo('RequiredForOnline', requiredForOnline)],
    ],
    [
      'Network',
      [
        row('DHCP', dhcp),
        ...addresses.map((address) => `Address=${address}`),
        ...(dns?.servers ?? []).map((server) => `DNS=${server}`),
        ...(dns?.search?.length ? [`Domains=${dns.search.join(' ')}`] : []),
        yesNo('IPv6AcceptRA', acceptRouterAdvertisements),
        ...owned,
      ],
    ],
    ...routes.map(
      ({ to, via, metric, onLink }): Section => [
        'Route',
        [
          // networkd knows "default" by the family of the gateway alone.
          to === 'default'
            ? row('Destination', via?.includes(':') ? '::/0' : '0.0.0.0/0')
            : `Destination=${to}`,
          row('Gateway', via),
          row('Metric', metric),
          yesNo('GatewayOnLink', onLink),
        ],
      ],
    ),
  ];
}

function unitText(sections: readonly Section[]): string {
  return sections
    .map(([name, lines]) => [name, lines.filter((one) => one !== undefined)] as const)
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => `\n[${name}]\n${lines.join('\n')}\n`)
    .join('');
}

function row(key: string, value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : `${key}=${value}`;
}

function yesNo(key: string, value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : `${key}=${value ? 'yes' : 'no'}`;
}

/**
 * The addresses that the kernel has: networkd is done with a file long before the interface is, and an apply that ended in
 * between would be confirmed over the old address.
 */
function addressResource(name: string, wanted: readonly string[], activates: Activation[]): Resource {
  return {
    id: `address/${name}`,
    ...{ after: ['network/'], effect: 'live', risksConnection: true, activates },
    observe: async ({ machine }) => {
      try {
        const { code, stdout } = await machine.run('ip', ['-json', 'address', 'show', 'dev', name]);
        if (code !== 0) return [];
        const [link] = JSON.parse(stdout) as { addr_info?: { local?: string; prefixlen?: number }[] }[];
        return (link?.addr_info ?? []).map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort();
      } catch {
        // Where nothing tells, the files are what there is to hold on to.
        return null;
      }
    },
    compare: (snapshot) => {
      if (!Array.isArray(snapshot)) return [];
      const missing = wanted.filter((one) => !snapshot.includes(one.toLowerCase()));
      if (missing.length === 0) return [];
      return [{ field: 'addresses', from: snapshot.join(', ') || 'none', to: wanted.join(', ') }];
    },
    apply: async () => undefined,
    restore: async () => undefined,
    // Whose addresses it has once nothing is said of them any more is not decided here.
    same: () => true,
  };
}

/** An interface that the document names and does not say how to find must be there: a typing error would take the network away. */
function present(name: string): Resource {
  return {
    id: `interface/${name}`,
    ...{ after: [], effect: 'live', risksConnection: false, activates: [] },
    observe: async ({ machine }) => {
      const there = machine.list('sys/class/net').filter((one) => one !== 'lo');
      if (there.includes(name)) return true;
      throw new Failure(
        'BAD_DOCUMENT',
        `this node has no interface "${name}"; it has ${there.join(', ') || 'none'}`,
        {
          hint: 'correct the name, or say by match which hardware is meant',
        },
      );
    },
    compare: () => [],
    apply: async () => undefined,
    restore: async () => undefined,
  };
}

/** A device that networkd makes: when it was not there before, putting back takes it away, which networkd does not. */
function netdev(name: string): Resource {
  const gone = runProgram(`netdev/${name}/delete`, 20, 'networkctl', ['delete', '--', name]);
  return {
    id: `netdev/${name}`,
    after: ['network/'],
    effect: 'live',
    risksConnection: true,
    activates: [],
    observe: async ({ machine }) => machine.has(`sys/class/net/${name}`),
    // networkd makes it from its file when that is taken up.
    compare: (there) => (there ? [] : [{ field: 'device', from: 'absent', to: 'there' }]),
    apply: async () => undefined,
    restore: async (host, snapshot) => {
      if (snapshot === false && host.machine.has(`sys/class/net/${name}`))
        await gone.run(host, new AbortController().signal);
    },
  };
}

/** networkd runs, and nothing else manages the network beside it. */
function manager(): Resource {
  const networkd = unitResource({
    ...{ name: NETWORKD, enabled: true, started: true, after: ['network/'], risksConnection: true },
  });
  const rival = unitResource({ name: 'NetworkManager.service', started: false, ifPresent: true });
  return {
    ...networkd,
    observe: async (host) => {
      if (rival.compare(await rival.observe(host)).length > 0)
        throw new Failure(
          'HOST_CHANGE_FAILED',
          'NetworkManager runs on this node, and two would fight over the network',
          {
            hint: 'hand the network over to systemd-networkd in the image, or leave the section "network" out',
          },
        );
      return networkd.observe(host);
    },
  };
}

function dnsResource(dns: NonNullable<Network['dns']>, has: (path: string) => boolean): Resource {
  const { servers = [], search = [] } = dns;
  if (has(`/usr/lib/systemd/system/${RESOLVED}`) || has(`/lib/systemd/system/${RESOLVED}`))
    return managedFile({
      path: '/etc/systemd/resolved.conf.d/90-nodectl.conf',
      content: Buffer.from(
        MADE +
          unitText([
            [
              'Resolve',
              [row('DNS', servers.join(' ') || undefined), row('Domains', search.join(' ') || undefined)],
            ],
          ]),
      ),
      activates: [restartUnit(RESOLVED)],
    });
  const rows = [
    ...servers.map((one) => `nameserver ${one}`),
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
  ];
  return managedFile({ path: '/etc/resolv.conf', content: Buffer.from(`${MADE}${rows.join('\n')}\n`) });
}
