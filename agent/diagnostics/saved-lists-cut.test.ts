/** Lists that a filter or a newcomer's command left short, with what is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const PS = (rows: number, state: string) =>
  `$ ps aux | grep ' D'\n${Array.from({ length: rows }, (_, at) => `root       ${411 + at}  0.0  0.0      0     0 ?        ${state}    Jan10   0:41 [kworker/u8:${at}+flush-8:16]\n`).join('')}`;
const OSD_DF = (used: string) =>
  `$ ceph osd df\nID  CLASS  WEIGHT   REWEIGHT  SIZE     RAW USE  DATA     OMAP     META     AVAIL    %USE   VAR   PGS  STATUS\n 0    hdd  7.27739   1.00000  7.3 TiB  7.0 TiB  6.9 TiB   12 MiB   14 GiB  291 GiB  ${used}  1.41  142      up\n 1    hdd  7.27739   1.00000  7.3 TiB  4.1 TiB  4.0 TiB   10 MiB   11 GiB  3.2 TiB  56.20  0.82   88      up\n                       TOTAL   15 TiB   11 TiB   11 TiB   22 MiB   25 GiB  3.5 TiB  76.1\n`;
const FREE = (heading: string, memory: string, used: number, available: number) =>
  `$ free -m\n              ${heading}\n${memory}:      15884       ${used}         120          12         264         ${available}\nSwap:           2047           0        2047\n`;
const EXAMINE = (letters: string) =>
  `# mdadm --examine /dev/sd[bc]1 | egrep 'Event|/dev/sd|Array State'\n${['sdb1', 'sdc1'].map((name) => `/dev/${name}:\n         Events : 40182\n   Array State : ${letters} ('A' == active, '.' == missing, 'R' == replacing)\n`).join('')}`;
const CLAIMS = (status: string) =>
  `$ kubectl get pvc -n app\nNAME      STATUS    VOLUME     CAPACITY   ACCESS MODES   STORAGECLASS   AGE\ndata-0    Bound     pvc-1111   10Gi       RWO            fast           9d\ndata-1    ${status}   pvc-2222   0                         fast           3d\n`;
const VOLUMES = (status: string) =>
  `$ kubectl get pv\nNAME       CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM         STORAGECLASS   REASON   AGE\npvc-2222   10Gi       RWO            Delete           ${status}   app/data-9    fast                    19d\n`;
const JOBS = (rows: string) => `# systemctl list-jobs\n${rows}`;
const WAITING =
  'JOB UNIT                                 TYPE  STATE\n101 systemd-networkd-wait-online.service start running\n  2 multi-user.target                    start waiting\n\n2 jobs listed.\n';

for (const [what, text, expected] of [
  ['five that wait, without a heading', PS(5, 'D'), ['warning system.processes-stuck']],
  ['five that sleep', PS(5, 'S'), []],
  ['an OSD that is full', OSD_DF('96.09'), ['critical disk.ceph-health ceph']],
  ['an OSD that is nearly full', OSD_DF('87.10'), ['warning disk.ceph-health ceph']],
  [
    'free in German, little left',
    FREE('gesamt       benutzt     frei      gemns.  Puffer/Cache verfügbar', 'Speicher', 15_500, 60),
    ['critical memory.nearly-full'],
  ],
  [
    'free in Spanish, little left',
    FREE('total        usado       libre  compartido búfer/caché  disponible', 'Mem', 15_500, 60),
    ['critical memory.nearly-full'],
  ],
  [
    'free in German, much left',
    FREE('gesamt       benutzt     frei      gemns.  Puffer/Cache verfügbar', 'Speicher', 4_500, 11_060),
    [],
  ],
  ['members that miss another, picked out', EXAMINE('A.A'), ['critical disk.md-degraded md-unnamed']],
  ['members that miss none, picked out', EXAMINE('AA'), []],
  ['a claim without its volume', CLAIMS('Lost'), ['warning system.pod-sick data-1']],
  ['a claim that waits', CLAIMS('Pending'), ['info system.pod-sick data-1']],
  ['claims that are bound', CLAIMS('Bound'), []],
  ['a volume that could not be taken back', VOLUMES('Failed'), ['warning system.pod-sick pvc-2222']],
  ['a volume that was let go', VOLUMES('Released'), []],
  ['jobs of a start', JOBS(WAITING), ['info system.maintenance']],
  [
    'jobs of a start after an hour',
    `$ uptime\n 10:11:12 up 1:04,  1 user,  load average: 0.11, 0.02, 0.01\n${JOBS(WAITING)}`,
    ['warning system.maintenance'],
  ],
  [
    'a job of a machine that is up',
    JOBS('JOB UNIT          TYPE    STATE\n812 nginx.service restart running\n\n1 jobs listed.\n'),
    [],
  ],
  ['no job', JOBS('No jobs running.\n'), []],
  [
    'a start that is not done',
    '$ systemd-analyze\nBootup is not yet finished (org.freedesktop.systemd1.Manager.FinishTimestampMonotonic=0).\nPlease try again later.\n',
    ['info system.maintenance'],
  ],
  ['rescue', '# systemctl is-system-running\nmaintenance\n', ['critical system.maintenance']],
  [
    'some units failed',
    '# systemctl is-system-running\ndegraded\n',
    ['warning system.unit-failed some units'],
  ],
  ['a system that runs', '# systemctl is-system-running\nrunning\n', []],
  ['OSDs with room', OSD_DF('61.09'), []],
] as const)
  test(`lists: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
