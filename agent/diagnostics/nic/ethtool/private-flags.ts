/** `ethtool --show-priv-flags`: switches that a driver made up. */

import { field, isJson, isObject, jsonOf, lines, onOff, refusal } from './text.ts';

/** Reads `ethtool --show-priv-flags` as switches by the driver's names. @throws Unavailable */
export function parsePrivateFlags(text: string): ReadonlyMap<string, boolean> {
  const form = 'ethtool --show-priv-flags';
  const found = new Map<string, boolean>();
  if (isJson(text)) {
    const whole = jsonOf(form, text);
    const inner = Object.values(whole).find(isObject) ?? whole;
    for (const [name, value] of Object.entries(inner)) if (typeof value === 'boolean') found.set(name, value);
  } else {
    for (const line of lines(text)) {
      const one = field(line);
      const on = one && /^(?:on|off)$/i.test(one.value) ? onOff(one.value) : undefined;
      if (one && on !== undefined && !found.has(one.name)) found.set(one.name, on);
    }
  }
  if (found.size === 0) throw refusal(form, text);
  return found;
}
