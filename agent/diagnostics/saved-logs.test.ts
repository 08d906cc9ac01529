/** Logs as people save and paste them: the kernel's lines in every form of journalctl and dmesg, and what daemons write, each with what is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';
import { FORMATS, MESSAGE } from './signatures/testing/line-formats.ts';

const EXT4 =
  'EXT4-fs error (device sda1): ext4_lookup:1590: inode #131074: comm find: deleted inode referenced: 131085';
const DAMAGED = ['critical kernel-log.ext4-error sda1'];
const FIELDS = {
  _TRANSPORT: 'kernel',
  MESSAGE: EXT4,
  _HOSTNAME: 'n1',
  __REALTIME_TIMESTAMP: '1709287201000000',
};

for (const [what, text] of [
  ['dmesg -x', `kern  :err   : [   12.312312] ${EXT4}`],
  ['dmesg -xT', `kern  :err   : [Fri Mar  1 10:00:01 2024] ${EXT4}`],
  ['dmesg --time-format iso', `2024-03-01T10:00:01,312312+01:00 ${EXT4}`],
  [
    'dmesg --json',
    `{\n   "dmesg": [\n      {\n         "pri": 3,\n         "time": 12.3,\n         "msg": "${EXT4}"\n      }\n   ]\n}`,
  ],
  ['journalctl -o json', JSON.stringify(FIELDS)],
  ['journalctl -o json-pretty', JSON.stringify(FIELDS, null, '\t')],
  [
    'journalctl -o export',
    Object.entries(FIELDS)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  ],
  [
    'journalctl -o verbose',
    `Fri 2024-03-01 10:00:01.000000 CET [s=a;i=1;b=d;m=1;t=1;x=1]\n    MESSAGE=${EXT4}\n    _TRANSPORT=kernel`,
  ],
  ['journalctl -o short-full', `Fri 2024-03-01 10:00:01 CET n1 kernel: ${EXT4}`],
  ['journalctl -o short-unix', `1709287201.123456 n1 kernel: ${EXT4}`],
  ['syslog with its priority', `<3>Mar  1 10:00:01 n1 kernel: ${EXT4}`],
  ['RFC 5424', `<3>1 2024-03-01T10:00:01.000Z n1 kernel - - - ${EXT4}`],
] as const)
  test(`kernel: ${what}`, async () => assert.deepEqual(await troubles(`${text}\n`), DAMAGED));

test('a line in every format that `diag scan` knows is taken out of a note', async () => {
  const expected = await troubles(`${MESSAGE}\n`);
  assert.equal(expected.length, 1);
  for (const [line] of FORMATS) {
    // A field of a record alone does not tell whose it is (journal-records.ts); what has a byte 0 is no text.
    if (/^ *"|\0/.test(line)) continue;
    assert.deepEqual(await troubles(`This is what it said:\n${line}\n`), expected, line);
  }
});

for (const [what, text, expected] of [
  [
    'netconsole through syslog',
    'May  5 12:38:12 192.168.122.82 [ 3504.922634] Kernel panic - not syncing: Fatal exception in interrupt\n',
    ['critical kernel-log.panic'],
  ],
  [
    'what syslogd writes to terminals',
    'Message from syslogd@n1 at Jun 17 13:06:42 ...\n kernel:[405108.698255] watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [app:29632]\n',
    ['critical kernel-log.soft-lockup'],
  ],
  [
    'many corrected errors in one line',
    '[Mon Oct  3 13:52:42 2022] EDAC MC1: 262 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x2031c14 offset:0x940 grain:32 syndrome:0x0 -  OVERFLOW area:DRAM err_code:0001:0091 socket:0 ha:0 channel_mask:2 rank:1)\n',
    ['warning kernel-log.edac-corrected-many CPU_SrcID#0_Ha#0_Chan#1_DIMM#0'],
  ],
  [
    'talosctl dmesg without a node’s address',
    `kern:     err: [2024-06-29T10:52:39.030745602Z]: ${EXT4}\n`,
    DAMAGED,
  ],
] as const)
  test(`kernel: ${what}`, async () => assert.deepEqual(await troubles(text), expected));

test('a log of another program is none of the kernel’s', async () => {
  for (const line of [
    `[    34.277] (EE) ${EXT4}`,
    `Mar  1 10:00:01 n1 backup[7]: ${EXT4}`,
    `mars 01 10:00:01 n1 backup[7]: ${EXT4}`,
    `[Mar  1 10:00:01] ERROR[77]: ${EXT4}`,
  ])
    assert.deepEqual(await troubles(`This is what it said:\n${line}\n`), [], line);
});

test('what another program says in a record is not the kernel’s', async () => {
  const other = { ...FIELDS, _TRANSPORT: 'syslog', SYSLOG_IDENTIFIER: 'backup' };
  const well = { ...FIELDS, MESSAGE: 'EXT4-fs (sda1): mounted filesystem with ordered data mode' };
  assert.deepEqual(await troubles(`${JSON.stringify(other)}\n${JSON.stringify(well)}\n`), []);
  assert.deepEqual(
    await troubles(`${JSON.stringify(other, null, 1)}\n${JSON.stringify(well, null, 1)}\n`),
    [],
  );
});

const AT = 'Mar  1 10:00:01 n1 ';
const LOST = `${AT}systemd-networkd[512]: eth0: Lost carrier\n${AT}systemd-networkd[512]: eth0: Gained carrier\n`;
const ETCD = (message: string) =>
  `{"level":"warn","ts":"2024-03-01T10:00:00.000Z","caller":"etcdserver/raft.go:416","msg":"${message}"}\n`;
const MEMORY = (severity: string) =>
  `           <...>-1022  [012]     0.000011: mc_event:             2024-03-01 10:00:00 +0000 1 ${severity} error: memory read error on DIMM_A1 (mc: 0 location: 1:0)\n`;

for (const [what, text, expected] of [
  [
    'smartd: pending sectors',
    `${AT}smartd[7]: Device: /dev/sdb [SAT], 8 Currently unreadable (pending) sectors\n`,
    ['warning disk.log-smart-sectors sdb'],
  ],
  [
    'smartd: sectors that were mended',
    `${AT}smartd[7]: Device: /dev/sdb [SAT], 8 Currently unreadable (pending) sectors\n${AT}smartd[7]: Device: /dev/sdb [SAT], No more Currently unreadable (pending) sectors, warning condition reset after 1 email\n`,
    [],
  ],
  [
    'smartd: it fails',
    `${AT}smartd[7]: Device: /dev/sdc [SAT], FAILED SMART self-check. BACK UP DATA NOW!\n`,
    ['critical disk.log-smart-failed sdc'],
  ],
  [
    'smartd: it is warmer',
    `${AT}smartd[7]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 64 to 63\n`,
    [],
  ],
  [
    'mdadm: a member fails',
    `${AT}mdadm[9]: Fail event detected on md device /dev/md0, component device /dev/sdb1\n`,
    ['critical disk.log-array-degraded md0'],
  ],
  [
    'mdadm: a check',
    `${AT}mdadm[9]: RebuildStarted event detected on md device /dev/md/0\n${AT}mdadm[9]: RebuildFinished event detected on md device /dev/md/0\n`,
    [],
  ],
  [
    'mdadm: rebuilt',
    `${AT}mdadm[9]: DegradedArray event detected on md device /dev/md0\n${AT}mdadm[9]: RebuildFinished event detected on md device /dev/md0\n`,
    [],
  ],
  [
    'multipathd: no path',
    `${AT}multipathd[9]: mpatha: remaining active paths: 0\n`,
    ['critical disk.log-paths-lost mpatha'],
  ],
  [
    'multipathd: paths again',
    `${AT}multipathd[9]: mpatha: remaining active paths: 0\n${AT}multipathd[9]: mpatha: remaining active paths: 2\n`,
    [],
  ],
  ['networkd: flaps', LOST.repeat(4), ['warning nic.log-link-flaps eth0']],
  ['networkd: a boot', LOST, []],
  [
    'NetworkManager: no address',
    `${AT}NetworkManager[8]: <warn>  [1709287306.0] dhcp4 (eno1): request timed out\n`,
    ['warning nic.log-no-address eno1'],
  ],
  [
    'NetworkManager: an address later',
    `${AT}NetworkManager[8]: <warn>  [1709287306.0] dhcp4 (eno1): request timed out\n${AT}NetworkManager[8]: <info>  [1709287309.0] dhcp4 (eno1): state changed timeout -> bound\n`,
    [],
  ],
  [
    'corosync: no quorum',
    `${AT}corosync[9]:   [QUORUM] This node is within the non-primary component and will NOT provide any services.\n`,
    ['critical system.log-quorum'],
  ],
  [
    'corosync: a start',
    `${AT}corosync[9]:   [QUORUM] This node is within the primary component and will provide service.\n`,
    [],
  ],
  ['etcd: clocks', ETCD('prober found high clock drift'), ['warning clock.log-peer-drift']],
  ['etcd: space', ETCD('etcdserver: mvcc: database space exceeded'), ['critical system.log-etcd-space']],
  ['etcd: a start', ETCD('raft.node: 8e9e05c52164694d elected leader 8e9e05c52164694d at term 2'), []],
  ['rasdaemon: uncorrected', MEMORY('Uncorrected'), ['critical memory.log-uncorrected DIMM_A1']],
  ['rasdaemon: one corrected', MEMORY('Corrected'), []],
  [
    'systemd-oomd',
    `${AT}systemd-oomd[7]: Killed /user.slice/x.scope due to memory pressure for /user.slice being 83.12% > 50.00% for > 20s\n`,
    ['warning memory.log-killed /user.slice/x.scope'],
  ],
  [
    'systemd: a unit fails',
    `${AT}systemd[1]: Failed to start nginx.service - A web server.\n`,
    ['warning system.log-unit-failed nginx.service'],
  ],
  [
    'systemd: a unit that starts at last',
    `${AT}systemd[1]: Failed to start nginx.service - A web server.\n${AT}systemd[1]: Started nginx.service - A web server.\n`,
    [],
  ],
  [
    'systemd: a user’s',
    `${AT}systemd[1873]: org.gnome.Shell@x11.service: Start request repeated too quickly.\n`,
    [],
  ],
  [
    'a full disk',
    `${AT}mariadbd[99]: Error writing file '/var/lib/mysql/ib.log' (errno: 28 "No space left on device")\n`,
    ['critical disk.log-full'],
  ],
  [
    'no watches left is no full disk',
    `${AT}tail[99]: inotify cannot be used, reverting to polling: No space left on device\n`,
    [],
  ],
  ['a terminal that is gone is no sick disk', `${AT}agetty[99]: /dev/ttyS0: Input/output error\n`, []],
] as [string, string, string[]][])
  test(what, async () => assert.deepEqual(await troubles(text), expected));
