/** `ethtool -a`: whether a NIC sends and obeys pause frames, and what was agreed on with the other side. */

import { count, field, isJson, isObject, jsonOf, jsonText, lines, onOff, refusal } from './text.ts';

/** Flow control. What is not told is left out. */
export interface Pause {
  readonly autonegotiate?: boolean;
  /** Whether pause frames that come in are obeyed. */
  readonly rx?: boolean;
  /** Whether pause frames are sent. */
  readonly tx?: boolean;
  readonly rxNegotiated?: boolean;
  readonly txNegotiated?: boolean;
  readonly rxFrames?: number;
  readonly txFrames?: number;
}

/** Fields of the JSON form by the names of the text form. */
function jsonFields(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const take = (value: unknown, prefix: string, suffix: string) => {
    if (!isObject(value)) return;
    for (const [key, one] of Object.entries(value)) {
      const told = jsonText(one);
      if (told !== undefined) found.set(`${prefix}${key}${suffix}`.toLowerCase(), told);
    }
  };
  const whole = jsonOf('ethtool -a', text);
  take(whole, '', '');
  take(whole.negotiated, '', ' negotiated');
  take(whole.statistics, '', '');
  return found;
}

/** Reads `ethtool -a`, with the statistics that `-I` adds where they are there. @throws Unavailable */
export function parsePause(text: string): Pause {
  let fields = new Map<string, string>();
  if (isJson(text)) fields = jsonFields(text);
  else
    for (const line of lines(text)) {
      const one = field(line);
      if (one && !fields.has(one.name.toLowerCase())) fields.set(one.name.toLowerCase(), one.value);
    }
  const all = {
    autonegotiate: onOff(fields.get('autonegotiate')),
    rx: onOff(fields.get('rx')),
    tx: onOff(fields.get('tx')),
    rxNegotiated: onOff(fields.get('rx negotiated')),
    txNegotiated: onOff(fields.get('tx negotiated')),
    rxFrames: count(fields.get('rx_pause_frames')),
    txFrames: count(fields.get('tx_pause_frames')),
  };
  const told = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  if (Object.keys(told).length === 0) throw refusal('ethtool -a', text);
  return told;
}
