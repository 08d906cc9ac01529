/** `storcli` and `perccli` (Broadcom, Dell): tables as text, and with a trailing J the same as JSON. */

import { battery, controller, drive, foreign, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;

/** Parses both forms. */
export function parseStorcli(text: string): RaidPart[] {
  if (!/^\s*\{/.test(text))
    return /^[^"\n]{0,40}"[A-Z][^"\n]{1,60}" : /m.test(text) ? fromCut(text) : fromText(text);
  const parts = fromJson(text);
  return parts.length > 0 ? parts : fromCut(text);
}

/** The numbers of "BBU Status" that are well: of none, optimal, a CacheVault that learns or charges (prometheus-community's storcli.py). */
const BATTERY_WELL = new Set(['0', '8', '4096', 'NA', 'N/A', '']);

/** What a controller says of itself beside its state, by the names of its fields. */
function ofController(of: (field: string) => string): RaidPart[] {
  const [bbu, lost, kept] = [
    of('BBU Status'),
    of('Memory Uncorrectable Errors'),
    of('Any Offline VD Cache Preserved'),
  ];
  return [
    ...(/^\d{1,6}$/.test(bbu) && !BATTERY_WELL.has(bbu)
      ? [battery('battery', `BBU Status ${bbu}`, true)]
      : []),
    ...(Number(lost) > 0 ? [controller('controller memory', `${lost} uncorrectable errors`, true)] : []),
    ...(kept === 'Yes'
      ? [controller('controller cache', 'holds writes of a volume that is offline', true)]
      : []),
  ];
}

/** JSON of which a part was cut out, or that somebody wrote into: its fields line by line. */
function fromCut(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  const fields = new Map<string, string>();
  let [volumeName, slot] = ['', ''];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const [, name = '', value = ''] =
      /"([A-Z][\w :/]{1,60})" : "?([^",]{0,120})"?/.exec(raw.slice(0, 500)) ?? [];
    if (name === '') continue;
    fields.set(name, value);
    if (name === 'DG/VD') volumeName = value;
    else if (name === 'EID:Slt') slot = value;
    else if (name === 'State' && volumeName !== '') {
      parts.push(volume(volumeName, value));
      volumeName = '';
    } else if (name === 'State' && slot !== '') {
      parts.push(drive(slot, value));
      slot = '';
    } else if (name === 'Controller Status' && value !== 'Success')
      parts.push(controller('controller', value, !/^(?:Optimal|OK)$/i.test(value)));
  }
  return [...parts, ...ofController((field) => fields.get(field) ?? '')];
}

/** A row of the table TOPOLOGY: " 0 0   3   252:3    11  DRIVE Failed N …"; the first of a group is the group's own. */
const TOPOLOGY =
  /^\s*(?<group>\d{1,4})\s+(?<array>\d{1,4}|-)\s+(?<at>\d{1,4}|-)\s+(?<place>(?:\d{1,4})?:\d{1,4}|-)\s+(?:\d{1,5}|-)\s+(?<kind>RAID\d{1,2}|DRIVE)\s+(?<state>\w{2,12})\s/;

/** Rows of the tables of volumes ("0/0   RAID1 Dgrd  RW …"), drives ("252:3    9 Onln   0 1.818 TB …") and batteries ("CVPM02 Optimal …"). */
function fromText(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  const topology: RaidPart[] = [];
  let table = '';
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 500);
    const head = /^\s*(DG\/VD|EID:Slt|Ctl|Model|Ctl Model)\s+(\S.*)$/.exec(row);
    if (head) table = head[1] === 'Model' && /RetentionTime|State/.test(row) ? 'battery' : (head[1] ?? '');
    const [, vd, state = ''] =
      /^\s*((?:\d{1,4}|-)\/\d{1,4})\s+(?:RAID\d{1,2}|Cac\d|JBOD)\s+(\w{2,12})\s/.exec(row) ?? [];
    if (vd !== undefined) parts.push(volume(vd, state));
    const [, slot, word = '', group] =
      /^\s*((?:\d{1,4})?\s?:\d{1,4})\s+(?:\d{1,5}|-)\s+(\w{2,8})\s+(\d{1,4}|-|F)\s/.exec(row) ?? [];
    if (slot !== undefined) parts.push(inGroup(drive(slot.trim(), word), group));
    const [, groups = '0'] = /^\s*Total foreign (?:drive groups|DGs)\s*=\s*(\d{1,4})\s*$/i.exec(row) ?? [];
    if (Number(groups) > 0) parts.push(controller('controller', `${groups} foreign drive groups`, true));
    const member = TOPOLOGY.exec(row)?.groups;
    if (member?.kind === 'DRIVE') {
      const { group, place = '', at = '' } = member;
      topology.push(drive(place === '-' ? `group ${group} row ${at}` : place, member.state ?? ''));
    } else if (member?.array === '-') topology.push(volume(`group ${member.group}`, member.state ?? ''));
    if (table === 'battery') {
      const [, model, health = ''] =
        /^\s*([A-Z][A-Za-z0-9-]{2,20})\s+([A-Z]\w{2,20})\s+(?:\d|-|N)/.exec(row) ?? [];
      if (model !== undefined && model !== 'Model') parts.push(battery(model, health, isBadBattery(health)));
    }
    const [, health] = /^\s*Controller Status\s*=\s*(\S.{0,40}?)\s*$/.exec(row) ?? [];
    if (health !== undefined) parts.push(controller('controller', health, !/^(?:Optimal|OK)$/i.test(health)));
    const [, field = '', told = ''] =
      /^\s*(BBU Status|Memory Uncorrectable Errors|Any Offline VD Cache Preserved)\s*=\s*(\S{1,20})\s*$/.exec(
        row,
      ) ?? [];
    if (field !== '') parts.push(...ofController((one) => (one === field ? told : '')));
    const [, name = '', count = ''] =
      /^\s*(Media Error Count|Other Error Count|Predictive Failure Count)\s*=\s*(\d{1,9})\s*$/.exec(row) ??
      [];
    const last = parts.findLast(({ kind }) => kind === 'drive');
    if (name === 'Predictive Failure Count' && Number(count) > 0 && last)
      parts.push(drive(last.name, last.state, Number(count)));
  }
  // The other tables tell the same of the same parts, by the names that other commands take.
  return [...parts, ...topology.filter(({ kind }) => !parts.some((one) => one.kind === kind))];
}

/** A drive with its group: "F" stands for one of another controller's making. */
function inGroup(part: RaidPart, group: unknown): RaidPart {
  return group === 'F' ? foreign(part) : part;
}

function isBadBattery(state: string): boolean {
  return /fail|degraded|missing|needs|replace|dead|sub-?optimal/i.test(state);
}

type Json = { readonly [key: string]: unknown };

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromJson(text: string): RaidPart[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  const parts: RaidPart[] = [];
  const word = (one: Json, key: string) => {
    const value = one[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const visit = (value: unknown, key: string, depth: number): void => {
    if (depth > 12 || parts.length > MAX_ROWS) return;
    if (Array.isArray(value)) for (const one of value) visit(one, key, depth + 1);
    if (!isObject(value)) return;
    const state = word(value, 'State');
    const slot = word(value, 'EID:Slt').trim();
    if (word(value, 'DG/VD') !== '') parts.push(volume(word(value, 'DG/VD'), state));
    if (slot !== '') parts.push(inGroup(drive(slot, state), value.DG));
    if (/BBU|Cachevault/i.test(key) && word(value, 'Model') !== '' && state !== '')
      parts.push(battery(word(value, 'Model'), state, isBadBattery(state)));
    const predicted = Number(value['Predictive Failure Count'] ?? 0);
    if (predicted > 0)
      parts.push(
        drive(
          key
            .replace(/^Drive | State$/g, '')
            .replace('Detailed Information', '')
            .trim(),
          '',
          predicted,
        ),
      );
    const health = word(value, 'Controller Status');
    if (health !== '' && health !== 'Success')
      parts.push(controller('controller', health, !/^(?:Optimal|OK)$/i.test(health)));
    parts.push(...ofController((field) => word(value, field)));
    for (const [name, one] of Object.entries(value)) visit(one, name, depth + 1);
  };
  visit(json, '', 0);
  return parts;
}
