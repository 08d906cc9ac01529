/** Forms of ethtool that tell one or two things: `-P`, `-x` and `--show-module`. */

import { field, isJson, jsonOf, jsonText, lines, refusal } from './text.ts';

/** Reads `ethtool -P`: the address that the device was made with, in lower case; undefined where it has none. @throws Unavailable */
export function parsePermanentAddress(text: string): string | undefined {
  const form = 'ethtool -P';
  const found = isJson(text) ? jsonText(jsonOf(form, text)['permanent-address']) : text;
  const address = /(?:^|[\s"])([0-9a-f]{2}(?::[0-9a-f]{2}){5,19})\s*$/im
    .exec(found ?? '')?.[1]
    ?.toLowerCase();
  if (address === undefined && !/permanent address/i.test(text)) throw refusal(form, text);
  return address === undefined || /^00(?::00)+$/.test(address) ? undefined : address;
}

/** How received packets are spread over rings. */
export interface ReceiveSpread {
  /** Rings that the device has. */
  readonly rings?: number;
  /** Rings that the table sends packets to. */
  readonly used: readonly number[];
  /** The hash function that is on: "toeplitz". */
  readonly hash?: string;
}

/** Reads `ethtool -x`. @throws Unavailable */
export function parseReceiveSpread(text: string): ReceiveSpread {
  const form = 'ethtool -x';
  const used = new Set<number>();
  let rings: number | undefined;
  let hash: string | undefined;
  if (isJson(text)) {
    const whole = jsonOf(form, text);
    const table = whole['rss-indirection-table'];
    if (Array.isArray(table)) for (const one of table) if (typeof one === 'number') used.add(one);
  } else {
    for (const line of lines(text)) {
      rings ??= numberIn(/with (\d{1,6}) RX ring/i.exec(line)?.[1]);
      hash ??= /^\s+(\w{1,32}): on$/.exec(line)?.[1];
      const row = /^\s*\d{1,6}:((?:\s+\d{1,6})+)$/.exec(line)?.[1];
      for (const one of row?.trim().split(/\s+/) ?? []) used.add(Number(one));
    }
  }
  if (rings === undefined && used.size === 0) throw refusal(form, text);
  return {
    ...(rings === undefined ? {} : { rings }),
    used: [...used].sort((a, b) => a - b),
    ...(hash === undefined ? {} : { hash }),
  };
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Power of a pluggable module. */
export interface ModulePower {
  /** "high" or "auto". */
  readonly policy?: string;
  /** "low" or "high". */
  readonly mode?: string;
}

/** Reads `ethtool --show-module`. @throws Unavailable */
export function parseModulePower(text: string): ModulePower {
  const form = 'ethtool --show-module';
  const found = new Map<string, string>();
  if (isJson(text)) {
    for (const [key, value] of Object.entries(jsonOf(form, text))) found.set(key, jsonText(value) ?? '');
  } else {
    for (const line of lines(text)) {
      const one = field(line);
      if (one) found.set(one.name.replaceAll(' ', '-').toLowerCase(), one.value);
    }
  }
  const policy = found.get('power-mode-policy');
  const mode = found.get('power-mode');
  if (policy === undefined && mode === undefined) throw refusal(form, text);
  return { ...(policy === undefined ? {} : { policy }), ...(mode === undefined ? {} : { mode }) };
}
