/** `arcconf getconfig` and `getstatus` (Adaptec, Microchip). */

import { battery, controller, drive, fieldOf, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 100_000;

/** Parses them in any order. */
export function parseArcconf(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let logical = '';
  let device = '';
  let isDrive = false;
  let isBattery = false;
  for (const row of text.split('\n', MAX_ROWS)) {
    // "Logical device number 0", "Logical Device number 0", "Device #3".
    logical = /^\s*Logical [Dd]evice [Nn]umber (\d{1,4})/.exec(row)?.[1] ?? logical;
    const next = /^\s*Device #(\d{1,4})/.exec(row)?.[1];
    if (next !== undefined) {
      device = next;
      isDrive = false;
    }
    if (/^\s*Device is an? Hard drive/i.test(row)) isDrive = true;
    else if (/^\s*Device is an? /i.test(row)) isDrive = false;
    if (
      /^\s*(?:Controller )?(?:Battery|ZMM|Cache Backup Unit|Green Backup|Flash Module|Supercap)\w*.{0,30}Information|^\s*Cache Backup Unit/i.test(
        row,
      )
    )
      isBattery = true;
    else if (/^\s*(?:Controller|Logical device|Physical Device) [\w ]*information\s*$/i.test(row))
      isBattery = false;
    const one = fieldOf(row);
    if (!one) continue;
    const { name, value } = one;
    if (/^status of logical (?:device|drive)$/.test(name))
      parts.push(volume(`logical device ${logical}`, value));
    else if (name === 'controller status')
      parts.push(controller('controller', value, !/^(?:optimal|ok|okay)/i.test(value)));
    else if (isBattery && /^(?:overall backup unit )?status$/.test(name))
      parts.push(battery('controller', value, /fail|not ready|replace|degraded|error/i.test(value)));
    else if (isDrive && name === 'state') parts.push(drive(`device ${device}`, value));
    else if (isDrive && name === 's.m.a.r.t. warnings' && Number(value) > 0) {
      const last = parts.findLast(({ kind }) => kind === 'drive');
      if (last) parts.push(drive(last.name, last.state, Number(value)));
    }
  }
  return parts;
}
