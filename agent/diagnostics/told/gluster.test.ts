/** Gluster's bricks and peers as people paste what its tool prints. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'a brick that is not reached',
    [
      '# gluster volume heal vol1 info',
      'Brick store-a:/bricks/one',
      'Status: Connected',
      'Number of entries: 0',
      '',
      'Brick store-b:/bricks/one',
      'Status: Transport endpoint is not connected',
      'Number of entries: -',
    ],
    ['warning disk.gluster store-b:/bricks/one'],
  ],
  [
    'split-brain, and files that wait, in the form without states',
    [
      'Brick store-a:/bricks/one/',
      '<gfid:0c1d0c1d-0000-4000-8000-0123456789ab> - Is in split-brain',
      'Number of entries: 1',
      '',
      'Brick store-b:/bricks/one/',
      '/a/file',
      'Number of entries: 1',
    ],
    ['critical disk.gluster store-a:/bricks/one', 'info disk.gluster store-b:/bricks/one'],
  ],
  [
    'counts of split-brain alone',
    ['Brick store-a:/bricks/one', 'Status: Connected', 'Number of entries in split-brain: 3'],
    ['critical disk.gluster store-a:/bricks/one'],
  ],
  ['well', ['Brick store-a:/bricks/one', 'Status: Connected', 'Number of entries: 0'], []],
  [
    'a brick and a daemon that do not run; the server for NFS is off',
    [
      'Status of volume: vol1',
      'Gluster process                             TCP Port  RDMA Port  Online  Pid',
      '------------------------------------------------------------------------------',
      'Brick store-a:/bricks/one                   49152     0          Y       1201',
      'Brick store-b.with-a-very-long-name.example.net:/bricks',
      '/one                                        N/A       N/A        N       N/A',
      'Self-heal Daemon on localhost               N/A       N/A        N       N/A',
      'NFS Server on localhost                     N/A       N/A        N       N/A',
    ],
    [
      'warning disk.gluster Self-heal Daemon on localhost',
      'warning disk.gluster store-b.with-a-very-long-name.example.net:/bricks/one',
    ],
  ],
  [
    'a peer that is not reached',
    [
      'Number of Peers: 2',
      '',
      'Hostname: store-b',
      'Uuid: 15269a81-0000-4000-8000-0123456789ab',
      'State: Peer in Cluster (Disconnected)',
      '',
      'Hostname: store-c',
      'Uuid: 1e32d4d8-0000-4000-8000-0123456789ab',
      'State: Peer in Cluster (Connected)',
    ],
    ['warning disk.gluster store-b'],
  ],
] as const)
  test(`gluster: ${what}`, async () => {
    assert.deepEqual((await troubles(`${text.join('\n')}\n`)).sort(), [...expected].sort());
  });
