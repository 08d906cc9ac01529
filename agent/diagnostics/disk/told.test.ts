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
const BTRFS = (unallocated: string, missing: string) =>
  `# btrfs filesystem usage /data\nOverall:\n    Device size:\t\t   3.00TiB\n    Device allocated:\t\t   1.50TiB\n    Device unallocated:\t\t   ${unallocated}\n` +
  `    Device missing:\t\t   ${missing}\n\nMetadata,RAID1: Size:102.00GiB, Used:100.80GiB (98.82%)\n   /dev/sda\t 102.00GiB\n`;
const ZPOOL = (pool: string, disk: string, was: string) =>
  `        NAME                        STATE     READ WRITE CKSUM\n        san                         ${pool}  0     0     0\n` +
  `          raidz2-0                  ${pool}  0     0     0\n            wwn-0x5000c5004d038886  ONLINE       0     0     0\n` +
  `            649844116982152511      ${disk}      0     0     0  ${was}\n`;
const STORCLI = (group: string, more: string) =>
  `TOPOLOGY :\n========\n\n------\nDG Arr Row EID:Slot DID Type  State BT       Size PDC  PI SED DS3  FSpace TR \n------\n` +
  ` 0 -   -   -        -   RAID6 ${group}  N   29.107 TB dflt N  N   none N      N  \n` +
  ` 0 0   -   -        -   RAID6 ${group}  N   29.107 TB dflt N  N   none N      N  \n` +
  ` 0 0   0   252:0    8   DRIVE Onln  N    7.276 TB dflt N  N   none -      N  \n${more}------\n`;
const ISCSI = (connection: string, session: string, disk: string) =>
  'iscsiadm -m session -P 3:\nTarget: iqn.2017-01.example:db (non-flash)\n\tCurrent Portal: 10.8.100.6:3260,1\n\t\tSID: 806\n' +
  `\t\tiSCSI Connection State: ${connection}\n\t\tiSCSI Session State: ${session}\n\t\tInternal iscsid Session State: NO CHANGE\n` +
  `\t\tHost Number: 14\tState: running\n\t\tscsi14 Channel 00 Id 0 Lun: 0\n\t\t\tAttached scsi disk sdb\t\tState: ${disk}\n`;
const CEPH = (state: string, reasons: readonly string[]) =>
  `$ ceph -s\n  cluster:\n    id:     420621c0\n    health: ${state}\n${reasons.map((one) => `            ${one}\n`).join('')} \n` +
  '  services:\n    mon: 3 daemons, quorum e,g,h (age 20h)\n    osd: 3 osds: 3 up (since 19h), 3 in (since 18h)\n';

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
  [
    'a scrub that found what it cannot repair',
    '$ sudo btrfs scrub status /dev/nvme0n1p7\nUUID:             a5c81116\nStatus:           finished\nError summary:    csum=11\n  Corrected:      0\n  Uncorrectable:  11\n  Unverified:     0\n',
    ['critical disk.btrfs-scrub nvme0n1p7'],
  ],
  [
    'a scrub that corrected, as older programs tell it',
    '# btrfs scrub status /data\nscrub status for a5c8\n\ttotal bytes scrubbed: 1.00GiB with 2 errors\n\terror details: csum=2\n\tcorrected errors: 2, uncorrectable errors: 0, unverified errors: 0\n',
    ['warning disk.btrfs-scrub data'],
  ],
  [
    'a scrub that found nothing',
    '# btrfs scrub status /data\nUUID: a5c8\nStatus: finished\nError summary:    no errors found\n',
    [],
  ],
  ['btrfs filesystem usage with room to give', BTRFS('1.50TiB', '0.00B'), []],
  ['btrfs filesystem usage without any', BTRFS('1.00MiB', '0.00B'), ['warning disk.btrfs-usage data']],
  [
    'btrfs filesystem usage without a device',
    BTRFS('1.50TiB', '1.00TiB'),
    ['critical disk.btrfs-usage data'],
  ],
  [
    'a session of iSCSI that waits',
    ISCSI('TRANSPORT WAIT', 'FREE', 'running'),
    ['critical disk.iscsi-session 806'],
  ],
  [
    'a session of iSCSI with a disk that is offline',
    ISCSI('LOGGED IN', 'LOGGED_IN', 'offline'),
    ['critical disk.iscsi-session 806'],
  ],
  ['a session of iSCSI that works', ISCSI('LOGGED IN', 'LOGGED_IN', 'running'), []],
  [
    'ceph -s with placement groups that are down',
    CEPH('HEALTH_WARN', ['1 osds down', 'Reduced data availability: 177 pgs inactive, 161 pgs down']),
    ['critical disk.ceph-health ceph'],
  ],
  [
    'ceph -s with fewer copies',
    CEPH('HEALTH_WARN', ['1 nearfull osd(s)', 'Degraded data redundancy: 1/9 objects degraded']),
    ['warning disk.ceph-health ceph'],
  ],
  [
    'ceph -s of a quorum without one monitor',
    CEPH('HEALTH_WARN', ['1/3 mons down, quorum e,g']),
    ['warning disk.ceph-health ceph'],
  ],
  ['ceph -s of a cluster that is well', CEPH('HEALTH_OK', []), []],
  [
    'ceph health detail of a full pool, without its command line',
    'HEALTH_ERR 1 full osd(s); 1 pool(s) full\n[ERR] OSD_FULL: 1 full osd(s)\n    osd.0 is full\n[WRN] POOL_FULL: 1 pool(s) full\n',
    ['critical disk.ceph-health ceph'],
  ],
  [
    'the topology of storcli alone',
    STORCLI('Dgrd', ' 0 0   1   -        -   DRIVE Msng  -    7.276 TB -    -  -   -    -      N  \n'),
    ['critical disk.raid-degraded group 0', 'warning disk.raid-drive group 0 row 1'],
  ],
  ['the same of a group that is well', STORCLI('Optl', ''), []],
  [
    'mdstat whose lines begin with a plus, and its command',
    '+ $ cat /proc/mdstat\n+ Personalities : [raid1]\n+ md0 : active raid1 sdb1[1](F) sda1[0]\n+       1000 blocks super 1.2 [2/1] [U_]\n+\n+ unused devices: <none>\n',
    ['critical disk.md-degraded md0'],
  ],
  [
    'a command line of the kernel alone',
    '$ cat /proc/cmdline\nBOOT_IMAGE=/vmlinuz-5.15.0 root=/dev/sda2 ro quiet mitigations=off\n',
    ['info kernel.mitigations-off'],
  ],
  [
    'the table of a ZFS pool alone',
    `Status shows\n\n${ZPOOL('DEGRADED', 'FAULTED', 'was /dev/sdd1')}\nI know the disk is fine.\n`,
    ['warning disk.zpool-degraded san'],
  ],
  ['the same of a pool that is well', ZPOOL('ONLINE', 'ONLINE', ''), []],
  [
    'df of a large file system that has terabytes left, and of a full one',
    'Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda2       1.8T  1.7T     0 100% /\n/dev/sdb1        48T   41T  3.9T  92% /data\n',
    ['critical disk.filesystem-full /', 'warning disk.filesystem-full /data'],
  ],
  [
    'cpupower, which names a driver too',
    '$ cpupower frequency-info\nanalyzing CPU 0:\n  driver: intel_pstate\n  boost state support:\n    Supported: yes\n',
    [],
  ],
] as const)
  test(what, async () => assert.deepEqual(await troubles(text), expected));
