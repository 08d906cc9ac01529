/** `mdadm --detail`: what captured machines have where /proc/mdstat was not saved (Detail.c of mdadm 2 to 4). */

import type { MdArray, MdMember } from './mdstat.ts';

const MAX_ROWS = 20_000;

/** "   0   8   2   0   active sync   /dev/sda2", "   -   0   0   1   removed", "   3   8   33   -   faulty   /dev/sdc1". */
function memberOf(row: string): MdMember | undefined {
  const match = /^\s*(?:\d+|-)\s+\d+\s+\d+\s+(\d+|-)\s+(.*?)\s+(?:\/dev\/)(\S{1,64})\s*$/.exec(row);
  if (!match) return undefined;
  const [, role = '', state = '', name = ''] = match;
  return {
    name,
    role: role === '-' ? -1 : Number(role),
    failed: /\bfaulty\b/.test(state),
    spare: /\bspare\b/.test(state) && !/rebuilding/.test(state),
  };
}

/** Parses what it printed of one or more arrays. What is not in its format is left out. */
export function parseMdadmDetail(text: string): MdArray[] {
  const blocks: { name: string; rows: string[] }[] = [];
  for (const row of text.split('\n', MAX_ROWS)) {
    const name = /^\s*\/dev\/(?:md\/)?(\S{1,64}?):\s*$/.exec(row)?.[1];
    if (name !== undefined) blocks.push({ name, rows: [] });
    else blocks.at(-1)?.rows.push(row.slice(0, 500));
  }
  return blocks.flatMap(({ name, rows }): MdArray[] => {
    const fields = new Map(
      rows.flatMap((row) => {
        const match = /^\s*([A-Z][\w .-]{1,40}?)\s*:\s(.*)$/.exec(row);
        return match ? [[match[1] ?? '', (match[2] ?? '').trim()] as const] : [];
      }),
    );
    const level = fields.get('Raid Level');
    const state = fields.get('State') ?? '';
    if (level === undefined) return [];
    const number = (field: string) => {
      const value = Number.parseInt(fields.get(field) ?? '', 10);
      return Number.isFinite(value) ? value : undefined;
    };
    const goes = ['Rebuild', 'Resync', 'Reshape', 'Check'].find((one) => fields.has(`${one} Status`));
    const action = /recovering/.test(state)
      ? 'recovery'
      : goes === 'Rebuild'
        ? 'recovery'
        : (/resyncing|reshaping|checking/.exec(state)?.[0].replace(/ing$/, '').replace('reshap', 'reshape') ??
          '');
    const redundant = /^raid(?:1|4|5|6|10)$/.test(level);
    return [
      {
        ...{ name, level, active: !/inactive|not started|broken|FAILED/i.test(state) },
        readOnly: /read-?auto/.test(state) ? 'auto-read-only' : /readonly/.test(state) ? 'read-only' : '',
        members: rows.flatMap((row) => memberOf(row) ?? []),
        places: redundant ? number('Raid Devices') : undefined,
        working: redundant ? number('Active Devices') : undefined,
        ...{ container: level === 'container', action, waits: /DELAYED|PENDING/.exec(state)?.[0] ?? '' },
        percent: goes === undefined ? undefined : number(`${goes} Status`),
        ...{ minutesLeft: undefined, speed: undefined },
      },
    ];
  });
}
