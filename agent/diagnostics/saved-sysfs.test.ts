/** Single files of /sys as people print them, each sick beside well, and what they do not show is not taken for well. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { diagnose } from './diagnose.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';

const MD = '/sys/block/md7/md';
const AER = '/sys/bus/pci/devices/0000:5e:00.0/aer_dev';
const PORT = '/sys/class/infiniband/mlx5_3/ports/1';
const CPU = '/sys/devices/system/cpu';
const grep = (folder: string, values: Readonly<Record<string, string | number>>) =>
  Object.entries(values)
    .map(([file, value]) => `${folder}/${file}:${value}`)
    .join('\n');

for (const [what, text, expected] of [
  ['md, degraded', grep(MD, { array_state: 'clean', degraded: 1 }), ['critical disk.md-degraded md7']],
  ['md, whole', grep(MD, { array_state: 'clean', degraded: 0, sync_action: 'idle' }), []],
  ['md, checked', grep(MD, { raid_disks: 2, degraded: 0, sync_action: 'check' }), []],
  ['md, not started', `# cat ${MD}/array_state\ninactive\n`, ['critical disk.md-inactive md7']],
  ['md, stopped', `# cat ${MD}/array_state\nclear\n`, []],
  [
    'md, being rebuilt',
    grep(MD, { raid_disks: 4, degraded: 1, sync_action: 'recover' }),
    ['warning disk.md-degraded md7'],
  ],
  [
    'md, members',
    grep(MD, { raid_disks: 2, 'dev-sdx1/state': 'faulty', 'dev-sdy1/state': 'in_sync' }),
    ['critical disk.md-degraded md7'],
  ],
  [
    'md, copies of RAID 5 that differ, by the path of its device',
    grep('/sys/devices/virtual/block/md7/md', { level: 'raid5', mismatch_cnt: 128 }),
    ['warning disk.md-mismatch md7'],
  ],
  [
    'AER, of one file',
    `# grep . ${AER}_correctable\nRxErr 0\nBadTLP 4711\nTOTAL_ERR_COR 4711\n`,
    ['warning system.pcie-errors 5e:00.0'],
  ],
  ['AER, few that were corrected', `${AER}_correctable:RxErr 3\n`, []],
  [
    'AER, a loop, not corrected, by the bridges above',
    `/sys/devices/pci0000:5d/0000:5d:00.0/0000:5e:00.0/aer_dev_fatal\nUndefined 0\nDLP 2\nTOTAL_ERR_FATAL 2\n`,
    ['warning system.pcie-errors 5e:00.0'],
  ],
  [
    'AER, what looking for devices counts',
    `# cat /sys/class/net/eno7/device/aer_dev_nonfatal\nDLP 0\nUnsupReq 40\nTOTAL_ERR_NONFATAL 40\n`,
    [],
  ],
  [
    'AER, Linux 4.19',
    `# cat ${AER}_correctable\nReceiver Error = 0\nBad TLP = 2333\nTOTAL_ERR_COR = 2333\n`,
    ['warning system.pcie-errors 5e:00.0'],
  ],
  [
    'a link of PCI Express with fewer lanes',
    grep('/sys/bus/pci/devices/0000:5e:00.0', {
      current_link_speed: '8.0 GT/s PCIe',
      current_link_width: 4,
      max_link_speed: '8.0 GT/s PCIe',
      max_link_width: 8,
    }),
    ['warning system.pcie-link 5e:00.0'],
  ],
  [
    'a link of PCI Express with all lanes',
    grep('/sys/bus/pci/devices/0000:5e:00.0', {
      current_link_speed: '8.0 GT/s PCIe',
      current_link_width: 8,
      max_link_speed: '8.0 GT/s PCIe',
      max_link_width: 8,
    }),
    [],
  ],
  [
    'InfiniBand, counters',
    grep(`${PORT}/counters`, { symbol_error: 65_535, link_downed: 12 }),
    ['warning nic.infiniband-errors mlx5_3 port 1'],
  ],
  ['InfiniBand, none counted', grep(`${PORT}/counters`, { symbol_error: 0, link_downed: 1 }), []],
  [
    'InfiniBand, no subnet manager',
    grep(PORT, { state: '2: INIT', phys_state: '5: LinkUp' }),
    ['warning nic.infiniband-port mlx5_3 port 1'],
  ],
  ['InfiniBand, in use', grep(PORT, { state: '4: ACTIVE', phys_state: '5: LinkUp' }), []],
  [
    'a bond whose member is down',
    `${grep('/sys/class/net/bond7', { 'bonding/slaves': 'eno1 eno2', 'bonding/mode': 'active-backup 1' })}\n${grep('/sys/class/net', { 'eno1/bonding_slave/mii_status': 'up', 'eno2/bonding_slave/mii_status': 'down' })}`,
    ['warning nic.bond-member-down eno2'],
  ],
  [
    'a bond that is well, and one member alone',
    grep('/sys/class/net', {
      'eno1/bonding_slave/mii_status': 'up',
      'eno1/bonding_slave/link_failure_count': 1,
    }),
    [],
  ],
  [
    'throttled',
    grep(CPU, { 'cpu3/thermal_throttle/core_throttle_count': 93_811 }),
    ['warning system.cpu-throttled'],
  ],
  ['not throttled', grep(CPU, { 'cpu3/thermal_throttle/core_throttle_count': 0 }), []],
  [
    'a hot processor without a limit',
    grep('/sys/class/thermal/thermal_zone2', { type: 'x86_pkg_temp', temp: 101_000 }),
    ['warning system.temperature x86_pkg_temp zone'],
  ],
  [
    'a warm processor without a limit',
    grep('/sys/class/thermal/thermal_zone2', { type: 'x86_pkg_temp', temp: 71_000 }),
    [],
  ],
  [
    'a controller that is dead',
    grep('/sys/class/nvme/nvme4', { state: 'dead' }),
    ['critical disk.gone nvme4'],
  ],
  ['a path over a network', grep('/sys/class/nvme/nvme4', { state: 'connecting', transport: 'tcp' }), []],
  [
    'records of a crash, listed',
    '# ls -l /sys/fs/pstore\ntotal 0\n-r--r--r-- 1 root root 1826 Mar  4 12:01 dmesg-efi-170955121201001\n',
    ['warning kernel.crash-left-behind'],
  ],
  ['no records of a crash', '# ls -l /sys/fs/pstore\ntotal 0\n', []],
  [
    'an interface that is on and has no carrier',
    grep('/sys/class/net/eno7', { operstate: 'down', carrier: 0, carrier_changes: 3 }),
    ['warning nic.link-down eno7'],
  ],
] as const)
  test(`/sys: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.startsWith('info')),
      expected,
    );
  });

/** Checks that ended well for a text. */
async function well(text: string): Promise<string[]> {
  const root = newRoot();
  writeFileSync(join(root, 'note.txt'), text);
  const machine = new CapturedMachine(root);
  const { checks } = await diagnose({
    ...{ machine, signal: new AbortController().signal, checks: CHECKS, traits: [] },
  });
  return checks.filter(({ status }) => status === 'ok').map(({ id }) => id);
}

for (const [what, text, expected] of [
  ['a state of a disk', '/sys/block/sdx/device/state:running\n', ['disk.gone']],
  ['one count of arrays', grep(MD, { degraded: 0 }), ['disk.md-degraded']],
  ['corrected errors', '/sys/devices/system/edac/mc/mc0/ce_count:0\n', ['memory.corrected-errors']],
  ['processors', grep(CPU, { online: '0-7', present: '0-7' }), ['system.cpu-offline']],
  ['heat without a limit', grep('/sys/class/hwmon/hwmon3', { name: 'acme', temp1_input: 40_000 }), []],
] as const)
  test(`what is not shown is not well: ${what}`, async () => {
    const seen = /^(?:disk|memory|system\.cpu|system\.(?:fan|temp|volt))/;
    assert.deepEqual(
      (await well(text)).filter((id) => seen.test(id)),
      expected,
    );
  });

for (const [what, text, expected] of [
  ['a file of one interface', grep('/sys/class/net/eno7', { mtu: 1500 }), []],
  [
    'all interfaces',
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eno7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP qlen 1000\n    link/ether 00:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff\n',
    ['nic.name-collision', 'nic.names-unstable'],
  ],
] as const)
  test(`names of interfaces are well where they were shown: ${what}`, async () => {
    assert.deepEqual(
      (await well(text)).filter((id) => /^nic\.name(?:-collision|s-unstable)$/.test(id)),
      expected,
    );
  });
