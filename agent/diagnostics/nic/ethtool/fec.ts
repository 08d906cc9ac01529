/** `ethtool --show-fec`: forward error correction, as set and as in force, and its counters where `-I` was given. */

import { count, field, isJson, isObject, jsonOf, lines, refusal } from './text.ts';

/** Error correction. */
export interface Fec {
  /** "Auto", "RS", "BaseR", "Off", "None". */
  readonly configured: readonly string[];
  readonly active: readonly string[];
  readonly correctedBlocks?: number;
  readonly uncorrectableBlocks?: number;
  readonly correctedBits?: number;
}

const COUNTERS = [
  ['correctedBlocks', 'corrected_blocks'],
  ['uncorrectableBlocks', 'uncorrectable_blocks'],
  ['correctedBits', 'corrected_bits'],
] as const;

const words = (value: string) => value.split(/\s+/).filter((word) => word !== '');

/** Reads `ethtool --show-fec`. @throws Unavailable */
export function parseFec(text: string): Fec {
  const form = 'ethtool --show-fec';
  const counters: { [K in (typeof COUNTERS)[number][0]]?: number } = {};
  const encodings: { configured?: string[]; active?: string[] } = {};
  if (isJson(text)) {
    const whole = jsonOf(form, text);
    const list = (value: unknown) =>
      Array.isArray(value) ? value.map((one) => String(one).trim()).filter((one) => one !== '') : undefined;
    Object.assign(encodings, { configured: list(whole.config), active: list(whole.active) });
    const statistics = isObject(whole.statistics) ? whole.statistics : {};
    for (const [key, name] of COUNTERS) {
      const one = statistics[name];
      const total = isObject(one) ? one.total : one;
      if (typeof total === 'number') counters[key] = total;
    }
  } else {
    for (const line of lines(text)) {
      const one = field(line);
      if (!one) continue;
      if (/configured fec encodings?$/i.test(one.name)) encodings.configured ??= words(one.value);
      else if (/^active fec encodings?$/i.test(one.name)) encodings.active ??= words(one.value);
      // Totals come first; lanes stand below them in lines of their own.
      else
        for (const [key, name] of COUNTERS)
          if (one.name === name && counters[key] === undefined) {
            const value = count(words(one.value)[0]);
            if (value !== undefined) counters[key] = value;
          }
    }
  }
  if (!encodings.configured && !encodings.active) throw refusal(form, text);
  return { configured: encodings.configured ?? [], active: encodings.active ?? [], ...counters };
}
