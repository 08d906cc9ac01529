/** What people save of checks of file systems, of btrfs, and of the kernel's lines without times. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const PHASES = (found: string, end: string) =>
  `Phase 1 - find and verify superblock...\nPhase 2 - using internal log\n        - zero log...\n        - found root inode chunk\nPhase 3 - for each AG...\n        - scan and clear agi unlinked lists...\n${found}Phase 5 - rebuild AG headers and trees...\n        - reset superblock...\n${end}\n`;
const PASSES = (found: string, end: string) =>
  `e2fsck 1.46.5 (30-Dec-2021)\nPass 1: Checking inodes, blocks, and sizes\n${found}Pass 5: Checking group summary information\n${end}`;
const SIZES = '/dev/vdb1: 1234/65536 files (0.2% non-contiguous), 91011/262144 blocks\n';
const SCRUB = (summary: string) =>
  `UUID:             021756e1-c9b4-41e7-bfd3-bc4e930eae46\nScrub started:    Fri Feb 23 21:42:13 2024\nStatus:           finished\nError summary:    ${summary}\n`;
const SHOW = (more: string) =>
  `Label: 'pool'  uuid: 073f1926-d84d-4150-9498-4239b5383272\n\tTotal devices 2 FS bytes used 112.00KiB\n\tdevid    1 size 1.00GiB used 272.00MiB path /dev/vdb\n${more}`;

for (const [what, text, expected] of [
  [
    'xfs_repair -n of a damaged one',
    `# xfs_repair -n /dev/vdb1\n${PHASES('bad nblocks 54669 for inode 2201, would reset to 54667\n', 'No modify flag set, skipping filesystem flush and exiting.')}`,
    ['critical disk.fsck vdb1'],
  ],
  [
    'xfs_repair that repaired',
    PHASES('entry "a" in directory inode 131 references free inode 140\n', 'done'),
    ['warning disk.fsck xfs_repair'],
  ],
  ['xfs_repair of a sound one', PHASES('', 'done'), []],
  [
    'xfs_repair that refuses a log',
    '# xfs_repair /dev/vdb1\nPhase 1 - find and verify superblock...\nPhase 2 - using internal log\n        - zero log...\nERROR: The filesystem has valuable metadata changes in a log which needs to\nbe replayed.\n',
    ['warning disk.fsck vdb1'],
  ],
  [
    'e2fsck that was not let repair',
    PASSES('Inode 7 has illegal block(s).  Clear? no\n\n', SIZES),
    ['critical disk.fsck e2fsck'],
  ],
  [
    'fsck that gives up',
    '# fsck -a /dev/vdb1\nfsck from util-linux 2.37.2\n/dev/vdb1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n\t(i.e., without -a or -p options)\n',
    ['critical disk.fsck vdb1'],
  ],
  [
    'e2fsck that repaired',
    PASSES(
      'Free inodes count wrong (1, counted=2).\nFix? yes\n',
      `\n/dev/vdb1: ***** FILE SYSTEM WAS MODIFIED *****\n${SIZES}`,
    ),
    ['warning disk.fsck /dev/vdb1'],
  ],
  ['e2fsck of a sound one', PASSES('', SIZES), []],
  [
    'e2fsck of a clean one',
    'e2fsck 1.46.5 (30-Dec-2021)\n/dev/vdb1: clean, 11/65536 files, 8859/262144 blocks\n',
    [],
  ],
  [
    'tune2fs of one with errors',
    '# tune2fs -l /dev/vdb1\ntune2fs 1.46.5 (30-Dec-2021)\nFilesystem state:         clean with errors\nFS Error count:           12\n',
    ['critical disk.fsck vdb1'],
  ],
  ['tune2fs of one that is mounted', '# tune2fs -l /dev/vdb1\nFilesystem state:         not clean\n', []],
  [
    'btrfs check',
    'Opening filesystem to check...\nChecking filesystem on /dev/vdb\n[1/7] checking root items\n[4/7] checking fs roots\nroot 5 inode 431 errors 1040, bad file extent, some csum missing\nERROR: errors found in fs roots\nfound 1174419738624 bytes used, error(s) found\n',
    ['critical disk.fsck /dev/vdb'],
  ],
  [
    'btrfs check of a sound one',
    '[1/7] checking root items\n[2/7] checking extents\nfound 1174419738624 bytes used, no error found\n',
    [],
  ],
  [
    'a scrub without its command',
    `> >\n${SCRUB('verify=8\n  Corrected:      0\n  Uncorrectable:  8').replace(/^/gm, '> > ')}`,
    ['critical disk.btrfs-scrub btrfs'],
  ],
  ['a scrub that found nothing', SCRUB('no errors found'), []],
  ['btrfs that lacks a device', SHOW('\t*** Some devices missing\n'), ['critical disk.btrfs-devices pool']],
  ['btrfs that is whole', SHOW('\tdevid    2 size 1.00GiB used 272.00MiB path /dev/vdc\n'), []],
  [
    'lines of the kernel without times',
    'What is this?\n```\nBTRFS error (device vdb): parent transid verify failed on 128 wanted 10 found 8\n```\n',
    ['critical kernel-log.btrfs-error vdb'],
  ],
  [
    'lines of dmesg -H',
    '[Nov14 09:12] ata3.00: exception Emask 0x0 SAct 0x1 SErr 0x0 action 0x0\n[  +0.000045] ata3.00: failed command: READ FPDMA QUEUED\n',
    ['warning kernel-log.ata-exception ata3.00'],
  ],
] as const)
  test(`file systems, saved: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.startsWith('info')),
      expected,
    );
  });
