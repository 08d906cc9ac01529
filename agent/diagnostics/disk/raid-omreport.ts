/** `omreport storage pdisk` and `vdisk` (Dell OpenManage). */

import { drive, fieldOf, type RaidPart, volume } from './raid-words.ts';

const MAX_ROWS = 50_000;

/** States of drives in which they do not work; "Non-Critical" alone is also what any drive of another maker is. */
const DRIVE_OUT = /^(?:Failed|Removed|Offline|Degraded|Missing|Blocked|Unsupported|Incompatible|Foreign)/i;

/** Parses both, a block from each "ID" to the next. */
export function parseOmreport(text: string): RaidPart[] {
  const parts: RaidPart[] = [];
  let fields = new Map<string, string>();
  const end = () => {
    const of = (name: string) => fields.get(name) ?? '';
    const [id, state] = [of('id'), of('state')];
    if (id !== '' && state !== '') {
      if (/^\d{1,3}(?::\d{1,3}){1,3}$/.test(id)) {
        const predicted = /^yes$/i.test(of('failure predicted')) ? 1 : 0;
        const part = drive(`physical disk ${id}`, state, predicted);
        const out = DRIVE_OUT.test(state) || /^critical$/i.test(of('status'));
        parts.push(out ? { ...part, trouble: 'warning' } : part);
      } else {
        const part = volume(`virtual disk ${id}`, state);
        parts.push(
          /^(?:Regenerating|Resynching|Rebuilding)/i.test(state) ? { ...part, trouble: 'warning' } : part,
        );
      }
    }
    fields = new Map();
  };
  for (const row of text.split('\n', MAX_ROWS)) {
    const field = fieldOf(row);
    if (!field) continue;
    if (field.name === 'id') end();
    if (!fields.has(field.name)) fields.set(field.name, field.value);
  }
  end();
  return parts;
}
