/** sas2ircu, sas3ircu, tw_cli and mvcli: arrays that lack something, such as are well, and rows alone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const RULE = '-'.repeat(72);
const DISPLAY = (volume: string, drive: string) =>
  `LSI Corporation SAS2 IR Configuration Utility.\nVersion 20.00.00.00 (2014.09.18)\n\n${RULE}\nIR Volume information\n${RULE}\nIR volume 1\n  Volume ID                               : 286\n  Status of volume                        : ${volume}\n  RAID level                              : RAID1\n  PHY[0] Enclosure#/Slot#                 : 1:0\n${RULE}\nPhysical device information\n${RULE}\nInitiator at ID #0\n\nDevice is a Hard disk\n  Enclosure #                             : 1\n  Slot #                                  : 0\n  State                                   : Optimal (OPT)\n\nDevice is a Hard disk\n  Enclosure #                             : 1\n  Slot #                                  : 1\n  State                                   : ${drive}\n`;
const STATUS = (state: string) =>
  `# sas3ircu 0 STATUS\nBackground command progress status for controller 0...\nIR Volume 1\n  Volume ID                               : 323\n  Current operation                       : None\n  Volume status                           : Enabled\n  Volume state                            : ${state}\nSAS3IRCU: Command STATUS Completed Successfully.\n`;
const UNITS = (unit: string, port: string, bbu = 'OK') =>
  `Unit  UnitType  Status         %RCmpl  %V/I/M  Stripe  Size(GB)  Cache  AVrfy\n${RULE}\nu0    RAID-5    ${unit}       -       -       64K     2793.94   RiW    ON\nu1    SPARE     OK             -       -       -       931.505   -      OFF\n\nVPort Status         Unit Size      Type  Phy Encl-Slot    Model\n${RULE}\np0    OK             u0   931.51 GB SATA  0   -            ST31000340NS\np1    ${port}       u0   931.51 GB SATA  1   -            ST31000340NS\np2    NOT-PRESENT    -    -         -     -   -            -\n\nName  OnlineState  BBUReady  Status    Volt     Temp     Hours  LastCapTest\n${RULE}\nbbu   On           Yes       ${bbu}    OK       OK       0      xx-xxx-xxxx\n`;
const VD = (status: string) =>
  `Virtual Disk Information\n-------------------------\nid:                  0\nname:                VD0\nstatus:              ${status}\nRAID mode:           RAID1\n\nTotal # of VD:       1\n`;

for (const [what, text, expected] of [
  [
    'sas2ircu',
    DISPLAY('Degraded (DGD)', 'Failed (FLD)'),
    ['critical disk.raid-degraded volume 286', 'warning disk.raid-drive 1:1'],
  ],
  [
    'sas2ircu below its command',
    `# sas2ircu 0 DISPLAY\n${DISPLAY('Degraded (DGD)', 'Missing (MIS)')}`,
    ['critical disk.raid-degraded volume 286', 'warning disk.raid-drive 1:1'],
  ],
  ['sas2ircu of an array that is well', DISPLAY('Okay (OKY)', 'Hot Spare (HSP)'), []],
  [
    'sas2ircu, from the volumes on',
    DISPLAY('Degraded (DGD)', 'Ready (RDY)').replace(/^[\s\S]*?(?=IR Volume)/, ''),
    ['critical disk.raid-degraded volume 286'],
  ],
  ['sas3ircu STATUS', STATUS('Degraded'), ['critical disk.raid-degraded volume 323']],
  ['sas3ircu STATUS, well', STATUS('Optimal'), []],
  [
    'tw_cli',
    `# tw_cli /c0 show\n\n${UNITS('DEGRADED', 'SMART-FAILURE', 'FAILED')}`,
    [
      'critical disk.raid-degraded u0 (RAID-5)',
      'warning disk.raid-controller bbu',
      'warning disk.raid-drive p1',
    ],
  ],
  ['tw_cli of an array that is well', UNITS('OK', 'OK'), []],
  ['tw_cli of one that is verified', UNITS('VERIFYING', 'OK', 'Charging'), []],
  ['tw_cli of one that is rebuilt', UNITS('REBUILDING', 'OK'), ['warning disk.raid-degraded u0 (RAID-5)']],
  [
    'a row of tw_cli',
    'u0    RAID-1    DEGRADED       -       -       -       931.312   RiW    ON\n',
    ['critical disk.raid-degraded u0 (RAID-1)'],
  ],
  ['a row of tw_cli, well', 'p0    OK             u0   931.51 GB SATA  0   -            ST31000340NS\n', []],
  ['mvcli', VD('degrade'), ['critical disk.raid-degraded VD 0 (VD0)']],
  ['mvcli, well', VD('functional'), []],
] as const)
  test(`RAID: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

const ATTRIBUTE = (raw: number) => `197 Current_Pending_Sector  -O--C-   100   100   000    -    ${raw}\n`;
for (const [what, text, expected] of [
  ['a brief row', ATTRIBUTE(312), ['warning disk.smart-sectors disk1']],
  ['a brief row, well', ATTRIBUTE(0), []],
  [
    'a self-test',
    '# 1  Extended offline    Completed: read failure       90%     12345         123456789\n',
    ['warning disk.self-test-failed disk1'],
  ],
  [
    'a self-test that passed',
    '# 1  Short offline       Completed without error       00%     12300         -\n',
    [],
  ],
  ['a verdict that is not known', 'SMART overall-health self-assessment test result: UNKNOWN!\n', []],
  [
    'a verdict of SCSI',
    'SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=10]\n',
    ['critical disk.smart-failing disk1'],
  ],
] as const)
  test(`smartctl, of which a line was kept: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
