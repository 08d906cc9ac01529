/** `megaclisas-status` and `perccli-status` (hwraid): tables with bars below "-- Array information --" and "-- Disk information --". */

import { drive, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 20_000;

/** Parses them. Columns are found by their names, since releases have more and fewer of them. */
export function parseMegaclisas(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let columns: readonly string[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const cells = raw
      .slice(0, 1_000)
      .replace(/^\s*--\s/, '')
      .split('|')
      .map((cell) => cell.trim());
    if (/^ID$/.test(cells[0] ?? '')) {
      columns = cells;
      continue;
    }
    const name = cells[0] ?? '';
    const state = cells[columns.indexOf('Status')];
    if (state === undefined || state === '' || !columns.includes('Status')) continue;
    // "c0u0" is a volume, "c0u0p1" and "c0uXpY" are drives, of which those without a volume are not in use.
    if (/^c\d+u\d+$/.test(name)) parts.push(volume(name, state));
    else if (/^c\d+u[\dX]+p[\dYXx]+$/.test(name)) parts.push(drive(name, state));
  }
  return parts;
}
