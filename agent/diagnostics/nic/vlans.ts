/** VLAN interfaces, as /proc/net/vlan/config lists them (net/8021q/vlanproc.c). */

import { fact } from '../fact.ts';
import { nicInterfaces } from './interfaces.ts';

/** A VLAN of an interface. */
export interface Vlan {
  readonly name: string;
  readonly id: number;
  readonly parent: string;
}

/** Reads the table "name | id | parent". */
export function parseVlans(text: string): Vlan[] {
  const found: Vlan[] = [];
  for (const line of text.split('\n', 20_000)) {
    const row = /^\s*(\S{1,32})\s*\|\s*(\d{1,4})\s*\|\s*(\S{1,32})\s*$/.exec(line.slice(0, 200));
    if (row) found.push({ name: row[1] ?? '', id: Number(row[2]), parent: row[3] ?? '' });
  }
  return found;
}

/** All VLAN interfaces; where the table is not to be had, those whose names say what they are ("eth0.100", "vlan100"). */
export const nicVlans = fact({
  id: 'nic.vlans',
  reads: ['/proc/net/vlan/config'],
  limitMs: 2_000,
  read: async ({ machine, get }): Promise<readonly Vlan[]> => {
    const text = machine.text('proc/net/vlan/config');
    if (text !== undefined) return parseVlans(text);
    return (await get(nicInterfaces)).flatMap(({ name, kind, lower }) => {
      const id = /(?:\.|vlan)(\d{1,4})$/i.exec(name)?.[1];
      const [parent] = lower;
      return kind === 'vlan' && id !== undefined && parent !== undefined
        ? [{ name, id: Number(id), parent }]
        : [];
    });
  },
});
