/** `ethtool -i`: the driver, its version, the device's firmware, and where the device is. */

import { field, isJson, jsonOf, jsonText, lines, onOff, refusal } from './text.ts';

/** Who drives an interface. Texts that are empty or "N/A" are left out. */
export interface DriverInfo {
  readonly driver: string;
  /** The driver's own version; the kernel's, since 5.8, where it has none. */
  readonly version?: string;
  /** As the driver words it: "16.28.2006 (MT_0000000080)", "3.25, 0x800004f0", "5719-v1.46 NCSI v1.5.33.0". */
  readonly firmware?: string;
  readonly expansionRom?: string;
  /** "0000:3b:00.0", "usb-0000:00:14.0-3", "virtio0". */
  readonly bus?: string;
  readonly statistics?: boolean;
  readonly privateFlags?: boolean;
}

/** Reads `ethtool -i`. @throws Unavailable */
export function parseDriver(text: string): DriverInfo {
  const found = new Map<string, string>();
  if (isJson(text)) {
    for (const [key, value] of Object.entries(jsonOf('ethtool -i', text)))
      found.set(key, jsonText(value) ?? '');
  } else {
    for (const line of lines(text)) {
      const one = field(line);
      if (one && !found.has(one.name)) found.set(one.name, one.value);
    }
  }
  const get = (name: string) => {
    const value = found
      .get(name)
      ?.replace(/[^\x20-\x7e]+/g, ' ')
      .trim()
      .slice(0, 200);
    return value === undefined || value === '' || /^(?:n\/a|not available)$/i.test(value) ? undefined : value;
  };
  const driver = get('driver');
  if (driver === undefined) throw refusal('ethtool -i', text);
  const rest = {
    version: get('version'),
    firmware: get('firmware-version'),
    expansionRom: get('expansion-rom-version'),
    bus: get('bus-info'),
    statistics: onOff(found.get('supports-statistics')),
    privateFlags: onOff(found.get('supports-priv-flags')),
  };
  return { driver, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}
