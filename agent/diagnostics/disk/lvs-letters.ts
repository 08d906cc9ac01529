/**
 * What the letters of `lvs` say of volumes beside what dmsetup tells (lvs(8)): the fifth is their state, the ninth their health. Of captured
 * machines.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { savedText } from '../required.ts';
import { lvsRows } from './lvs.ts';

/** Letters of the state. */
const STATES: ReadonlyMap<string, readonly [severity: 'warning' | 'critical', words: string]> = new Map([
  ['s', ['warning', 'it is suspended, and what uses it waits']],
  ['S', ['warning', 'it is an invalid snapshot, and suspended']],
  ['I', ['warning', 'its snapshot is invalid: it was full']],
  ['m', ['warning', 'its snapshot could not be merged']],
  ['M', ['warning', 'its snapshot could not be merged, and it is suspended']],
  ['d', ['warning', 'its device has no table']],
  ['i', ['warning', 'its device has a table that is not in use']],
  ['c', ['critical', 'the pool has to be checked and repaired']],
  ['C', ['critical', 'the pool has to be checked and repaired, and is suspended']],
]);
/** Letters of the health; p and r are judged as missing disks and as RAID, those of pools by their fill. */
const HEALTH: ReadonlyMap<string, readonly [severity: 'warning' | 'critical', words: string]> = new Map([
  ['m', ['warning', 'its copies differ (lvs -o +raid_mismatch_count)']],
  ['X', ['warning', 'LVM does not know its health']],
]);

interface Attention {
  readonly name: string;
  readonly attributes: string;
  readonly severity: 'warning' | 'critical';
  readonly words: readonly string[];
}

const attention = fact({
  id: 'disk.lvs-letters',
  reads: ['lvs, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Attention[] => {
    const text = savedText(machine, 'lvs');
    const rows = lvsRows(text);
    if (rows.length === 0 && !/^\s*LV\s.*\bAttr\b|"lv"\s*:\s*\[\s*\]/m.test(text))
      throw new Unavailable('nonsense', 'what was saved of lvs has no letters of volumes (Attr)');
    return rows.flatMap(({ name, group, attributes }) => {
      // A virtual volume that failed has no data any more; a pool's F is its mode.
      const failed = attributes[0] === 'V' && attributes[8] === 'F';
      const told = [
        STATES.get(attributes[4] ?? ''),
        HEALTH.get(attributes[8] ?? ''),
        failed ? (['critical', 'its pool has failed'] as const) : undefined,
      ].filter((one) => one !== undefined);
      if (told.length === 0) return [];
      return {
        ...{ name: group === '' ? name : `${group}/${name}`, attributes },
        severity: told.some(([severity]) => severity === 'critical') ? 'critical' : 'warning',
        words: told.map(([, words]) => words),
      };
    });
  },
});

/** The check of volumes to which LVM draws attention. */
export const LVS_LETTERS_CHECK = check({
  id: 'disk.lvm-attention',
  area: 'disk',
  title: 'Volumes of LVM that are not as they should be',
  about:
    'Letters of lvs on a captured machine: copies that differ, a volume that is suspended, a snapshot that is invalid, a pool that has to be checked.',
  needs: { attention },
  links: ['https://man7.org/linux/man-pages/man8/lvs.8.html'],
  evaluate: ({ attention: all }) =>
    all.map(
      ({ name, attributes, severity, words }): FindingDraft => ({
        severity,
        title: 'A volume of LVM is not as it should be',
        subject: { kind: 'volume', name },
        evidence: words.map((one) => `${name}: ${one} (Attr ${attributes})`),
        remedy: {
          text: 'Copies that differ: look at the disks and the memory, then lvchange --syncaction repair. A suspended one: dmsetup resume, when what suspended it is known.',
          risk: 'data',
        },
      }),
    ),
});
