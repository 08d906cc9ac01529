/** LLDP where other daemons than lldpd listen: lldpad (`lldptool`) and systemd-networkd (`networkctl lldp`). */

import { Unavailable } from '../../../host/unavailable.ts';
import { isObject } from '../ethtool/text.ts';
import { add, cleaned, type Neighbour, newNeighbour, put, vlanId } from './neighbour.ts';

/** Reads `lldptool -t -n -i IFACE`; undefined where there is no neighbour. */
export function parseLldptool(name: string, text: string): Neighbour | undefined {
  const one = newNeighbour(name);
  let section = '';
  for (const raw of text.split(/\r?\n/, 10_000)) {
    const line = raw.slice(0, 1_000);
    if (/^\S/.test(line)) {
      section = line.trim().toLowerCase().replace(/ tlv$/, '');
      continue;
    }
    const value = line.trim();
    const after = value.replace(/^[A-Za-z][\w .-]{0,40}:\s*/, '');
    if (value === '') continue;
    if (section === 'chassis id') put(one, 'chassisId', after);
    else if (section === 'port id') put(one, 'port', after);
    else if (section === 'system name') put(one, 'system', value);
    else if (section === 'system description') put(one, 'description', value);
    else if (section === 'port description') put(one, 'portDescription', value);
    else if (section === 'management address' && /^IPv[46]:/i.test(value))
      add(one.managementAddresses, cleaned(after));
    else if (section === 'port vlan id') {
      const id = vlanId(/^PVID:\s*(\d{1,4})$/i.exec(value)?.[1]);
      if (id !== undefined) add(one.vlans, { id, untagged: true });
    } else if (section === 'vlan name' && /^VID/i.test(value)) {
      const match = /^VID\s*(\d{1,4}):?\s*(?:Name\s*)?(.*)$/i.exec(value);
      const id = vlanId(match?.[1]);
      const label = cleaned(match?.[2]);
      if (id !== undefined) add(one.vlans, { id, ...(label ? { name: label } : {}), untagged: false });
    } else if (section === 'maximum frame size' && /^\d{1,6}$/.test(after)) one.maxFrame = Number(after);
    else if (section === 'system capabilities' && /^enabled capabilities:/i.test(value))
      for (const word of after.split(/[,\s]+/)) if (/^[A-Z]/.test(word)) add(one.capabilities, word);
  }
  if (one.chassisId !== undefined) one.protocol = 'LLDP';
  return one.chassisId === undefined && one.port === undefined ? undefined : one;
}

/** Bits of the capabilities in IEEE 802.1AB, table 8-4. */
const CAPABILITIES = ['Other', 'Repeater', 'Bridge', 'Wlan', 'Router', 'Tel', 'Docsis', 'Station'];

/** Reads `networkctl --json=short lldp` (systemd 252 and later). @throws Unavailable nonsense */
export function parseNetworkd(text: string): Neighbour[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    throw new Unavailable('nonsense', 'the JSON of networkctl is broken', error);
  }
  const groups = isObject(whole) ? whole.Neighbors : undefined;
  const found: Neighbour[] = [];
  for (const group of Array.isArray(groups) ? groups : []) {
    if (!isObject(group)) continue;
    const name = group.InterfaceName;
    const neighbours = Array.isArray(group.Neighbors) ? group.Neighbors : [group.Neighbor];
    for (const item of neighbours) {
      if (!isObject(item) || typeof name !== 'string') continue;
      const one = newNeighbour(name);
      const told = (key: string) => (typeof item[key] === 'string' ? item[key] : undefined);
      one.protocol = 'LLDP';
      put(one, 'chassisId', told('ChassisID'));
      put(one, 'port', told('PortID'));
      put(one, 'portDescription', told('PortDescription'));
      put(one, 'system', told('SystemName'));
      put(one, 'description', told('SystemDescription'));
      const bits = item.EnabledCapabilities;
      if (typeof bits === 'number')
        for (const [bit, word] of CAPABILITIES.entries()) if (bits & (1 << bit)) add(one.capabilities, word);
      const id = vlanId(String(item.VlanID ?? ''));
      if (id !== undefined) add(one.vlans, { id, untagged: true });
      found.push(one);
    }
  }
  return found;
}
