/** Arrays, volumes, paths and memory errors as rarer tools and parts of outputs tell them; the same of healthy machines raises nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const DETAIL = (state: string, active: number) =>
  `           Version : 1.2\n     Creation Time : Fri Mar  6 10:16:44 2026\n        Raid Level : raid5\n        Array Size : 4883151360 (4.55 TiB 5.00 TB)\n      Raid Devices : 6\n     Total Devices : ${active}\n\n             State : ${state}\n    Active Devices : ${active}\n   Working Devices : ${active}\n    Failed Devices : 0\n\n    Number   Major   Minor   RaidDevice State\n       0       8       16        0      active sync   /dev/sdb\n`;
const LV = (name: string, more: string) =>
  `  --- Logical volume ---\n  LV Path                /dev/vg0/${name}\n  LV Name                ${name}\n  VG Name                vg0\n  LV Write Access        read/write\n${more}  LV Size                20.00 GiB\n\n`;
const POOL = (data: string, metadata: string) =>
  `  LV Pool metadata       pool_tmeta\n  LV Pool data           pool_tdata\n  LV Status              available\n  Allocated pool data    ${data}%\n  Allocated metadata     ${metadata}%\n`;
const VG = (active: number) =>
  `  --- Volume group ---\n  VG Name               vg0\n  Format                lvm2\n  VG Access             read/write\n  Max PV                0\n  Cur PV                3\n  Act PV                ${active}\n  VG Size               276.25 GiB\n`;
const PATHS = (first: string, second: string) =>
  `  |- 6:0:4:13  sdaq 66:160  ${first}\n  \`- 19:0:4:13 sdcm 69:160  ${second}\n`;
const BARS = (array: string, disk: string) =>
  `-- Controller information --\n-- ID | H/W Model | RAM | Temp | BBU | Firmware\nc0 | LSI MegaRAID SAS 9260-16i | 512MB | N/A | Absent | FW: 12.12.0-0111\n\n-- Array information --\n-- ID | Type | Size | Strpsz | Flags | DskCache | Status | OS Path | CacheCade |InProgress\nc0u0 | RAID-6 | 12731G | 64 KB | RA,WB | Enabled | ${array} | /dev/sda | None |None\n\n-- Disk information --\n-- ID | Type | Drive Model | Size | Status | Speed | Temp | Slot ID | LSI Device ID\nc0u0p0 | HDD | MAKER-1 | 1.818 TB | Online, Spun Up | 6.0Gb/s | 36C | [245:0] | 18\nc0u0p1 | HDD | MAKER-2 | 1.818 TB | ${disk} | 6.0Gb/s | 36C | [245:1] | 19\n`;
const STATS = (sdb: string) =>
  `Id Path      Write errors Read errors Flush errors Corruption errors Generation errors\n-- --------- ------------ ----------- ------------ ----------------- -----------------\n 1 /dev/sdc1            0           0            0                 0                 0\n 2 /dev/sdb1 ${sdb}\n`;
const RECORD = (words: string, mci: string, status: string) =>
  `112 2026-05-31 10:06:19 -0400 error: MEMORY CONTROLLER RD_CHANNEL0_ERR\nTransaction: Memory read error MemCtrl:  ${words} bank: 0x1\nbankgroup: 0x1 row: 0x3bc90 column: 0x328 rank: 0x5\nsubrank: 0x0 ecc mode:  SDDC, mcg mcgstatus=0, mci ${mci},\nn_errors=3 memory_channel=0, mcgcap=0x0f000c1c, status=${status},\nsocketid=0x00000001, bank=0x0000000d\n`;

for (const [what, text, expected] of [
  [
    'mdadm --detail without its first line',
    DETAIL('clean, degraded', 5),
    ['critical disk.md-degraded md-unnamed'],
  ],
  ['the same of a whole array', DETAIL('clean', 6), []],
  [
    'lvdisplay of a full pool',
    `# lvdisplay\n${LV('root', '')}${LV('pool', POOL('99.87', '48.30'))}`,
    ['critical disk.thin-pool-full vg0/pool'],
  ],
  [
    'lvdisplay without its command',
    LV('pool', POOL('12.00', '98.30')),
    ['critical disk.thin-pool-full vg0/pool'],
  ],
  ['lvdisplay of a pool with room', LV('pool', POOL('42.00', '3.30')), []],
  [
    'lvdisplay of a snapshot without room',
    LV('snap', '  LV snapshot status     INACTIVE destination for root\n'),
    ['warning disk.snapshot-full vg0/snap'],
  ],
  [
    'lvdisplay of a snapshot with room',
    LV('snap', '  LV snapshot status     active destination for root\n  Allocated to snapshot  4.07%\n'),
    [],
  ],
  ['vgdisplay of a group that lacks a volume', VG(2), ['critical disk.lvm-missing vg0']],
  ['vgdisplay of a whole group', VG(3), []],
  [
    'rows of failed paths alone',
    `$ multipath -ll | grep fault\n${PATHS('failed faulty running', 'failed faulty running')}`,
    ['warning disk.multipath-degraded sdaq, sdcm'],
  ],
  [
    'rows of good paths alone',
    `$ multipath -ll | grep running\n${PATHS('active ready running', 'active ghost running')}`,
    [],
  ],
  ['a row of one good path', '  `- 19:0:4:13 sdcm 69:160  active ready running\n', []],
  [
    'megaclisas-status of a degraded array',
    BARS('Partially Degraded', 'Online, Spun Up'),
    ['critical disk.raid-degraded c0u0'],
  ],
  ['megaclisas-status of a failed drive', BARS('Optimal', 'Failed'), ['warning disk.raid-drive c0u0p1']],
  ['megaclisas-status of a sound controller', BARS('Optimal', 'Online, Spun Up'), []],
  [
    'btrfs device stats as a table',
    `# btrfs device stats -T /srv\n${STATS('25 20 0 3 0')}`,
    ['critical disk.btrfs-errors srv device /dev/sdb1'],
  ],
  ['the same without errors', STATS('0 0 0 0 0'), []],
  [
    'a counter of btrfs alone',
    '[/dev/sdf2].corruption_errs 4\n',
    ['critical disk.btrfs-errors btrfs device /dev/sdf2'],
  ],
  [
    'records of corrected errors that were broken at the margin',
    RECORD('Corrected read error', 'Corrected_error', '0x8c00004200800090').repeat(10),
    ['warning memory.corrected-errors memory_channel 0'],
  ],
  [
    'a record of an uncorrected error',
    RECORD('Uncorrected read error', 'Uncorrected_error', '0xbd80000000100134'),
    ['critical memory.uncorrected-errors memory_channel 0'],
  ],
  [
    'a record whose register alone tells that it was uncorrected',
    '1 2026-05-31 10:06:19 -0400 error: MEMORY CONTROLLER RD_CHANNEL0_ERR, mcg mcgstatus=0, memory_channel=0, status=0xbd80000000100134\n',
    ['critical memory.uncorrected-errors memory_channel 0'],
  ],
  [
    'a self-test that failed, its columns one space apart',
    '# 1 Short offline Completed: read failure 90% 2126 57169643\n# 2 Short offline Completed without error 00% 2100 -\n',
    ['warning disk.self-test-failed disk1'],
  ],
  [
    'an older one that failed',
    '# 1  Short offline       Completed without error       00%     18145         -\n# 2  Short offline       Completed: read failure       10%     18140         181539\n',
    [],
  ],
  [
    'an older one alone',
    '# 4  Short offline       Completed: read failure       10%     18140         181539\n',
    [],
  ],
  [
    'a self-test beside an attribute',
    '5 Reallocated_Sector_Ct   0x0033   100   100   036    Pre-fail  Always       -       0\n...\n#1  Short offline       Completed: read failure       10%     18145         181539\n',
    ['warning disk.self-test-failed disk1'],
  ],
  [
    'a drive of MegaCli that fails, without its adapter',
    'PD: 4 Information\nEnclosure Device ID: 32\nSlot Number: 5\nMedia Error Count: 0\nPredictive Failure Count: 0\nFirmware state: Failed\n',
    ['warning disk.raid-drive 32:5'],
  ],
  [
    'a sound one',
    'Enclosure Device ID: 32\nSlot Number: 5\nMedia Error Count: 0\nPredictive Failure Count: 0\nFirmware state: Online, Spun Up\n',
    [],
  ],
] as const)
  test(`${what}: ${expected.join() || 'nothing'}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
