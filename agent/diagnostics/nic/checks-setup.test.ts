/** Checks of how interfaces are set up, and of the stack above them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parts } from '../testing.ts';
import { COPPER, type FakeNic } from './testing.ts';
import { lldp, only, run } from './testing-checks.ts';

test('MTU, addresses, bridges and names', async () => {
  const config = 'VLAN Dev name | VLAN ID\neth0.5 | 5 | eth0\n';
  const vlan = {
    'proc/net/vlan/config': config,
    'sys/class/net/eth0.5/ifindex': '9\n',
    'sys/class/net/eth0.5/mtu': '9000\n',
  };
  assert.deepEqual(await run({ eth0: {} }, { files: vlan }), ['warning nic.mtu-below eth0']);
  const bridge = (state: number, stp: number) => ({
    'sys/class/net/br0/bridge/stp_state': `${stp}\n`,
    'sys/class/net/br0/ifindex': '20\n',
    'sys/class/net/br0/brif/eth0/state': `${state}\n`,
    'sys/class/net/br0/brif/eth1/state': '3\n',
  });
  const ports = { eth0: { master: 'br0' }, eth1: { master: 'br0' } };
  assert.deepEqual(await run(ports, { files: bridge(3, 0) }), []);
  assert.deepEqual(await run({ ...ports, eth1: { master: 'br0', mtu: 9_000 } }, { files: bridge(3, 0) }), [
    'warning nic.mtu-bridge eth0',
  ]);
  assert.deepEqual(await run(ports, { files: bridge(4, 1) }), ['info nic.bridge-port-blocked eth0']);
  const loop = lldp({ eth0: { id: 'a', port: '1' }, eth1: { id: 'a', port: '2' } });
  assert.deepEqual(await run(ports, { files: bridge(3, 0), tools: loop }), [
    'warning nic.bridge-loop-risk br0',
  ]);
  const same = { address: '02:00:5e:00:00:09' };
  assert.deepEqual(await run({ eth0: same, eth1: same }), ['warning nic.duplicate-mac eth0']);
  assert.deepEqual(await run({ eth0: { ...same, driver: 'hv_netvsc' }, eth1: same }), []);
  const dad = {
    'proc/net/snmp': 'Ip: X\nIp: 1\n',
    'proc/net/route': 'eth0\t00000000\t0\t0003\t0\t0\t0\t00000000\n',
    'proc/net/if_inet6': '20010db8000000000000000000000001 02 40 00 08 eth0\n',
  };
  assert.deepEqual(await run({ eth0: {} }, { files: dad }), ['warning nic.duplicate-address eth0']);
  assert.deepEqual(await run({ rename3: {} }), ['warning nic.name-collision rename3']);
  assert.deepEqual(await run({ eth0: { nameAssignment: 1 }, eth1: { nameAssignment: 1 } }), [
    'info nic.names-unstable',
  ]);
  const udev = (...names: string[]) => ({
    'run/udev/data/n2': `E:ID_NET_NAMING_SCHEME=v252\n${names.map((name) => `E:ID_NET_NAME_PATH=${name}\n`).join('')}`,
  });
  assert.deepEqual(await run({ enp1s0: {} }, { files: udev('enp1s0') }), []);
  assert.deepEqual(await run({ enp1s0: {} }, { files: udev('enp2s0') }), [
    'warning nic.name-will-change enp1s0',
  ]);
});

test('how NICs are set up', async () => {
  const features = (changes: Record<string, string>) =>
    Object.entries({
      'rx-checksumming': 'on',
      'tx-checksumming': 'on',
      '\ttx-checksum-ip-generic': 'on',
      'scatter-gather': 'on',
      'tcp-segmentation-offload': 'on',
      '\ttx-tcp-segmentation': 'on',
      'generic-receive-offload': 'on',
      ...changes,
    })
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
  const of = (changes: Record<string, string>, more: FakeNic = {}, parts: Parts = {}) =>
    run({ eth0: { ...more, ethtool: { '-k': `Features for eth0:\n${features(changes)}\n` } } }, parts);
  assert.deepEqual(await of({}), []);
  assert.deepEqual(await of({ 'generic-receive-offload': 'off' }), ['info nic.offloads-off eth0']);
  assert.deepEqual(
    await of({ 'tcp-segmentation-offload': 'off', '\ttx-tcp-segmentation': 'off [fixed]' }),
    [],
  );
  assert.deepEqual(await of({ 'rx-fcs': 'off [requested on]' }), ['info nic.offloads-refused eth0']);
  const br0 = { files: { 'sys/class/net/br0/bridge/stp_state': '0\n', 'sys/class/net/br0/ifindex': '9\n' } };
  assert.deepEqual(await of({ 'large-receive-offload': 'on' }, { master: 'br0' }, br0), [
    'warning nic.lro-forwarding eth0',
  ]);
  assert.deepEqual(await of({ 'large-receive-offload': 'on' }), []);
  const pause = (tx: string) => ({
    '-a': `Pause parameters for X:\nAutonegotiate:\toff\nRX:\t\ton\nTX:\t\t${tx}\n`,
  });
  const pair = {
    eth0: { master: 'bond0', ethtool: pause('on') },
    eth1: { master: 'bond0', ethtool: pause('off') },
  };
  assert.deepEqual(await only('flow-control', pair), [
    'info nic.flow-control-differs eth0',
    'info nic.flow-control-differs eth1',
  ]);
  const eee = { '': COPPER, '--show-eee': 'EEE settings for eth0:\n\tEEE status: enabled - active\n' };
  assert.deepEqual(await only('eee', { eth0: { driver: 'igc', speed: 1_000, changes: 30, ethtool: eee } }), [
    'warning nic.eee-flaps eth0',
  ]);
  assert.deepEqual(await only('eee', { eth0: { driver: 'igc', speed: 1_000, ethtool: eee } }), []);
  const off = {
    '--show-fec': 'FEC parameters for eth0:\nConfigured FEC encodings: Off\nActive FEC encoding: Off\n',
  };
  assert.deepEqual(await only('fec', { eth0: { statistics: { rx_crc_errors: 500 }, ethtool: off } }), [
    'warning nic.fec-off eth0',
  ]);
  assert.deepEqual(await only('fec', { eth0: { ethtool: off } }), []);
});

test('the stack', async () => {
  const stack = (files: Record<string, string>) =>
    run(
      { eth0: {} },
      {
        files: {
          'proc/net/snmp':
            'Tcp: InSegs OutSegs RetransSegs InCsumErrors\nTcp: 1000000 1000000 100 0\nUdp: InDatagrams RcvbufErrors\nUdp: 1000000 10\n',
          'proc/net/route': 'eth0\t00000000\t0\t0003\t0\t0\t0\t00000000\n',
          ...files,
        },
      },
    );
  assert.deepEqual(await stack({}), []);
  assert.deepEqual(await stack({ 'proc/net/snmp': 'Tcp: OutSegs RetransSegs\nTcp: 1000000 30000\n' }), [
    'warning nic.tcp-retransmits',
  ]);
  assert.deepEqual(
    await stack({ 'proc/net/snmp': 'Tcp: InSegs OutSegs RetransSegs InCsumErrors\nTcp: 10000 10 0 900\n' }),
    ['warning nic.tcp-checksum-errors'],
  );
  assert.deepEqual(await stack({ 'proc/net/snmp': 'Udp: InDatagrams RcvbufErrors\nUdp: 1000 100\n' }), [
    'warning nic.udp-buffer-errors',
  ]);
  assert.deepEqual(await stack({ 'proc/net/netstat': 'TcpExt: ListenOverflows\nTcpExt: 900\n' }), [
    'warning nic.tcp-listen-overflows',
  ]);
  const sockets = (mem: number, orphan = 0) => ({
    'proc/net/sockstat': `TCP: inuse 5 orphan ${orphan} tw 0 alloc 9 mem ${mem}\n`,
    'proc/sys/net/ipv4/tcp_mem': '500\t800\t1000\n',
    'proc/sys/net/ipv4/tcp_max_orphans': '100\n',
  });
  assert.deepEqual(await stack(sockets(500)), []);
  assert.deepEqual(await stack(sockets(900)), ['warning nic.tcp-memory']);
  assert.deepEqual(await stack(sockets(1_100)), ['critical nic.tcp-memory']);
  assert.deepEqual(await stack(sockets(5, 30)), ['warning nic.tcp-orphans']);
  const table = (entries: number, full: number) => ({
    'proc/net/stat/arp_cache': `entries  allocs table_fulls\n${entries.toString(16)} 0 ${full.toString(16)}\n`,
    'proc/sys/net/ipv4/neigh/default/gc_thresh3': '1024\n',
  });
  assert.deepEqual(await stack(table(100, 0)), []);
  assert.deepEqual(await stack(table(900, 0)), ['warning nic.neighbour-table IPv4']);
  assert.deepEqual(await stack(table(1_000, 9)), ['critical nic.neighbour-table IPv4']);
  assert.deepEqual(await stack({ 'proc/net/route': 'Iface\n' }), ['info nic.no-default-route']);
});
