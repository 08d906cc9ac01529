/** Bonds, as /proc/net/bonding tells of them (drivers/net/bonding/bond_procfs.c, Linux 3 to 6). */

import { UNNAMED } from '../../host/section-names.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { sysfsBonds } from './bond-sysfs.ts';
import { field } from './ethtool/text.ts';
import { nicInterfaces } from './interfaces.ts';

/** An interface of a bond. What is not told is left out. */
export interface BondMember {
  readonly name: string;
  /** "up", "down", "going down", "going back". */
  readonly status: string;
  readonly speedMbps?: number;
  readonly duplex?: 'full' | 'half';
  readonly linkFailures?: number;
  readonly permanentAddress?: string;
  /** Of LACP; "none" where it says "N/A": no aggregator took the member. */
  readonly aggregator?: number | 'none';
  /** "none", "monitoring", "churned": whether LACP cannot agree, as this side and the other see it. */
  readonly actorChurn?: string;
  readonly partnerChurn?: string;
  readonly actorChurned?: number;
  readonly partnerChurned?: number;
  /** Bits of 802.1AX: 4 aggregatable, 8 in sync, 16 collecting, 32 distributing, 128 expired. */
  readonly actorState?: number;
  readonly partnerState?: number;
  readonly partnerAddress?: string;
}

/** A bond. */
export interface Bond {
  readonly name: string;
  /** As the kernel words it: "IEEE 802.3ad Dynamic link aggregation". */
  readonly modeText: string;
  /** "802.3ad", "active-backup", "balance-xor" …: the names of the `mode` option; the text where it is another. */
  readonly mode: string;
  readonly hashPolicy?: string;
  readonly status: string;
  readonly pollingMs?: number;
  readonly arpIntervalMs?: number;
  readonly activeMember?: string;
  readonly primary?: string;
  readonly lacpRate?: string;
  readonly minLinks?: number;
  /** The aggregator in use, and with whom. */
  readonly aggregator?: number;
  readonly aggregatorPorts?: number;
  /** The kernel says that no aggregator is in use ("bond bond0 has no active aggregator"), which it tells everybody. */
  readonly noAggregator?: true;
  readonly partnerAddress?: string;
  readonly members: readonly BondMember[];
  /** It may have members that a capture does not tell of. */
  readonly partial?: true;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

const MODES: readonly (readonly [RegExp, string])[] = [
  [/802\.3ad/i, '802.3ad'],
  [/active-backup/i, 'active-backup'],
  [/round-robin/i, 'balance-rr'],
  [/\(xor\)/i, 'balance-xor'],
  [/broadcast/i, 'broadcast'],
  [/transmit load balancing/i, 'balance-tlb'],
  [/adaptive load balancing/i, 'balance-alb'],
];

const number = (value: string) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined);
const name = (value: string) => (value === '' || value === 'None' ? undefined : value.split(/\s/, 1)[0]);

/** Reads a file of /proc/net/bonding. @throws Unavailable nonsense */
export function parseBond(bond: string, text: string): Bond {
  const found: Draft<Bond> = { name: bond, modeText: '', mode: '', status: 'unknown', members: [] };
  const members: Draft<BondMember>[] = [];
  let section: 'bond' | 'actor' | 'partner' = 'bond';
  const set = <T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined) => {
    if (value !== undefined) target[key] = value;
  };
  for (const line of text.split(/\r?\n/, 20_000)) {
    if (/^\s*details (?:actor|partner) lacp pdu/i.test(line))
      section = /actor/i.test(line) ? 'actor' : 'partner';
    const idle = /^\s*bond (\S{1,32}) has no active aggregator\s*$/.exec(line.slice(0, 500))?.[1];
    if (idle !== undefined) {
      found.noAggregator = true;
      if (bond.startsWith(UNNAMED)) found.name = idle;
    }
    const one = field(line.slice(0, 500));
    if (!one) continue;
    const key = one.name.toLowerCase();
    const { value } = one;
    if (key === 'slave interface') {
      members.push({ name: value, status: 'unknown' });
      section = 'bond';
      continue;
    }
    const member = members.at(-1);
    if (member) {
      if (section !== 'bond') {
        if (key === 'port state')
          set(member, section === 'actor' ? 'actorState' : 'partnerState', number(value));
        if (key === 'system mac address' && section === 'partner')
          member.partnerAddress = value.toLowerCase();
        // What comes behind belongs to the member again, and has names of its own.
        continue;
      }
      if (key === 'mii status') member.status = value;
      else if (key === 'speed') set(member, 'speedMbps', number(/^(\d+)\s*Mbps/i.exec(value)?.[1] ?? ''));
      else if (key === 'duplex' && /^(?:full|half)$/i.test(value))
        member.duplex = value.toLowerCase() === 'full' ? 'full' : 'half';
      else if (key === 'link failure count') set(member, 'linkFailures', number(value));
      else if (key === 'permanent hw addr') member.permanentAddress = value.toLowerCase();
      else if (key === 'aggregator id') set(member, 'aggregator', value === 'N/A' ? 'none' : number(value));
      else if (key === 'actor churn state') member.actorChurn = value;
      else if (key === 'partner churn state') member.partnerChurn = value;
      else if (key === 'actor churned count') set(member, 'actorChurned', number(value));
      else if (key === 'partner churned count') set(member, 'partnerChurned', number(value));
      continue;
    }
    if (key === 'bonding mode') {
      found.modeText = value;
      found.mode = MODES.find(([pattern]) => pattern.test(value))?.[1] ?? value;
    } else if (key === 'transmit hash policy') set(found, 'hashPolicy', name(value));
    else if (key === 'mii status') found.status = value;
    else if (key === 'mii polling interval (ms)') set(found, 'pollingMs', number(value));
    else if (key === 'arp polling interval (ms)') set(found, 'arpIntervalMs', number(value));
    else if (key === 'currently active slave') set(found, 'activeMember', name(value));
    else if (key === 'primary slave') set(found, 'primary', name(value));
    else if (key === 'lacp rate') found.lacpRate = value;
    else if (key === 'min links') set(found, 'minLinks', number(value));
    else if (key === 'aggregator id') set(found, 'aggregator', number(value));
    else if (key === 'number of ports') set(found, 'aggregatorPorts', number(value));
    else if (key === 'partner mac address') found.partnerAddress = value.toLowerCase();
  }
  if (found.modeText === '')
    throw new Unavailable('nonsense', `/proc/net/bonding/${bond} is not in its format`);
  return { ...found, members };
}

/** Whether a MAC address is that of nobody. */
export function isNobody(address: string | undefined): boolean {
  return address === undefined || /^00(?::00)+$/.test(address);
}

/** All bonds of the machine. */
export const nicBonds = fact({
  id: 'nic.bonds',
  reads: ['/proc/net/bonding/*', '/sys/class/net/*/{bonding,bonding_slave}, on a captured machine'],
  limitMs: 5_000,
  read: async (reading): Promise<readonly Bond[]> => {
    const { machine } = reading;
    const found: Bond[] = [];
    for (const bond of machine.list('proc/net/bonding')) {
      const one = await reading.part(`/proc/net/bonding/${bond}`, () => {
        const text = machine.text(`proc/net/bonding/${bond}`);
        return text === undefined ? undefined : parseBond(bond, text);
      });
      if (one) found.push(one);
    }
    if (found.length > 0) return found;
    const told = machine.live ? [] : sysfsBonds(machine);
    if (told.length > 0) return told;
    const bonds = (await reading.get(nicInterfaces)).filter(({ kind }) => kind === 'bond');
    if (bonds.length === 0) throw new Unavailable('absent', 'this machine has no bond');
    throw new Unavailable(
      machine.live ? 'failed' : 'not-captured',
      '/proc/net/bonding is not there although there is a bond',
    );
  },
});
