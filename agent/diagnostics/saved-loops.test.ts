/** What people print of several devices or files at once: a loop of the shell, a pattern of files, `grep` over what they saved before. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const BOND = (members: string, aggregator = 2) =>
  `Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)\n\nBonding Mode: IEEE 802.3ad Dynamic link aggregation\nTransmit Hash Policy: layer3+4 (1)\nMII Status: up\nMII Polling Interval (ms): 100\n\n802.3ad info\nLACP rate: slow\nMin links: 0\nSystem MAC address: **:**:**:**:**:ad\nActive Aggregator Info:\n        Aggregator ID: ${aggregator}\n        Number of ports: 1\n        Partner Mac Address: **:**:**:**:**:6e\n\n${members}`;
const MEMBER = (name: string, churn: string, aggregator = 2, status = 'up') =>
  `Slave Interface: ${name}\nMII Status: ${status}\nSpeed: 1000 Mbps\nDuplex: full\nLink Failure Count: 0\nPermanent HW addr: **:**:**:**:**:67\nSlave queue ID: 0\nAggregator ID: ${aggregator}\nActor Churn State: ${churn}\nPartner Churn State: ${churn}\nActor Churned Count: 1\nPartner Churned Count: 1\n\n`;
const SICK = BOND(MEMBER('enp7s0', 'churned', 1) + MEMBER('enp6s0', 'none'));
const WELL = BOND(MEMBER('enp8s0', 'none') + MEMBER('enp9s0', 'none'));

test('Bonds of a pattern of files are judged, each of them', async () => {
  const told = await troubles(`# cat /proc/net/bonding/*\n${SICK}`);
  assert.ok(
    told.some((one) => /^warning nic\.lacp-\w+ enp7s0|^warning nic\.lacp-\w+ unnamed/.test(one)),
    told.join(),
  );
  for (const both of [`${SICK}${WELL}`, `${WELL}${SICK}`])
    assert.deepEqual(
      (await troubles(`$ sudo cat /proc/net/bonding/bond*\n${both}`)).map((one) =>
        one.replace('unnamed2', 'unnamed'),
      ),
      told,
    );
  assert.deepEqual(await troubles(`# cat /proc/net/bonding/*\n${WELL}${WELL.replaceAll('enp', 'ens')}`), []);
  // The same one again, later: without a pattern it is one bond.
  assert.deepEqual(
    await troubles(`${SICK}\nafter:\n\n${SICK.replaceAll('churned', 'none').replace('ID: 1', 'ID: 2')}`),
    [],
  );
});

const ERRORS = (crc: number) =>
  `     rx_crc_errors_phy: ${crc}\n     rx_symbol_err_phy: 0\n     tx_errors_phy: 0\n`;
const COUNTERS = (crc: number) =>
  `NIC statistics:\n     rx_packets: 3000000\n     tx_packets: 900000\n     rx_crc_errors: ${crc}\n`;
const SETTINGS = (speed: string, duplex: string) =>
  `\tSpeed: ${speed}\n\tDuplex: ${duplex}\n\tLink detected: yes\n`;

for (const [what, text, expected] of [
  [
    'a name before each, rows alone',
    `[me@hv ~]$ for i in p1p1 p1p2; do echo "== $i"; sudo ethtool -S $i | grep -i err; done\n== p1p1\n${ERRORS(0)}== p1p2\n${ERRORS(54_000)}`,
    ['warning nic.crc-errors p1p2'],
  ],
  [
    'a name before each, of interfaces that the list does not tell',
    `# for i in $(ls /sys/class/net); do echo "$i:"; ethtool -S "$i" | grep crc; done\nlo:\nno stats available\nens1f0:\n     rx_crc_errors: 0\nens1f1:\n     rx_crc_errors: 2000000\n`,
    ['warning nic.crc-errors ens1f1'],
  ],
  [
    'no names, rows alone',
    `$ for i in eno1 eno2 eno3; do ethtool -S $i | grep -E 'crc|symbol|tx_err'; done\n${ERRORS(0)}${ERRORS(54_000)}${ERRORS(0)}`,
    ['warning nic.crc-errors eno2'],
  ],
  [
    'no names, whole outputs',
    `$ for i in eno1 eno2; do ethtool -S $i; done\n${COUNTERS(0)}${COUNTERS(54_000)}`,
    ['critical nic.crc-errors eno2'],
  ],
  [
    'numbers, of settings',
    `root@n1:~# for n in {0..2}; do ethtool eth$n | egrep 'Speed|Duplex|Link'; done\n${SETTINGS('1000Mb/s', 'Full')}${SETTINGS('100Mb/s', 'Half')}${SETTINGS('1000Mb/s', 'Full')}`,
    ['warning nic.half-duplex eth1'],
  ],
  [
    'over several lines',
    `$ for i in eno1 eno2\n> do\n> echo $i\n> ethtool -S $i | grep crc\n> done\neno1\n     rx_crc_errors: 0\neno2\n     rx_crc_errors: 2000000\n`,
    ['warning nic.crc-errors eno2'],
  ],
  [
    'lines that are read',
    `$ ls /sys/class/net | grep eno | while read nic; do echo "--- $nic ---"; ethtool -S $nic | grep crc; done\n--- eno1 ---\n     rx_crc_errors: 0\n--- eno2 ---\n     rx_crc_errors: 2000000\n`,
    ['warning nic.crc-errors eno2'],
  ],
  [
    'whole outputs of interfaces that nothing names: none is another’s past',
    `$ for i in $(ls /sys/class/net); do ethtool -S $i; done\n${COUNTERS(0)}${COUNTERS(54_000)}`,
    ['critical nic.crc-errors unnamed2'],
  ],
  [
    'rows that a filter keeps by their values may be of any',
    `$ for i in eno1 eno2; do ethtool -S $i | grep err | grep -v ': 0'; done\n     rx_crc_errors: 2000000\n     rx_missed_errors: 3000000\n`,
    [],
  ],
  [
    'one that is well in each',
    `$ for i in eno1 eno2; do ethtool -S $i | grep err; done\n${ERRORS(0)}${ERRORS(0)}`,
    [],
  ],
] as [string, string, string[]][])
  test(`A loop over interfaces: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

for (const [what, text, expected] of [
  [
    'of sosreport',
    '$ egrep "drop|err|fifo" sos_commands/networking/ethtool_-S_em* | grep -v ": 0"\nsos_commands/networking/ethtool_-S_em1:     rx_missed_errors: 3842133\nsos_commands/networking/ethtool_-S_em1:     rx_no_buffer_count: 977120\nsos_commands/networking/ethtool_-S_em2:     rx_errors: 2041880\nsos_commands/networking/ethtool_-S_em2:     rx_crc_errors: 2041880\n',
    ['warning nic.crc-errors em2', 'warning nic.receive-errors em2', 'warning nic.ring-overflow em1'],
  ],
  [
    'of one’s own names, without the command',
    './ethtool-S-eth0.txt:     rx_crc_errors: 2041880\n./ethtool-S-eth1.txt:     rx_crc_errors: 0\n./ethtool_eth1.txt:\tSpeed: 1000Mb/s\n./ethtool_eth1.txt:\tDuplex: Half\n./ethtool_eth1.txt:\tLink detected: yes\n',
    ['warning nic.crc-errors eth0', 'warning nic.half-duplex eth1'],
  ],
  [
    'of clocks',
    'out/chronyc_tracking:System time     : 2.871220112 seconds slow of NTP time\nout/chronyc_tracking:Leap status     : Normal\n',
    ['critical clock.offset'],
  ],
  [
    'not of the kernel’s own files',
    '/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages:0\n/usr/sbin/ethtool: bad command line argument(s)\n',
    [],
  ],
  [
    'of several machines, which are not told apart',
    'web1/sos_commands/networking/ethtool_-S_em1:     rx_crc_errors: 0\nweb2/sos_commands/networking/ethtool_-S_em1:     rx_crc_errors: 2041880\n',
    [],
  ],
] as [string, string, string[]][])
  test(`What grep prints of files that are named after their commands is judged: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

const IRQ = (rows: readonly (readonly [number, string, readonly number[]])[]) =>
  rows
    .map(
      ([irq, name, counts]) =>
        `${String(irq).padStart(4)}: ${counts.map((one) => String(one).padStart(10)).join(' ')}   PCI-MSI 10485${irq}-edge      ${name}\n`,
    )
    .join('');
const HEAD = '            CPU0       CPU1       CPU2       CPU3\n';
const QUEUES = (name: string, spread: boolean) =>
  IRQ(
    [0, 1, 2, 3].map((at) => [
      27 + at,
      `${name}-${at}`,
      [0, 1, 2, 3].map((cpu) => (cpu === (spread ? at : 0) ? 356_669_796 : 17)),
    ]),
  );

for (const [what, text, expected] of [
  [
    'whole',
    `$ cat /proc/interrupts\n${HEAD}${QUEUES('eth0-TxRx', false)}`,
    ['info nic.interrupts-one-cpu eth0'],
  ],
  [
    'without its heading',
    `$ grep eth /proc/interrupts\n${QUEUES('eth0-TxRx', false)}`,
    ['info nic.interrupts-one-cpu eth0'],
  ],
  [
    'of other drivers',
    `# egrep 'CPU|i40e' /proc/interrupts\n${HEAD}${QUEUES('i40e-ens1f0-TxRx', false)}`,
    ['info nic.interrupts-one-cpu ens1f0'],
  ],
  [
    'in parts of a queue',
    `$ cat /proc/interrupts | grep enp\n${QUEUES('enp3s0-rx', false)}`,
    ['info nic.interrupts-one-cpu enp3s0'],
  ],
  ['spread', `$ grep eth /proc/interrupts\n${QUEUES('eth0-TxRx', true)}`, []],
  ['of a disk', `$ grep nvme /proc/interrupts\n${QUEUES('nvme0q', false)}`, []],
] as [string, string, string[]][])
  test(`Interrupts of an interface that nothing else tells of: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

const DEVICE = (slot: string, kind: string, more = '') =>
  `${slot} ${kind}: Maker Co., Ltd. Some Controller [10ec:8125] (rev 05)\n\tSubsystem: Board Inc. Some Controller [1043:87d7]\n${more}`;
const ETHERNET = 'Ethernet controller [0200]';
const BOUND = '\tKernel driver in use: igb\n\tKernel modules: igb\n';

for (const [what, text, expected] of [
  [
    'one of two',
    `~# lspci -nnk | grep -iA3 ethernet\n${DEVICE('04:00.0', ETHERNET)}${DEVICE('05:00.0', ETHERNET, BOUND)}`,
    ['warning nic.driver-missing 04:00.0'],
  ],
  [
    'one whose module is there',
    `$ lspci -k\n${DEVICE('00:1f.2', 'SATA controller', BOUND.replaceAll('igb', 'ahci'))}${DEVICE('04:00.0', 'Network controller', '\tKernel modules: iwlwifi\n')}`,
    ['warning nic.driver-missing 04:00.0'],
  ],
  [
    'all with drivers',
    `$ lspci -nnk\n${DEVICE('04:00.0', ETHERNET, BOUND)}${DEVICE('05:00.0', ETHERNET, BOUND)}`,
    [],
  ],
  ['without -k', `$ lspci -nn -v\n${DEVICE('04:00.0', ETHERNET)}${DEVICE('05:00.0', ETHERNET)}`, []],
  [
    'lent to a guest',
    `$ lspci -nnk\n${DEVICE('04:00.0', ETHERNET, BOUND.replace('igb', 'vfio-pci'))}${DEVICE('05:00.0', ETHERNET, BOUND)}`,
    [],
  ],
  [
    'a virtual function that waits for a guest',
    `$ lspci -nnk\n${DEVICE('05:00.0', ETHERNET, BOUND)}${DEVICE('05:10.0', ETHERNET).replace('Some Controller', 'X550 Virtual Function')}`,
    [],
  ],
  [
    'a bridge needs none',
    `$ lspci -nnk\n${DEVICE('00:00.0', 'Host bridge [0600]')}${DEVICE('05:00.0', ETHERNET, BOUND)}`,
    [],
  ],
  [
    'cut by grep behind two lines',
    `$ lspci -nnk | grep -A1 Ethernet\n${DEVICE('04:00.0', ETHERNET)}--\n${DEVICE('05:00.0', ETHERNET)}`,
    [],
  ],
  [
    'the last one, cut off',
    `$ lspci -nnk | grep -A3 Ethernet\n${DEVICE('05:00.0', ETHERNET, BOUND)}--\n${DEVICE('04:00.0', ETHERNET, '\tFlags: bus master\n\tMemory at 1\n')}--\n`,
    [],
  ],
] as [string, string, string[]][])
  test(`Devices without a driver in lspci: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => one.includes('driver')),
      expected,
    );
  });
