/** All facts of this area over machines that are made up: a healthy server, one without anything, sick ones, a very full one. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { simulatedMachine } from '../../sim/server.ts';
import { type Fact, unavailable } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import { machineOf } from '../testing.ts';
import { nicBonds } from './bonding.ts';
import { nicBridges } from './bridges.ts';
import {
  nicChannels,
  nicCoalesce,
  nicCounters,
  nicDrivers,
  nicEee,
  nicFeatures,
  nicFec,
  nicModules,
  nicPause,
  nicPrivateFlags,
  nicRings,
  nicSettings,
  nicSpread,
  nicTimestamping,
} from './ethtool-facts.ts';
import { EthtoolRunner } from './ethtool-runner.ts';
import { nicIdentities, nicSubject, speedText } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicInterrupts } from './interrupts.ts';
import { nicNeighbours } from './lldp/fact.ts';
import { nicQueues } from './qdisc.ts';
import { NIC_SAMPLER } from './samples.ts';
import { nicSoftnet } from './softnet.ts';
import { nicSpeeds } from './speeds.ts';
import { nicStack } from './stack.ts';
import { nicTraits } from './traits.ts';
import { nicVlans } from './vlans.ts';

const ETHTOOL: readonly Fact<unknown>[] = [
  ...[nicChannels, nicCoalesce, nicCounters, nicDrivers, nicEee, nicFeatures, nicFec, nicModules, nicPause],
  ...[nicPrivateFlags, nicRings, nicSettings, nicSpread, nicTimestamping],
];
const ALL: readonly Fact<unknown>[] = [
  ...ETHTOOL,
  ...[nicBonds, nicBridges, nicIdentities, nicInterfaces, nicInterrupts, nicNeighbours, nicQueues],
  ...[nicSoftnet, nicSpeeds, nicStack, nicVlans],
];

const { signal } = new AbortController();
const storeOf = (machine: Machine) => new FactStore(machine, signal);
const server = () => simulatedMachine({ name: 'n1', rack: 'a', index: 0, faults: [] });

/** A machine that answers otherwise in some ways. */
function changed(machine: Machine, other: Partial<Machine>): Machine {
  return {
    live: machine.live,
    now: () => machine.now(),
    nowUsec: () => machine.nowUsec(),
    text: (path) => machine.text(path),
    list: (path) => machine.list(path),
    link: (path) => machine.link(path),
    has: (path) => machine.has(path),
    slowFiles: (paths, limits) => machine.slowFiles(paths, limits),
    run: (program, args, limits) => machine.run(program, args, limits),
    probe: (target, limits) => machine.probe(target, limits),
    kernelLogs: () => machine.kernelLogs(),
    ...other,
  };
}

/** How a fact ended: "read", or why not. */
async function endOf(store: FactStore, fact: Fact<unknown>): Promise<string> {
  return store.get(fact).then(
    () => 'read',
    (error) => unavailable(error).kind,
  );
}

const root = mkdtempSync(join(tmpdir(), 'nodectl-nic-'));
after(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Puts a program in the place of ethtool for as long as the work takes. */
async function withEthtool<T>(script: string, work: () => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(root, 'bin-'));
  writeFileSync(join(folder, 'ethtool'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'ethtool'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  try {
    return await work();
  } finally {
    process.env.PATH = PATH;
  }
}

test('a server with a bond: what it is, from /sys, ethtool and the switch', async () => {
  const store = storeOf(server());
  const interfaces = await store.get(nicInterfaces);
  assert.deepEqual(
    interfaces.map(({ name, kind, master }) => `${name} ${kind} ${master ?? ''}`.trim()),
    ['lo loopback', 'eth0 physical bond0', 'eth1 physical bond0', 'bond0 bond'],
  );
  const [, eth0] = interfaces;
  assert.deepEqual(eth0?.device, {
    ...{ bus: 'pci', address: '0000:3b:00.0', virtualFunction: false, driver: 'mlx5_core', numaNode: 0 },
    ...{ pciFolder: 'sys/devices/pci0000:3a/0000:3b:00.0', vendor: '15b3', device: '1017' },
    ...{ subsystemVendor: '15b3', subsystemDevice: '0020' },
  });
  assert.deepEqual((await store.get(nicSpeeds)).get('eth0'), {
    speedMbps: 25_000,
    duplex: 'full',
    pcie: { speed: 8, width: 8, maxSpeed: 8, maxWidth: 8 },
  });
  const [bond] = await store.get(nicBonds);
  assert.deepEqual([bond?.mode, bond?.members.map(({ name }) => name)], ['802.3ad', ['eth0', 'eth1']]);
  const subject = nicSubject('eth0', await store.get(nicIdentities));
  assert.equal(subject.hardware, 'mlx5_core 15b3:1017');
  assert.deepEqual(subject.attributes, {
    driver: 'mlx5_core',
    firmware: 'mlx5_core 16.35.4030 (MT_0000000080)',
    pci: '15b3:1017:15b3:0020',
    speed: '25G',
    switch: 'sw-a1',
    switchFirmware: 'Arista Networks EOS version 4.30.4M running on an Arista Networks DCS-7050SX3-48YC8',
  });
  assert.deepEqual(
    (await nicTraits(store.reading())).map(({ name, value }) => `${name}=${value.slice(0, 20)}`),
    [
      ...[
        'nic.driver=mlx5_core',
        'nic.firmware=mlx5_core 16.35.4030',
        'nic.switch=sw-a1',
        'nic.switch=sw-a2',
      ],
      ...['nic.switchFirmware=Arista Networks EOS ', 'nic.pci=15b3:1017:15b3:0020', 'nic.speed=25G'],
    ],
  );
  assert.deepEqual(store.problems, []);
});

test('speeds in words', () => {
  assert.deepEqual([10, 100, 2_500, 25_000].map(speedText), ['10M', '100M', '2.5G', '25G']);
});

test('samples are of interfaces with a device and of bonds, and of the stack', () => {
  const names = [...(NIC_SAMPLER.read(server(), signal) as readonly { series: string }[])].map(
    ({ series }) => series.split('/')[1],
  );
  assert.deepEqual(
    [...new Set(names)].filter((name) => name !== ''),
    ['eth0', 'eth1', 'bond0'],
  );
});

test('a machine without anything has nothing, and says of nothing that it is well', async () => {
  const store = storeOf(machineOf({}));
  for (const fact of ALL) {
    const end = await endOf(store, fact);
    const fine = fact === nicInterfaces || fact === nicIdentities || fact === nicVlans;
    if (fine) assert.equal(end, 'read', fact.id);
    else assert.ok(['absent', 'missing-tool'].includes(end), `${fact.id}: ${end}`);
  }
});

test('ethtool that prints nonsense: every interface is told, nothing is read', async () => {
  const broken = changed(server(), {
    run: async () => ({ code: 0, stdout: '\u0000\ufffd<html>::\n', stderr: '' }),
  });
  const store = storeOf(broken);
  for (const fact of ETHTOOL) assert.equal(await endOf(store, fact), 'nonsense', fact.id);
  assert.deepEqual(new Set(store.problems.map(({ kind }) => kind)), new Set(['nonsense']));
});

test('interfaces that vanish while they are read are no trouble', async () => {
  const machine = server();
  const vanishing = changed(machine, {
    list: (path) => (path.endsWith('/net/eth1') ? [] : machine.list(path)),
  });
  const store = storeOf(vanishing);
  assert.deepEqual(
    (await store.get(nicInterfaces)).map(({ name }) => name),
    ['lo', 'eth0', 'bond0'],
  );
  assert.deepEqual(store.problems, []);
});

test('500 interfaces: none is left out, and ethtool is run for the one with a device alone', async () => {
  const rows = ['Inter-|', ' face |'];
  for (let at = 0; at < 500; at++) {
    const folder = `full/sys/class/net/veth${at}`;
    write(`${folder}/ifindex`, `${at + 3}\n`);
    write(`${folder}/iflink`, `${at + 1_003}\n`);
    write(`${folder}/flags`, '0x1003\n');
    rows.push(`veth${at}: 1 2 0 0 0 0 0 0 1 2 0 0 0 0 0 0`);
  }
  write('full/proc/net/dev', `${rows.join('\n')}\n`);
  const store = storeOf(new LiveMachine(join(root, 'full')));
  const interfaces = await store.get(nicInterfaces);
  assert.equal(interfaces.length, 500);
  assert.deepEqual(new Set(interfaces.map(({ kind, up }) => `${kind} ${up}`)), new Set(['veth true']));
  await withEthtool('echo "$@" >> "$0.log"', async () => {
    assert.equal(await endOf(store, nicSettings), 'absent');
  });
});

test('ethtool that hangs is given up once for each interface, and told', { timeout: 60_000 }, async () => {
  for (const name of ['eth0', 'eth1']) {
    write(`hung/sys/class/net/${name}/ifindex`, '2\n');
    write(`hung/sys/class/net/${name}/device/vendor`, '0x15b3\n');
  }
  // Without links in a folder that stands in for /sys, the device is a folder of the interface's.
  const machine = new LiveMachine(join(root, 'hung'));
  const linked = changed(machine, {
    link: (path) =>
      /\/eth\d\/device$/.test(path) ? '../../../devices/pci0000:00/0000:00:05.0' : machine.link(path),
  });
  await withEthtool('[ "$2" = eth1 ] && exec sleep 60\nprintf "driver: x\\nSpeed: 1000Mb/s\\n"', async () => {
    const store = storeOf(linked);
    const [drivers] = await Promise.all([store.get(nicDrivers), store.get(nicFeatures)]);
    assert.deepEqual([...drivers.keys()], ['eth0']);
    const told = store.problems.filter(({ kind }) => kind === 'timeout').map(({ what }) => what);
    assert.deepEqual(told.sort(), ['ethtool -i eth1', 'ethtool -k eth1']);
    // It is not run again for an interface that hung.
    assert.equal(await endOf(store, nicRings), 'read');
    assert.ok(store.problems.some(({ what, why }) => what === 'ethtool -g eth1' && /before/.test(why)));
  });
});

test('names that ethtool would take for something else are not given to it', async () => {
  const runner = new EthtoolRunner(server());
  for (const name of ['-i', '*', 'a\\b'])
    await assert.rejects(
      runner.run('-i', name, signal),
      (error) => error instanceof Unavailable && error.kind === 'failed',
    );
  assert.match(await runner.run('-i', 'eth0', signal), /mlx5_core/);
});
