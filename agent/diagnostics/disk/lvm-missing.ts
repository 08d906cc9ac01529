/** Volume groups that lack a physical volume, as `pvs`, `vgs` and `lvs` tell of captured machines: in their letters and their warnings. */

import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { savedText } from '../required.ts';

const MAX_ROWS = 20_000;

/** A volume group that is not whole. */
interface Lacking {
  readonly group: string;
  /** Physical volumes that are not found: their UUIDs, or "[unknown]". */
  readonly missing: Set<string>;
  /** Volumes of which a part lies there. */
  readonly partial: Set<string>;
}

/** Kinds of volumes (lvs(8), the first letter of Attr) that RAID mends, and parts of them: those are judged as RAID. */
const OF_RAID = /^[rRiIlLe]/;

/** Finds volume groups that lack something in what the tools printed, of all of them together. */
function parseLacking(text: string): Lacking[] {
  const groups = new Map<string, Lacking>();
  const of = (group: string) => {
    const known = groups.get(group) ?? { group, missing: new Set(), partial: new Set() };
    groups.set(group, known);
    return known;
  };
  // Of older versions the warning does not say of which group, and what comes next does.
  const unplaced = new Set<string>();
  const inactive = new Set<string>();
  let table = '';
  let columns: readonly string[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    // Before LVM 2.02.178 two words, which is one cell.
    const line = raw
      .slice(0, 500)
      .trim()
      .replace(/^unknown device(?=\s)/, '[unknown]');
    const warned = /\bVG (\S{1,127}) is missing PV (\S{6,40})/.exec(line);
    if (warned?.[1] && warned[2]) of(warned[1]).missing.add(warned[2]);
    const lost = /^(?:WARNING: )?Couldn't find device with uuid '?([\w-]{6,40}?)'?\.?$/.exec(line)?.[1];
    if (lost !== undefined) unplaced.add(lost);
    const partial =
      /^Couldn't find all physical volumes for volume group (\S{1,127}?)\.?$/.exec(line)?.[1] ??
      /^Refusing activation of partial LV (\S{1,127}?)\//.exec(line)?.[1] ??
      /^PV (?:unknown device|\[unknown\])\s+VG (\S{1,127})\s/.exec(line)?.[1];
    if (partial !== undefined) of(partial);
    const off = /^inactive\s+(?:Original |Snapshot )?'\/dev\/([^/\s']{1,127})\//.exec(line)?.[1];
    if (off !== undefined) inactive.add(off);
    const words = line.split(/\s+/);
    if (/^(?:PV|VG|LV)$/.test(words[0] ?? '') && words.includes('Attr')) {
      [table = ''] = words;
      columns = words;
      continue;
    }
    // Columns in front of Attr are never empty but that of a PV without a group, which lacks none.
    const cell = (name: string) => words[columns.indexOf(name)] ?? '';
    const attr = columns.includes('Attr') ? cell('Attr') : '';
    if (table === 'PV' && /^\[?unknown\b/.test(line) && columns.includes('VG')) {
      const { missing } = of(cell('VG'));
      if (missing.size === 0) missing.add('[unknown]');
    } else if (table === 'VG' && /^[a-z-]{3}p[a-z-]{2}$/.test(attr)) of(cell('VG'));
    else if (table === 'LV' && /^[a-zA-Z-]{8}p[a-zA-Z-]?$/.test(attr) && !OF_RAID.test(attr))
      of(cell('VG')).partial.add(cell('LV').replace(/[[\]]/g, ''));
  }
  // vgdisplay: of so many physical volumes so many are there.
  for (const block of text.split(/^\s*--- Volume group ---\s*$/m).slice(1, MAX_ROWS)) {
    const [name = '', current = '', active = ''] = ['VG Name', 'Cur PV', 'Act PV'].map(
      (label) => new RegExp(`^\\s*${label}\\s+(\\S{1,127})\\s*$`, 'm').exec(block)?.[1],
    );
    if (name !== '' && Number(active) < Number(current) && active !== '')
      of(name).missing.add(`${Number(current) - Number(active)} of ${current} physical volumes`);
  }
  place(unplaced, groups.size > 0 ? [...groups.keys()] : [...inactive], of);
  return [...groups.values()].filter(({ group }) => group !== '');
}

/** Gives volumes of which it is not told where they belong to the one group that lacks some, or else to none by name. */
function place(uuids: ReadonlySet<string>, groups: readonly string[], of: (group: string) => Lacking): void {
  if (uuids.size === 0) return;
  const { missing } = of(groups.length === 1 ? (groups[0] ?? 'unnamed') : 'unnamed');
  for (const uuid of uuids) missing.add(uuid);
}

/** Those tell by letters or numbers, the others by their warnings alone. */
const TABLES = ['pvs', 'vgs', 'lvs', 'vgdisplay'];
const OTHERS = ['lvscan', 'pvscan', 'vgscan', 'vgchange', 'lvdisplay', 'pvdisplay'];

/** A table that has the letters, or a group with its numbers. */
const LETTERS = /^\s*(?:PV|VG|LV)\s(?:.*\s)?Attr\b|^\s*Act PV\s+\d/m;

const lacking = fact({
  id: 'disk.lvm-lacking',
  reads: [
    'pvs, vgs, lvs, vgdisplay and warnings of lvscan, pvscan, vgscan and vgchange, on a captured machine',
  ],
  limitMs: 1_000,
  read: ({ machine }) => {
    const text = savedText(machine, ...TABLES, ...OTHERS);
    const found = parseLacking(text);
    // The others say so on standard error only, which may not have been saved.
    const tables = TABLES.flatMap((program) => machine.saved?.(program) ?? []);
    if (found.length === 0 && !tables.some((one) => LETTERS.test(one.text)))
      throw new Unavailable('nonsense', 'no table of pvs, vgs or lvs is in the captured folder');
    return found;
  },
});

/** The check of volume groups that are not whole. */
export const LVM_MISSING_CHECK = check({
  id: 'disk.lvm-missing',
  area: 'disk',
  title: 'Volume groups of LVM that lack a physical volume',
  about:
    'LVM does not activate volumes of which a part lies on a disk that is not found, unless it is told to, and a group that is not ' +
    'whole cannot be changed. vgs tells it with the letter p, pvs and lvs with m and p, all of them with a warning.',
  needs: { lacking },
  evaluate: ({ lacking: groups }) =>
    groups.map(({ group, missing, partial }): FindingDraft => {
      const lost = [...missing].slice(0, 4).join(', ');
      const volumes = [...partial].slice(0, 4).join(', ');
      return {
        severity: 'critical',
        title: 'A volume group lacks a physical volume',
        subject: { kind: 'volume group', name: group },
        parameters: { missing: missing.size, partial: partial.size },
        evidence: [
          lost === '' ? `${group} is partial` : `${group}: ${lost} is not found`,
          ...(volumes === '' ? [] : [`a part is missing of ${volumes}`]),
        ],
        remedy: {
          text: 'Bring the disk back (cable, controller, iSCSI), then vgchange -ay; vgreduce --removemissing gives up what was on it.',
          risk: 'data',
        },
        explains: ['disk.lvm-raid-degraded'],
      };
    }),
});
