/** `sas2ircu` and `sas3ircu` (LSI, Broadcom): DISPLAY and STATUS. */

import { drive, fieldOf, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;

/** Parses both, in any order. A volume that STATUS tells too has the same id. */
export function parseSasIrcu(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let block: 'volume' | 'drive' | undefined;
  let fields = new Map<string, string>();
  const end = () => {
    const of = (name: string) => fields.get(name) ?? '';
    const state = of('status of volume') || of('volume state');
    if (block === 'volume' && state !== '')
      parts.push(
        volume(
          `volume ${of('volume id') || 'without an id'}`,
          // "Enabled" is whether the controller has it at work.
          /^(?:Inactive|Disabled)/i.test(of('volume status')) ? of('volume status') : state,
          /^(?:None)?$/i.test(of('current operation')) ? '' : of('current operation'),
        ),
      );
    if (block === 'drive' && of('state') !== '')
      parts.push(drive(`${of('enclosure #') || '?'}:${of('slot #') || '?'}`, of('state')));
    fields = new Map();
  };
  for (const row of text.split('\n', MAX_ROWS)) {
    const begins = /^IR volume \d/i.test(row)
      ? 'volume'
      : /^Device is a Hard disk/i.test(row)
        ? 'drive'
        : undefined;
    if (
      begins ||
      /^(?:-{10}|Device is an? |Physical device information|Enclosure information|SAS\dIRCU:)/i.test(row)
    ) {
      end();
      block = begins;
      continue;
    }
    const field = block && fieldOf(row);
    if (field && !fields.has(field.name)) fields.set(field.name, field.value);
  }
  end();
  return parts;
}
