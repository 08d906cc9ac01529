/**
 * What `sensors` (lm-sensors 3) printed, as text and with -j, of captured machines of which /sys/class/hwmon was not saved. It is put back
 * into the files of hwmon that it came from, with their units, so that one reader judges both.
 */

import type { Machine } from '../../host/machine.ts';

/** A chip: its driver's name, and the contents of its files by name: "temp1_input" → "52000". */
export interface ToldChip {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** The name of a chip where none was kept. */
export const UNNAMED_CHIP = 'unnamed';

const MAX_ROWS = 20_000;
/** What a unit is in hwmon's files: thousandths of °C, V and A, millionths of W, turns as they are. */
const SCALES: Readonly<Record<string, number>> = { temp: 1e3, in: 1e3, curr: 1e3, power: 1e6, fan: 1 };
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/°?C$/, 'temp'],
  [/RPM$/, 'fan'],
  [/^m?V$/, 'in'],
  [/^m?A$/, 'curr'],
  [/^[mu]?W$/, 'power'],
];
/** Names in brackets, and the files that they are. */
const LIMITS: Readonly<Record<string, string>> = {
  high: 'max',
  max: 'max',
  crit: 'crit',
  min: 'min',
  low: 'min',
};
/** "Package id 0:  +52.0°C  (high = +80.0°C, crit = +100.0°C)  ALARM (CRIT)" */
const ROW =
  /^([^:]{1,40}):\s+(?:([+-]?\d{1,9}(?:\.\d{1,6})?)\s*(°?C|RPM|m?V|m?A|[mu]?W)\b|(FAULT))(.{0,300})$/;
const LIMIT = /(high|max|crit|min|low)\s*=\s*([+-]?\d{1,9}(?:\.\d{1,6})?)\s*([mu]?)[°CRVAW]/g;

function scaled(value: string | number, kind: string, prefix: string): string {
  const small = prefix === 'm' ? 1e-3 : prefix === 'u' ? 1e-6 : 1;
  return String(Math.round(Number(value) * small * (SCALES[kind] ?? 1)));
}

function ofText(text: string): ToldChip[] {
  const chips: { name: string; values: Map<string, string> }[] = [];
  let before = '';
  for (const row of text.split('\n', MAX_ROWS)) {
    // A chip's name stands alone above its adapter: "coretemp-isa-0000".
    if (/^Adapter: /.test(row)) chips.push({ name: before.split('-', 1)[0] ?? '', values: new Map() });
    before = row.trim();
    const match = ROW.exec(row.slice(0, 400).trimEnd());
    if (!match) continue;
    // Rows that somebody kept without their chip's name (`sensors | grep fan`).
    if (chips.length === 0) chips.push({ name: UNNAMED_CHIP, values: new Map() });
    const chip = chips.at(-1);
    if (!chip) continue;
    const [, label = '', value, unit = '', fault, more = ''] = match;
    const kind = fault ? 'temp' : (KINDS.find(([pattern]) => pattern.test(unit))?.[1] ?? 'in');
    const base = `${kind}${chip.values.size + 1}`;
    chip.values.set(`${base}_label`, label);
    if (fault) chip.values.set(`${base}_fault`, '1');
    if (value !== undefined)
      chip.values.set(`${base}_input`, scaled(value, kind, /^[mu](?=[VAW])/.exec(unit)?.[0] ?? ''));
    for (const [, name = '', limit = '', prefix = ''] of more.matchAll(LIMIT))
      chip.values.set(`${base}_${LIMITS[name]}`, scaled(limit, kind, prefix));
    const alarm = /\bALARM\b(?: \((\w+)\))?/.exec(more);
    if (alarm)
      chip.values.set(
        `${base}_${kind === 'temp' && alarm[1] !== 'HIGH' && alarm[1] !== undefined ? 'crit_alarm' : 'alarm'}`,
        '1',
      );
  }
  return chips;
}

function ofJson(text: string): ToldChip[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  return Object.entries(Object(json)).flatMap(([chip, features]): ToldChip[] => {
    const values = new Map<string, string>();
    for (const [label, files] of Object.entries(Object(features)))
      for (const [file, value] of typeof files === 'object' && files !== null ? Object.entries(files) : []) {
        const [, base = '', kind = '', what = ''] =
          /^((temp|fan|in|curr|power)\d{1,3})_(\w{1,20})$/.exec(file) ?? [];
        if (base === '' || typeof value !== 'number') continue;
        values.set(`${base}_label`, label);
        values.set(file, /alarm|fault/.test(what) ? String(value) : scaled(value, kind, ''));
      }
    return values.size === 0 ? [] : [{ name: chip.split('-', 1)[0] ?? '', values }];
  });
}

/** Chips of a captured machine; none where nothing was saved of `sensors`. */
export function toldChips(machine: Machine): ToldChip[] {
  if (machine.live) return [];
  return (machine.saved?.('sensors') ?? []).flatMap(({ text }) =>
    text.trimStart().startsWith('{') ? ofJson(text) : ofText(text),
  );
}
