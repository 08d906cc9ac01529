/**
 * `ssacli`, hpssacli and hpacucli (HPE): `controller all show status`, `config` and `config detail`, and lists of drives with `show status`
 * or `show detail`.
 */

import { battery, controller, drive, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;

const CONTROLLER =
  /^\s*((?:Smart Array|Smart HBA|HPE?|Dynamic|MSA|RAID Array)\b.{0,60}?)(?: in Slot (.{1,30}))?(?: \(.*\))?\s*$/;
/** "logicaldrive 1 (279.4 GB, RAID 1, OK)", "physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS, 300 GB, Predictive Failure, spare)", "… (…, 300 GB): OK". */
const LISTED = /^\s*(logicaldrive|physicaldrive) (\S{1,20}) \((.{1,300}?)\)(?:: (\S.{0,60}?))?\s*$/;
/** What a block of `detail` is of. */
const BLOCK = /^\s*(?:(Logical Drive): (\S{1,20})|(physicaldrive) (\S{1,20})|(Array): (\w{1,3}))\s*$/;
const DRIVE_STATE = /^(?:OK|Failed|Predictive|Rebuild|Erase|Offline|Queued|Not |Missing)/i;
/** Sectors that no copy has any more: ssacli warns of them above everything, and tells them of each logical drive. */
const LOST = /Unrecoverable Media Errors Detected on Drives/;

/** The state of a block from its row "Status: x". */
function ofBlock(kind: string, id: string, state: string): RaidPart[] {
  if (kind === 'Logical Drive') return [volume(`logicaldrive ${id}`, state)];
  if (kind === 'physicaldrive') return [drive(`physicaldrive ${id}`, state)];
  // That of an array is told when it is none of its drives' words.
  return /^(?:Failed|Offline)/i.test(state) ? [volume(`array ${id}`, 'Failed')] : [];
}

/** The row of a controller's own state, its cache's or its battery's. */
function ofController(name: string, row: string): RaidPart[] {
  const [, what = '', health = ''] =
    /^\s*(Controller Status|Cache Status|Battery\/Capacitor Status|Battery Status): (\S.{0,80}?)\s*$/.exec(
      row,
    ) ?? [];
  if (what === 'Controller Status') return [controller(name, health, !/^OK/i.test(health))];
  if (what === 'Cache Status')
    return [
      controller(
        `cache of ${name}`,
        health,
        /permanently|failed|dead|not /i.test(health) && !/not configured/i.test(health),
      ),
    ];
  return what === '' ? [] : [battery(name, health, /fail|replace|missing|degraded/i.test(health))];
}

/** A row of a list of drives. */
function listed(row: string): RaidPart[] {
  const [, kind, id = '', words = '', behind = ''] = LISTED.exec(row) ?? [];
  if (kind === undefined) return [];
  const states = words.split(/,\s*/);
  if (kind === 'logicaldrive')
    return [volume(`logicaldrive ${id}`, behind || states.slice(2).join(', ') || (states.at(-1) ?? ''))];
  return [drive(`physicaldrive ${id}`, behind || (states.findLast((word) => DRIVE_STATE.test(word)) ?? ''))];
}

/** Parses them in any order. */
export function parseSsacli(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let name = 'controller';
  let [kind, id] = ['', ''];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 500);
    const own = CONTROLLER.exec(row)?.[0]?.trim();
    if (own !== undefined) [name, kind, id] = [own, '', ''];
    parts.push(...listed(row), ...ofController(name, row));
    const block = BLOCK.exec(row)?.slice(1).filter(Boolean);
    if (block) [kind, id] = [block[0] ?? '', block[1] ?? ''];
    const state = /^\s*Status: (\S.{0,60}?)\s*$/.exec(row)?.[1];
    if (state !== undefined && kind !== '') parts.push(...ofBlock(kind, id, state));
    // "array A (SATA, Unused Space: 0 MB)", "array B (Failed)".
    const [, array = '', told = ''] =
      /^\s*array (\w{1,3}) \((Failed|.{0,100}, Failed)\)\s*$/i.exec(row) ?? [];
    if (array !== '') parts.push(volume(`array ${array}`, told.includes('Failed') ? 'Failed' : told));
    if (kind === 'Logical Drive' && /^\s*Unrecoverable Media Errors: Detected/i.test(row))
      parts.push(lost(`logicaldrive ${id}`));
    if (kind === 'physicaldrive' && /^\s*SSD Smart Trip Wearout: True\s*$/i.test(row))
      parts.push({ ...drive(`physicaldrive ${id}`, 'worn out'), trouble: 'warning' });
  }
  const named = /logical\s+drives\s+are\s+affected:\s+(\d{1,4}(?:,\s*\d{1,4}){0,60})/.exec(text)?.[1];
  if (named === undefined && LOST.test(text)) parts.push(lost(`volumes of ${name}`));
  for (const one of named?.split(/,\s*/) ?? []) parts.push(lost(`logicaldrive ${one.trim()}`));
  return parts;
}

/** A volume with sectors that could not be read. */
function lost(name: string): RaidPart {
  return { ...volume(name, 'unrecoverable media errors'), trouble: 'critical' };
}
