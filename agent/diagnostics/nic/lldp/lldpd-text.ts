/** What lldpd's clients print for people, `lldpctl` and `lldpcli show neighbors [details]`, and their key=value form. */

import { add, cleaned, type Neighbour, type NeighbourDraft, newNeighbour, put, vlanId } from './neighbour.ts';

/** "mac 00:1c:73:00:00:01" → "00:1c:73:00:00:01": the word before an id says of what kind it is. */
function withoutKind(value: string): string {
  return value.replace(/^(?:mac|ifname|ifalias|ip|local|chassis|port|unhandled|circuit)\s+/i, '');
}

/** Reads the text. What is in no format is left out. */
export function parseLldpdText(text: string): Neighbour[] {
  const found: NeighbourDraft[] = [];
  // Texts of several lines go on indented, which a switch's description likes to be.
  let last: ((more: string) => void) | undefined;
  for (const raw of text.split(/\r?\n/, 200_000)) {
    const line = raw.slice(0, 1_000);
    const head = /^Interface:\s+([^\s,]{1,32}),(?:\s*via:\s*([^\s,]+))?/i.exec(line);
    if (head) {
      const one = newNeighbour(head[1] ?? '');
      put(one, 'protocol', head[2]);
      found.push(one);
      last = undefined;
      continue;
    }
    const one = found.at(-1);
    const field = /^\s+([A-Za-z][\w /&.-]{1,40}):\s*(.*)$/.exec(line);
    if (!one) continue;
    if (field) last = readField(one, (field[1] ?? '').toLowerCase(), field[2] ?? '');
    else if (/^\s{8,}\S/.test(line)) last?.(line.trim());
    else last = undefined;
  }
  return found;
}

function readField(one: NeighbourDraft, name: string, value: string): ((more: string) => void) | undefined {
  switch (name) {
    case 'chassisid':
      put(one, 'chassisId', withoutKind(value));
      break;
    case 'sysname':
      put(one, 'system', value);
      break;
    case 'sysdescr':
      put(one, 'description', value);
      return (more) => {
        const whole = cleaned(`${one.description ?? ''} ${more}`);
        if (whole) one.description = whole;
      };
    case 'mgmtip':
      add(one.managementAddresses, cleaned(value));
      break;
    case 'capability': {
      const [type, state] = value.split(/,\s*/);
      if (/^on$/i.test(state ?? '')) add(one.capabilities, cleaned(type));
      break;
    }
    case 'portid':
      put(one, 'port', withoutKind(value));
      break;
    case 'portdescr':
      put(one, 'portDescription', value);
      break;
    case 'mfs':
      if (/^\d{1,6}$/.test(value)) one.maxFrame = Number(value);
      break;
    case 'mau oper type':
      put(one, 'medium', value);
      break;
    case 'pmd autoneg':
      one.autonegotiation = /enabled:\s*yes/i.test(value);
      break;
    case 'vlan': {
      const vlan = /^(\d{1,4})(?:,\s*pvid:\s*(yes|no))?\s*(.*)$/i.exec(value);
      const id = vlanId(vlan?.[1]);
      const label = cleaned(vlan?.[3]);
      if (id !== undefined)
        add(one.vlans, {
          id,
          ...(label ? { name: label } : {}),
          untagged: vlan?.[2]?.toLowerCase() === 'yes',
        });
      break;
    }
  }
  return undefined;
}

/** Reads `lldpctl -f keyvalue`: "lldp.eth0.chassis.name=sw1". */
export function parseLldpdKeyValue(text: string): Neighbour[] {
  const found = new Map<string, NeighbourDraft>();
  // Names of interfaces may hold dots, so the words behind them are what is looked for.
  const row = /^lldp\.(.{1,32}?)\.(via|chassis\.[\w.-]+|port\.[\w.-]+|vlan(?:\.[\w-]+)?)=(.*)$/;
  for (const line of text.split(/\r?\n/, 200_000)) {
    const match = row.exec(line.slice(0, 2_000));
    if (!match) continue;
    const [, name = '', key = '', value = ''] = match;
    const one = found.get(name) ?? newNeighbour(name);
    found.set(name, one);
    if (key === 'via') put(one, 'protocol', value);
    else if (key === 'chassis.name') put(one, 'system', value);
    else if (key === 'chassis.descr') put(one, 'description', value);
    else if (/^chassis\.(?:mac|local|ifname|ip|chassis|ifalias|port)$/.test(key))
      put(one, 'chassisId', value);
    else if (key === 'chassis.mgmt-ip') add(one.managementAddresses, cleaned(value));
    else if (/^chassis\.[A-Z]\w+\.enabled$/.test(key) && value === 'on')
      add(one.capabilities, key.split('.')[1]);
    else if (key === 'port.descr') put(one, 'portDescription', value);
    else if (/^port\.(?:mac|local|ifname|ip|ifalias|port)$/.test(key)) put(one, 'port', value);
    else if (key === 'port.auto-negotiation.current') put(one, 'medium', value);
    else if (key === 'port.auto-negotiation.enabled') one.autonegotiation = /^(?:yes|on)$/i.test(value);
    else if (key === 'port.mfs' && /^\d{1,6}$/.test(value)) one.maxFrame = Number(value);
    else if (key === 'vlan.vlan-id') {
      const id = vlanId(value);
      if (id !== undefined) add(one.vlans, { id, untagged: false });
    } else if (key === 'vlan.pvid' && value === 'yes') {
      const vlan = one.vlans.at(-1);
      if (vlan) one.vlans[one.vlans.length - 1] = { ...vlan, untagged: true };
    }
  }
  return [...found.values()];
}
