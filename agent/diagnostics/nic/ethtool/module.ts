/**
 * `ethtool -m`: the pluggable module (SFP, QSFP, QSFP-DD and whatever else speaks SFF-8472, SFF-8636 or CMIS) with what it
 * measures and the bounds that its maker set. Text of all versions, and JSON of 6.13 and later.
 */

import { Unavailable } from '../../../host/unavailable.ts';
import { field, isJson, isObject, type JsonObject, jsonOf, lines, refusal } from './text.ts';

/** What a module measures. Units: °C, V, mA and mW. */
export type ModuleQuantity = 'temperature' | 'voltage' | 'bias' | 'txPower' | 'rxPower';

/** Bounds of a quantity, in its unit, as the maker of the module set them. */
export interface ModuleLimits {
  readonly highAlarm?: number;
  readonly highWarning?: number;
  readonly lowWarning?: number;
  readonly lowAlarm?: number;
}

/** A bound that is passed, as the module says itself. */
export interface ModuleAlarm {
  readonly quantity: ModuleQuantity;
  readonly level: keyof ModuleLimits;
  /** From 1; undefined where the module has one lane or the quantity is the whole module's. */
  readonly lane?: number;
}

/** One of the lanes of a module, from 1. */
export interface ModuleLane {
  readonly lane: number;
  readonly biasMilliampere?: number;
  readonly txMilliwatt?: number;
  readonly rxMilliwatt?: number;
}

/** A module. What it does not tell is left out. */
export interface Module {
  /** "SFP", "QSFP28", "QSFP-DD Double Density 8X Pluggable Transceiver (INF-8628)". */
  readonly identifier?: string;
  readonly connector?: string;
  /** What it is for: "10G Ethernet: 10G Base-SR". */
  readonly types: readonly string[];
  readonly vendor?: string;
  readonly partNumber?: string;
  readonly revision?: string;
  readonly serial?: string;
  readonly dateCode?: string;
  readonly wavelength?: string;
  readonly maxPower?: string;
  /** Of CMIS modules: "ModuleReady", "ModuleFault"; what the fault is; firmware. */
  readonly state?: string;
  readonly fault?: string;
  readonly firmware?: string;
  readonly temperatureCelsius?: number;
  readonly volts?: number;
  readonly lanes: readonly ModuleLane[];
  readonly limits: { readonly [Q in ModuleQuantity]?: ModuleLimits };
  readonly alarms: readonly ModuleAlarm[];
  /** Flags that the module has and that are not set. */
  readonly quiet?: readonly ModuleAlarm[];
  /** Lanes with a trouble that the module tells of: "Rx loss of signal", "Tx fault". Lane 0 stands for all. */
  readonly laneFaults: readonly { readonly what: string; readonly lanes: readonly number[] }[];
  /** Whether it measures at all; undefined where it does not say. */
  readonly diagnostics?: boolean;
}

type Row = readonly [name: string, value: string];

const FORM = 'ethtool -m';
const MAX_LANES = 64;
const QUANTITIES: readonly (readonly [RegExp, ModuleQuantity])[] = [
  [/^laser (?:tx )?bias current$/, 'bias'],
  [/^(?:laser output power|laser tx power|transmit avg optical power|transmit power)$/, 'txPower'],
  [
    /^(?:laser rx power|rx power|receiver signal oma|receiver signal average optical power|rcvr signal avg optical power)$/,
    'rxPower',
  ],
  [/^module temperature(?: measurement)?$/, 'temperature'],
  [/^module voltage(?: measurement)?$/, 'voltage'],
];
const LEVELS: Readonly<Record<string, keyof ModuleLimits>> = {
  'high alarm': 'highAlarm',
  'low alarm': 'lowAlarm',
  'high warning': 'highWarning',
  'low warning': 'lowWarning',
};
const LANE_FAULTS = [
  'rx loss of signal',
  'tx loss of signal',
  'rx loss of lock',
  'tx loss of lock',
  'tx fault',
  'tx adaptive eq fault',
];

/** Reads `ethtool -m`. @throws Unavailable */
export function parseModule(text: string): Module {
  const rows = isJson(text) ? jsonRows(text) : textRows(text);
  const first = new Map<string, string>();
  for (const [name, value] of rows) if (!first.has(name)) first.set(name, value);
  const identifier = described(first.get('identifier'));
  if (identifier === undefined && !first.has('vendor name')) throw refusal(FORM, text);
  // Nobody answers on the bus: what is read then is ones, which would pass for a module with all alarms on.
  if (/^0xff\b/i.test(first.get('identifier') ?? '') && !first.get('vendor name'))
    throw new Unavailable('failed', `${FORM}: the module does not answer, its memory reads as ones`);
  const get = (...names: string[]) => {
    const value = names.map((name) => first.get(name)).find((one) => one !== undefined && one !== '');
    return value === undefined || /^(?:unspecified|none)$/i.test(value) ? undefined : value.slice(0, 100);
  };
  const texts = {
    identifier,
    connector: described(first.get('connector')),
    vendor: get('vendor name'),
    partNumber: get('vendor pn'),
    revision: get('vendor rev'),
    serial: get('vendor sn'),
    dateCode: get('date code'),
    wavelength: get('laser wavelength'),
    maxPower: get('max power'),
    state: described(first.get('module state')),
    fault: faultOf(first.get('module fault cause')),
    firmware: get('active firmware version'),
  };
  const diagnostics = first.get('optical diagnostics support');
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    types: rows
      .filter(([name]) => name === 'transceiver type' || name === 'extended module code')
      .map(([, value]) => value.slice(0, 100)),
    ...measured(rows),
    laneFaults: rows.flatMap(([name, value]) => {
      const lanes = LANE_FAULTS.includes(name) ? lanesOf(value) : [];
      return lanes.length === 0 ? [] : [{ what: name[0]?.toUpperCase() + name.slice(1), lanes }];
    }),
    ...(diagnostics === undefined ? {} : { diagnostics: /^yes|^true/i.test(diagnostics) }),
  };
}

/** Names in lower case with single spaces. */
function textRows(text: string): Row[] {
  const rows: Row[] = [];
  for (const line of lines(text)) {
    const one = field(line);
    if (one) rows.push([one.name.toLowerCase().replaceAll(/\s+/g, ' '), one.value]);
  }
  return rows;
}

/** The JSON form as rows of the text form. */
function jsonRows(text: string): Row[] {
  // Up to 6.15 a measured value and its bounds have the same key, so that a parser keeps the bounds alone.
  const apart = text.replaceAll(
    /"([a-z_]{1,60}?)(?:_thresholds?)?"\s*:\s*\{(?=\s*"(?:high|low)_(?:alarm|warning))/g,
    '"$1_bounds": {',
  );
  const whole = jsonOf(FORM, apart);
  const rows: Row[] = [];
  for (const [key, value] of Object.entries(whole)) {
    const name = key.replaceAll('_', ' ').toLowerCase();
    if (name.endsWith(' description')) continue;
    const description = whole[`${key}_description`];
    if (typeof description === 'string') rows.push([name, `(${description})`]);
    else rows.push(...rowsOf(name, value));
  }
  return rows;
}

function rowsOf(name: string, value: unknown): Row[] {
  if (typeof value === 'boolean') return [[name, value ? 'On' : 'Off']];
  if (typeof value === 'string' || typeof value === 'number') return [[name, String(value)]];
  if (Array.isArray(value)) {
    if (LANE_FAULTS.includes(name))
      return [[name, `[ ${value.map((one) => (one === true || one === 'Yes' ? 'Yes' : 'No')).join(', ')} ]`]];
    return value.slice(0, MAX_LANES).flatMap((one, at) => {
      const scalar = typeof one === 'boolean' || typeof one === 'number';
      return typeof one === 'string'
        ? [[name, one] as Row]
        : scalar
          ? rowsOf(`${name} (channel ${at + 1})`, one)
          : [];
    });
  }
  if (!isObject(value)) return [];
  if (typeof value.major === 'number') return [[name, `${value.major}.${value.minor}`]];
  return nestedRows(name, value);
}

/** Bounds, and the received power, which stands in an object with its kind. */
function nestedRows(name: string, value: JsonObject): Row[] {
  const inner = value.values ?? value.value;
  if (inner !== undefined) return rowsOf(name, inner);
  const of = name.replace(/ bounds$/, '');
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'number'
      ? [[`${of} ${key.replaceAll('_', ' ').replace(/ threshold$/, '')} threshold`, String(one)] as Row]
      : [],
  );
}

/** "0x03 (SFP)" and "(SFP)" are "SFP"; a bare number says nothing to anybody. */
function described(value: string | undefined): string | undefined {
  const inside = /^[^(]{0,20}\((.*)\)$/.exec(value ?? '')?.[1];
  return inside === undefined || /^reserved or unknown$/i.test(inside)
    ? value || undefined
    : inside.slice(0, 100);
}

function faultOf(value: string | undefined): string | undefined {
  const fault = described(value);
  return fault === undefined || /no fault|^0(?:x0+)?$/i.test(fault) ? undefined : fault;
}

function lanesOf(value: string): number[] {
  if (/^(?:all|yes|on|true)$/i.test(value)) return [0];
  return value
    .split(/[\s[\],]+/)
    .filter((word) => word !== '')
    .slice(0, MAX_LANES)
    .flatMap((word, at) => (/^yes$/i.test(word) ? [at + 1] : []));
}

/** "0.4678 mW / -3.30 dBm" → 0.4678; "31.00 degrees C / 87.80 degrees F" → 31. */
function amount(value: string): number | undefined {
  const number = /^-?\d{1,9}(?:\.\d{1,9})?(?=\s|$)/.exec(value)?.[0];
  return number === undefined ? undefined : Number(number);
}

function measured(
  rows: readonly Row[],
): Pick<Module, 'temperatureCelsius' | 'volts' | 'lanes' | 'limits' | 'alarms' | 'quiet'> {
  const lanes = new Map<
    number,
    { lane: number; biasMilliampere?: number; txMilliwatt?: number; rxMilliwatt?: number }
  >();
  const limits: { [Q in ModuleQuantity]?: { [L in keyof ModuleLimits]: number } } = {};
  const alarms: ModuleAlarm[] = [];
  const quiet: ModuleAlarm[] = [];
  const whole: { temperatureCelsius?: number; volts?: number } = {};
  for (const [name, value] of rows) {
    const { base, lane, level, threshold } = partsOf(name);
    const quantity = QUANTITIES.find(([pattern]) => pattern.test(base))?.[1];
    if (quantity === undefined || (lane ?? 1) > MAX_LANES) continue;
    if (level !== undefined && !threshold) {
      const flag = { quantity, level, ...(lane === undefined ? {} : { lane }) };
      if (/^on$/i.test(value)) alarms.push(flag);
      else if (/^off$/i.test(value)) quiet.push(flag);
      continue;
    }
    const number = amount(value);
    if (number === undefined) continue;
    if (level !== undefined) limits[quantity] = { ...limits[quantity], [level]: number };
    else if (quantity === 'temperature') whole.temperatureCelsius ??= number;
    else if (quantity === 'voltage') whole.volts ??= number;
    else {
      const one = lanes.get(lane ?? 1) ?? { lane: lane ?? 1 };
      lanes.set(one.lane, one);
      one[
        quantity === 'bias' ? 'biasMilliampere' : quantity === 'txPower' ? 'txMilliwatt' : 'rxMilliwatt'
      ] ??= number;
    }
  }
  return { ...whole, lanes: [...lanes.values()].sort((a, b) => a.lane - b.lane), limits, alarms, quiet };
}

/** "laser tx power low warning (channel 2)" → what, which lane, which bound, and whether it is the bound itself. */
function partsOf(name: string): {
  base: string;
  lane?: number;
  level?: keyof ModuleLimits;
  threshold: boolean;
} {
  const channel = / ?\(chan(?:nel)? (\d{1,3})\)$/.exec(name);
  let base = channel ? name.slice(0, channel.index).trim() : name;
  const threshold = base.endsWith(' threshold');
  if (threshold) base = base.slice(0, -' threshold'.length);
  const words = / (high|low) (alarm|warning)$/.exec(base);
  const level = words ? LEVELS[`${words[1]} ${words[2]}`] : undefined;
  return {
    base: words ? base.slice(0, words.index).trim() : base,
    ...(channel ? { lane: Number(channel[1]) } : {}),
    ...(level ? { level } : {}),
    threshold,
  };
}

/** Milliwatts as dBm; undefined where there is no light. */
export function dbm(milliwatt: number): number | undefined {
  return milliwatt > 0 ? Math.round(1_000 * Math.log10(milliwatt)) / 100 : undefined;
}
