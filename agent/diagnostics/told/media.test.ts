/** Tools that read whole disks, lists that show what is full, and clients that reach nobody, as people save them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const MEDIA = (disk = '') => [`critical disk.media-told${disk}`];

for (const [what, text, expected] of [
  [
    'badblocks',
    '$ sudo badblocks -sv /dev/sdb\nChecking blocks 0 to 976762583\nPass completed, 12 bad blocks found. (12/0/0 errors)\n',
    MEDIA(' sdb'),
  ],
  [
    'badblocks, well',
    'Checking blocks 0 to 976762583\nPass completed, 0 bad blocks found. (0/0/0 errors)\n',
    [],
  ],
  [
    'ddrescue',
    'GNU ddrescue 1.23\n     ipos:   96239 MB, non-trimmed:        0 B,  current rate:       0 B/s\n  pct rescued:   99.99%, read errors:      252,  remaining time:         n/a\n',
    MEDIA(),
  ],
  [
    'ddrescue, well',
    'GNU ddrescue 1.23\n  pct rescued:  100.00%, read errors:        0,  remaining time:         n/a\n',
    [],
  ],
  [
    'hdparm',
    '/dev/sda:\nreading sector 156299375: SG_IO: bad/missing sense data, sb[]:  70 00 03 00 00 00 00 0a 40 51 e0 01 11 04 00 00\nsucceeded\n',
    MEDIA(),
  ],
  [
    'hdparm, well, and one that only refuses',
    '/dev/sda:\nreading sector 156299375: succeeded\n/dev/sdb:\nSG_IO: bad/missing sense data, sb[]:  70 00 05 00 00 00 00 0a 04 51 40 00 20 00 00 00\n',
    [],
  ],
  [
    'lsblk -f',
    'NAME   FSTYPE   FSVER LABEL UUID                                 FSAVAIL FSUSE% MOUNTPOINTS\nloop0  squashfs 4.0                                                    0   100% /snap/core/1\nsda1   ext4     1.0         0bff3b54-cee5-4415-b8a5-11e8a946c641       0   100% /\nsda2   ext4     1.0         0bff3b54-cee5-4415-b8a5-11e8a946c642     10G    60% /home\n',
    ['critical disk.full-listed /'],
  ],
  [
    'zfs list',
    'NAME        USED  AVAIL     REFER  MOUNTPOINT\ntank       3.51T     0B       96K  /tank\ntank/data  3.51T     0B     3.51T  /tank/data\n',
    ['critical disk.full-listed tank', 'critical disk.full-listed tank/data'],
  ],
  [
    'zfs list, well',
    'NAME        USED  AVAIL     REFER  MOUNTPOINT\ntank       1.51T  2.00T       96K  /tank\n',
    [],
  ],
  [
    'a Docker that does not run',
    'Client:\n Debug Mode: false\n\nServer:\nERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\nerrors pretty printing info\n',
    ['warning system.runtime-warnings'],
  ],
  [
    'an iSCSI target',
    '$ sudo iscsiadm -m node --login\niscsiadm: Could not login to [iface: default, target: iqn.2004-04.com.x:t1, portal: 192.0.2.10,3260].\niscsiadm: initiator reported error (8 - connection timed out)\niscsiadm: Could not log into all portals\n',
    ['warning disk.command-failed'],
  ],
] as const)
  test(`saved: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
