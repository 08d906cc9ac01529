/** NFS from the client's side, as people paste what its tools print. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'requests that are sent again',
    [
      '$ nfsstat -rc',
      'Client rpc stats:',
      'calls      retrans    authrefrsh',
      '1234567    123456     1234567',
    ],
    ['warning disk.nfs-retransmits'],
  ],
  [
    'a dozen in a million, without a prompt',
    ['Client rpc stats:', 'calls      retrans    authrefrsh', '1234567    12         1234567'],
    [],
  ],
  [
    'a mount that is slow',
    [
      '$ nfsiostat',
      'nas1:/export/data mounted on /srv/data:',
      '',
      '           ops/s       rpc bklog',
      '          12.300           0.000',
      '',
      'read:              ops/s            kB/s           kB/op         retrans    avg RTT (ms)    avg exe (ms)  avg queue (ms)          errors',
      '                   4.000         400.000         100.000        12 (10.0%)         850.000        1450.000           0.010        0 (0.0%)',
      'write:             ops/s            kB/s           kB/op         retrans    avg RTT (ms)    avg exe (ms)  avg queue (ms)          errors',
      '                   1.000         100.000         100.000        0 (0.0%)           3.000           3.100           0.010        0 (0.0%)',
    ],
    ['warning disk.nfs-retransmits /srv/data'],
  ],
  [
    'a mount that is well',
    [
      '$ nfsiostat',
      'nas1:/export/data mounted on /srv/data:',
      '',
      '           ops/s       rpc bklog',
      '          12.300           0.000',
      '',
      'read:              ops/s            kB/s           kB/op         retrans    avg RTT (ms)    avg exe (ms)  avg queue (ms)          errors',
      '                   4.000         400.000         100.000        0 (0.0%)           2.000        1450.000           0.010        0 (0.0%)',
      'write:             ops/s            kB/s           kB/op         retrans    avg RTT (ms)    avg exe (ms)  avg queue (ms)          errors',
      '                   1.000         100.000         100.000        0 (0.0%)           3.000           3.100           0.010        0 (0.0%)',
    ],
    [],
  ],
  [
    'a server that does not answer',
    [
      '$ showmount -e nas1',
      'clnt_create: RPC: Port mapper failure - Unable to receive: errno 113 (No route to host)',
    ],
    ['warning disk.nfs-server'],
  ],
  ['one that lists what it exports', ['$ showmount -e nas1', 'Export list for nas1:', '/export/data *'], []],
  [
    'a mount that timed out',
    ['# mount /srv/data', 'mount.nfs: Connection timed out'],
    ['warning disk.nfs-server'],
  ],
  [
    'mountstats without a prompt',
    [
      'device nas1:/export mounted on /srv/data with fstype nfs4 statvers=1.1',
      '\topts:\trw,vers=4.2',
      '\tage:\t1234',
      '\tper-op statistics',
      '\t        NULL: 1 1 0 44 24 0 0 0 0',
      '\t        READ: 5000 5900 20 1000 2000 10 9000000 9000100 0',
    ],
    ['warning disk.nfs-retransmits /srv/data'],
  ],
] as const)
  test(what, async () => {
    assert.deepEqual(await troubles(`${text.join('\n')}\n`), expected);
  });
