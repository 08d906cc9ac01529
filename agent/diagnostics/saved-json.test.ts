/** JSON that tools print: what lacks the part that is judged is told as not judged, by whatever way it was saved. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { reportOf } from './testing.ts';

async function judged(name: string, text: string): Promise<{ ok: string[]; told: boolean; why: string }> {
  const root = newRoot();
  writeFileSync(join(root, name), text);
  const machine = new CapturedMachine(root);
  const { checks } = await reportOf(CHECKS, machine);
  const { unused, reasons } = machine.savedFiles();
  return {
    ok: checks.filter(({ status }) => status === 'ok').map(({ id }) => id),
    told: unused.length + reasons.size > 0,
    why: [...reasons.values()].join('; '),
  };
}

const DRIVE = {
  smartctl: { version: [7, 3], exit_status: 0 },
  device: { name: '/dev/nvme0', type: 'nvme', protocol: 'NVMe' },
  model_name: 'MAKER SSD',
};

for (const [command, json] of [
  ['nvme smart-log /dev/nvme0 -o json', { temperature: 310, power_on_hours: 12 }],
  ['smartctl -a -j /dev/nvme0', DRIVE],
  [
    'smartctl -a -j /dev/nvme0',
    { ...DRIVE, nvme_version: { string: '1.4' }, user_capacity: { bytes: 1e12 } },
  ],
  ['smartctl -a -j /dev/sda', { ...DRIVE, device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' } }],
  ['nvme error-log /dev/nvme0 -o json', {}],
  ['nvme list-subsys -o json', [{ HostNQN: 'x', Subsystems: [] }]],
  ['lvs --reportformat json', { report: [{ lv: [{ lv_name: 'a' }] }] }],
  ['vgs --reportformat json', { report: [{ vg: [] }] }],
  ['pvs --reportformat json', { report: [{ pv: [] }] }],
  ['storcli /c0 show all J', { Controllers: [{ 'Command Status': { Status: 'Success' } }] }],
  ['zpool status -j', { output_version: { command: 'zpool status' }, pools: {} }],
  ['ceph status -f json', { fsid: 'a', health: {} }],
  ['kubectl get nodes -o json', { apiVersion: 'v1', kind: 'NodeList', items: [{ metadata: { name: 'a' } }] }],
  ['etcdctl endpoint status -w json', [{ Endpoint: 'a:2379' }]],
  ['lldpcli -f json show neighbors', { lldp: { interface: [] } }],
  ['ethtool --json -S eth0', [{ ifname: 'eth0' }]],
  ['tc -s -j qdisc show', [{}]],
  ['findmnt -J', { filesystems: [{ target: '/' }] }],
  ['lsblk -J', { blockdevices: [{ name: 'sda' }] }],
  ['sensors -j', { 'coretemp-isa-0000': { Adapter: 'ISA adapter' } }],
  ['rdma -j link', [{ ifname: 'mlx5_0', port: 1 }]],
  ['devlink -j health show', { health: {} }],
  ['teamdctl team0 state dump', {}],
  ['crictl info', { status: {} }],
] as const)
  test(`JSON without what is judged: ${command} ${JSON.stringify(json).slice(0, 60)}`, async () => {
    const text = `${JSON.stringify(json, null, 2)}\n`;
    const file = `${command.replaceAll(/[ /]+/g, '_')}.json`;
    for (const [name, saved] of [
      ['note.txt', `$ ${command}\n${text}`],
      [file, text],
    ] as const) {
      const { ok, told } = await judged(name, saved);
      assert.deepEqual([ok, told], [[], true], name);
    }
  });

test('of a drive whose verdict alone was saved, nothing else is called well', async () => {
  const text = JSON.stringify({ ...DRIVE, smart_status: { passed: true, nvme: { value: 0 } } }, null, 2);
  const { ok, why } = await judged('note.txt', `${text}\n`);
  assert.deepEqual(ok, ['disk.smart-failing', 'disk.nvme-critical-warning', 'disk.smart-disabled']);
  assert.match(why, /nothing but the verdict of nvme0/);
  const failed = { ...DRIVE, smart_status: { passed: false, nvme: { value: 4 } } };
  assert.deepEqual(await troubles(`${JSON.stringify(failed, null, 2)}\n`), [
    'critical disk.nvme-critical-warning nvme0',
  ]);
});

test('smartctl’s JSON without the block about the program is read', async () => {
  const { smartctl: _, ...bare } = DRIVE;
  const health = (warning: number) => ({
    ...bare,
    smart_status: { passed: warning === 0 },
    nvme_smart_health_information_log: { critical_warning: warning, temperature: 40, media_errors: 0 },
  });
  assert.deepEqual(await troubles(`${JSON.stringify(health(4), null, 2)}\n`), [
    'critical disk.nvme-critical-warning nvme0',
  ]);
  assert.deepEqual(await troubles(`${JSON.stringify(health(0), null, 2)}\n`), []);
  assert.ok((await judged('disk.json', JSON.stringify(health(0)))).ok.includes('disk.nvme-critical-warning'));
});

test('sizes of etcd’s databases are judged as a table and as JSON', async () => {
  const table = (size: string) =>
    `+----------+-----+---------+---------+-----------+\n| ENDPOINT | ID | VERSION | DB SIZE | IS LEADER |\n+----------+-----+---------+---------+-----------+\n| 10.0.0.1:2379 | 1a | 3.5.9 | ${size} | true |\n| 10.0.0.2:2379 | 1b | 3.5.9 | 1.1 GB | false |\n+----------+-----+---------+---------+-----------+\n`;
  const json = (size: number) =>
    `${JSON.stringify([
      { Endpoint: '10.0.0.1:2379', Status: { header: { member_id: 1 }, leader: 1, dbSize: size } },
      { Endpoint: '10.0.0.2:2379', Status: { header: { member_id: 2 }, leader: 1, dbSize: 1.1e9 } },
    ])}\n`;
  const large = ['warning system.etcd-database-large etcd 10.0.0.1:2379'];
  for (const text of [table('9.2 GB'), table('4.6 GB'), json(9.2e9), json(4.6e9)])
    assert.deepEqual(await troubles(text), large, text);
  for (const text of [table('1.4 GB'), table('980 MB'), json(1.4e9), json(5e8)])
    assert.deepEqual(await troubles(text), [], text);
});

test('ip -j: interfaces with their counters, in a file of its name, below a prompt and alone', async () => {
  const links = (errors: number) => [
    {},
    {
      ...{ ifindex: 2, ifname: 'eth0', flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'], mtu: 1500 },
      ...{ qdisc: 'mq', operstate: 'UP', link_type: 'ether', address: '52:54:00:12:34:56' },
      addr_info: [{ family: 'inet', local: '192.0.2.7', prefixlen: 24 }],
      stats64: {
        rx: {
          bytes: 9e8,
          packets: 5_000_000,
          errors,
          dropped: 0,
          over_errors: 0,
          multicast: 12,
          crc_errors: errors,
        },
        tx: { bytes: 9e8, packets: 4_000_000, errors: 0, dropped: 0, carrier_errors: 0, collisions: 0 },
      },
    },
  ];
  for (const errors of [90_000, 0]) {
    const text = JSON.stringify(links(errors));
    for (const [name, saved] of [
      ['ip_-j_-s_-s_link.json', text],
      ['note.txt', `$ ip -s -s -j link\n${text}\n`],
      ['note.txt', JSON.stringify(links(errors), undefined, 4)],
    ] as const) {
      const found = await troubles(saved, name);
      assert.deepEqual(
        found.filter((one) => one.startsWith('critical')),
        errors > 0 ? ['critical nic.crc-errors eth0'] : [],
        `${name}: ${found}`,
      );
    }
  }
});
