/** Values of /proc and /sys as people print many of them at once, each with what is well in the same form. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { found } from './testing.ts';

const STATISTICS = '/sys/class/net/eno1/statistics';
const COUNTED = (errors: number): [string, number][] => [
  ['rx_crc_errors', errors],
  ['rx_errors', errors],
  ['rx_packets', 1_827_381],
  ['tx_packets', 19_283],
];
const CRC = ['critical nic.crc-errors eno1', 'warning nic.receive-errors eno1'];
const STALLED = 'avg10=88.31 avg60=81.40 avg300=66.08 total=887123712';
const IDLE = 'avg10=0.00 avg60=0.00 avg300=0.00 total=1287391';
const WAITING = ['critical memory.pressure'];
const FLAWS = '/sys/devices/system/cpu/vulnerabilities';
const BOND = (partner: string) =>
  `Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)\n\nBonding Mode: IEEE 802.3ad Dynamic link aggregation\nMII Status: up\n\n802.3ad info\nLACP rate: slow\n${partner}\n${['0', '1'].map((at) => `Slave Interface: ens1f${at}\nMII Status: up\nSpeed: 10000 Mbps\nDuplex: full\nLink Failure Count: 0\nAggregator ID: 1\n`).join('\n')}`;
const AGGREGATOR = (address: string) =>
  `Active Aggregator Info:\n\tAggregator ID: 1\n\tNumber of ports: 2\n\tPartner Mac Address: ${address}\n`;
const NODE = (status: string) =>
  `apiVersion: v1\nkind: Node\nmetadata:\n  name: worker-3\nstatus:\n  conditions:\n  - message: /data is read-only\n    reason: FilesystemIsReadOnly\n    status: "${status}"\n    type: ReadonlyFilesystem\n  - reason: KubeletReady\n    status: "True"\n    type: Ready\n`;

for (const [what, text, expected, name] of [
  [
    'grep',
    COUNTED(91_823)
      .map(([of, value]) => `${STATISTICS}/${of}:${value}`)
      .join('\n'),
    CRC,
  ],
  [
    'grep, no errors',
    COUNTED(0)
      .map(([of, value]) => `${STATISTICS}/${of}:${value}`)
      .join('\n'),
    [],
  ],
  [
    'a name above each value',
    COUNTED(91_823)
      .map(([of, value]) => `${STATISTICS}/${of}\n${value}`)
      .join('\n'),
    CRC,
  ],
  [
    'head',
    COUNTED(91_823)
      .map(([of, value]) => `==> ${STATISTICS}/${of} <==\n${value}\n`)
      .join('\n'),
    CRC,
  ],
  [
    'more',
    COUNTED(91_823)
      .map(([of, value]) => `${'::::::::::::::\n'}${STATISTICS}/${of}\n::::::::::::::\n${value}`)
      .join('\n'),
    CRC,
  ],
  [
    'by the bus',
    COUNTED(91_823)
      .map(
        ([of, value]) =>
          `/sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0/net/eno1/statistics/${of}: ${value}`,
      )
      .join('\n'),
    CRC,
  ],
  [
    'in the folder',
    `root@n1:${STATISTICS}# grep . *\n${COUNTED(91_823)
      .map(([of, value]) => `${of}:${value}`)
      .join('\n')}\n`,
    CRC,
  ],
  [
    'a link’s own',
    '/sys/class/net/eth1/speed:100\n/sys/class/net/eth1/duplex:half\n/sys/class/net/eth1/operstate:up\n/sys/class/net/eth1/carrier:1\n',
    ['warning nic.half-duplex eth1'],
  ],
  [
    'pressure, grep',
    `/proc/pressure/memory:some ${STALLED}\n/proc/pressure/memory:full ${STALLED}\n`,
    WAITING,
  ],
  [
    'pressure, all files of one cat',
    `$ cat /proc/pressure/*\nsome ${IDLE}\nsome ${IDLE}\nfull ${IDLE}\nsome ${STALLED}\nfull ${STALLED}\n`,
    WAITING,
  ],
  [
    'no pressure, all files of one cat',
    `$ cat /proc/pressure/*\nsome ${IDLE}\nfull ${IDLE}\nsome ${IDLE}\nfull ${IDLE}\nsome ${IDLE}\nfull ${IDLE}\n`,
    [],
  ],
  ['pressure by the file’s name', `some ${STALLED}\nfull ${STALLED}\n`, WAITING, 'memory_pressure.txt'],
  ['processor faults', `${FLAWS}/meltdown:Vulnerable\n`, ['warning kernel.mitigations-missing']],
  [
    'processor faults that are mitigated',
    `${FLAWS}/meltdown:Mitigation: PTI\n${FLAWS}/mds:Not affected\n`,
    [],
  ],
  [
    'memory controllers',
    '/sys/devices/system/edac/mc/mc0/ce_count:0\n/sys/devices/system/edac/mc/mc0/ue_count:2\n',
    ['critical memory.uncorrected-errors mc0'],
  ],
  [
    'memory controllers that are well',
    '/sys/devices/system/edac/mc/mc0/ce_count:0\n/sys/devices/system/edac/mc/mc0/ue_count:0\n',
    [],
  ],
  [
    'two files of one cat',
    '# cat /proc/sys/net/netfilter/nf_conntrack_{count,max}\n262140\n262144\n',
    ['critical system.conntrack-full'],
  ],
  [
    'parameters without their command',
    'net.netfilter.nf_conntrack_count = 1201\nnet.netfilter.nf_conntrack_max = 262144\n',
    [],
  ],
  [
    'parameters without their command, a full table',
    'net.netfilter.nf_conntrack_count = 262140\nnet.netfilter.nf_conntrack_max = 262144\n',
    ['critical system.conntrack-full'],
  ],
  ['a taint below its file', 'I get\n/proc/sys/kernel/tainted\n4224\n', ['critical kernel.died-before']],
  ['a taint in a file of its name', '4224\n', ['critical kernel.died-before'], 'tainted'],
  ['a taint by modules alone', '12289\n', [], 'tainted'],
  [
    'a clock that was given up',
    '# cat /sys/devices/system/clocksource/clocksource0/current_clocksource\nhpet\n# cat /sys/devices/system/clocksource/clocksource0/available_clocksource\nhpet acpi_pm\n',
    ['warning clock.clocksource'],
  ],
  [
    'a zone that is too hot',
    '/sys/class/thermal/thermal_zone0/temp:104000\n/sys/class/thermal/thermal_zone0/type:x86_pkg_temp\n/sys/class/thermal/thermal_zone0/trip_point_0_temp:100000\n/sys/class/thermal/thermal_zone0/trip_point_0_type:critical\n',
    ['critical system.temperature x86_pkg_temp zone'],
  ],
  ['a warm zone', '/sys/class/thermal/thermal_zone0/temp:61000\n', []],
  ['a bond whose partner only root sees', BOND(''), [], 'bond0'],
  [
    'a bond that says that it has no aggregator, which everybody sees',
    BOND('bond bond0 has no active aggregator\n'),
    ['critical nic.lacp-no-partner bond0'],
    'note.txt',
  ],
  ['a bond with a partner', BOND(AGGREGATOR('00:1c:73:aa:bb:01')), [], 'bond0'],
  [
    'a bond that nobody answers',
    BOND(AGGREGATOR('00:00:00:00:00:00')),
    ['critical nic.lacp-no-partner bond0'],
    'bond0',
  ],
  [
    'two counters of one cat',
    `$ cat ${STATISTICS}/rx_errors ${STATISTICS}/rx_packets\n48211\n391023\n`,
    ['critical nic.receive-errors eno1'],
  ],
  [
    'open files, as sysctl prints them',
    'fs.file-nr = 99840\t0\t100000\n',
    ['critical kernel.files-near-limit'],
  ],
  [
    'conditions alone',
    'Conditions:\n  Type            Status  LastHeartbeatTime                 LastTransitionTime                Reason          Message\n  ----            ------  -----------------                 ------------------                ------          -------\n  KernelDeadlock  True    Fri, 01 Mar 2024 10:00:00 +0000   Fri, 01 Mar 2024 09:00:00 +0000   AUFSUmountHung  task umount.aufs:21568 blocked for more than 120 seconds.\n',
    ['warning system.kubernetes-node node'],
  ],
  ...(['True', 'False'] as const).map((status): [string, string, string[]] => [
    `conditions alone in YAML, ${status}`,
    `  conditions:\n  - lastHeartbeatTime: "2024-03-01T10:00:00Z"\n    message: kubelet has disk pressure\n    reason: KubeletHasDiskPressure\n    status: "${status}"\n    type: DiskPressure\n  - lastHeartbeatTime: "2024-03-01T10:00:00Z"\n    reason: KubeletReady\n    status: "True"\n    type: Ready\n`,
    status === 'True' ? ['warning system.kubernetes-node node'] : [],
  ]),
  ['a node in YAML', NODE('True'), ['warning system.kubernetes-node worker-3'], 'node.yaml'],
  ['a node in YAML that is well', NODE('False'), [], 'node.yaml'],
  [
    'a pod that is not ready',
    'Name:             web-0\nNamespace:        default\nConditions:\n  Type              Status\n  Ready             False \n',
    [],
  ],
] as [string, string, string[], string?][])
  test(what, async () => {
    const told = await troubles(text, name);
    assert.deepEqual(
      told.filter((one) => !one.startsWith('info')),
      expected,
    );
  });

test('values of another host are left out', async () => {
  const on = (host: string, bits: number) =>
    `root@${host}:~# head -n1 /proc/sys/kernel/tainted\n==> /proc/sys/kernel/tainted <==\n${bits}\n`;
  assert.deepEqual(await troubles(`${on('n1', 0)}${on('n2', 128)}`), []);
  assert.deepEqual(await troubles(`${on('n1', 128)}${on('n2', 0)}`), ['critical kernel.died-before']);
});

test('nodes in a file of YAML each are all told', async () => {
  const root = newRoot();
  mkdirSync(join(root, 'core/nodes'), { recursive: true });
  for (const name of ['n1', 'n2'])
    writeFileSync(join(root, `core/nodes/${name}.yaml`), NODE('True').replace('worker-3', name));
  writeFileSync(join(root, 'n3.yaml'), NODE('True').replace('worker-3', 'n3'));
  writeFileSync(join(root, 'n4.yaml'), NODE('True').replace('worker-3', 'n4'));
  assert.deepEqual(
    await found(CHECKS, new CapturedMachine(root)),
    ['n1', 'n2', 'n3', 'n4'].map((name) => `warning system.kubernetes-node ${name}`),
  );
});

test('files that were copied with their last folders alone', async () => {
  const root = newRoot();
  for (const [path, text] of [
    ['pressure/memory', `some ${STALLED}\nfull ${STALLED}\n`],
    ['vulnerabilities/meltdown', 'Vulnerable\n'],
    ['mc/mc0/ue_count', '2\n'],
  ] as const) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  assert.deepEqual(await found(CHECKS, new CapturedMachine(root)), [
    'critical memory.pressure',
    'critical memory.uncorrected-errors mc0',
    'warning kernel.mitigations-missing',
  ]);
});
