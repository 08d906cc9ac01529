/** `ethtool -k`: offloads, whether they are on, whether they can be changed, and what was asked for in vain. */

import { field, isJson, isObject, jsonOf, lines, onOff, refusal } from './text.ts';

/** An offload. */
export interface Feature {
  readonly on: boolean;
  /** The device cannot change it. */
  readonly fixed: boolean;
  /** What was asked for, where it is not what is. */
  readonly requested?: boolean;
}

/** Offloads by ethtool's names: "generic-receive-offload", "tx-checksum-ipv4". */
export type Features = ReadonlyMap<string, Feature>;

/** Reads `ethtool -k`. @throws Unavailable */
export function parseFeatures(text: string): Features {
  const found = new Map<string, Feature>();
  if (isJson(text)) {
    for (const [name, value] of Object.entries(jsonOf('ethtool -k', text))) {
      if (!isObject(value) || typeof value.active !== 'boolean') continue;
      const on = value.active;
      const requested = value.requested;
      const differs = typeof requested === 'boolean' && requested !== on && value.fixed !== true;
      found.set(name, { on, fixed: value.fixed === true, ...(differs ? { requested: !on } : {}) });
    }
  } else {
    for (const line of lines(text)) {
      const one = field(line);
      const on = onOff(one?.value);
      // "Cannot get device … settings" has a colon too, but neither on nor off behind it.
      if (!one || on === undefined || !/^(?:on|off)\b/i.test(one.value) || found.has(one.name)) continue;
      const requested = /\[requested (on|off)\]/i.exec(one.value)?.[1];
      found.set(one.name, {
        on,
        fixed: /\[fixed\]/i.test(one.value),
        ...(requested ? { requested: requested.toLowerCase() === 'on' } : {}),
      });
    }
  }
  if (found.size === 0) throw refusal('ethtool -k', text);
  return found;
}
