/** `MegaCli` and CmdTool2: -LDInfo, -PDList, -AdpBbuCmd and -CfgDsply as text. */

import { battery, controller, drive, fieldOf, foreign, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 100_000;

/** Parses them in any order. */
export function parseMegacli(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let adapter = '';
  let target = '';
  let slot = '';
  let enclosure = '';
  let predicted = 0;
  let media = 0;
  let isBattery = false;
  for (const row of text.split('\n', MAX_ROWS)) {
    adapter = /^\s*Adapter(?: #| )(\d{1,3})\b/.exec(row)?.[1] ?? adapter;
    if (/^\s*BBU status for Adapter/.test(row)) isBattery = true;
    // "There are 1 foreign configuration(s) on controller 0." (-CfgForeign -Scan)
    const [, count = '0', on] =
      /^\s*There (?:are|is) (\d{1,4}) foreign configuration.{0,5} on controller (\d{1,3})/i.exec(row) ?? [];
    if (Number(count) > 0) parts.push(controller(`adapter ${on}`, `${count} foreign configurations`, true));
    const one = fieldOf(row);
    if (!one) continue;
    const { name, value } = one;
    if (/^(?:virtual drive|virtual disk|cachecade virtual drive)$/.test(name))
      target = value.split(/\s/, 1)[0] ?? '';
    else if (name === 'enclosure device id') enclosure = value;
    else if (name === 'slot number') {
      slot = value;
      predicted = 0;
      media = 0;
    } else if (name === 'predictive failure count') predicted = Number(value) || 0;
    else if (name === 'media error count') media = Number(value) || 0;
    else if (name === 'firmware state')
      parts.push(
        drive(`${enclosure}:${slot}`, value, predicted, media > 0 ? `Media Error Count ${media}` : ''),
      );
    else if (name === 'foreign state' && /^foreign$/i.test(value)) {
      const last = parts.findLastIndex(
        ({ kind, name: one }) => kind === 'drive' && one === `${enclosure}:${slot}`,
      );
      // Its own state may have been cut off above it.
      const part = parts[last] ?? drive(`${enclosure}:${slot}`, '', predicted);
      if (slot !== '') parts.splice(last < 0 ? parts.length : last, last < 0 ? 0 : 1, foreign(part));
    } else if (name === 'state' && target !== '') {
      parts.push(volume(`${adapter === '' ? '' : `${adapter}/`}${target}`, value));
      target = '';
    } else if (
      isBattery &&
      /^(?:battery state|battery replacement required|battery pack missing|pack is about to fail & should be replaced|remaining capacity low|charger status)$/.test(
        name,
      )
    ) {
      const bad =
        name === 'battery state'
          ? /^(?:failed|degraded|missing|faulty|not present|non operational)/i.test(value)
          : name !== 'charger status' && name !== 'remaining capacity low' && /^yes/i.test(value);
      parts.push(battery(`adapter ${adapter || '0'}`, `${name} ${value}`, bad));
    }
  }
  return parts;
}
