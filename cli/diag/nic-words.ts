/** An interface's facts in a word or two, for the columns of a table. */

import type { Nic__Output as Nic } from '../../proto/gen/types/nodectl/v1/Nic.ts';
import type { NicPcie__Output as Pcie } from '../../proto/gen/types/nodectl/v1/NicPcie.ts';

const STEPS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A count in at most four characters and a unit: 9999, 918k, 31.2G. */
export function compact(value: number): string {
  const [step, unit] = value < 10_000 ? [1, ''] : (STEPS.find(([least]) => value >= least) ?? [1, '']);
  const scaled = value / step;
  return `${scaled >= 100 || Number.isInteger(scaled) ? Math.round(scaled) : Number(scaled.toPrecision(3))}${unit}`;
}

/** 25000 → "25G", 100 → "100M"; empty where it is not known. */
export function speed(mbps: number | undefined): string {
  if (!mbps) return '';
  return mbps >= 1_000 ? `${mbps / 1_000}G` : `${mbps}M`;
}

/** "25G", and "100M half" where that is worth a word. */
export function speedOf({ link }: Nic): string {
  const text = speed(link?.speedMbps);
  return link?.duplex === 'half' && text !== '' ? `${text} half` : text;
}

/** "up", "no-carrier", "off"; of a bond with how many members are up: "up 2/2". */
export function stateOf({ state, bond }: Nic): string {
  if (!bond) return state;
  const up = bond.members.filter(({ status }) => status === 'up').length;
  return `${state} ${up}/${bond.members.length}`;
}

/** Packets that came broken or could not be sent. */
export function errorsOf(nic: Nic): string {
  return sum(nic, ['rx_errors', 'tx_errors']);
}

/** Packets that were thrown away. */
export function dropsOf(nic: Nic): string {
  return sum(nic, ['rx_dropped', 'rx_missed_errors', 'tx_dropped']);
}

/** "918k +12/s": the sum of counters, and how fast it grows where it does. */
function sum({ statistics }: Nic, names: readonly string[]): string {
  const found = statistics.filter(({ name }) => names.includes(name));
  if (found.length === 0) return '';
  const total = found.reduce((all, { value }) => all + value, 0);
  const rate = found.reduce((all, { perSecond = 0 }) => all + perSecond, 0);
  return `${compact(total)}${rate > 0 ? ` ${rateText(rate)}` : ''}`;
}

/** "+12/s", "+0.3/s", or a minute or an hour where it is slower. */
export function rateText(perSecond: number): string {
  if (perSecond >= 0.1) return `+${compact(Number(perSecond.toPrecision(2)))}/s`;
  if (perSecond * 60 >= 0.1) return `+${Number((perSecond * 60).toPrecision(2))}/min`;
  return `+${Number((perSecond * 3_600).toPrecision(2))}/h`;
}

/** The switch: of several neighbours the bridge. */
export function neighbourOf({ neighbours }: Nic): Nic['neighbours'][number] | undefined {
  return neighbours.find(({ capabilities }) => capabilities.includes('Bridge')) ?? neighbours[0];
}

/** Firmware without what says nothing new: the board that it is for, which the ids tell. */
export function firmwareOf({ device }: Nic): string {
  return device?.firmware.replace(/ \([A-Z]{2,4}_[0-9A-F]+\)$/, '') ?? '';
}

/** Words that switches put before the numbers of ports, as people shorten them. */
const PORTS: readonly (readonly [RegExp, string])[] = [
  [/^HundredGig(?:abit)?(?:Ethernet|E)/i, 'Hu'],
  [/^FortyGig(?:abit)?(?:Ethernet|E)/i, 'Fo'],
  [/^TwentyFiveGig(?:abit)?(?:Ethernet|E)/i, 'Twe'],
  [/^TenGig(?:abit)?(?:Ethernet|E)/i, 'Te'],
  [/^Ten-GigabitEthernet/i, 'XGE'],
  [/^GigabitEthernet/i, 'Gi'],
  [/^FastEthernet/i, 'Fa'],
  [/^Ethernet/i, 'Eth'],
];

/** The switch's port in short: "Eth1/7", "Te1/0/3"; its description where it is known by its address alone. */
export function portOf(nic: Nic): string {
  const one = neighbourOf(nic);
  const isAddress = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(one?.port ?? '');
  const port = (isAddress && one?.portDescription) || (one?.port ?? '');
  const [pattern, short] = PORTS.find(([one]) => one.test(port)) ?? [];
  return pattern && short ? port.replace(pattern, short) : port;
}

/** Packets or bytes a second; empty where there is no history. */
export function rateOf({ statistics }: Nic, name: string): string {
  const rate = statistics.find((one) => one.name === name)?.perSecond;
  return rate === undefined ? '' : compact(Math.round(rate));
}

/** "8 GT/s x8", with what the card can where that is more. */
export function pcieText({ speed: now, width, maxSpeed, maxWidth }: Pcie): string {
  const text = `${now} GT/s x${width}`;
  return now < maxSpeed || width < maxWidth ? `${text} of ${maxSpeed} GT/s x${maxWidth}` : text;
}

/** What the interface stands on or is part of: "in bond0", "VLAN 100 on bond0", "of eth0, eth1". */
export function placeOf({ master, vlan, lower }: Nic): string {
  if (vlan) return `VLAN ${vlan.id} on ${vlan.parent}`;
  if (master !== '') return `in ${master}`;
  return lower.length > 0 ? `of ${lower.join(', ')}` : '';
}
