/** More of what people save of disks: lists, volumes, paths, pools, clusters, and what programs could not do. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const LVS = (attributes: string) =>
  `  LV    VG  Attr       LSize   Pool Origin Data%  Meta%  Move Log Cpy%Sync Convert\n  home  vg1 ${attributes} 200.00g                                    100.00\n`;
const PATHS = (second: string) =>
  `mpatha (3600508b4000c4a37000009000012) dm-0 HP,HSV300\nsize=100G features='1 queue_if_no_path' hwhandler='0' wp=rw\n\`-+- policy='service-time 0' prio=50 status=active\n  |- 0:0:0:1 sda 8:0  active ready running\n  \`- 1:0:0:1 sdb 8:16 ${second} running\n`;
const LSBLK = (size: string, readOnly: number) =>
  `NAME        MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\nsda           8:0    0 ${size}  ${readOnly} disk\nsr0          11:0    1  1024M  1 rom\nsdb           8:16   1     0B  0 disk\n`;
const NVME = (size: string) =>
  `Node          SN         Model      Namespace Usage                 Format       FW Rev\n------------- ---------- ---------- --------- --------------------- ------------ --------\n/dev/nvme1n1  PHLJ1      INTEL      1         ${size} /   ${size}    512   B +  0 B   V1\n`;
const TREE = (state: string) =>
  `ID  CLASS  WEIGHT   TYPE NAME       STATUS  REWEIGHT  PRI-AFF\n-1         0.87918  root default\n-5         0.29306      host node2\n 1    hdd  0.29306          osd.1     ${state}         0  1.00000\n`;
const CEPH = (status: string, message: string) =>
  JSON.stringify({ fsid: 'a7f64266', health: { status, checks: { OSD_DOWN: { summary: { message } } } } });
const LIST = (health: string) =>
  `NAME    SIZE  ALLOC   FREE  CKPOINT  EXPANDSZ   FRAG    CAP  DEDUP    HEALTH  ALTROOT\ntank   21.8T  4.11T  17.7T        -         -     9%    18%  1.00x  ${health}  -\n`;
const POOL = (state: string, checksums: number) =>
  JSON.stringify({
    output_version: { command: 'zpool status', vers_major: 0, vers_minor: 1 },
    pools: {
      tank: {
        name: 'tank',
        state,
        error_count: '0',
        vdevs: {
          tank: {
            name: 'tank',
            state,
            vdevs: { sda: { name: 'sda', state: 'ONLINE', checksum_errors: `${checksums}` } },
          },
        },
      },
    },
  });

for (const [what, text, expected] of [
  ['copies of a RAID volume that differ', LVS('rwi-aor-m-'), ['warning disk.lvm-attention vg1/home']],
  ['a volume that is suspended', LVS('-wi-s-----'), ['warning disk.lvm-attention vg1/home']],
  ['a pool that has to be checked', LVS('twi-cotz--'), ['critical disk.lvm-attention vg1/home']],
  ['a volume that is well', LVS('rwi-aor---'), []],
  [
    'a path that failed, without its command',
    PATHS('failed undef'),
    ['warning disk.multipath-degraded mpatha'],
  ],
  ['paths that work, by another option', `# multipath -l\n${PATHS('active undef')}`, []],
  ['a disk that is read-only', LSBLK('465.8G', 1), ['warning disk.listed-unusable sda']],
  ['a disk without a size', LSBLK('0B', 0), ['critical disk.listed-unusable sda']],
  ['disks that are well, and an empty card reader', LSBLK('465.8G', 0), []],
  ['a namespace without a size', NVME('0.00   B'), ['critical disk.listed-unusable nvme1n1']],
  ['a namespace that is well', NVME('1.00  TB'), []],
  ['an OSD that is down', `$ ceph osd tree\n${TREE('down')}`, ['warning disk.ceph-health ceph']],
  ['OSDs that are up', TREE('up'), []],
  ['Ceph as JSON', CEPH('HEALTH_WARN', '1 osds down'), ['warning disk.ceph-health ceph']],
  ['Ceph as JSON, well', CEPH('HEALTH_OK', ''), []],
  ['zpool list', LIST('DEGRADED'), ['warning disk.zpool-degraded tank']],
  ['zpool list of a pool that is well', LIST('ONLINE'), []],
  [
    'a pool that cannot be imported',
    '# zpool import\n   pool: tank\n     id: 123\n  state: UNAVAIL\nstatus: One or more devices are missing from the system.\n action: The pool cannot be imported. Attach the missing\n\tdevices and try again.\n config:\n\n\ttank        UNAVAIL  insufficient replicas\n\t  sda       UNAVAIL\n',
    ['critical disk.zpool-degraded tank'],
  ],
  ['zpool status as JSON', POOL('ONLINE', 37), ['warning disk.zpool-errors tank']],
  ['zpool status as JSON, well', POOL('ONLINE', 0), []],
  [
    'what programs could not read or write',
    "$ dd if=/dev/vdb of=x\ndd: error reading '/dev/vdb': Input/output error\n$ cat /sys/x\ncat: /sys/x: Input/output error\n",
    ['critical disk.tool-errors'],
  ],
  [
    'a mount that leads nowhere, and a program that got no memory',
    'df: /mnt/nfs: Stale file handle\n-bash: fork: Cannot allocate memory\n',
    ['warning disk.tool-errors', 'warning disk.tool-errors'],
  ],
  ['what is said of a device of the kernel', 'cat: /sys/class/net/eth0/speed: Input/output error\n', []],
] as const)
  test(`disks, saved: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.startsWith('info')),
      expected,
    );
  });
