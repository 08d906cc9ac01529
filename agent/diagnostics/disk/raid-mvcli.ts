/** `mvcli info -o vd` and `info -o pd` (Marvell, as Dell's BOSS cards have it). */

import { drive, fieldOf, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;

/** Parses both, in any order. */
export function parseMvcli(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let fields = new Map<string, string>();
  const end = () => {
    const of = (name: string) => fields.get(name);
    const state = of('status') ?? of('pd status') ?? of('disk status');
    const id = of('id') ?? of('pd id');
    if (state !== undefined && id !== undefined)
      parts.push(
        of('pd id') === undefined
          ? volume(`VD ${id}${of('name') ? ` (${of('name')})` : ''}`, state)
          : drive(`PD ${id}`, state),
      );
    fields = new Map();
  };
  for (const row of text.split('\n', MAX_ROWS)) {
    const field = fieldOf(row);
    if (!field) continue;
    if (/^(?:pd )?id$/.test(field.name)) end();
    if (!fields.has(field.name)) fields.set(field.name, field.value);
  }
  end();
  return parts;
}
