/** `tw_cli` (3ware): `/c0 show`, `info c0` and `show`. */

import { battery, controller, drive, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;
/** States of a unit in which nothing is missing. */
const UNIT_WELL = /^(?:OK|VERIFY|INIT|MIGRAT)/;
/** Slots that are empty. */
const EMPTY = /^(?:NOT-PRESENT|EMPTY)$/;

/** Parses them in any order. */
export function parseTwCli(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 500).trim();
    const [, unit = '', kind = '', state = ''] =
      /^(u\d{1,3}(?:-\d{1,3})?)\s+(RAID-\d{1,3}|SINGLE|JBOD|SPARE|DISK)\s+([A-Z][A-Z-]{1,20})\s/i.exec(row) ??
      [];
    if (unit !== '') {
      // Rows below a unit are its members, which the ports tell too.
      const word = /^(?:INOPERABLE|RECOVERY)/i.test(state) ? `Failed (${state})` : state;
      if (!unit.includes('-')) parts.push(volume(`${unit} (${kind})`, UNIT_WELL.test(state) ? state : word));
      continue;
    }
    const [, port = '', is = ''] = /^(p\d{1,3})\s+([A-Z][A-Z-]{1,20})\s+(?:u\d{1,3}|-)\s/i.exec(row) ?? [];
    if (port !== '') {
      if (EMPTY.test(is)) continue;
      const bad = !/^(?:OK|VERIFY|SPARE)/i.test(is);
      parts.push(drive(port, bad && !/^REBUILD/i.test(is) ? `Failed (${is})` : is));
      continue;
    }
    const cells = row.split(/\s+/);
    if (cells[0] === 'bbu' && cells.length >= 4)
      parts.push(battery('bbu', cells[3] ?? '', !/^(?:OK|Testing|Charging|-)$/i.test(cells[3] ?? '')));
    // "c0  9650SE-4LPML  4  4  1  1  4  1  OK": model, ports, drives, units, units that are not well.
    if (/^c\d{1,2}$/.test(cells[0] ?? '') && cells.length >= 8 && /^\d{1,4}$/.test(cells[5] ?? ''))
      parts.push(controller(cells[0] ?? '', `${cells[5]} units are not well`, Number(cells[5]) > 0));
  }
  return parts;
}
