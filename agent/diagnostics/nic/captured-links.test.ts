/** Interfaces of captured machines are found in whatever was saved of them. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { FactStore } from '../fact-store.ts';
import { found } from '../testing.ts';
import { capturedLinks } from './captured-links.ts';
import { NIC_EVENT_CHECKS } from './checks-events.ts';
import { NIC_LINK_CHECKS } from './checks-link.ts';
import { parseIfconfig } from './ifconfig.ts';
import { nicInterfaces } from './interfaces.ts';
import { parseIpLink } from './ip-link.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-links-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

function captured(files: Readonly<Record<string, string>>): CapturedMachine {
  const root = join(folder, String(count++));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return new CapturedMachine(root);
}

const interfaces = (files: Readonly<Record<string, string>>) =>
  new FactStore(captured(files), new AbortController().signal).get(nicInterfaces);

const NEW = `eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 9000
        inet 192.0.2.7  netmask 255.255.255.0  broadcast 192.0.2.255
        ether 02:00:00:00:00:07  txqueuelen 1000  (Ethernet)
        RX packets 700  bytes 70000 (68.3 KiB)
        RX errors 3  dropped 2  overruns 1  frame 4
        TX packets 600  bytes 60000 (58.5 KiB)
        TX errors 5  dropped 6 overruns 7  carrier 8  collisions 9

eth0:1: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 9000
        inet 192.0.2.8  netmask 255.255.255.0  broadcast 192.0.2.255

lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        loop  txqueuelen 1000  (Local Loopback)
`;
const OLD = `eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:0A
          inet addr:192.0.2.7  Bcast:192.0.2.255  Mask:255.255.255.0
          UP BROADCAST MULTICAST  MTU:1500  Metric:1
          RX packets:700 errors:3 dropped:2 overruns:1 frame:4
          TX packets:600 errors:5 dropped:6 overruns:7 carrier:8
          collisions:9 txqueuelen:1000
          RX bytes:70000 (68.3 KiB)  TX bytes:60000 (58.5 KiB)

lo        Link encap:Local Loopback
          UP LOOPBACK RUNNING  MTU:65536  Metric:1
`;
const COUNTS = {
  ...{ rx_packets: 700, rx_bytes: 70000, rx_errors: 3, rx_dropped: 2, rx_fifo_errors: 1, rx_frame_errors: 4 },
  ...{
    tx_packets: 600,
    tx_bytes: 60000,
    tx_errors: 5,
    tx_dropped: 6,
    tx_fifo_errors: 7,
    tx_carrier_errors: 8,
  },
  collisions: 9,
};

test('ifconfig in its newer form', () => {
  const [one, lo, ...more] = parseIfconfig(NEW.replaceAll('\n', '\r\n'));
  assert.deepEqual(more, []);
  assert.deepEqual(one?.statistics, COUNTS);
  assert.equal(one.mtu, 9000);
  assert.equal(one.address, '02:00:00:00:00:07');
  assert.ok(one.flags.includes('LOWER_UP'));
  assert.equal(lo?.type, 'loopback');
});

test('ifconfig in its older form', () => {
  const [one, lo] = parseIfconfig(OLD);
  assert.deepEqual(one?.statistics, COUNTS);
  assert.equal(one.address, '02:00:00:00:00:0a');
  assert.deepEqual([one.flags.includes('UP'), one.flags.includes('LOWER_UP')], [true, false]);
  assert.equal(lo?.type, 'loopback');
});

test('ip -o has an interface in one line', () => {
  const [one] = parseIpLink(
    '2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP qlen 1000\\    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff\n',
  );
  assert.equal(one?.address, '02:00:00:00:00:07');
});

test('interfaces are those of the machine, not of a network namespace', () => {
  const head = (name: string) => `2: ${name}: <UP> mtu 1500 state UP\n`;
  const links = capturedLinks(
    captured({
      'ip_-s_link.txt': head('eth0'),
      'sos/ip_netns_exec_blue_ip_link': head('eth9'),
      'ip_-d_a': head('eth1'),
    }),
  );
  assert.deepEqual([...links.keys()].sort(), ['eth0', 'eth1']);
});

test('where nothing lists interfaces, they are those that ethtool was asked about', async () => {
  const [one, two, ...more] = await interfaces({
    'ethtool_eth0.txt':
      '[root@a ~]# ethtool eth0\nSettings for eth0:\n\tSupported link modes:   1000baseT/Full\n\tLink detected: yes\n',
    'ethtool_-S_eth1':
      'NIC statistics:\n     rx_packets: 12\n     tx_ucast_packets: 3\n     tx_mcast_packets: 4\n',
    'ethtool_-i_eth1': 'driver: igb\nbus-info: 0000:02:00.0\n',
  });
  assert.deepEqual(more, []);
  assert.deepEqual([one?.name, one?.kind, one?.up, one?.carrier], ['eth0', 'physical', true, true]);
  assert.deepEqual([two?.name, two?.kind, two?.device?.driver], ['eth1', 'physical', 'igb']);
  assert.deepEqual(two?.statistics, { rx_packets: 12, tx_packets: 7 });
});

test('a device whose link was copied as a folder', async () => {
  const of = (name: string) => `sys/class/net/eth0/${name}`;
  const [one] = await interfaces({
    [of('ifindex')]: '2\n',
    [of('flags')]: '0x1003\n',
    [of('device/uevent')]: 'DRIVER=igb\r\nPCI_ID=8086:1521\r\nPCI_SLOT_NAME=0000:02:00.0\r\n',
    [of('device/vendor')]: '0x8086\n',
    [of('device/device')]: '0x1521\n',
  });
  assert.equal(one?.kind, 'physical');
  assert.deepEqual(
    [one.device?.driver, one.device?.address, one.device?.vendor],
    ['igb', '0000:02:00.0', '8086'],
  );
});

test('an interface of which nothing but counters or a module was saved is a device that is judged', async () => {
  const found = async (file: string, text: string) => {
    const [one] = await interfaces({ [file]: text });
    return one && { name: one.name, kind: one.kind, up: one.up, ...one.statistics };
  };
  assert.deepEqual(
    await found('a.txt', '$ ethtool -S ens5f0 | grep err\n     rx_errors: 3\n     rx_crc_errors: 3\n'),
    {
      ...{ name: 'ens5f0', kind: 'physical', up: true, rx_errors: 3, rx_crc_errors: 3 },
    },
  );
  assert.deepEqual(await found('x.txt', 'NIC statistics:\n     rx_ucast_packets: 8\n     rx_dropped: 2\n'), {
    ...{ name: 'unnamed', kind: 'physical', up: true, rx_dropped: 2, rx_packets: 8 },
  });
  await assert.rejects(found('ethtool_-S_lo', 'NIC statistics:\n     a: 1\n'), /not in the captured folder/);
});

test('flaps and lost blocks that ethtool alone tells of', async () => {
  const of = (text: string) => found([...NIC_LINK_CHECKS, ...NIC_EVENT_CHECKS], captured({ 'a.txt': text }));
  const fec = (blocks: number) =>
    `$ ethtool -I --show-fec eth0\nFEC parameters for eth0:\nConfigured FEC encodings: RS\nActive FEC encoding: RS\nStatistics:\n  uncorrectable_blocks: ${blocks}\n`;
  assert.deepEqual(await of(fec(90_211)), ['warning nic.fec-uncorrectable eth0']);
  assert.deepEqual(await of(fec(3)), []);
  const downs = (count: number) =>
    `# ethtool -S eth0\nNIC statistics:\n     rx_packets: 9\n     link_down_events: ${count}\n`;
  assert.deepEqual(await of(downs(77)), ['warning nic.link-flaps eth0']);
  assert.deepEqual(await of(downs(2)), []);
});
