/** `ssacli`, hpssacli and hpacucli (HPE): `controller all show status`, `logicaldrive all show`, `physicaldrive all show` and `config`. */

import { battery, controller, drive, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;

/** Parses them in any order. */
export function parseSsacli(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let name = 'controller';
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 500);
    name =
      /^\s*((?:Smart Array|Smart HBA|HPE?|Dynamic|MSA|RAID Array)\b.{0,60}?)(?: in Slot (.{1,30}))?(?: \(.*\))?\s*$/
        .exec(row)?.[0]
        ?.trim() ?? name;
    // "logicaldrive 1 (279.4 GB, RAID 1, OK)", "physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS, 300 GB, Predictive Failure, spare)".
    const [, kind, id = '', words = ''] =
      /^\s*(logicaldrive|physicaldrive) (\S{1,20}) \((.{1,300})\)\s*$/.exec(row) ?? [];
    const states = words.split(/,\s*/);
    if (kind === 'logicaldrive')
      parts.push(volume(`logicaldrive ${id}`, states.slice(2).join(', ') || (states.at(-1) ?? '')));
    if (kind === 'physicaldrive') {
      const state =
        states.findLast((word) =>
          /^(?:OK|Failed|Predictive|Rebuild|Erase|Offline|Queued|Not |Missing)/i.test(word),
        ) ?? '';
      parts.push(drive(`physicaldrive ${id}`, state));
    }
    // "array A (SATA, Unused Space: 0 MB)", "array B (Failed)".
    const [, array = '', state = ''] =
      /^\s*array (\w{1,3}) \((Failed|.{0,100}, Failed)\)\s*$/i.exec(row) ?? [];
    if (array !== '') parts.push(volume(`array ${array}`, state.includes('Failed') ? 'Failed' : state));
    const [, what = '', health = ''] =
      /^\s*(Controller Status|Cache Status|Battery\/Capacitor Status|Battery Status): (\S.{0,80}?)\s*$/.exec(
        row,
      ) ?? [];
    if (what === 'Controller Status') parts.push(controller(name, health, !/^OK/i.test(health)));
    else if (what === 'Cache Status')
      parts.push(
        controller(
          `cache of ${name}`,
          health,
          /permanently|failed|dead|not /i.test(health) && !/not configured/i.test(health),
        ),
      );
    else if (what !== '') parts.push(battery(name, health, /fail|replace|missing|degraded/i.test(health)));
  }
  return parts;
}
