/** Disks as `lsblk` and `nvme list` list them on captured machines: without a size, or for reading alone. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { nothing } from '../required.ts';

const MAX_ROWS = 20_000;

interface Listed {
  readonly name: string;
  readonly tool: string;
  readonly trouble: 'empty' | 'read-only';
}

/** The table of lsblk with MAJ:MIN, RM, SIZE, RO and TYPE. Card readers and drives that can be taken out may be empty. */
function fromLsblk(text: string): Listed[] {
  return text.split('\n', MAX_ROWS).flatMap((row): Listed[] => {
    const [, name = '', removable, size = '', readOnly] =
      /^(\S{1,64})\s+\d{1,3}:\d{1,7}\s+([01])\s+(\S{1,12})\s+([01])\s+disk\b/.exec(row) ?? [];
    // Boot parts of eMMC, zram and images are as they are.
    if (!/^(?:[shv]d[a-z]{1,3}|xvd[a-z]{1,2}|nvme\d{1,3}n\d{1,3})$/.test(name) || removable === '1')
      return [];
    if (/^0B?$/.test(size)) return [{ name, tool: 'lsblk', trouble: 'empty' }];
    return readOnly === '1' ? [{ name, tool: 'lsblk', trouble: 'read-only' }] : [];
  });
}

/** "/dev/nvme1n1 … 0.00   B /   0.00   B": the namespace has no size. */
function fromNvmeList(text: string): Listed[] {
  return text.split('\n', MAX_ROWS).flatMap((row): Listed[] => {
    const [, name, size, unit] =
      /^\/dev\/(nvme\d{1,3}n\d{1,3})\s.*\/\s{0,6}([\d.]{1,12})\s{1,6}([kKMGTP]?i?B)\b/.exec(row) ?? [];
    return name !== undefined && Number(size) === 0 && unit === 'B'
      ? [{ name, tool: 'nvme list', trouble: 'empty' }]
      : [];
  });
}

const listed = fact({
  id: 'disk.listed',
  reads: ['lsblk and nvme list, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Listed[] => {
    const blocks = machine.saved?.('lsblk') ?? [];
    const drives = machine.saved?.('nvme list') ?? [];
    const readable = [
      ...blocks.filter(({ text }) => /MAJ:MIN.*\bRO\b/.test(text)),
      ...drives.filter(({ text }) => /^Node\s/m.test(text)),
    ];
    for (const output of [...blocks, ...drives].filter((one) => !readable.includes(one)))
      machine.notUsed?.(output, 'its columns do not tell whether disks are well');
    if (readable.length === 0) throw nothing(machine, 'output of lsblk or nvme list');
    return readable.flatMap(({ text }) => [...fromLsblk(text), ...fromNvmeList(text)]);
  },
});

/** The check of disks that are listed without a size, or for reading alone. */
export const LISTED_CHECK = check({
  id: 'disk.listed-unusable',
  area: 'disk',
  title: 'Disks that are listed without a size, or as read-only',
  about:
    'What lsblk and nvme list tell on a captured machine. A disk without a size answers to its name alone; one that the kernel takes for read-only ' +
    'says so itself, which many do when they fail, or was set so.',
  needs: { listed },
  evaluate: ({ listed: all }) =>
    all.map(
      ({ name, tool, trouble }): FindingDraft => ({
        severity: trouble === 'empty' ? 'critical' : 'warning',
        title: trouble === 'empty' ? 'A disk is there in name only' : 'A disk is read-only',
        subject: { kind: 'disk', name },
        evidence: [`${tool}: ${name} ${trouble === 'empty' ? 'has a size of 0' : 'has RO 1'}`],
        remedy: {
          text: 'Look at its health (smartctl -a) and at the kernel’s log; blockdev --setrw is for one that was set read-only by hand.',
          risk: 'data',
        },
      }),
    ),
});
