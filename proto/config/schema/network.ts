/** Section "network": what systemd-networkd makes of it, in networkd's terms where it has one. */

import * as z from 'zod';
import { addressWithPrefix, domain, interfaceName, ipAddress } from './common.ts';

const mac = z.string().regex(/^(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/, { error: 'write a MAC address' });
/** The least that IPv4 demands, and what one jumbo frame can be (the largest that drivers allow). */
const mtu = z.int().min(68).max(65_535);

const route = z.strictObject({
  to: z
    .union([z.literal('default'), addressWithPrefix])
    .describe('"default", or a network with its prefix length'),
  via: ipAddress.optional().describe('the gateway; without it the network is on the link'),
  metric: z.int().min(0).max(4_294_967_295).optional(),
  onLink: z.boolean().optional().describe('the gateway is reached although no address covers it'),
});

const dns = z.strictObject({
  servers: z.array(ipAddress).max(8).optional(),
  search: z.array(domain).max(16).optional(),
});

/** What every kind of interface can have. */
const link = {
  mtu: mtu.optional(),
  macAddress: mac.optional().describe('set on the interface'),
  dhcp: z.enum(['no', 'yes', 'ipv4', 'ipv6']).optional().describe('default no'),
  addresses: z.array(addressWithPrefix).max(64).optional(),
  routes: z.array(route).max(256).optional(),
  dns: dns.optional(),
  requiredForOnline: z.boolean().optional().describe('whether the boot waits for it; default true'),
  acceptRouterAdvertisements: z.boolean().optional(),
};

const networkInterface = z.strictObject({
  match: z
    .strictObject({
      macAddress: mac.optional(),
      driver: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/)
        .optional(),
      path: z
        .string()
        .regex(/^[A-Za-z0-9:._*-]{1,128}$/)
        .optional()
        .describe('as ID_PATH of udev: pci-0000:3b:00.0'),
    })
    .optional()
    .describe(
      'which hardware this is, where its name alone does not say; the interface is renamed to this name',
    ),
  ...link,
});

const bond = z.strictObject({
  members: z.array(interfaceName).min(1).max(16),
  mode: z
    .enum([
      'balance-rr',
      'active-backup',
      'balance-xor',
      'broadcast',
      '802.3ad',
      'balance-tlb',
      'balance-alb',
    ])
    .describe('as in the kernel’s bonding documentation'),
  miiMonitorMs: z.int().min(0).max(10_000).optional().describe('default 100'),
  lacpRate: z.enum(['slow', 'fast']).optional(),
  transmitHashPolicy: z.enum(['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4']).optional(),
  primary: interfaceName.optional(),
  minLinks: z.int().min(0).max(16).optional(),
  ...link,
});

const vlan = z.strictObject({ parent: interfaceName, id: z.int().min(1).max(4_094), ...link });

const bridge = z.strictObject({
  members: z.array(interfaceName).max(64),
  stp: z.boolean().optional(),
  vlanFiltering: z.boolean().optional(),
  ...link,
});

/** The section. */
export const network = z.strictObject({
  interfaces: z.record(interfaceName, networkInterface).optional(),
  bonds: z.record(interfaceName, bond).optional(),
  vlans: z.record(interfaceName, vlan).optional(),
  bridges: z.record(interfaceName, bridge).optional(),
  dns: dns.optional().describe('for the whole node, beside what interfaces have'),
});

/** The section's content. */
export type Network = z.infer<typeof network>;

/** A reference that leads nowhere or to too much: where it stands below "network", and what is wrong. */
export interface ReferenceProblem {
  path: (string | number)[];
  message: string;
}

/** References between interfaces: each must lead to one that the document has, and no interface can be a member twice. */
export function networkProblems({
  interfaces = {},
  bonds = {},
  vlans = {},
  bridges = {},
}: Network): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  const kinds = { interfaces, bonds, vlans, bridges };
  const known = new Map<string, string>();
  for (const [kind, all] of Object.entries(kinds))
    for (const name of Object.keys(all)) {
      const before = known.get(name);
      if (before) problems.push({ path: [kind, name], message: `"${name}" is in ${before} too` });
      else known.set(name, kind);
    }
  const members = new Map<string, string>();
  const refer = (path: (string | number)[], name: string, owner: string) => {
    if (!known.has(name))
      problems.push({ path, message: `there is no interface "${name}" in this document` });
    else if (name === owner) problems.push({ path, message: 'an interface cannot be part of itself' });
  };
  for (const [kind, all] of Object.entries({ bonds, bridges }))
    for (const [owner, { members: names }] of Object.entries(all))
      for (const [at, name] of names.entries()) {
        const path = [kind, owner, 'members', at];
        refer(path, name, owner);
        const before = members.get(name);
        if (before) problems.push({ path, message: `"${name}" is a member of "${before}" already` });
        members.set(name, owner);
      }
  for (const [owner, { parent }] of Object.entries(vlans)) refer(['vlans', owner, 'parent'], parent, owner);
  for (const [owner, { primary, members: names }] of Object.entries(bonds))
    if (primary && !names.includes(primary))
      problems.push({
        path: ['bonds', owner, 'primary'],
        message: `"${primary}" is no member of "${owner}"`,
      });
  for (const owner of Object.keys(vlans)) {
    const seen = new Set<string>();
    for (let at: string | undefined = owner; at !== undefined; at = vlans[at]?.parent) {
      if (seen.has(at)) {
        problems.push({ path: ['vlans', owner, 'parent'], message: 'VLANs stand on each other in a circle' });
        break;
      }
      seen.add(at);
    }
  }
  return problems;
}
