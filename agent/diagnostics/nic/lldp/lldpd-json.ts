/**
 * `lldpcli -f json` and `-f json0` (lldpd 0.8 to 1.0.19). json0 has a list everywhere and an object around every text; json
 * takes away lists of one and objects of one, and makes names keys. So everything is read through functions that take both.
 */

import { Unavailable } from '../../../host/unavailable.ts';
import { isObject, type JsonObject } from '../ethtool/text.ts';
import { add, cleaned, type Neighbour, type NeighbourDraft, newNeighbour, put, vlanId } from './neighbour.ts';

function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

function objectOf(value: unknown): JsonObject | undefined {
  const first = listOf(value)[0];
  return isObject(first) ? first : undefined;
}

function textOf(value: unknown): string | undefined {
  const first = listOf(value)[0];
  const inner = isObject(first) ? listOf(first.value)[0] : first;
  if (typeof inner === 'boolean') return inner ? 'yes' : 'no';
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner) : undefined;
}

const isOn = (value: unknown) => value === true || value === 'yes' || value === 'on';

/** An object that may stand below its name: {"sw1": {"id": …}} or {"name": "sw1", "id": …}, or without any. */
function named(value: JsonObject, marks: readonly string[]): { name?: string; inner: JsonObject } {
  const own = textOf(value.name);
  if (own !== undefined || marks.some((mark) => mark in value))
    return { ...(own === undefined ? {} : { name: own }), inner: value };
  const [entry] = Object.entries(value);
  const inner = entry && objectOf(entry[1]);
  return entry && inner ? { name: entry[0], inner } : { inner: value };
}

const INTERFACE_MARKS = ['via', 'chassis', 'port', 'rid', 'age'];
const CHASSIS_MARKS = ['id', 'descr', 'mgmt-ip', 'capability'];

function readChassis(one: NeighbourDraft, value: unknown): void {
  const chassis = objectOf(value);
  if (!chassis) return;
  const { name, inner } = named(chassis, CHASSIS_MARKS);
  put(one, 'system', name);
  put(one, 'chassisId', textOf(inner.id));
  put(one, 'description', textOf(inner.descr));
  for (const address of listOf(inner['mgmt-ip'])) add(one.managementAddresses, cleaned(textOf(address)));
  for (const capability of listOf(inner.capability))
    if (isObject(capability) && isOn(capability.enabled))
      add(one.capabilities, cleaned(textOf(capability.type)));
}

function readPort(one: NeighbourDraft, value: unknown): void {
  const port = objectOf(value);
  if (!port) return;
  put(one, 'port', textOf(port.id));
  put(one, 'portDescription', textOf(port.descr));
  const frame = Number(textOf(port.mfs));
  if (Number.isInteger(frame) && frame > 0) one.maxFrame = frame;
  const negotiation = objectOf(port['auto-negotiation']);
  if (negotiation) {
    put(one, 'medium', textOf(negotiation.current));
    if ('enabled' in negotiation) one.autonegotiation = isOn(negotiation.enabled);
  }
}

function readVlans(one: NeighbourDraft, value: unknown): void {
  for (const vlan of listOf(value)) {
    if (!isObject(vlan)) continue;
    const id = vlanId(textOf(vlan['vlan-id']));
    const name = cleaned(textOf(vlan.value));
    if (id !== undefined) add(one.vlans, { id, ...(name ? { name } : {}), untagged: isOn(vlan.pvid) });
  }
}

/** Reads it. @throws Unavailable nonsense */
export function parseLldpdJson(text: string): Neighbour[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    throw new Unavailable('nonsense', 'the JSON of lldpcli is broken', error);
  }
  const top = objectOf(whole);
  if (!top || !('lldp' in top))
    throw new Unavailable('nonsense', 'the JSON of lldpcli has no neighbours in it');
  const found: Neighbour[] = [];
  // Where an interface is the only one, its name is a key beside which no others stand; several may share an object.
  for (const lldp of listOf(top.lldp).filter(isObject))
    for (const entry of listOf(lldp.interface).filter(isObject).slice(0, 10_000))
      for (const [name, value] of INTERFACE_MARKS.some((mark) => mark in entry)
        ? [['', entry] as const]
        : Object.entries(entry))
        for (const item of listOf(value).filter(isObject)) {
          const one = newNeighbour(name || (textOf(item.name) ?? ''));
          put(one, 'protocol', textOf(item.via));
          readChassis(one, item.chassis);
          readPort(one, item.port);
          readVlans(one, item.vlan);
          if (one.interface !== '' && (one.chassisId ?? one.system ?? one.port) !== undefined)
            found.push(one);
        }
  return found;
}
