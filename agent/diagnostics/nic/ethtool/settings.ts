/** The plain form, `ethtool IFACE`: what the link can do, what was agreed on, and why it is down. */

import { count, field, isJson, jsonOf, jsonText, lines, onOff, refusal } from './text.ts';

/** What one side of a link can do. */
export interface LinkAbilities {
  /** "10000baseT/Full"; empty where none are reported. */
  readonly modes: readonly string[];
  /** "Symmetric", "Symmetric Receive-only", "Transmit-only", "No". */
  readonly pause?: string;
  readonly autonegotiation?: boolean;
  /** "None", "BaseR", "RS", "LLRS"; empty where none are reported. */
  readonly fec: readonly string[];
}

/** A link. What is not reported, or is "Unknown!", is left out. */
export interface LinkSettings {
  readonly ports: readonly string[];
  readonly supported: LinkAbilities;
  readonly advertised: LinkAbilities;
  /** What the other side told; only where autonegotiation took place and the driver tells. */
  readonly partner?: LinkAbilities;
  readonly speedMbps?: number;
  readonly lanes?: number;
  readonly duplex?: 'full' | 'half';
  readonly autonegotiation?: boolean;
  /** "Twisted Pair", "FIBRE", "Direct Attach Copper", "None", "Other". */
  readonly port?: string;
  readonly transceiver?: string;
  readonly mdix?: string;
  /** "preferred master", "forced slave", and what came of it: "master", "slave". */
  readonly masterSlaveConfig?: string;
  readonly masterSlave?: string;
  readonly wakeOnSupported?: string;
  readonly wakeOn?: string;
  /** Signal quality of a 100BASE-T1 link, out of the most there is. */
  readonly signalQuality?: { readonly value: number; readonly of?: number };
  readonly link?: boolean;
  /** Why there is no link: "No cable", "Autoneg, No partner detected". */
  readonly linkReason?: string;
  /** How often the link went down since the driver was loaded, from kernel 6.2 on. */
  readonly linkDownEvents?: number;
}

const FORM = 'ethtool';
const SIDES = [
  ['supported', /^Support(?:ed|s) /i],
  ['advertised', /^Advertised /i],
  ['partner', /^Link partner advertised /i],
] as const;
type Side = (typeof SIDES)[number][0];

interface Draft {
  modes: string[];
  fec: string[];
  pause?: string;
  autonegotiation?: boolean;
}

/** Words of a list, without brackets; "Not reported" is an empty one. */
function words(value: string): string[] {
  if (/^not (?:reported|applicable)/i.test(value)) return [];
  return value.split(/[\s[\],]+/).filter((word) => word !== '');
}

const known = (value: string | undefined): string | undefined =>
  value === undefined || value === '' || /^unknown/i.test(value) ? undefined : value;

/** Fields with their continuation lines joined: a list of modes goes on in lines without a colon. */
function fieldsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let last: string | undefined;
  let settings = 0;
  for (const line of lines(text)) {
    const one = field(line);
    if (one === undefined) {
      // Indented, or a list of modes whose indentation got lost where it was pasted into a report.
      if (last !== undefined && (/^\s/.test(line) || /^\d{1,7}base\w/i.test(line)))
        found.set(last, `${found.get(last)} ${line.trim()}`.slice(0, 65_536));
      continue;
    }
    // A second interface in the same output is another call's business.
    if (/^Settings for /i.test(one.name) && ++settings > 1) break;
    last = one.name.toLowerCase();
    if (!found.has(last)) found.set(last, one.value);
  }
  return found;
}

function jsonFields(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(jsonOf(FORM, text))) {
    const one = Array.isArray(value) ? value.map(jsonText).join(' ') : jsonText(value);
    if (one !== undefined)
      found.set(key.toLowerCase().replaceAll('-', ' ').replace('auto negotiation', 'auto-negotiation'), one);
  }
  return found;
}

function abilities(fields: ReadonlyMap<string, string>): Record<Side, Draft | undefined> {
  const sides: Record<Side, Draft | undefined> = {
    supported: undefined,
    advertised: undefined,
    partner: undefined,
  };
  for (const [name, value] of fields) {
    const side = SIDES.find(([, pattern]) => pattern.test(name))?.[0];
    if (side === undefined) continue;
    const draft: Draft = sides[side] ?? { modes: [], fec: [] };
    sides[side] = draft;
    if (name.endsWith('link modes')) draft.modes = words(value).filter((word) => /base/i.test(word));
    else if (name.endsWith('pause frame use')) draft.pause = value;
    else if (name.endsWith('fec modes')) draft.fec = words(value);
    else if (name.endsWith('auto-negotiation')) {
      const on = onOff(value);
      if (on !== undefined) draft.autonegotiation = on;
    }
  }
  return sides;
}

function linkOf(value: string | undefined): Pick<LinkSettings, 'link' | 'linkReason'> {
  const link = onOff(value);
  if (link === undefined) return {};
  const open = value?.indexOf('(') ?? -1;
  const reason = open > 0 && value?.endsWith(')') ? value.slice(open + 1, -1).trim() : '';
  return reason ? { link, linkReason: reason } : { link };
}

/** Reads `ethtool IFACE`. @throws Unavailable */
export function parseSettings(text: string): LinkSettings {
  const fields = isJson(text) ? jsonFields(text) : fieldsOf(text);
  const get = (...names: string[]) =>
    names.map((name) => fields.get(name)).find((value) => value !== undefined);
  const sides = abilities(fields);
  const speed = /^(\d{1,9})\s*(Mb|Gb|)/i.exec(get('speed') ?? '');
  const duplex = /^(full|half)/i.exec(get('duplex') ?? '')?.[1]?.toLowerCase();
  const sqi = /^(\d{1,6})(?:\s*\/\s*(\d{1,6}))?/.exec(get('sqi') ?? '');
  const rest = {
    speedMbps: speed
      ? Number(speed[1]) * (speed[2]?.toLowerCase() === 'gb' ? 1_000 : 1) || undefined
      : undefined,
    lanes: count(get('lanes')),
    duplex: duplex === 'full' || duplex === 'half' ? duplex : undefined,
    autonegotiation: onOff(get('auto-negotiation')),
    port: known(get('port')),
    transceiver: known(get('transceiver')),
    mdix: known(get('mdi-x', 'mdi x')),
    masterSlaveConfig: known(get('master-slave cfg', 'master slave cfg')),
    masterSlave: known(get('master-slave status', 'master slave status')),
    wakeOnSupported: known(get('supports wake-on', 'supports wake on')),
    wakeOn: known(get('wake-on', 'wake on')),
    signalQuality: sqi ? { value: Number(sqi[1]), ...(sqi[2] ? { of: Number(sqi[2]) } : {}) } : undefined,
    linkDownEvents: count(get('link down events')),
    ...linkOf(get('link detected')),
  };
  const told = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as Partial<LinkSettings>;
  if (Object.keys(told).length === 0 && !sides.supported && !sides.advertised) throw refusal(FORM, text);
  return {
    ports: words(get('supported ports') ?? ''),
    supported: sides.supported ?? { modes: [], fec: [] },
    advertised: sides.advertised ?? { modes: [], fec: [] },
    ...(sides.partner ? { partner: sides.partner } : {}),
    ...told,
  };
}

/** The speed of a link mode in Mbit/s: 25000 for "25000baseCR/Full"; undefined where it has none. */
export function modeSpeed(mode: string): number | undefined {
  const speed = /^(\d{1,7})base/i.exec(mode)?.[1];
  return speed === undefined ? undefined : Number(speed);
}
