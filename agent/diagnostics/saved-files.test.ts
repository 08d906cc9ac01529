/** What people save in files and folders: which file a text is taken for, which interface or node it is of, and what is not told of it. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { found, reportOf } from './testing.ts';

test('sensors -j and etcdctl -w json, in files of their names', async () => {
  const sensors = {
    'nvme-pci-0100': {
      Adapter: 'PCI adapter',
      Composite: { temp1_input: 85.9, temp1_crit: 84.8, temp1_alarm: 0 },
    },
  };
  assert.deepEqual(await troubles(JSON.stringify(sensors), 'sensors_-j.json'), [
    'critical system.temperature nvme Composite',
  ]);
  const health = [
    { endpoint: 'a:2379', health: true, took: '9ms' },
    { endpoint: 'b:2379', health: false, took: '5s', error: 'context deadline exceeded' },
  ];
  assert.deepEqual(await troubles(JSON.stringify(health), 'etcdctl_endpoint_health_-w_json.json'), [
    'critical system.etcd-unhealthy etcd b:2379',
  ]);
  assert.deepEqual(
    await troubles(
      'Error:  etcdserver: mvcc: database space exceeded\na:2379, 87e6a178ab5a0f63, 3.5.9, 57 MB, true, 2868, 59480228\n',
      'etcdctl_endpoint_status.txt',
    ),
    ['critical system.etcd-alarm etcd'],
  );
});

test('outputs under names that begin with the interface or are those of files of /proc alone', async () => {
  assert.deepEqual(
    await troubles(
      'rx_packets: 5000000\nrx_missed_errors: 40000\nrx_crc_errors: 0\ntx_packets: 9\n',
      'eth3.ethtool-S',
    ),
    ['warning nic.ring-overflow eth3'],
  );
  assert.deepEqual(
    await troubles('0000ffff 00000fff 00000000\n0000ffff 00000000 00000000\n', 'softnet_stat'),
    ['warning nic.softnet-drops'],
  );
});

test('of a folder in which nothing is understood no check says that it is well', async () => {
  const root = newRoot();
  writeFileSync(join(root, 'something.bin'), 'garbage\n');
  const { checks } = await reportOf(CHECKS, new CapturedMachine(root));
  assert.deepEqual(
    checks.filter(({ status }) => status === 'ok').map(({ id }) => id),
    [],
  );
});

const NODE = (name: string, ready: string) =>
  `apiVersion: v1\nkind: Node\nmetadata:\n  name: ${name}\nstatus:\n  conditions:\n  - type: DiskPressure\n    status: "False"\n  - type: Ready\n    status: "${ready}"\n    reason: KubeletNotReady\n    message: cni plugin not initialized\n`;

for (const [what, files] of [
  [
    'a must-gather',
    {
      'quay-io-x/cluster-scoped-resources/core/nodes/n1.yaml': NODE('n1', 'False'),
      'quay-io-x/cluster-scoped-resources/core/nodes/n2.yaml': NODE('n2', 'True'),
    },
  ],
  [
    'kubectl cluster-info dump',
    {
      'dump/nodes.json': JSON.stringify({
        kind: 'NodeList',
        items: [
          {
            metadata: { name: 'n1' },
            status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] },
          },
        ],
      }),
    },
  ],
  ['kubectl get nodes -o yaml', { 'oc_get_nodes_-o_yaml': NODE('n1', 'False') }],
] as const)
  test(`nodes that are not ready in ${what}`, async () => {
    const root = newRoot();
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    assert.deepEqual(await found(CHECKS, new CapturedMachine(root)), ['critical system.kubernetes-node n1']);
  });

test('reports of chronyc in the form that sosreport takes', async () => {
  assert.deepEqual(
    await troubles(
      '^,x,192.0.2.1,3,10,377,21,0.903,0.903,0.012\n^,?,192.0.2.2,0,10,0,4294967295,0.0,0.0,0.0\n',
      'chronyc_-n_-c_sources',
    ),
    await troubles(
      '210 Number of sources = 2\nMS Name/IP address         Stratum Poll Reach LastRx Last sample\n====================\n^x 192.0.2.1    3  10   377    21   +903ms[ +903ms] +/-   12ms\n^? 192.0.2.2    0  10     0     -     +0ns[   +0ns] +/-    0ns\n',
      'chronyc_-n_sources',
    ),
  );
});

test('kernel parameters that sysctl printed stand for those of /proc/sys', async () => {
  assert.deepEqual(
    await troubles(
      'net.netfilter.nf_conntrack_count = 64000\nnet.netfilter.nf_conntrack_max = 65536\nnet.ipv4.conf.eth0/1.mtu = 1\n',
      'sysctl_-a',
    ),
    ['critical system.conntrack-full'],
  );
});

test('what lldptool printed of the neighbour is taken where /sys is not captured; what it printed of the machine itself is not', async () => {
  const link =
    '$ ip -d link\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff promiscuity 0\n';
  const frame =
    'Chassis ID TLV\n\tMAC: 44:4c:a8:00:00:05\nPort ID TLV\n\tIfname: Ethernet4\nTime to Live TLV\n\t120\nSystem Description TLV\n\tSome Operating System\nVersion 8.180\n\nMaximum Frame Size TLV\n\t1522\nEnd of LLDPDU TLV\n';
  assert.deepEqual(await troubles(`${link}$ lldptool -t -n -i eth0\n${frame}`), [
    'warning nic.mtu-switch eth0',
  ]);
  assert.deepEqual(await troubles(`${link}$ lldptool -t -i eth0\n${frame}`), []);
});

test('ntpq, asked for the variables of the association 0', async () => {
  const variables = (leap: string, stratum: number) =>
    `associd=0 status=0615 ${leap}, sync_ntp, 1 event, clock_sync,\nversion="ntpd 4.2.8p15", leap=${leap === 'leap_none' ? '00' : '11'}, stratum=${stratum}, precision=-24,\nrootdelay=27.506, rootdisp=8.130, refid=10.0.0.1, offset=0.006675, frequency=-7.5, sys_jitter=0.854537\n`;
  assert.deepEqual(await troubles(variables('leap_none', 3), 'ntpq_-c_rv_0'), []);
  assert.notDeepEqual(await troubles(variables('leap_alarm', 16), 'ntpq_-c_rv_0'), []);
});

const MISSED = 'NIC statistics:\n     rx_packets: 1000000\n     rx_missed_errors: 7000\n';
for (const [name, text, of] of [
  ['ethtool_-S_eth1-04', MISSED, 'eth1-04'],
  ['ethtool_-S_eth1_04.txt', MISSED.slice(MISSED.indexOf('\n') + 1), 'eth1_04'],
  ['web1_ethtool_-S_lan-a_2024-01-01.log', MISSED, 'lan-a'],
  ['ethtool_-S_enP2p1s0_20240305_101112.out.txt', MISSED, 'enP2p1s0'],
  ['ethtool-S-storage.txt', MISSED, 'storage'],
  ['ethtool_S_mgmt.txt', MISSED.slice(MISSED.indexOf('\n') + 1), 'mgmt'],
  ['a.txt', `$ ethtool -S eth1-04\n${MISSED}`, 'eth1-04'],
  ['a.txt', `# ethtool -S lan\n${MISSED.slice(MISSED.indexOf('\n') + 1)}`, 'lan'],
  ['a.txt', `$ ethtool -S output:\n${MISSED}`, 'unnamed'],
  [
    'a.txt',
    `$ ip -s link show lan-a\n6: lan-a: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    RX: bytes  packets  errors  dropped overrun mcast\n    8000000    1000000  0       0       0       0\n    TX: bytes  packets  errors  dropped carrier collsns\n    0          0        0       0       0       0\n$ ethtool -S lan-a\n${MISSED}`,
    'lan-a',
  ],
] as const)
  test(`an interface may have any name, in ${name}: ${of}`, async () =>
    assert.deepEqual(
      (await troubles(text, name)).filter((one) => one.includes('ring-overflow')),
      [`warning nic.ring-overflow ${of}`],
    ));

/** What is found in a text: of the checks that match, with what else of a finding is looked at. */
async function findingsOf(files: Readonly<Record<string, string>>) {
  const root = newRoot();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return (await reportOf(CHECKS, new CapturedMachine(root))).findings;
}

test('a count that a driver has under two names is one trouble, and no share is told where the packets are not', async () => {
  const explained = async (fifo: number) => {
    const found = await findingsOf({
      'a.txt': `$ ethtool -S eth0\nNIC statistics:\n     rx_fifo_errors: ${fifo}\n     rx_missed_errors: 118000\n`,
    });
    const [ring] = found.filter(({ id }) => id === 'nic.ring-overflow');
    assert.deepEqual(ring?.parameters, { count: 118_000 });
    assert.ok(found.every(({ parameters }) => !('sharePercent' in parameters)));
    return ring?.explains.includes('nic.buffer-overflow');
  };
  assert.equal(await explained(118_000), true);
  assert.equal(await explained(60_000), false);
});

test('of broken and misaligned frames those lead of which there are more', async () => {
  const explained = async (crc: number, misaligned: number) =>
    (
      await findingsOf({
        'a.txt': `$ ethtool -S eth0\nNIC statistics:\n     rx_packets: 100000\n     rx_crc_errors: ${crc}\n     rx_align_errors: ${misaligned}\n`,
      })
    )
      .flatMap(({ id, explains }) =>
        explains.filter((one) => /crc|align/.test(one)).map((one) => `${id}: ${one}`),
      )
      .filter((one) => /^nic\.(?:crc|align)\S*: nic\.(?:crc|align)/.test(one));
  assert.deepEqual(await explained(900, 50), ['nic.crc-errors: nic.alignment-errors']);
  assert.deepEqual(await explained(50, 900), ['nic.alignment-errors: nic.crc-errors']);
});

test('what was not captured is not told as missing: routes, and modules', async () => {
  const route = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n';
  const ethtool = 'NIC statistics:\n     rx_packets: 12\n';
  const snmp = 'Tcp: InSegs OutSegs RetransSegs\nTcp: 10 10 0\n';
  const routes = async (more: Readonly<Record<string, string>>) =>
    (await findingsOf({ 'ethtool_-S_eth0': ethtool, 'proc/net/snmp': snmp, ...more })).map(({ id }) => id);
  assert.deepEqual(await routes({}), []);
  assert.deepEqual(await routes({ 'proc/net/route': route }), ['nic.no-default-route']);
  const modules = async (more: Readonly<Record<string, string>>) =>
    (await findingsOf({ 'proc/sys/kernel/tainted': '4097\n', ...more })).find(
      ({ id }) => id === 'kernel.foreign-modules',
    )?.evidence;
  assert.deepEqual(await modules({}), ['which they are was not captured']);
  assert.deepEqual(await modules({ 'proc/modules': 'ext4 1 1 - Live 0x0\n' }), [
    'loaded and gone again since the boot',
  ]);
});

test('counters of which nothing tells the interface are told as not judged, and others of their file as used', async () => {
  const filesOf = async (text: string, name = 'a.txt') => {
    const root = newRoot();
    writeFileSync(join(root, name), text);
    const machine = new CapturedMachine(root);
    await reportOf(CHECKS, machine);
    const { used, reasons } = machine.savedFiles();
    return [used.length, [...reasons.keys()]];
  };
  const counters = '     rx_packets: 100\n     rx_crc_errors: 50\n';
  assert.deepEqual(await filesOf(`$ ethtool -S $dev\n${counters}`), [0, ['a.txt']]);
  assert.deepEqual(await filesOf(counters, 'ethtool_-S'), [0, ['ethtool_-S']]);
  assert.deepEqual(await filesOf(`$ ethtool -S $dev\n${counters}$ cat /proc/loadavg\n0.1 0.1 0.1 1/99 7\n`), [
    1,
    ['a.txt'],
  ]);
  assert.deepEqual(await filesOf(`$ ethtool -S $dev\nNIC statistics:\n${counters}`), [1, []]);
  assert.deepEqual(await filesOf(`NIC statistics:\n${counters}`, 'ethtool_-S'), [1, []]);
  assert.deepEqual(await filesOf(counters, 'ethtool_-S_lan'), [1, []]);
});

test('an output that a mail quotes whole, in a file of its name', async () => {
  const quoted = [
    '# ethtool -m eth2',
    '        Identifier                                : 0x03 (SFP)',
    '(...)',
    '        Receiver signal average optical power     : 0.0001 mW / -40.00 dBm',
    '        Alarm/warning flags implemented           : Yes',
    '        Laser rx power low alarm                  : On',
    '        Laser rx power low alarm threshold        : 0.0315 mW / -15.02 dBm',
  ].map((line) => `> ${line}`);
  assert.deepEqual(await troubles(`${quoted.join('\n')}\n`, 'ethtool_-m_eth2.txt'), [
    'critical nic.module-rx-power eth2',
  ]);
});

test('files of /sys with a blank before what they hold', async () => {
  const list = (meltdown: string) =>
    `CPU mitigations:\n${['l1tf Not affected', `meltdown ${meltdown}`, 'retbleed Not affected']
      .map((row) => `/sys/devices/system/cpu/vulnerabilities/${row}`)
      .join('\n')}\n`;
  assert.deepEqual(await troubles(list('Vulnerable'), 'cpu.txt'), ['warning kernel.mitigations-missing']);
  assert.deepEqual(await troubles(list('Mitigation: PTI'), 'cpu.txt'), []);
});
