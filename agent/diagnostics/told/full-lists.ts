/** File systems that are full in lists which tell it beside other things: `lsblk -f` (FSUSE%) and `zfs list`. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** A file system; 100 is full. */
interface Listed {
  readonly name: string;
  readonly percent: number;
  readonly evidence: string;
}

/** Images that are always as large as what is in them. */
const IMAGES = /\s(?:squashfs|iso9660|erofs|udf|cramfs)\s/;

/** Rows of `lsblk -f`: "sda1  ext4  1.0  UUID  0  100% /". */
function ofLsblk(row: string): Listed[] {
  const [, percent = '', name = ''] = /\s(\d{1,3})% (\/\S{0,200})\s*$/.exec(row) ?? [];
  return percent === '' || IMAGES.test(row)
    ? []
    : [{ name, percent: Number(percent), evidence: `${name} is ${percent} % full` }];
}

/** Rows of `zfs list`: "tank/data  3.51T  0B  3.51T  /tank/data"; by quota or because the pool is full. */
function ofZfs(row: string): Listed[] {
  const [, name = '', used = '', left = ''] =
    /^(\S{1,200})\s+(\d[\d.]{0,8}[KMGTPE]?B?)\s+(\d[\d.]{0,8}[KMGTPE]?B?)\s+\d\S{0,10}\s+(?:\/|none|legacy|-)/.exec(
      row,
    ) ?? [];
  if (name === '' || /^0B?$/.test(used)) return [];
  return [{ name, percent: /^0B?$/.test(left) ? 100 : 0, evidence: `${name}: ${used} used, ${left} left` }];
}

function parseLists(text: string): Listed[] | undefined {
  const rows = rowsOf(text);
  const lsblk = rows.some((row) => /\bFSUSE%\s+MOUNTPOINTS?\b/.test(row)) ? rows.flatMap(ofLsblk) : [];
  const zfs = rows.some((row) => /^NAME\s+USED\s+AVAIL\s+REFER\s/.test(row)) ? rows.flatMap(ofZfs) : [];
  return lsblk.length + zfs.length > 0 ? [...lsblk, ...zfs] : undefined;
}

const lists = fact({
  id: 'disk.full-lists',
  reads: ['lsblk -f and zfs list, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['lsblk', 'zfs list'],
      parseLists,
      'it tells of no file system’s use',
      // Of disks alone it is read elsewhere.
      (text) => !/FSUSE%|AVAIL\s+REFER/.test(text),
    ).flat(),
});

/** The check of those lists. */
export const FULL_LISTS_CHECK = check({
  id: 'disk.full-listed',
  area: 'disk',
  title: 'File systems that lsblk -f or zfs list show as full',
  about:
    'Of a captured machine, where df was perhaps not saved. Images such as those of snap are full by their nature.',
  needs: { lists },
  thresholds: {
    warnPercent: { value: 98, unit: '%', source: 'chosen: lists tell no sizes beside' },
  },
  evaluate: ({ lists: all }, { warnPercent }) =>
    all
      .filter(({ percent }) => percent >= warnPercent)
      .map(
        ({ name, percent, evidence }): FindingDraft => ({
          severity: percent >= 100 ? 'critical' : 'warning',
          title: 'A file system is full, or nearly',
          subject: { kind: 'mount', name },
          evidence: [evidence],
          remedy: {
            text: 'Remove what is not needed (of ZFS snapshots too), or make it larger.',
            risk: 'data',
          },
        }),
      ),
});
