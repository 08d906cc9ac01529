/** DRBD's devices as people paste what its tools print. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'version 8: a split brain, and a disk that is gone',
    [
      '$ cat /proc/drbd',
      'version: 8.4.11-1 (api:1/proto:86-101)',
      'GIT-hash: 66145a308421e9c124ec391a7848ac20203bb03c build by mockbuild@, 2018-11-03 01:26:55',
      ' 0: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----',
      '    ns:0 nr:0 dw:41 dr:1234 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:4096',
      ' 1: cs:Connected ro:Secondary/Primary ds:Diskless/UpToDate C r-----',
      '    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0',
      ' 2: cs:Unconfigured',
    ],
    ['critical disk.drbd drbd0', 'critical disk.drbd drbd1'],
  ],
  [
    'version 8: well, and being synchronised',
    [
      'version: 8.4.11-1 (api:1/proto:86-101)',
      ' 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----',
      '    ns:0 nr:0 dw:41 dr:1234 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0',
      ' 1: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----',
      '    ns:0 nr:0 dw:41 dr:1234 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:40960',
      "\t[==>.................] sync'ed: 17.0% (4100/4940)M",
    ],
    ['info disk.drbd drbd1'],
  ],
  [
    'version 9: a split brain, an inconsistent device, one without quorum',
    [
      'root@a:~# drbdadm status',
      'r0 role:Primary',
      '  disk:UpToDate',
      '  nodeb connection:StandAlone',
      '',
      'r1 role:Secondary',
      '  disk:Inconsistent',
      '  nodeb role:Primary',
      '    peer-disk:UpToDate',
      '',
      'r2 role:Secondary suspended:quorum',
      '  disk:UpToDate quorum:no',
      '  nodeb connection:Connecting',
    ],
    [
      'critical disk.drbd r0 nodeb',
      'critical disk.drbd r1',
      'critical disk.drbd r2',
      'critical disk.drbd r2',
      'warning disk.drbd r2 nodeb',
    ],
  ],
  [
    'version 9: well, being synchronised, and without a disk as somebody wanted it',
    [
      'r0 role:Primary',
      '  disk:UpToDate',
      '  nodeb role:Secondary',
      '    peer-disk:UpToDate',
      '',
      'r1 role:Secondary',
      '  disk:Inconsistent',
      '  nodeb role:Primary',
      '    replication:SyncTarget peer-disk:UpToDate done:21.34',
      '',
      'r3 role:Secondary',
      '  disk:Diskless client:yes',
      '  nodeb role:Primary',
      '    peer-disk:UpToDate',
    ],
    ['info disk.drbd r1'],
  ],
  [
    'drbdsetup: a peer with old data',
    [
      '# drbdsetup status --verbose',
      'r0 node-id:0 role:Primary suspended:no',
      '  volume:0 minor:0 disk:UpToDate quorum:yes',
      '  nodeb node-id:1 connection:Connected role:Secondary congested:no',
      '    volume:0 replication:Established peer-disk:Outdated resync-suspended:no',
    ],
    ['warning disk.drbd r0'],
  ],
  [
    'drbd-overview: a peer that is not reached',
    [
      '# drbd-overview',
      ' 0:r0/0  Connected    Primary/Secondary UpToDate/UpToDate',
      ' 1:r1/0  WFConnection Primary/Unknown   UpToDate/DUnknown',
    ],
    ['warning disk.drbd r1/0'],
  ],
] as const)
  test(what, async () => {
    assert.deepEqual(await troubles(`${text.join('\n')}\n`), expected);
  });
