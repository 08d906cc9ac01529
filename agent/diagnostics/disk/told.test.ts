/** What lists and tools of storage tell of captured machines: each trouble beside the same output of a machine that is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const MOUNTS = (root: string, data = '/dev/sdb1 on /data type xfs (rw,relatime)') =>
  `$ mount\nproc on /proc type proc (rw,nosuid)\n${root}\ntmpfs on /run type tmpfs (rw,nosuid)\n` +
  `/var/lib/snapd/core.snap on /snap/core type squashfs (ro,nodev)\n${data}\n`;
const ROOT = (options: string, type = 'ext4', source = '/dev/sda2') =>
  `${source} on / type ${type} (${options})`;
const MISSING = '  WARNING: VG pool is missing PV qy0Bgu-o8Ck (last written to [unknown]).\n';
const LVS = (attributes: string) =>
  `# lvs\n  LV    VG   Attr       LSize   Pool Origin Data%\n  lv0   pool ${attributes} <32.74t\n`;
const PVS = (rows: string) => `# pvs\n  PV         VG     Fmt  Attr PSize    PFree\n${rows}`;

for (const [what, text, expected] of [
  [
    'mount of a root that errors made read-only',
    MOUNTS(ROOT('ro,relatime,errors=remount-ro')),
    ['critical disk.read-only /'],
  ],
  [
    'the same without its command line',
    MOUNTS(ROOT('ro,relatime,errors=remount-ro')).slice('$ mount\n'.length),
    ['critical disk.read-only /'],
  ],
  ['mount of a root that is read-only', MOUNTS(ROOT('ro,relatime', 'xfs')), ['warning disk.read-only /']],
  ['mount of a machine that is well', MOUNTS(ROOT('rw,relatime,errors=remount-ro')), []],
  ['mount of an image that is read-only', MOUNTS(ROOT('ro,relatime', 'ext4', '/dev/dm-0')), []],
  [
    'mount of a container',
    MOUNTS(
      'overlay on / type overlay (rw,lowerdir=/a)',
      '/dev/sda2 on /etc/hosts type ext4 (ro,errors=remount-ro)',
    ),
    [],
  ],
  [
    'mount of data that is read-only',
    MOUNTS(ROOT('rw,relatime'), '/dev/sdb1 on /data type xfs (ro,relatime)'),
    ['info disk.read-only /data'],
  ],
  [
    'findmnt of a root that errors made read-only',
    'TARGET    SOURCE    FSTYPE OPTIONS\n/         /dev/sda2 ext4   ro,relatime,errors=remount-ro\n├─/proc   proc      proc   rw,nosuid\n',
    ['critical disk.read-only /'],
  ],
  [
    'findmnt of a machine that is well',
    'TARGET    SOURCE         FSTYPE OPTIONS\n/         /dev/sda2[/@]  btrfs  rw,relatime,subvol=/@\n└─/usr    /dev/sda2[/u]  btrfs  ro,subvol=/u\n',
    [],
  ],
  ['lvs of a volume of which a part is missing', LVS('-wi-----p-'), ['critical disk.lvm-missing pool']],
  ['lvs of whole volumes', LVS('-wi-ao----'), []],
  [
    'pvs that does not find one',
    PVS('  /dev/sda   pool   lvm2 a--   <10.91t      0\n  [unknown]  pool   lvm2 a-m   <10.91t      0\n'),
    ['critical disk.lvm-missing pool'],
  ],
  ['a warning of lvm', `# vgs\n${MISSING}`, ['critical disk.lvm-missing pool']],
  [
    'pvs of a group that is full',
    PVS('  /dev/sda   pool   lvm2 a--   <10.91t      0\n  /dev/sdb          lvm2 ---    10.91t 10.91t\n'),
    [],
  ],
  [
    'vgs of a partial group and of a whole one',
    '# vgs\n  VG     #PV #LV #SN Attr   VSize    VFree\n  pool     3   1   0 wz-pn-  <32.74t       0\n  ubuntu   1   1   0 wz--n- <928.46g <828.46g\n',
    ['critical disk.lvm-missing pool'],
  ],
] as const)
  test(what, async () => assert.deepEqual(await troubles(text), expected));
