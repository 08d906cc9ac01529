/** A machine in memory answers as one on disk does: folders, links, overlays, programs. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { number } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import { MemoryMachine } from './memory-machine.ts';

const base = {
  files: new Map([
    ['sys/devices/pci0/net/eth0/mtu', '1500\n'],
    ['sys/devices/pci0/net/eth0/carrier', '1\n'],
    ['proc/version', 'Linux\n'],
  ]),
  links: new Map([
    ['sys/class/net/eth0', '../../devices/pci0/net/eth0'],
    ['sys/devices/pci0/net/eth0/device', '../../../pci0'],
    ['loop/a', 'b'],
    ['loop/b', 'a'],
  ]),
  tools: new Map([['ethtool -i eth0', 'driver: ixgbe\n']]),
};
const over = { files: new Map([['proc/version', 'Other\n']]), clockAheadMs: 60_000 };
const machine = new MemoryMachine(over, base);

test('files through links, folders, overlays', async () => {
  assert.equal(number(machine, 'sys/class/net/eth0/mtu'), 1500);
  assert.deepEqual(machine.list('sys/class/net/eth0'), ['carrier', 'device', 'mtu']);
  assert.deepEqual(machine.list('sys/class/net'), ['eth0']);
  assert.deepEqual(machine.list('sys/class/net/eth0/device/net'), ['eth0']);
  assert.equal(machine.text('proc/version'), 'Other\n');
  assert.equal(machine.text('loop/a'), undefined);
  assert.ok(machine.has('sys/devices/pci0') && machine.has('sys/class/net/eth0') && !machine.has('etc'));
  assert.deepEqual(
    [...(await machine.slowFiles(['proc/version', 'proc/none']))],
    [['proc/version', 'Other']],
  );
  assert.ok(machine.now() - Date.now() > 59_000);
});

test('programs: an output, none of that call, none at all', async () => {
  assert.equal((await machine.run('/usr/sbin/ethtool', ['-i', 'eth0'])).stdout, 'driver: ixgbe\n');
  assert.equal((await machine.run('ethtool', ['-m', 'eth0'])).code, 1);
  await assert.rejects(
    machine.run('smartctl', ['--scan']),
    (error) => error instanceof Unavailable && error.kind === 'missing-tool',
  );
});
