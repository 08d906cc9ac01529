/** `ethtool -T`: what a NIC can do for PTP. */

import { count, field, isJson, isObject, jsonOf, lines, refusal } from './text.ts';

/** Time stamping of packets. */
export interface Timestamping {
  /** "hardware-transmit", "software-receive" …: ethtool's short names, also where the output has the kernel's beside them. */
  readonly capabilities: readonly string[];
  /** The number of the PTP hardware clock, as in /dev/ptpN; undefined where there is none. */
  readonly clock?: number;
  readonly transmitModes: readonly string[];
  readonly receiveFilters: readonly string[];
}

const SECTIONS: readonly (readonly [RegExp, 'capabilities' | 'transmitModes' | 'receiveFilters'])[] = [
  [/^capabilities/i, 'capabilities'],
  [/^hardware transmit timestamp modes/i, 'transmitModes'],
  [/^hardware receive filter modes/i, 'receiveFilters'],
];

/** Reads `ethtool -T`. @throws Unavailable */
export function parseTimestamping(text: string): Timestamping {
  const found = {
    capabilities: [] as string[],
    transmitModes: [] as string[],
    receiveFilters: [] as string[],
  };
  let clock: number | undefined;
  let seen = false;
  if (isJson(text)) {
    const namesOf = (value: unknown) =>
      Array.isArray(value)
        ? value.filter((one) => typeof one === 'string')
        : isObject(value)
          ? Object.keys(value).filter((key) => value[key] !== false)
          : [];
    for (const [key, value] of Object.entries(jsonOf('ethtool -T', text))) {
      const name = key.replaceAll(/[-_]/g, ' ');
      const section = SECTIONS.find(([pattern]) => pattern.test(name))?.[1];
      if (section) found[section] = namesOf(value);
      if (/^(?:ptp hardware clock|hwtstamp provider index|phc index)$/i.test(name))
        clock = count(String(value));
      seen ||= section !== undefined;
    }
  } else {
    let section: keyof typeof found | undefined;
    for (const line of lines(text)) {
      // Headings are known by their colon: what was pasted into a report has lost or won indentation.
      const one = field(line);
      if (one) {
        section = SECTIONS.find(([pattern]) => pattern.test(one.name))?.[1];
        seen ||= section !== undefined;
        if (/^(?:PTP Hardware Clock|Hardware timestamp provider index)$/i.test(one.name))
          clock = count(one.value);
      } else if (section) {
        const name = line.trim().split(/\s+/, 1)[0];
        if (name && /^\w[\w-]*$/.test(name)) found[section].push(name);
      }
    }
  }
  if (!seen) throw refusal('ethtool -T', text);
  const none = (names: string[]) => names.filter((name) => name !== 'none' || names.length > 1);
  return {
    capabilities: found.capabilities,
    ...(clock === undefined ? {} : { clock }),
    transmitModes: none(found.transmitModes),
    receiveFilters: found.receiveFilters,
  };
}
