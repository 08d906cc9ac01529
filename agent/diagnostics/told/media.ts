/** What tools that read whole disks found: badblocks, GNU ddrescue, `hdparm --read-sector`. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What one said of a disk. */
interface Found {
  readonly disk: string;
  readonly evidence: string;
}

/** "Pass completed, 12 bad blocks found. (12/0/0 errors)". */
const BADBLOCKS = /Pass completed, (\d{1,12}) bad blocks? found/;
/** "pct rescued:   99.99%, read errors:      252", before 1.22 "errors:  12". */
const DDRESCUE = /(?:read errors|bad areas|^\s*errors|, {2,}errors):\s{1,12}(\d{1,12})\b/;
/** Sense data of a fixed format (SPC): behind the 70 and a byte the key, of which 3 is the medium and 4 the hardware. */
const SENSE = /SG_IO: bad\/missing sense data, sb\[\]: {1,2}7[01] [\da-f]{2} 0([34]) /;

function parseMedia(text: string): Found[] | undefined {
  const rows = rowsOf(text);
  const disk = /(?:^|\s)\/dev\/([a-z][\w/-]{1,60})\b/m.exec(text)?.[1] ?? '';
  const known = rows.some(
    (row) => BADBLOCKS.test(row) || DDRESCUE.test(row) || /reading sector \d+: |^GNU ddrescue/.test(row),
  );
  const found = rows.flatMap((row): Found[] => {
    const count = Number(BADBLOCKS.exec(row)?.[1] ?? DDRESCUE.exec(row)?.[1] ?? 0);
    return count > 0 || SENSE.test(row) ? [{ disk, evidence: row.trim().slice(0, 200) }] : [];
  });
  return known ? found : undefined;
}

const PROGRAMS = ['badblocks', 'ddrescue', 'hdparm'];

const media = fact({
  id: 'disk.media-told',
  reads: ['badblocks, ddrescue and hdparm --read-sector, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Found[] => {
    // The command line names the disk; of words the last that looks like one.
    const disks = new Map(
      PROGRAMS.flatMap((program) => machine.saved?.(program) ?? []).map(({ text, words }) => [
        text,
        words.findLast((word) => /^(?:[shv]d[a-z]{1,3}\d{0,3}|nvme\d\w{0,10}|md\d{1,4})$/.test(word)) ?? '',
      ]),
    );
    return readEach(
      machine,
      PROGRAMS,
      (text) => parseMedia(text)?.map((one) => ({ ...one, disk: one.disk || (disks.get(text) ?? '') })),
      'it tells of no sectors',
      // Settings and speeds are nobody's.
      (text) => !/sector|bad block/i.test(text),
    ).flat();
  },
});

/** The check of disks that were read through. */
export const MEDIA_CHECK = check({
  id: 'disk.media-told',
  area: 'disk',
  title: 'Disks of which tools could not read parts',
  about:
    'Of a captured machine: what badblocks, ddrescue and hdparm --read-sector say that they could not read.',
  needs: { media },
  evaluate: ({ media: all }) =>
    [...Map.groupBy(all, ({ disk }) => disk)].map(([disk, ones]) => ({
      severity: 'critical' as const,
      title: 'Parts of a disk cannot be read',
      subject: { kind: 'disk', name: disk },
      // Of those that tell their progress the last row counts.
      evidence: ones.slice(-2).map(({ evidence }) => evidence),
      remedy: { text: 'Save what is on it, look at smartctl -a, and replace it.', risk: 'data' as const },
    })),
});
