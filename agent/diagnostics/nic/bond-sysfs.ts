/**
 * Bonds as /sys/class/net tells of them (drivers/net/bonding/bond_sysfs.c and bond_sysfs_slave.c), of captured machines whose
 * /proc/net/bonding was not saved. People print a few of these files alone, so what is not there is not told.
 */

import { line, type Machine, number } from '../../host/machine.ts';
import { UNNAMED } from '../../host/section-names.ts';
import type { Bond, BondMember } from './bonding.ts';

const ROOT = 'sys/class/net';

/** Bonds whose members' states are told, and that of members alone, which nothing names. */
export function sysfsBonds(machine: Machine): Bond[] {
  const names = machine.list(ROOT);
  const members = names.flatMap((name) => memberOf(machine, name) ?? []);
  const bonds = names.flatMap((name) => bondOf(machine, name, members) ?? []);
  const taken = new Set(bonds.flatMap((bond) => bond.members.map((member) => member.name)));
  const others = members.filter(({ name }) => !taken.has(name));
  const [only] = bonds;
  if (others.length === 0) return bonds.filter(isJudged);
  // Of one bond and members whose bond is not told, they are its.
  if (bonds.length === 1 && only?.members.length === 0) return [{ ...only, members: others }];
  return [
    ...bonds.filter(isJudged),
    {
      name: UNNAMED,
      modeText: 'unknown',
      mode: 'unknown',
      status: 'unknown',
      members: others,
      partial: true,
    },
  ];
}

/** Whether there is more of a bond than its name. */
function isJudged({ members, pollingMs, status }: Bond): boolean {
  return members.length > 0 || pollingMs !== undefined || status !== 'unknown';
}

function bondOf(machine: Machine, name: string, members: readonly BondMember[]): Bond | undefined {
  const at = `${ROOT}/${name}/bonding`;
  if (machine.list(at).length === 0) return undefined;
  const slaves = line(machine, `${at}/slaves`);
  const own = slaves?.split(/\s+/).filter(Boolean) ?? [];
  const partner = line(machine, `${at}/ad_partner_mac`)?.toLowerCase();
  const numbers = {
    pollingMs: number(machine, `${at}/miimon`),
    arpIntervalMs: number(machine, `${at}/arp_interval`),
    aggregator: number(machine, `${at}/ad_aggregator`),
    aggregatorPorts: number(machine, `${at}/ad_num_ports`),
  };
  // "802.3ad 4"
  const mode = line(machine, `${at}/mode`)?.split(' ', 1)[0] ?? 'unknown';
  return {
    ...{ name, mode, modeText: mode, status: line(machine, `${at}/mii_status`) ?? 'unknown' },
    ...(Object.fromEntries(
      Object.entries(numbers).filter(([, value]) => value !== undefined),
    ) as Partial<Bond>),
    ...(partner ? { partnerAddress: partner } : {}),
    members: own.flatMap((slave) => members.find((member) => member.name === slave) ?? []),
    ...(slaves !== undefined && own.every((slave) => members.some((one) => one.name === slave))
      ? {}
      : { partial: true as const }),
  };
}

function memberOf(machine: Machine, name: string): BondMember | undefined {
  const at = `${ROOT}/${name}/bonding_slave`;
  const status = line(machine, `${at}/mii_status`);
  const linkFailures = number(machine, `${at}/link_failure_count`);
  if (status === undefined && linkFailures === undefined) return undefined;
  const aggregator = number(machine, `${at}/ad_aggregator_id`);
  return {
    ...{ name, status: status ?? 'unknown' },
    ...(linkFailures === undefined ? {} : { linkFailures }),
    ...(aggregator === undefined ? {} : { aggregator }),
  };
}
