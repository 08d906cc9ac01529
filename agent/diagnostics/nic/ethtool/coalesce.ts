/** `ethtool -c`: how long a NIC waits before it interrupts. */

import { count, isJson, jsonOf, jsonText, lines, onOff, refusal, uncommented } from './text.ts';

/** Interrupt moderation. */
export interface Coalesce {
  readonly adaptiveRx?: boolean;
  readonly adaptiveTx?: boolean;
  /** Settings by ethtool's names: "rx-usecs" (microseconds), "tx-frames". What the device does not have is left out. */
  readonly values: ReadonlyMap<string, number>;
}

/** Reads `ethtool -c`. @throws Unavailable */
export function parseCoalesce(text: string): Coalesce {
  const values = new Map<string, number>();
  const adaptive: { rx?: boolean | undefined; tx?: boolean | undefined } = {};
  let seen = false;
  const take = (name: string, value: string) => {
    const number = count(value);
    if (number !== undefined) values.set(name, number);
    seen = true;
  };
  if (isJson(text)) {
    for (const [key, value] of Object.entries(jsonOf('ethtool -c', text))) {
      const name = key.toLowerCase().replaceAll('_', '-');
      if (name === 'adaptive-rx') adaptive.rx = onOff(jsonText(value));
      else if (name === 'adaptive-tx') adaptive.tx = onOff(jsonText(value));
      else if (typeof value === 'number') take(name, String(value));
    }
  } else {
    for (const line of lines(text)) {
      const both = /^Adaptive RX:\s*(\S+)\s+TX:\s*(\S+)/i.exec(line.trim());
      if (both) {
        adaptive.rx = onOff(both[1]);
        adaptive.tx = onOff(both[2]);
        seen = true;
        continue;
      }
      const one = /^([a-z][a-z0-9-]{1,40}):\s*(\S+)$/i.exec(uncommented(line.trim()));
      // Both spellings, "rx-frame-low" and "rx-frames-low", were printed by one version or another.
      if (one) take((one[1] ?? '').toLowerCase().replace(/^([rt]x)-frame-/, '$1-frames-'), one[2] ?? '');
    }
  }
  if (!seen && values.size === 0 && adaptive.rx === undefined && adaptive.tx === undefined)
    throw refusal('ethtool -c', text);
  return {
    ...(adaptive.rx === undefined ? {} : { adaptiveRx: adaptive.rx }),
    ...(adaptive.tx === undefined ? {} : { adaptiveTx: adaptive.tx }),
    values,
  };
}
