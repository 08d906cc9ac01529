/**
 * `mdadm --detail` and `mdadm --examine`: what captured machines have where /proc/mdstat was not saved (Detail.c and super1.c of mdadm 2
 * to 4).
 */

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

type Fields = ReadonlyMap<string, string>;

/**
 * Arrays by what is in the superblocks of their members, of which the one with the most events was written last: "Array State : AA.A
 * ('A' == active, '.' == missing, 'R' == replacing)".
 */
function fromSuperblocks(members: readonly { name: string; fields: Fields }[]): MdArray[] {
  const events = ({ fields }: { fields: Fields }) => Number.parseInt(fields.get('Events') ?? '', 10) || 0;
  return [...Map.groupBy(members, ({ fields }) => fields.get('Array UUID') ?? '')].flatMap(
    ([uuid, own]): MdArray[] => {
      const last = own.toSorted((a, b) => events(b) - events(a))[0];
      const letters = /^[A.R]+(?= |$)/.exec(last?.fields.get('Array State') ?? '')?.[0];
      const level = last?.fields.get('Raid Level') ?? '';
      if (!last || letters === undefined) return [];
      // Of rows that were picked out the level may not be among them; of one without redundancy no member is missing while it runs.
      const redundant = level === '' || /^raid(?:1|4|5|6|10)$/.test(level);
      return [
        {
          name: last.fields.get('Name')?.split(/\s/, 1)[0] || uuid || 'md-unnamed',
          ...{ level, active: true, readOnly: '', container: false, action: '', waits: '' },
          members: own.map(({ name }) => ({ name, role: -1, failed: false, spare: false })),
          places: redundant ? letters.length : undefined,
          working: redundant ? letters.replaceAll('.', '').length : undefined,
          ...{ percent: undefined, minutesLeft: undefined, speed: undefined },
        },
      ];
    },
  );
}

/** Parses what mdadm printed of one or more arrays or members. What is not in its format is left out. */
export function parseMdadm(text: string): MdArray[] {
  const blocks: { name: string; rows: string[] }[] = [];
  for (const row of text.split('\n', MAX_ROWS)) {
    const name = /^\s*\/dev\/(?:md\/)?(\S{1,64}?):\s*$/.exec(row)?.[1];
    if (name !== undefined) blocks.push({ name, rows: [] });
    // The name above the first may have been cut off.
    else if (blocks.length === 0 && /^\s*Magic : /.test(row)) blocks.push({ name: '', rows: [row] });
    else if (blocks.length === 0 && /^\s*(?:Version|Creation Time|Raid Level) : \S/.test(row))
      blocks.push({ name: 'md-unnamed', rows: [row] });
    else blocks.at(-1)?.rows.push(row.slice(0, 500));
  }
  const superblocks: { name: string; fields: Fields }[] = [];
  const details = blocks.flatMap(({ name, rows }): MdArray[] => {
    const fields = new Map(
      rows.flatMap((row) => {
        const match = /^\s*([A-Z][\w .-]{1,40}?)\s*:\s(.*)$/.exec(row);
        return match ? [[match[1] ?? '', (match[2] ?? '').trim()] as const] : [];
      }),
    );
    const superblock = fields.has('Magic') || fields.has('Array State');
    if (superblock) superblocks.push({ name, fields });
    const level = superblock ? undefined : fields.get('Raid Level');
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
  return [...details, ...fromSuperblocks(superblocks)];
}
