/** Which interface a command or a file of ethtool is of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOfCommand, deviceOfFile } from './ethtool-device.ts';

test('the interface is what stands in its place, whatever its name', () => {
  assert.equal(deviceOfCommand('ethtool -S eth1-04'), 'eth1-04');
  assert.equal(deviceOfCommand('ethtool --show-fec lan'), 'lan');
  assert.equal(deviceOfCommand('ethtool -S statistics'), undefined);
  assert.equal(deviceOfFile('web1_ethtool_-S_storage'), 'storage');
  assert.equal(deviceOfFile('ethtool_--show-priv-flags_lan-a'), 'lan-a');
  assert.equal(deviceOfFile('ethtool-S-eth1_2024-01-01'), 'eth1');
  assert.equal(deviceOfFile('ethtool_-S_output'), undefined);
});

test('names made up to be read in many ways are none', () => {
  for (const part of ['---a', '-show-a', '_-_a', '-a']) {
    const name = `ethtool${part.repeat(60)}`.slice(0, 250);
    assert.equal(deviceOfFile(`${name}\t`), undefined, part);
    assert.equal(deviceOfCommand(`ethtool${' -a 1'.repeat(2_000)}`), undefined);
  }
});
