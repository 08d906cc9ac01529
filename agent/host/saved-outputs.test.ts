/** Saved outputs are found as different people name them, and never those of another place. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from './captured-machine.ts';
import { rankOfLog } from './saved-kernel-logs.ts';
import { SavedOutputs, wordsOf } from './saved-outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-saved-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A folder with files of these names, each of which holds its own name. */
function folderOf(...names: string[]): string {
  const root = join(folder, String(count++));
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), name);
  }
  mkdirSync(root, { recursive: true });
  return root;
}

test('a command line is its words, whoever writes it', () => {
  assert.equal(wordsOf('smartctl -a /dev/sda'), 'smartctl a sda');
  assert.equal(wordsOf('smartctl_-a_.dev.sda'), 'smartctl a sda');
});

for (const name of [
  'tools/ethtool -S eth0',
  'sos_commands/networking/ethtool_-S_eth0',
  'ethtool-S-eth0.txt',
  'eth0/ethtool_-S.txt',
  'web01_ethtool_-S_eth0.log',
  'ethtool-S-eth0-2024-03-05.txt',
  'ethtool-S-eth0_20240305_101112.out.txt',
])
  test(`ethtool -S eth0 is found in ${name}`, () =>
    assert.equal(new SavedOutputs(folderOf(name)).find('ethtool -S eth0'), name));

for (const name of [
  'ip_netns_exec_blue_ethtool_-S_eth0',
  'ethtool_-S_eth0.100',
  'ethtool_-S_eth01',
  'x/eth0',
])
  test(`ethtool -S eth0 is not what is in ${name}`, () =>
    assert.equal(new SavedOutputs(folderOf(name)).find('ethtool -S eth0'), undefined));

test('a command of one word is found within a name where it means nothing else', () => {
  const saved = new SavedOutputs(folderOf('web01_dmesg.log', 'fuse_mount.txt'));
  assert.equal(saved.find('dmesg'), 'web01_dmesg.log');
  assert.equal(saved.find('mount'), undefined);
});

test('the log of the kernel is found behind the name of a host', () => {
  assert.equal(rankOfLog('web01_dmesg.log'), 0);
  assert.equal(rankOfLog('nodmesg.log'), undefined);
});

test('files of /proc are found under names of their own, and are no folder or file that is not there', () => {
  const machine = new CapturedMachine(
    folderOf('cat_proc_mdstat.txt', 'proc_net_bonding_bond0', 'cat_proc_net_bonding_bond1.txt', 'version'),
  );
  assert.equal(machine.text('proc/mdstat'), 'cat_proc_mdstat.txt');
  assert.equal(machine.has('proc/mdstat'), true);
  assert.deepEqual(machine.list('proc/net/bonding'), ['bond0', 'bond1']);
  assert.equal(machine.text('proc/net/bonding/bond0'), 'proc_net_bonding_bond0');
  assert.equal(machine.text('proc/version'), undefined);
  assert.equal(machine.has('proc/version'), false);
  assert.equal(machine.text('sys/mdstat'), undefined);
});

test('a file that was captured in its place goes before a copy', () => {
  const machine = new CapturedMachine(folderOf('proc/mdstat', 'mdstat'));
  assert.equal(machine.text('proc/mdstat'), 'proc/mdstat');
});

test('all outputs of a program are there for who does not know the interfaces yet', () => {
  const machine = new CapturedMachine(folderOf('ethtool_-i_eth0', 'ethtool_eth1.txt', 'ethtools_eth2'));
  assert.deepEqual(
    machine.saved('ethtool').map(({ words }) => words.join(' ')),
    ['i eth0', 'eth1'],
  );
});
