/** `ethtool --show-eee`: Energy-Efficient Ethernet, which some NICs and switches do badly together. */

import { field, isJson, jsonOf, jsonText, lines, onOff, refusal } from './text.ts';

/** Energy-Efficient Ethernet. */
export interface Eee {
  readonly supported: boolean;
  readonly enabled: boolean;
  /** In force: both sides agreed. */
  readonly active: boolean;
}

/** Reads `ethtool --show-eee`. @throws Unavailable */
export function parseEee(text: string): Eee {
  const form = 'ethtool --show-eee';
  if (isJson(text)) {
    const whole = jsonOf(form, text);
    const status = jsonText(whole.status ?? whole['eee-status'] ?? whole.enabled);
    if (status === undefined) throw refusal(form, text);
    const enabled = onOff(status) === true;
    return {
      supported: !/not supported/i.test(status),
      enabled,
      active: enabled && (whole.active === true || /-\s*active/i.test(status)),
    };
  }
  for (const line of lines(text)) {
    const one = field(line);
    if (!one || !/^(?:eee )?status$/i.test(one.name)) continue;
    if (/not supported/i.test(one.value)) return { supported: false, enabled: false, active: false };
    const enabled = onOff(one.value);
    if (enabled === undefined) continue;
    return { supported: true, enabled, active: enabled && /-\s*active/i.test(one.value) };
  }
  throw refusal(form, text);
}
