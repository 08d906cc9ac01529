/** What is saved of networks by tools that ask more than one machine or daemon: a fabric's, systemd-networkd's, sockets' memory, modprobe's errors. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const QUERY = (counters: string) =>
  `[root@head ~]# ibqueryerrors\nErrors for "n101 HCA-1"\n   GUID 0x248a070300f00000 port 1: ${counters}\n## Summary: 24 nodes checked, 1 bad nodes found\n##          61 ports checked, 1 ports have errors beyond threshold\n`;
const LINK = (port: string) => `CA: n102 HCA-1:\n      0x248a070300f00010     17    1[  ] ==(${port}`;
const SWITCH = '       3   14[  ] "SwitchIB Mellanox Technologies" ';
const FAST = ` 4X        25.78125 Gbps Active/  LinkUp)==>${SWITCH}( )\n`;

for (const [what, text, expected] of [
  [
    'ibqueryerrors',
    QUERY('[SymbolErrorCounter == 65535] [LinkDownedCounter == 12] [PortXmitWait == 221]'),
    ['warning nic.infiniband-errors n101 HCA-1 port 1'],
  ],
  ['ibqueryerrors, of waits alone', QUERY('[PortXmitWait == 221]'), []],
  [
    'ibqueryerrors without its command',
    QUERY('[SymbolErrorCounter == 400]').split('\n').slice(1).join('\n'),
    ['warning nic.infiniband-errors n101 HCA-1 port 1'],
  ],
  [
    'iblinkinfo, a slow link',
    `# iblinkinfo\n${LINK(` 4X           2.5 Gbps Active/  LinkUp)==>${SWITCH}( Could be 25.78125 Gbps)\n`)}`,
    ['warning nic.infiniband-port n102 HCA-1 port 1'],
  ],
  ['iblinkinfo, one that is well', LINK(FAST), []],
  [
    'iblinkinfo, an adapter without a link beside one that has it',
    `$ iblinkinfo --cas-only\n${LINK(FAST)}${LINK('                Down/ Polling)==>             [  ] "" ( )\n').replace('n102', 'n104')}`,
    ['info nic.infiniband-port n104 HCA-1 port 1'],
  ],
  [
    'iblinkinfo, a free port of a switch',
    `Switch: 0x248a070300f01000 SwitchIB Mellanox Technologies:\n           3    7[  ] ==(                Down/ Polling)==>             [  ] "" ( )\n${LINK(FAST)}`,
    [],
  ],
] as [string, string, string[]][])
  test(`A fabric: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

const NETWORKD = (member: string, bond: string, kind = 'bond') =>
  `# networkctl status enp3s0f0 aggi\n● 3: enp3s0f0\n             Link File: /usr/lib/systemd/network/99-default.link\n                  Type: ether\n                 State: ${member}\n                Driver: igb\n                Master: aggi\n                 Speed: n/a\n● 5: aggi\n                  Type: ${kind}\n                 State: ${bond}\n                Driver: bonding\n`;
const LIST = (rows: string) =>
  `IDX LINK             TYPE               OPERATIONAL SETUP     \n  1 lo               loopback           carrier     unmanaged \n${rows}\n3 links listed.\n`;

for (const [what, text, expected] of [
  [
    'a member without a link',
    NETWORKD('no-carrier (configuring)', 'degraded-carrier (configured)'),
    ['warning nic.networkd-link aggi'],
  ],
  ['a bond that is well', NETWORKD('enslaved (configured)', 'routable (configured)'), []],
  ['a free port of a bridge', NETWORKD('no-carrier (configuring)', 'routable (configured)', 'bridge'), []],
  [
    'a bond in the list',
    `$ networkctl\n${LIST('  5 aggi             bond               degraded-carrier configured\n  6 br0              bridge             degraded    configured\n')}`,
    ['warning nic.networkd-link aggi'],
  ],
  [
    'one that could not be configured, without its command',
    LIST('  2 eth0             ether              off         failed    \n'),
    ['warning nic.networkd-link eth0'],
  ],
  [
    'a list that is well',
    LIST(
      '  2 eth0             ether              routable    configured\n  3 eth1             ether              no-carrier  configuring\n  4 br7              ether              degraded    configured\n',
    ),
    [],
  ],
] as [string, string, string[]][])
  test(`systemd-networkd: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

const UDP = (drops: number, command = 'ss -nump', netid = '') =>
  `$ ${command}\n${netid === '' ? '' : 'Netid '}State    Recv-Q Send-Q    Local Address:Port      Peer Address:Port\n${netid}ESTAB    213504 0           192.0.2.2:4500       192.0.2.1:4500   users:(("vpnd",pid=1234,fd=3))\n        skmem:(r213504,rb212992,t0,tb212992,f4096,w0,o0,bl0,d${drops})\n`;

for (const [what, text, expected] of [
  ['many', UDP(91_822), ['warning nic.socket-drops 192.0.2.2:4500']],
  ['with the kind before it', UDP(91_822, 'ss -anm', 'udp   '), ['warning nic.socket-drops 192.0.2.2:4500']],
  ['few', UDP(12), []],
  ['of TCP, which throws away what came twice', UDP(91_822, 'ss -ntm'), []],
  ['of TCP, with the kind before it', UDP(91_822, 'ss -anm', 'tcp   '), []],
] as [string, string, string[]][])
  test(`Datagrams that a socket lost: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

for (const [error, expected] of [
  [`modprobe: ERROR: could not insert 'lamp': Required key not available`, true],
  [`modprobe: ERROR: could not insert 'lamp': Exec format error`, true],
  [`insmod: ERROR: could not insert module ./lamp.ko: Unknown symbol in module`, true],
  [`modprobe: FATAL: Module lamp not found in directory /lib/modules/6.1.0-18-amd64`, true],
  [`modprobe: ERROR: could not insert 'lamp': Key was rejected by service`, true],
  [`modprobe: ERROR: could not insert 'lamp': No such device`, false],
  [`modprobe: ERROR: could not insert 'lamp': Operation not permitted`, false],
  [`insmod: ERROR: could not insert module lamp.ko: File exists`, false],
  [`modprobe: FATAL: Module lamp is in use.`, false],
] as const)
  test(`What modprobe says: ${error}`, async () => {
    assert.deepEqual(
      await troubles(`[root@r730 ~]# modprobe lamp\n${error}\n`),
      expected ? [`${error.includes('not found') ? 'info' : 'warning'} kernel.module-load lamp`] : [],
    );
  });
