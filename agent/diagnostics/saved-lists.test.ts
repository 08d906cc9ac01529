/** Lists of processes, paths, members and devices in forms that people make of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const PS = 'USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND';
const CEPH = (severity: string) =>
  `{"status":"${severity}","checks":{\n  "OSD_DOWN": {\n    "severity": "HEALTH_WARN",\n    "message": "2 osds down"\n  }}}`;

for (const [what, text, expected] of [
  [
    'ps: rows alone, of columns of one’s own',
    [
      "# ps -eopid,state,wchan:32,cmd | awk '$2 ~ /D/'",
      ...[1, 2, 3, 4, 5].map((n) => `277${n} D txg_rele_to_sync                 [z_wr_int/${n}]`),
    ],
    ['warning system.processes-stuck'],
  ],
  [
    'ps: a command of a moment that began days ago',
    [PS, 'root  32477  0.0  0.0   6172   628 ?        D    Oct13   0:00 sync'],
    ['warning system.processes-stuck'],
  ],
  [
    'ps: one that began today',
    [PS, 'root  32477  0.0  0.0   6172   628 ?        D    10:13   0:00 sync'],
    [],
  ],
  [
    'ps: a daemon of long ago that reads',
    [PS, 'root  32477  0.0  0.0   6172   628 ?        D    Oct13   9:00 /usr/sbin/agentd'],
    [],
  ],
  [
    'multipathd show paths',
    [
      'hcil    dev dev_t pri dm_st  chk_st dev_st  next_check',
      '3:0:0:1 sdb 8:16  50  active ready  running XXXXXXX... 14/20',
      '4:0:0:1 sdc 8:32  10  failed faulty offline XX........ 3/20',
    ],
    ['warning disk.multipath-degraded sdc'],
  ],
  [
    'multipathd show paths: well',
    [
      'hcil    dev dev_t pri dm_st  chk_st dev_st  next_check',
      '3:0:0:1 sdb 8:16  50  active ready  running XXXXXXX... 14/20',
    ],
    [],
  ],
  [
    'etcd: a member with a database of its own size',
    [
      '$ etcdctl endpoint status',
      'https://a.example.net:2379, 87e6a178ab5a0f63, 3.5.9, 11 GB, true, 2868, 59480228',
      'https://b.example.net:2379, b3f0b5ddc047ed37, 3.5.9, 57 MB, false, 2868, 59480355',
      'https://c.example.net:2379, cc83177fcd721b4f, 3.5.9, 57 MB, false, 2868, 59480510',
    ],
    ['warning system.etcd-database-large etcd https://a.example.net:2379'],
  ],
  [
    'etcd: databases as they are',
    [
      '$ etcdctl endpoint status',
      'https://a.example.net:2379, 87e6a178ab5a0f63, 3.5.9, 2.1 GB, true, 2868, 59480228',
      'https://b.example.net:2379, b3f0b5ddc047ed37, 3.5.9, 1.9 GB, false, 2868, 59480355',
      'https://c.example.net:2379, cc83177fcd721b4f, 3.5.9, 900 MB, false, 2868, 59480510',
    ],
    [],
  ],
  [
    'pvs: an unknown device has its group',
    [
      'PV                   VG     Fmt  Attr PSize   PFree',
      '/dev/sda2            data   lvm2 a--  476.44g     0',
      'unknown device       data   lvm2 a-m   50.00g     0',
    ],
    ['critical disk.lvm-missing data'],
  ],
  [
    'btrfs: what one without privileges sees',
    [
      'WARNING: cannot read detailed chunk info, per-device usage will not be shown, run as root',
      'Overall:',
      '    Device size:\t\t 411.35GiB',
      '    Device unallocated:\t\t 358.34GiB',
      '    Device missing:\t\t 411.35GiB',
    ],
    [],
  ],
  [
    'slabtop: one kind that takes all',
    [
      '  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME',
      '734506368 734506368 100%    0.06K 11476662       64  45906648K ebitmap_node',
      '328160  80830  24%    0.50K  10255       32    164080K kmalloc-512',
    ],
    ['warning memory.slab-kind-large ebitmap_node'],
  ],
  [
    'slabtop: names of files, which are given back',
    [
      '  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME',
      '734506368 734506368 100%    0.06K 11476662       64  45906648K dentry',
      '328160  80830  24%    0.50K  10255       32    164080K kmalloc-512',
    ],
    [],
  ],
  [
    'ceph: health of before 12.2, its braces as they come',
    [CEPH('HEALTH_WARN')],
    ['warning disk.ceph-health ceph'],
  ],
] as const)
  test(what, async () => {
    const text0 = /^slabtop/.test(what) ? `# slabtop -o\n${text.join('\n')}` : text.join('\n');
    assert.deepEqual((await troubles(`${text0}\n`)).sort(), [...expected].sort());
  });
