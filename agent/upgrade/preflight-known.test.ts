/** Images held against a node whose card fights with some kernels. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { illNode } from './health/testing.ts';
import { knownTroublesOf } from './preflight-known.ts';

const { signal } = new AbortController();

test('an image without the driver of a card that has a link is a finding, with the cards', async () => {
  const found = await knownTroublesOf({ modules: ['e1000e', 'igc'] }, illNode(), signal);
  assert.deepEqual(found, []);
  const [lost, ...more] = await knownTroublesOf({ modules: ['e1000e'] }, illNode(), signal);
  assert.equal(lost?.id, 'upgrade.no-driver-igc');
  assert.match(lost?.message ?? '', /no driver igc, by which eth0, eth1 have their links/);
  assert.deepEqual(more, []);
  // A card that is not in use needs none, and an image that does not say what it carries is not blamed.
  const unused = illNode({ carrier: { eth0: false, eth1: false } });
  assert.deepEqual(await knownTroublesOf({ modules: [] }, unused, signal), []);
  assert.deepEqual(await knownTroublesOf({}, illNode(), signal), []);
});

/** A machine with a kernel of Debian's and a card that some of its kernels fight with. */
function debian(): MemoryMachine {
  const card = 'sys/devices/pci0000:00/0000:02:00.0';
  return new MemoryMachine({
    files: new Map([
      [
        'proc/version',
        'Linux version 6.1.0-44-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.164-1 (2026-03-01)\n',
      ],
      ['proc/sys/kernel/osrelease', '6.1.0-44-amd64\n'],
      ['proc/sys/kernel/version', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.164-1 (2026-03-01)\n'],
      ['etc/os-release', 'ID=debian\n'],
      ['proc/mounts', '/dev/sda1 / ext4 rw 0 0\n'],
      ['proc/self/mountinfo', '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n'],
      [`${card}/net/eth0/flags`, '0x1003\n'],
      [`${card}/net/eth0/carrier`, '1\n'],
      [`${card}/net/eth0/mtu`, '1500\n'],
      [`${card}/vendor`, '0x10ec\n'],
      [`${card}/device`, '0x8168\n'],
    ]),
    links: new Map([
      ['sys/class/net/eth0', '../../devices/pci0000:00/0000:02:00.0/net/eth0'],
      [`${card}/net/eth0/device`, '../..'],
      [`${card}/driver`, '../../../bus/pci/drivers/r8169'],
    ]),
    tools: new Map([
      [
        'ethtool -i eth0',
        'driver: r8169\nversion: 6.1.0\nfirmware-version: rtl8168h-2_0.0.2\nbus-info: 0000:02:00.0\n',
      ],
    ]),
  });
}

test('a kernel that is known to fight with the node is a finding with an id, one that has it mended is none', async () => {
  const image = (kernelRelease: string, kernelPackage: string) => ({
    kernelRelease,
    kernelPackage,
    distribution: 'debian',
  });
  const found = await knownTroublesOf(image('6.1.0-17-amd64', '6.1.64-1'), debian(), signal);
  const ext4 = found.find(({ id }) => /ext4/.test(id));
  assert.ok(ext4, `found ${found.map(({ id }) => id).join(', ') || 'nothing'}`);
  assert.match(ext4.message, /6\.1\.64/);
  assert.notEqual(ext4.hint, '');
  assert.deepEqual(await knownTroublesOf(image('6.1.0-44-amd64', '6.1.164-1'), debian(), signal), []);
});

test('a node that cannot be read is a finding of its own, and an abort is none', async () => {
  const [found] = await knownTroublesOf(
    { kernelRelease: '6.1.64' },
    new MemoryMachine({ files: new Map() }),
    signal,
  );
  assert.equal(found?.id, 'upgrade.node-not-read');
  const over = AbortSignal.abort();
  await assert.rejects(knownTroublesOf({ kernelRelease: '6.1.64' }, debian(), over), { name: 'AbortError' });
});
