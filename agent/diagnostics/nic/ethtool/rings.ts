/** `ethtool -g` and `ethtool -l`: sizes of rings and numbers of channels, now and at most. Both have the same shape. */

import { count, field, isJson, jsonOf, jsonText, lines, refusal, uncommented } from './text.ts';

/** Entries of a NIC's rings. What the device does not have is left out. */
export interface RingSizes {
  readonly rx?: number;
  readonly rxMini?: number;
  readonly rxJumbo?: number;
  readonly tx?: number;
}

/** Rings: as they are, and the most that the device takes. */
export interface Rings {
  readonly maximum: RingSizes;
  readonly current: RingSizes;
  /** "on", "off" or "unknown(…)": whether headers and data go to buffers of their own. */
  readonly tcpDataSplit?: string;
  readonly rxBufferBytes?: number;
}

/** Numbers of queues, by what they serve. */
export interface ChannelCounts {
  readonly rx?: number;
  readonly tx?: number;
  readonly other?: number;
  readonly combined?: number;
}

/** Channels: as they are, and the most that the device takes. */
export interface Channels {
  readonly maximum: ChannelCounts;
  readonly current: ChannelCounts;
}

/** Values by their names in lower case with hyphens, for the maximums and for now. */
type Halves = { maximum: Map<string, string>; current: Map<string, string> };

function halves(form: string, text: string): Halves {
  const found: Halves = { maximum: new Map(), current: new Map() };
  const keyOf = (name: string) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, '-');
  if (isJson(text)) {
    for (const [key, value] of Object.entries(jsonOf(form, text))) {
      const name = keyOf(key);
      const one = jsonText(value);
      if (one === undefined) continue;
      if (name.endsWith('-max')) found.maximum.set(name.slice(0, -4), one);
      else found.current.set(name.replace(/-count$/, ''), one);
    }
    return found;
  }
  let half: Map<string, string> | undefined;
  for (const line of lines(text)) {
    if (/^\s*pre-set maximums/i.test(line)) half = found.maximum;
    else if (/^\s*current hardware settings/i.test(line)) half = found.current;
    else {
      const one = field(line);
      if (one && half && !half.has(keyOf(one.name))) half.set(keyOf(one.name), uncommented(one.value));
    }
  }
  return found;
}

function numbers<K extends string>(
  values: ReadonlyMap<string, string>,
  names: Readonly<Record<K, string>>,
): { [P in K]?: number } {
  const found: { [P in K]?: number } = {};
  for (const [key, name] of Object.entries(names) as [K, string][]) {
    const value = count(values.get(name));
    if (value !== undefined) found[key] = value;
  }
  return found;
}

/** Reads `ethtool -g`. @throws Unavailable */
export function parseRings(text: string): Rings {
  const names = { rx: 'rx', rxMini: 'rx-mini', rxJumbo: 'rx-jumbo', tx: 'tx' };
  const { maximum, current } = halves('ethtool -g', text);
  if (maximum.size + current.size === 0) throw refusal('ethtool -g', text);
  const split = current.get('tcp-data-split');
  const buffer = count(current.get('rx-buf-len'));
  return {
    maximum: numbers(maximum, names),
    current: numbers(current, names),
    ...(split === undefined || split === 'n/a' ? {} : { tcpDataSplit: split }),
    ...(buffer === undefined ? {} : { rxBufferBytes: buffer }),
  };
}

/** Reads `ethtool -l`. @throws Unavailable */
export function parseChannels(text: string): Channels {
  const names = { rx: 'rx', tx: 'tx', other: 'other', combined: 'combined' };
  const { maximum, current } = halves('ethtool -l', text);
  if (maximum.size + current.size === 0) throw refusal('ethtool -l', text);
  return { maximum: numbers(maximum, names), current: numbers(current, names) };
}

/** Queues that receive: combined channels do both. */
export function receiveQueues({ rx = 0, combined = 0 }: ChannelCounts): number {
  return rx + combined;
}
