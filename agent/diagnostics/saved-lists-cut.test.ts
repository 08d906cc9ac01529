/** Lists that a filter or a newcomer's command left short, with what is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const PS = (rows: number, state: string) =>
  `$ ps aux | grep ' D'\n${Array.from({ length: rows }, (_, at) => `root       ${411 + at}  0.0  0.0      0     0 ?        ${state}    Jan10   0:41 [kworker/u8:${at}+flush-8:16]\n`).join('')}`;
const OSD_DF = (used: string) =>
  `$ ceph osd df\nID  CLASS  WEIGHT   REWEIGHT  SIZE     RAW USE  DATA     OMAP     META     AVAIL    %USE   VAR   PGS  STATUS\n 0    hdd  7.27739   1.00000  7.3 TiB  7.0 TiB  6.9 TiB   12 MiB   14 GiB  291 GiB  ${used}  1.41  142      up\n 1    hdd  7.27739   1.00000  7.3 TiB  4.1 TiB  4.0 TiB   10 MiB   11 GiB  3.2 TiB  56.20  0.82   88      up\n                       TOTAL   15 TiB   11 TiB   11 TiB   22 MiB   25 GiB  3.5 TiB  76.1\n`;

for (const [what, text, expected] of [
  ['five that wait, without a heading', PS(5, 'D'), ['warning system.processes-stuck']],
  ['five that sleep', PS(5, 'S'), []],
  ['an OSD that is full', OSD_DF('96.09'), ['critical disk.ceph-health ceph']],
  ['an OSD that is nearly full', OSD_DF('87.10'), ['warning disk.ceph-health ceph']],
  ['OSDs with room', OSD_DF('61.09'), []],
] as const)
  test(`lists: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
