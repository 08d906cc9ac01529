/** Findings from the kernel's log: about the right devices, in the right number, as old and as frequent as they are. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedMachine } from '../../sim/server.ts';
import { AREAS } from '../check.ts';
import type { Finding } from '../finding.ts';
import { FAMILIES } from '../signatures/signature.ts';
import { machineOf, type Parts, reportOf, statuses } from '../testing.ts';
import { logChecks } from './log-checks.ts';
import { LOG_GROUPS } from './log-groups.ts';
import { diskOf } from './log-places.ts';

const CHECKS = AREAS.flatMap(logChecks);
const UPTIME = 1_000_000;

/** Findings of a machine with these lines in its ring buffer: each with its time in seconds since boot. */
async function findings(
  lines: readonly (readonly [number, string])[],
  parts: Parts = {},
): Promise<readonly Finding[]> {
  const log = lines.map(([at, text], sequence) => `4,${sequence},${at * 1_000_000},-;${text}\n`).join('');
  const files = { 'proc/uptime': `${UPTIME}.00 1.00\n`, 'dev/kmsg': log, ...parts.files };
  return (await reportOf(CHECKS, { ...parts, files })).findings;
}

const inShort = (all: readonly Finding[]) =>
  all.map(({ severity, id, subject, count }) =>
    `${severity} ${id.replace('kernel-log.', '')} ${subject.kind} ${subject.name} ${count}`.replace(
      / +/g,
      ' ',
    ),
  );

test('every family is told by one check', () => {
  const told = LOG_GROUPS.flatMap(({ families }) => families);
  assert.deepEqual([...told].sort(), [...FAMILIES].sort());
  assert.equal(new Set(told).size, told.length);
});

test('devices are named as the other areas name them', async () => {
  const at = UPTIME - 100;
  const all = await findings(
    [
      [
        at,
        'mlx5_core 0000:3b:00.0: mlx5_cmd_exec:1234: wait_func:1062:(pid 7): CREATE_MKEY(0x200) timeout. Will cause a leak of a command resource',
      ],
      [at, 'ata3.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x6 frozen'],
      [
        at,
        'blk_update_request: I/O error, dev sdb, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
      ],
      [at, 'EXT4-fs error (device sdb1): ext4_lookup:1705: inode #2: comm ls: deleted inode referenced: 11'],
      [at, 'nvme nvme0: I/O 12 QID 3 timeout, aborting'],
      // A drive that is gone, under the names of its controller and of its namespace.
      [at, 'nvme nvme7: Removing after probe failure status: -19'],
      [at, 'nvme7n1: detected capacity change from 1000215216 to 0'],
      [at, 'I/O error, dev nvme7n1, sector 8 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2'],
    ],
    {
      files: {
        'proc/self/mountinfo': '25 1 8:17 / /srv rw - ext4 /dev/sdb1 rw\n',
        'sys/block/sdb/size': '4096\n',
        'sys/block/sdb/device/model': 'ST4000\n',
        'sys/block/nvme0n1/size': '4096\n',
      },
      links: {
        'sys/class/net/eth7/device': '../../../0000:3b:00.0',
        'sys/block/sdb': '../devices/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/block/sdb',
        'sys/block/nvme0n1': '../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1',
      },
    },
  );
  assert.deepEqual(inShort(all).sort(), [
    'critical ext4-error filesystem /srv 1',
    'critical io-error disk nvme7n1 1',
    'critical io-error disk sdb 1',
    'critical nvme-gone disk nvme7n1 2',
    'warning ata-exception disk sdb 1',
    'warning nic-mlx5-command nic eth7 1',
    'warning nvme-timeout disk nvme0n1 1',
  ]);
  const nic = all.find(({ subject }) => subject.kind === 'nic');
  assert.equal(nic?.subject.attributes?.driver, 'mlx5_core');
});

test('a counter that was given up is one trouble, with its name and without', async () => {
  assert.deepEqual(
    inShort(
      await findings([
        [100, 'tsc: Marking TSC unstable due to clocksource watchdog'],
        [100, "TSC found unstable after boot, most likely due to broken BIOS. Use 'tsc=unstable'."],
      ]),
    ),
    ['info clocksource-unstable clocksource tsc 2'],
  );
});

test('when and how often', async () => {
  const now = Date.now();
  const [one] = await findings([
    [UPTIME - 7_200, 'INFO: task kworker/0:1:17 blocked for more than 120 seconds.'],
    [UPTIME - 3_600, 'INFO: task kworker/0:1:17 blocked for more than 120 seconds.'],
    [UPTIME - 60, 'INFO: task sync:99 blocked for more than 120 seconds.'],
  ]);
  assert.ok(one);
  assert.equal(one.count, 3);
  assert.ok(Math.abs((one.firstMs ?? 0) - (now - 7_200_000)) < 60_000);
  assert.ok(Math.abs((one.lastMs ?? 0) - (now - 60_000)) < 60_000);
  assert.deepEqual(one.parameters, { events: 3, perHour: 1.01 });
  assert.equal(one.evidence.at(-1), 'INFO: task sync:99 blocked for more than 120 seconds.');
  assert.equal(one.severity, 'warning');
});

test('what is long ago is milder, unless it lasts; a few corrected errors are no trouble', async () => {
  assert.deepEqual(
    inShort(
      await findings([
        [100, 'INFO: task sync:99 blocked for more than 120 seconds.'],
        [
          100,
          'EXT4-fs error (device sdb1): ext4_lookup:1705: inode #2: comm ls: deleted inode referenced: 11',
        ],
      ]),
    ),
    ['info hung-task node 1', 'critical ext4-error filesystem sdb1 1'],
  );
  const corrected = 'EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0)';
  const times = (count: number) => Array.from({ length: count }, () => [UPTIME - 10, corrected] as const);
  assert.deepEqual(
    (await findings(times(3))).map(({ severity }) => severity),
    ['info'],
  );
  assert.deepEqual(
    (await findings(times(30))).map(({ severity }) => severity),
    ['warning'],
  );
});

test('a link that goes down twice is none that flaps', async () => {
  const down = (ago: number) => [UPTIME - ago, 'igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Down'] as const;
  assert.deepEqual(inShort(await findings([down(900), down(500)])), []);
  assert.deepEqual(inShort(await findings([down(900_000), down(800_000), down(700_000)])), []);
  assert.deepEqual(inShort(await findings([down(900), down(500), down(300)])), [
    'warning link-down nic eno1 3',
  ]);
});

test('several names of a disk are one subject', async () => {
  const links = {
    'sys/block/sda': '../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda',
  };
  const all = await findings(
    [
      [UPTIME - 9, 'ata1.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x6 frozen'],
      [UPTIME - 8, 'ata1: SError: { PHYRdyChg CommWake }'],
      [UPTIME - 7, 'ata1.00: exception Emask 0x10 SAct 0x0 SErr 0x0 action 0xe frozen'],
    ],
    { links, files: { 'sys/block/sda/size': '8\n' } },
  );
  assert.ok(
    all.every(({ subject }) => subject.name === 'sda'),
    JSON.stringify(inShort(all)),
  );
  assert.equal(new Set(inShort(all).map((one) => one.split(' ')[1])).size, all.length);
});

test('names of disks', () => {
  const paths = new Map([
    ['sda', '../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/'],
    ['sdaa', '../devices/pci0000:00/0000:00:18.0/host9/target9:0:1/9:0:1:0/block/sdaa/'],
    ['nvme0n1', '../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/'],
  ]);
  const of = (name: string) => diskOf(name, paths);
  assert.deepEqual(
    ['sda', 'sda1', 'sdaa2', 'ata1.00', 'ata1', 'ata11', '9:0:1:0', 'nvme0', 'nvme0n1p3', '0000:00:18.0'].map(
      of,
    ),
    ['sda', 'sda', 'sdaa', 'sda', 'sda', undefined, 'sdaa', 'nvme0n1', 'nvme0n1', 'sdaa'],
  );
  assert.equal(of('sdb'), undefined);
});

test('a log that may not be read is told, and one that is not there is no trouble', async () => {
  const none = await reportOf(CHECKS, machineOf({}));
  assert.equal(statuses(none)['kernel.log-crashes'], 'not-applicable');
  assert.deepEqual(none.problems, []);
});

test('where the ring buffer may not be read, the journal’s copy is', async () => {
  const { findings: all } = await reportOf(CHECKS, {
    tools: {
      'journalctl -k -b 0 -n 20000 -o short-iso-precise --no-pager':
        '2026-10-31T10:00:00.000001+0000 web-1 kernel: Out of memory: Killed process 77 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0\n',
    },
  });
  assert.deepEqual(inShort(all), ['critical oom node 1']);
  assert.equal(all[0]?.lastMs, Date.UTC(2026, 9, 31, 10));
});

test('a crash before this boot, by pstore and by the journal', async () => {
  const text =
    'Panic#1 Part1\n<4>[  812.1] BUG: kernel NULL pointer dereference, address: 0000000000000008\n<0>[  812.4] Kernel panic - not syncing: Fatal exception\n';
  const stored = await reportOf(CHECKS, { files: { 'sys/fs/pstore/dmesg-efi_pstore-1': text } });
  assert.deepEqual(
    stored.findings.map(({ id, certainty, parameters }) => [id, certainty, parameters.signature]),
    [['kernel.crashed', 'certain', 'kernel-log.panic']],
  );
  const lines =
    '2026-10-31T10:00:00+0000 web-1 kernel: watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [java:77]\n' +
    '2026-10-31T10:00:01+0000 web-1 kernel: EDAC MC0: 1 UE memory read error on DIMM_A1 (channel:0 slot:0)\n';
  const tools = {
    'journalctl -k -b -1 -n 3000 -o short-iso-precise --no-pager': lines,
    'journalctl --no-pager -q -b -1 -n 400 -o short-iso': lines,
  };
  const logged = await reportOf(CHECKS, { tools });
  const ids = logged.findings.map(({ id, severity }) => `${severity} ${id}`);
  assert.ok(ids.includes('warning kernel.crashed'), ids.join());
  assert.ok(ids.includes('warning kernel-log.previous-boot-edac-uncorrected'), ids.join());
  const clean = {
    ...tools,
    'journalctl --no-pager -q -b -1 -n 400 -o short-iso': `${lines}2026-10-31T10:00:09+0000 web-1 systemd-journald[1]: Journal stopped\n`,
  };
  const { findings: after } = await reportOf(CHECKS, { tools: clean });
  assert.ok(!after.some(({ id }) => id === 'kernel.crashed'));
});

test('simulated servers: planted troubles are in the log, others have none', async () => {
  const of = async (faults: ('nic' | 'kernel')[]) => {
    const machine = simulatedMachine({ name: 'web-1', rack: 'a', index: 1, faults });
    return inShort((await reportOf(CHECKS, machine)).findings);
  };
  assert.deepEqual(await of([]), []);
  assert.deepEqual(await of(['nic', 'kernel']), ['warning hung-task node 2', 'warning link-down nic eth0 5']);
});
