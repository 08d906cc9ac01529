/** `nodectl nic` over captured machines, as whole runs. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { nicParts } from '../../../agent/sim/nic-parts.ts';
import { runCli } from '../../testing/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-nics-'));
after(() => rmSync(folder, { recursive: true }));

/** A captured machine with the files, links and outputs of a simulated server. */
function capture(name: string, index: number, faults: readonly 'nic'[] = []): string {
  const { files, links = new Map(), tools = new Map() } = nicParts({ name, rack: 'a', index, faults });
  const at = (path: string) => {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    return join(folder, name, path);
  };
  for (const [path, text] of files) writeFileSync(at(path), typeof text === 'string' ? text : text());
  for (const [path, target] of links) symlinkSync(target, at(path));
  for (const [line, text] of tools)
    writeFileSync(at(`tools/${line}`), typeof text === 'string' ? text : text());
  return join(folder, name);
}

const sick = capture('sick-1', 0, ['nic']);
const well = capture('well-1', 1);

test('a row an interface, over a fleet, with errors and the switch behind the cable', async () => {
  const { stdout, status } = await runCli(['nic', '--from', sick, '--from', well], {});
  assert.equal(status, 0);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/\s{2,}/));
  assert.deepEqual(rows, [
    ['NODE', 'IFACE', 'STATE', 'SPEED', 'DRIVER', 'FIRMWARE', 'ERRORS', 'DROPS', 'SWITCH', 'PORT'],
    ['sick-1', 'eth0', 'up', '25G', 'mlx5_core', '16.28.2006', '918k', '0', 'sw-a1', 'Eth7'],
    ['sick-1', 'eth1', 'up', '25G', 'mlx5_core', '16.28.2006', '0', '0', 'sw-a2', 'Eth7'],
    ['sick-1', 'bond0', 'up 2/2', '50G', 'bond', '-', '0', '0', '-', '-'],
    ['well-1', 'eth0', 'up', '25G', 'mlx5_core', '16.35.4030', '0', '0', 'sw-a1', 'Eth7'],
    ['well-1', 'eth1', 'up', '25G', 'mlx5_core', '16.35.4030', '0', '0', 'sw-a2', 'Eth7'],
    ['well-1', 'bond0', 'up 2/2', '50G', 'bond', '-', '0', '0', '-', '-'],
  ]);
});

test('one interface of one machine is shown whole', async () => {
  const { stdout, status } = await runCli(['nic', 'eth0', '--from', sick], {});
  assert.equal(status, 0);
  for (const part of [
    /^sick-1 eth0 {2}physical, up, 25G, mlx5_core, in bond0$/m,
    /speed +25G, full duplex/,
    /can +1G 10G 25G/,
    /error correction +RS, set to Auto RS BaseR/,
    /firmware +16\.28\.2006 \(MT_0000000080\)/,
    /PCI Express +8 GT\/s x8$/m,
    /switch +sw-a1/,
    /description +Arista Networks EOS version 4\.30\.4M/,
    /receive ring +1024 of 8192/,
    /made by +Mellanox MCP2M00-A002E30N/,
    /crc +918,233: frames received with a wrong checksum/,
    /rx_crc_errors_phy 918,233/,
  ])
    assert.match(stdout, part);
  const bond = await runCli(['nic', 'bond0', '--from', sick], {});
  assert.match(bond.stdout, /LACP +slow, partner 02:00:5e:ff:00:01/);
  assert.match(bond.stdout, /eth1 +up, 25G, aggregator 1/);
});

test('patterns, virtual interfaces, and names that nobody has', async () => {
  const names = async (...args: string[]) =>
    (await runCli(['nic', ...args, '--from', well, '-o', 'name'], {})).stdout.trim().split('\n');
  assert.deepEqual(await names('eth?'), ['well-1 eth0', 'well-1 eth1']);
  assert.deepEqual(await names('*0', 'lo'), ['well-1 lo', 'well-1 eth0', 'well-1 bond0']);
  assert.deepEqual(await names('--virtual'), ['well-1 lo', 'well-1 eth0', 'well-1 eth1', 'well-1 bond0']);
  const none = await runCli(['nic', 'wlan0', '--from', well], {});
  assert.match(none.stderr, /No node has an interface "wlan0"\./);
  assert.equal(none.status, 1);
  assert.equal((await runCli(['nic', 'wl*', '--from', well, '-o', 'json'], {})).status, 1);
  const odd = await runCli(['nic', 'x'.repeat(100), '--from', well], {});
  assert.match(odd.stderr, /at most 64 names/);
});

test('for programs: typed values, and what could not be read', async () => {
  const { stdout } = await runCli(['nic', 'eth0', '--from', sick, '-o', 'json'], {});
  const { items, problems } = JSON.parse(stdout);
  assert.deepEqual(
    problems.map(({ what }: { what: string }) => what),
    ['nic.interrupts'],
  );
  const [nic] = items;
  assert.deepEqual(
    [nic.node, nic.name, nic.state, nic.device.numaNode, nic.link.speedMbps],
    ['sick-1', 'eth0', 'up', 0, 25_000],
  );
  assert.deepEqual(nic.device.pcie, { speed: 8, width: 8, maxSpeed: 8, maxWidth: 8 });
  assert.deepEqual(nic.details.rings, { rx: 1_024, rxMax: 8_192, tx: 1_024, txMax: 8_192 });
  assert.deepEqual(
    nic.details.features.find(({ name }: { name: string }) => name === 'highdma'),
    { name: 'highdma', on: true, fixed: true, refused: false },
  );
  assert.deepEqual(nic.quantities[0].counters, [{ name: 'rx_crc_errors_phy', value: 918_233 }]);
});
