/** Forms of saved outputs that few have: mirrors of storage appliances, rows of paths, small sizes, loops over certificates, sadf, chronyd's report as a server. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const ARRAY = (name: string, level: string, members: string, size: string) =>
  `${name} : active ${level} ${members}\n      2097088 blocks ${size}\n\n`;
const MDSTAT = (...arrays: string[]) =>
  `$ cat /proc/mdstat\nPersonalities : [raid1] [raid5]\n${arrays.join('')}unused devices: <none>\n`;
const SYSTEM = (members: string, places: string) => ARRAY('md0', 'raid1', members, places);

for (const [what, text, expected] of [
  [
    'a Synology with three disks in twelve bays',
    MDSTAT(
      ARRAY(
        'md2',
        'raid5',
        'sda5[0] sdc5[2] sdb5[1]',
        'super 1.2 level 5, 64k chunk, algorithm 2 [3/3] [UUU]',
      ),
      ARRAY('md1', 'raid1', 'sda2[0] sdb2[1] sdc2[2]', '[12/3] [UUU_________]'),
      SYSTEM('sda1[0] sdb1[1] sdc1[2]', '[12/3] [UUU_________]'),
    ),
    [],
  ],
  [
    'one with names of SATA ports, one disk and a cache',
    MDSTAT(
      ARRAY('md3', 'raid1', 'nvme0n1p1[0] nvme1n1p1[1]', 'super 1.2 [2/2] [UU]'),
      ARRAY('md2', 'raid1', 'sata1p3[0]', 'super 1.2 [1/1] [U]'),
      ARRAY('md1', 'raid1', 'sata1p2[0]', '[4/1] [U___]'),
      SYSTEM('sata1p1[0]', '[4/1] [U___]'),
    ),
    [],
  ],
  [
    'a QNAP',
    MDSTAT(
      ARRAY(
        'md1',
        'raid5',
        'sda3[0] sdd3[3] sdc3[2] sdb3[1]',
        'super 1.0 level 5, 512k chunk, algorithm 2 [4/4] [UUUU]',
      ),
      ARRAY(
        'md13',
        'raid1',
        'sda4[0] sdd4[3] sdc4[2] sdb4[1]',
        'super 1.0 [24/4] [UUUU____________________]',
      ),
      ARRAY('md9', 'raid1', 'sda1[0] sdd1[3] sdc1[2] sdb1[1]', 'super 1.0 [24/4] [UUUU____________________]'),
    ),
    [],
  ],
  [
    'a Synology whose disk is gone',
    MDSTAT(
      ARRAY('md2', 'raid5', 'sda5[0] sdb5[1]', 'super 1.2 level 5, 64k chunk, algorithm 2 [3/2] [UU_]'),
      ARRAY('md1', 'raid1', 'sda2[0] sdb2[1]', '[12/2] [UU__________]'),
      SYSTEM('sda1[0] sdb1[1]', '[12/2] [UU__________]'),
    ),
    ['critical disk.md-degraded md0', 'critical disk.md-degraded md1', 'critical disk.md-degraded md2'],
  ],
  [
    'a Synology of which one disk has no system partition',
    MDSTAT(
      ARRAY('md2', 'raid1', 'sda5[0] sdb5[1]', 'super 1.2 [2/2] [UU]'),
      ARRAY('md1', 'raid1', 'sda2[0] sdb2[1]', '[4/2] [UU__]'),
      SYSTEM('sda1[0]', '[4/1] [U___]'),
    ),
    ['critical disk.md-degraded md0', 'critical disk.md-degraded md1'],
  ],
  [
    'a failed member in such a mirror',
    MDSTAT(
      ARRAY('md2', 'raid1', 'sda5[0] sdb5[1]', 'super 1.2 [2/2] [UU]'),
      ARRAY('md1', 'raid1', 'sda2[0] sdb2[1]', '[4/2] [UU__]'),
      SYSTEM('sda1[0] sdb1[1](F)', '[4/1] [U___]'),
    ),
    ['critical disk.md-degraded md0', 'critical disk.md-degraded md1'],
  ],
  [
    'mirrors of a plain server',
    MDSTAT(ARRAY('md1', 'raid1', 'sda2[0]', '[2/1] [U_]'), SYSTEM('sda1[0]', '[2/1] [U_]')),
    ['critical disk.md-degraded md0', 'critical disk.md-degraded md1'],
  ],
  [
    'multipathd show paths',
    'hcil    dev dev_t pri dm_st  chk_st dev_st  next_check\n3:0:0:1 sdb 8:16  50  active ready  running XXXXXX.... 14/20\n4:0:0:1 sdc 8:32  10  failed faulty running XXXX...... 8/20\n',
    ['warning disk.multipath-degraded sdc'],
  ],
  [
    'find -exec openssl',
    "$ date\nTue Feb  3 10:00:00 UTC 2026\n$ find /etc/kubernetes/pki -name '*.crt' -print -exec openssl x509 -noout -enddate -in {} \\;\n/etc/kubernetes/pki/apiserver.crt\nnotAfter=Feb  5 10:00:00 2026 GMT\n/etc/kubernetes/pki/ca.crt\nnotAfter=Feb  5 10:00:00 2036 GMT\n",
    ['critical system.certificate-told /etc/kubernetes/pki/apiserver.crt'],
  ],
  [
    'a loop over certificates',
    '$ date\nTue Feb  3 10:00:00 UTC 2026\n$ for f in /etc/ssl/*.pem; do echo "== $f"; openssl x509 -noout -dates -in $f; done\n== /etc/ssl/web.pem\nnotBefore=Feb  5 10:00:00 2025 GMT\nnotAfter=Feb  4 10:00:00 2026 GMT\n== /etc/ssl/mail.pem\nnotBefore=Feb  5 10:00:00 2025 GMT\nnotAfter=Feb  4 10:00:00 2030 GMT\n',
    ['critical system.certificate-told /etc/ssl/web.pem'],
  ],
  [
    'sadf -d of an interface with errors',
    '$ sadf -d -- -n EDEV\n# hostname;interval;timestamp;IFACE;rxerr/s;txerr/s;coll/s;rxdrop/s;txdrop/s;txcarr/s;rxfram/s;rxfifo/s;txfifo/s\nn1;600;2026-02-03 10:10:01 UTC;eth0;55.00;0.00;0.00;0.00;0.00;0.00;55.00;0.00;0.00\nn1;600;2026-02-03 10:10:01 UTC;lo;0.00;0.00;0.00;0.00;0.00;0.00;0.00;0.00;0.00\n',
    ['warning nic.sar-errors eth0'],
  ],
  [
    'sadf -d of processors that wait, in seconds since the epoch',
    '# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle\nn1;-1;1770113401;LINUX-RESTART\t(8 CPU)\nn1;600;1770113401;-1;1.00;0.00;2.00;92.00;0.00;5.00\n',
    ['warning system.iowait'],
  ],
  [
    'sadf -j',
    '{"sysstat": {\n\t"sysdata-version": 2.19,\n\t"hosts": [\n\t\t{\n\t\t\t"nodename": "n1",\n\t\t\t"statistics": [\n\t\t\t\t{"timestamp": {"date": "2026-02-03", "time": "10:10:01", "utc": 1, "interval": 600}, "network": {"net-edev": [{"iface": "eth0", "rxerr": 55.00, "txerr": 0.00, "coll": 0.00, "rxdrop": 0.00, "txdrop": 0.00, "txcarr": 0.00, "rxfram": 55.00, "rxfifo": 0.00, "txfifo": 0.00}]}}\n\t\t\t]\n\t\t}\n\t]\n}}\n',
    ['warning nic.sar-errors eth0'],
  ],
  [
    'sadf -d that is well',
    '# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle\nn1;600;2026-02-03 10:10:01 UTC;-1;1.00;0.00;2.00;0.10;0.00;96.90\n',
    [],
  ],
  [
    'chronyc serverstats alone',
    '$ chronyc serverstats\nNTP packets received       : 159800\nNTP packets dropped        : 80000\nCommand packets received   : 19\nCommand packets dropped    : 0\nClient log records dropped : 500\n',
    ['info clock.server-drops chronyd'],
  ],
] as const)
  test(`saved: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

test('a small device that is missing is told by its size', async () => {
  const { CHECKS } = await import('./registry.ts');
  const { reportOf } = await import('./testing.ts');
  const { newRoot } = await import('./saved-testing.ts');
  const { CapturedMachine } = await import('../host/captured-machine.ts');
  const { writeFileSync } = await import('node:fs');
  const root = newRoot();
  writeFileSync(
    `${root}/note.txt`,
    '# btrfs filesystem usage /mnt\nOverall:\n    Device size:\t\t   1.00GiB\n    Device unallocated:\t\t 724.00MiB\n    Device missing:\t\t 256.00MiB\n',
  );
  const { findings } = await reportOf(CHECKS, new CapturedMachine(root));
  assert.match(findings[0]?.evidence[0] ?? '', /256 MiB are missing/);
});
