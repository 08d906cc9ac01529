/**
 * What people paste of a session: several outputs below prompts of any kind, cut and marked where they want it to be seen. Troubles in it
 * are found, and none where it is well.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { found, reportOf } from './testing.ts';

const df = (percent: number, left: string, free: number) => `> df -h

Filesystem      Size  Used Avail Use% Mounted on
udev            3.9G     0  3.9G   0% /dev
/dev/vdb1        80G   ${percent}G  ${left}  ${percent}% /
/dev/loop0       64M   64M     0 100% /snap/lamp/12

> df -i${free < 9 ? 'h' : ''}

Filesystem       Inodes   IUsed   IFree IUse% Mounted on
udev             991721     395  991326    1% /dev
/dev/vdb1       8000000 5496101 ${free}   54% /
/dev/loop0        12810   12810       0  100% /snap/lamp/12
/dev/l`;

/** What the client of etcd 3.4 or 3.5 logs of an endpoint. */
const retry = (target: string, why: string) =>
  `{"level":"warn","ts":"2026-02-03T06:58:55.119-0400","caller":"clientv3/retry_interceptor.go:62","msg":"retrying of unary invoker failed","target":"${target}","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = \\"transport: Error while dialing dial tcp ${why}\\""}\n`;
const REFUSED = retry('endpoint://client-0b1c/10.9.0.2:2379', '10.9.0.2:2379: connect: connection refused');
const HEALTHY = (name: string) => `${name} is healthy: successfully committed proposal: took = 4.5208ms\n`;
const HEALTH = '> etcdctl --endpoints=10.9.0.1:2379,10.9.0.2:2379 endpoint health\n';

/** `MegaCli -PDList` as it is pasted: its first line moved to the right, its end cut off. */
const PDLIST = (state: string, foreign: string) =>
  `                            Enclosure Device ID: 12\nSlot Number: 4\nDevice Id: 4\nMedia Error Count: 0\nOther Error Count: 1\nPredictive Failure Count: 0\nPD Type: SATA\n\nRaw Size: 931.512 GB [0x74706db0 Sectors]\nFirmware state: ${state}\nConnected Port Number: 4(path0) \nForeign State: ${foreign}\nForeign Secure: Drive is not secured by a foreign lock key\nMedia Type: Hard Disk Device\nDrive T`;
const STORCLI = (group: string) =>
  `$ storcli64 /c0/eall/sall show\n-----\nEID:Slt DID State DG       Size Intf Med SED PI SeSz Model   Sp \n-----\n12:4      4 UGood ${group}  931.0 GB SATA HDD N   N  512B LAMP100 U  \n12:5      5 Onln  0  931.0 GB SATA HDD N   N  512B LAMP100 U  \n-----\n`;
const BONDED = (status: string, link: string) =>
  `# cat /proc/net/bonding/bond3\nEthernet Channel Bonding Driver: v3.7.1 (April 27, 2011)\nBonding Mode: load balancing (round-robin)\nMII Status: up\n[...]\nSlave Interface: lamp0\nMII Status: up\n[...]\nSlave Interface: lamp1\n**MII Status: ${status}**\n[...]\n\n# ethtool lamp1\nSettings for lamp1:\n        [...]\n        Link detected: ${link}\n`;
const ROW = (dropped: number) =>
  `$ ifconfig eth9 | grep 'RX.*drop'\nRX packets:2059646370 errors:0 dropped:${dropped} overruns:0 frame:0\n`;
const THROTTLED =
  'mce: CPU1: Core temperature above threshold, cpu clock throttled (total events = 2311)\nmce: CPU5: Package temperature above threshold, cpu clock throttled (total events = 12705)\n';
const MULTIPATH = (state: string) =>
  `# multipath -ll\nlampmap (360a9800043346441464a44424c746e99)\n[size=10 GB][features="1 queue_if_no_path"][hwhandler="0"]\n_ round-robin 0 [prio=8][active]\n_ 0:0:0:0 sdk 8:0   ${state}\n_ 1:0:0:0 sdl 8:128 [active][ready]\n`;

for (const [what, text, expected] of [
  [
    'a full file system, and its inodes below',
    df(96, '3.7G', 2_503_899),
    ['critical disk.filesystem-full /'],
  ],
  ['one with room', df(40, ' 36G', 2_503_899), []],
  ['no inodes left in one with room', df(40, ' 36G', 8), ['critical disk.inodes-full /']],
  [
    'an etcd endpoint that refuses connections, told by the client’s warning alone',
    `${HEALTH}${REFUSED}${HEALTHY('10.9.0.1:2379')}10.9.0.3:2379 is healthy: succ`,
    ['critical system.etcd-unhealthy etcd 10.9.0.2:2379'],
  ],
  [
    'the same of etcd 3.5, with the endpoint’s own row by its URL',
    `${HEALTH}${retry('etcd-endpoints://0xc00012/10.9.0.2:2379', '10.9.0.2:2379: i/o timeout')}${HEALTHY('10.9.0.1:2379')}https://10.9.0.2:2379 is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster\n`,
    ['critical system.etcd-unhealthy etcd https://10.9.0.2:2379'],
  ],
  [
    'an etcd endpoint whose second attempt did not fail',
    `${HEALTH}${REFUSED}${HEALTHY('10.9.0.1:2379')}${HEALTHY('http://10.9.0.2:2379')}`,
    [],
  ],
  [
    'an etcd cluster whose unhealthy endpoint was cut off',
    `${HEALTH}${HEALTHY('10.9.0.1:2379')}[...]\nError: unhealthy cluster\n`,
    ['critical system.etcd-unhealthy etcd cluster'],
  ],
  [
    'etcd 2.0',
    'etcdctl cluster-health\ncluster is healthy\nmember 5ae30670fedcba98 is healthy\nmember 79312345fedcba98 is healthy\n',
    [],
  ],
  [
    'etcd 2.0 of which a member is gone',
    '$ etcdctl cluster-health\ncluster is healthy\nmember 5ae30670fedcba98 is healthy\nmember 79312345fedcba98 is unhealthy\n',
    ['critical system.etcd-unhealthy etcd 79312345fedcba98'],
  ],
  [
    'a drive that came back to a controller which does not know its array',
    PDLIST('Unconfigured(good), Spun Up', 'Foreign '),
    ['warning disk.raid-drive 12:4'],
  ],
  ['a drive that is in no array yet', PDLIST('Unconfigured(good), Spun Up', 'None'), []],
  ['the same of storcli', STORCLI('F'), ['warning disk.raid-drive 12:4']],
  ['a drive in no array, of storcli', STORCLI('-'), []],
  [
    'what MegaCli found of other controllers',
    '# MegaCli64 -CfgForeign -Scan -aALL\n\nThere are 2 foreign configuration(s) on controller 0.\n',
    ['warning disk.raid-controller adapter 0'],
  ],
  [
    'MegaCli that found none',
    `${PDLIST('Online, Spun Up', 'None')}\n# MegaCli64 -CfgForeign -Scan -aALL\n\nThere is no foreign configuration on controller 0.\n`,
    [],
  ],
  ['the member of a bond without a link', BONDED('up', 'no'), ['warning nic.link-down lamp1']],
  ['the members of a bond with a link', BONDED('up', 'yes'), []],
  [
    'an interface without a link beside a bond',
    BONDED('up', 'no').replace('ace: lamp1', 'ace: lamp2'),
    ['info nic.link-down lamp1'],
  ],
  [
    'a map of the first versions of multipath',
    MULTIPATH('[failed][faulty]'),
    ['warning disk.multipath-degraded lampmap'],
  ],
  [
    'the same by its world-wide name alone',
    MULTIPATH('[failed][faulty]').replace(/lampmap \((.*)\)/, '$1'),
    ['warning disk.multipath-degraded 360a9800043346441464a44424c746e99'],
  ],
  ['a map of the first versions that is well', MULTIPATH('[active][ready]'), []],
  [
    'frames that an interface missed, by its own files, with remarks between them',
    `# What the ring lost\n${ROW(7_142_467)}$ cat /sys/class/net/eth9/statistics/rx_dropped\n0\n$ cat /sys/class/net/eth9/statistics/rx_missed_errors\n7142467\n# Look at the ring next\n$ ethtool -i eth9\ndriver: ixgbe\nversion: 3.15.1-k\n`,
    ['warning nic.ring-overflow eth9'],
  ],
  [
    'errors of frames of an interface, by one of its files',
    '$ cat /sys/class/net/eth9/statistics/rx_crc_errors\n914246\nThat is more than yesterday.\n$ cat /sys/class/net/eth9/statistics/rx_packets\n2059646370\n',
    ['warning nic.crc-errors eth9'],
  ],
  ['drops in the old row of ifconfig alone', ROW(7_142_467), ['info nic.receive-drops eth9']],
  [
    'an interface that missed a few',
    `${ROW(7)}$ cat /sys/class/net/eth9/statistics/rx_missed_errors\n7\n# Look at the ring next\n`,
    [],
  ],
  [
    'kernel lines of processors that are too hot, without anything before them',
    THROTTLED.repeat(3),
    ['warning kernel-log.mce-thermal'],
  ],
  [
    'prose that speaks of such a line',
    `On this board I saw "${THROTTLED.split('\n')[0]}" twice; is that bad?\n`,
    [],
  ],
  [
    'a mount of which the kernel tells',
    'EXT4-fs (vdb1): re-mounted. Opts: errors=remount-ro. Quota mode: none.\n',
    [],
  ],
] as const)
  test(what, async () => assert.deepEqual(await troubles(text), expected));

test('a log of a time service that gave up counts as used', async () => {
  const root = newRoot();
  writeFileSync(
    join(root, 'note.txt'),
    'Aug  6 08:29:57 lamp7 ntpd[8954]: ntpd 4.2.8p16-a (1): Starting\nAug  6 08:33:12 lamp7 ntpd[8954]: Clock offset exceeds panic threshold.\n',
  );
  const machine = new CapturedMachine(root);
  assert.deepEqual(await found(CHECKS, machine), ['critical clock.log-refused']);
  const { used, unused, reasons } = machine.savedFiles();
  assert.deepEqual([used, unused, [...reasons]], [['note.txt'], [], []]);
});

test('an array that lost more than its level can is told as failed, whatever somebody made bold', async () => {
  const array = (level: string, counts: string, letters: string) =>
    `md7 : active ${level} sdl1[5] sdk1[4] sdj1[3] sdi1[2] sdd1[1] sdc1[0]\n      1318680576 blocks level 5, 1024k chunk, algorithm 2 ${counts} ${letters}\n`;
  for (const [text, title] of [
    [array('raid5', '[6/3]', '**[UUU___]**'), /lost more members than it can/],
    [array('raid5', '**[6/4]**', '__[UUUU__]__'), /lost more members than it can/],
    [array('raid6', '[6/3]', '[UUU___]'), /lost more members than it can/],
    [array('raid5', '[6/5]', '**[UUUUU_]**'), /is degraded$/],
    [array('raid6', '[6/4]', '[UUUU__]'), /is degraded$/],
    [array('raid10', '[6/3]', '[U_U_U_]'), /is degraded$/],
  ] as const) {
    const root = newRoot();
    writeFileSync(join(root, 'note.txt'), text);
    const { findings } = await reportOf(CHECKS, new CapturedMachine(root));
    assert.deepEqual(
      findings.map(({ id, severity }) => [id, severity]),
      [['disk.md-degraded', 'critical']],
      text,
    );
    assert.match(findings[0]?.title ?? '', title, text);
  }
  assert.deepEqual(await troubles(array('raid5', '[6/6]', '**[UUUUUU]**')), []);
});
