/** Further forms in which tools of RAID controllers and of LVM tell of troubles: details, lists with states behind, JSON that was cut, warnings. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const SMART = 'Smart Array P440ar in Slot 0 (Embedded)\n';
const BLOCK = (ld: string, errors: string, pd: string) =>
  `${SMART}   Controller Status: OK\n\n   Array: A\n      Interface Type: SAS\n      Status: OK\n\n      Logical Drive: 1\n         Size: 558.88 GB\n         Status: ${ld}\n         Unrecoverable Media Errors: ${errors}\n\n      physicaldrive 1I:1:1\n         Port: 1I\n         Status: ${pd}\n         Drive Type: Data Drive\n`;
const CUT = (status: string, bbu: string) =>
  `# /opt/MegaRAID/storcli/storcli64 /cALL show all J | less\n...\n                "Status" : {\n                  ==>   "Controller Status" : "${status}",\n                        "Memory Uncorrectable Errors" : 0,\n                        "Any Offline VD Cache Preserved" : "No",\n                  ==>   "BBU Status" : ${bbu},\n`;
const UUID = 'LkHjyU-T4EP-Ta5B-sf0D-kc0r-2iZA-F0A8Lm';
const LOST = ['critical disk.lvm-missing vg_new'];

for (const [what, text, expected] of [
  [
    'ssacli: details that are well',
    `$ sudo ssacli ctrl all show config detail\n${BLOCK('OK', 'None', 'OK')}`,
    [],
  ],
  [
    'a volume in a block',
    BLOCK('Interim Recovery Mode', 'None', 'OK'),
    ['critical disk.raid-degraded logicaldrive 1'],
  ],
  [
    'a drive in a block',
    BLOCK('OK', 'None', 'Predictive Failure'),
    ['warning disk.raid-drive physicaldrive 1I:1:1'],
  ],
  ['sectors that are lost', BLOCK('OK', 'Detected', 'OK'), ['critical disk.raid-degraded logicaldrive 1']],
  [
    'a warning above everything',
    `${SMART}\n\nWarning: Unrecoverable Media Errors Detected on Drives during previous Rebuild \nor Background Surface Analysis (ARM) scan. The\nfollowing logical drives are affected: 4, 5\n\n   Controller Status: OK\n`,
    ['critical disk.raid-degraded logicaldrive 4', 'critical disk.raid-degraded logicaldrive 5'],
  ],
  [
    'states behind the rows',
    '   physicaldrive 1I:1:1 (port 1I:box 1:bay 1, 300 GB): OK\n   physicaldrive 1I:1:2 (port 1I:box 1:bay 2, 300 GB): Failed\n   logicaldrive 1 (279.4 GB, RAID 1): Interim Recovery Mode\n',
    ['critical disk.raid-degraded logicaldrive 1', 'warning disk.raid-drive physicaldrive 1I:1:2'],
  ],
  [
    'states behind the rows, all well',
    '=> ctrl slot=0 pd all show status\n\n   physicaldrive 1I:1:1 (port 1I:box 1:bay 1, 300 GB): OK\n   physicaldrive 1I:1:2 (port 1I:box 1:bay 2, 300 GB): OK\n',
    [],
  ],
  [
    'storcli: JSON that was cut',
    CUT('Needs Attention', '32'),
    ['warning disk.raid-controller battery', 'warning disk.raid-controller controller'],
  ],
  ['the same, well', CUT('Optimal', '0'), []],
  [
    'rows of JSON',
    '"EID:Slt" : "252:1",\n"DID" : 9,\n"State" : "UBad",\n"DG/VD" : "0/0",\n"TYPE" : "RAID1",\n"State" : "Dgrd",\n',
    ['critical disk.raid-degraded 0/0', 'warning disk.raid-drive 252:1'],
  ],
  [
    'storcli as text',
    'Controller = 0\nStatus = Success\nController Status = Optimal\nBBU Status = 32\n',
    ['warning disk.raid-controller battery'],
  ],
  [
    'a battery that charges',
    'Controller = 0\nStatus = Success\nController Status = Optimal\nBBU Status = 4096\n',
    [],
  ],
  [
    'lvscan',
    `root@n1:~# lvscan\n  ACTIVE            '/dev/vg0/root' [1.20 TiB] inherit\n  Couldn't find device with uuid ${UUID}.\n  inactive          '/dev/vg_new/lv_new' [7.89 TiB] inherit\n`,
    LOST,
  ],
  [
    'vgchange',
    `  Couldn't find device with uuid '${UUID}'.\n  Refusing activation of partial LV vg_new/data. Use '--activationmode partial' to override.\n  0 logical volume(s) in volume group "vg_new" now active\n`,
    LOST,
  ],
  [
    'vgscan',
    `  Couldn't find device with uuid ${UUID}.\n  Couldn't find all physical volumes for volume group vg_new.\n`,
    LOST,
  ],
  [
    'pvscan',
    '  PV /dev/sdb1        VG vg_new   lvm2 [2.00 TiB / 0    free]\n  PV unknown device   VG vg_new   lvm2 [2.00 TiB / 0    free]\n',
    LOST,
  ],
  [
    'a warning alone',
    `  WARNING: Couldn't find device with uuid ${UUID}.\n`,
    ['critical disk.lvm-missing unnamed'],
  ],
  [
    'lvscan that is well',
    "  ACTIVE            '/dev/vg0/root' [1.20 TiB] inherit\n  inactive          '/dev/vg0/old' [1.00 GiB] inherit\n",
    [],
  ],
] as const)
  test(`RAID and LVM, saved: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
