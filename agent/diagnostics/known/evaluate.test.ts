/** How a machine is held against known troubles: certainty by what the kernel is, and every kind of condition. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseFake, factsOf, fakeMachine } from '../kernel/fake-machine.ts';
import { identifyKernel } from '../kernel/release.ts';
import { KNOWN_CHECKS } from './checks.ts';
import { evaluateTroubles, kernelHas } from './evaluate.ts';
import type { TroubleSubject } from './subject.ts';
import { troubleSubject } from './subject-fact.ts';
import { bareSubject } from './subject-of.ts';
import { troublesOfTarget, troublesOfUpgrade, withKernel } from './target.ts';
import type { Conditions, Trouble } from './trouble.ts';

const TROUBLE: Trouble = {
  id: 'known.test',
  title: 'A test',
  severity: 'critical',
  certainty: 'likely',
  symptom: 'none',
  remedy: { text: 'none', risk: 'none' },
  upstream: [{ introduced: '6.1.63', fixed: '6.1.64' }, { fixed: '5.10.9' }, { introduced: '6.6' }],
  packages: {
    debian: [{ introduced: '6.1.63-1', fixed: '6.1.63-3' }],
    rhel: [{ fixed: '5.14.0-427.13.1.el9_4' }],
  },
  where: {},
  unless: [],
  links: [],
  reviewed: '',
};
const kernelOf = (release: string, build = '', os = '', signature = '') =>
  identifyKernel({ release, build, os, signature });
const has = (kernel: ReturnType<typeof kernelOf>, trouble = TROUBLE) => {
  const found = kernelHas(trouble, kernel);
  return found === undefined ? 'no' : found.doubtful ? 'doubtful' : 'yes';
};

test('upstream’s ranges are true of upstream’s kernels, doubtful of patched ones, and never of vendors’', () => {
  assert.equal(has(kernelOf('6.1.63', '', 'nixos')), 'yes');
  assert.equal(has(kernelOf('6.1.62', '', 'nixos')), 'no');
  assert.equal(has(kernelOf('6.1.64', '', 'nixos')), 'no');
  assert.equal(has(kernelOf('5.10.8', '', 'arch')), 'yes');
  assert.equal(has(kernelOf('5.9.8', '', 'arch')), 'no');
  assert.equal(has(kernelOf('6.6.0', '', 'nixos')), 'yes');
  assert.equal(has(kernelOf('6.6-rc7', '', 'nixos')), 'yes');
  assert.equal(has(kernelOf('6.1.63-99.167.amzn2023.x86_64')), 'doubtful');
  assert.equal(has(kernelOf('6.1.63-custom')), 'doubtful');
  assert.equal(
    has(kernelOf('6.6.0-14-generic', '#14-Ubuntu SMP', 'ubuntu', 'Ubuntu 6.6.0-14.14-generic 6.6.0')),
    'no',
  );
  assert.equal(has(kernelOf('6.6.12-4-pve', '#1 SMP PMX 6.6.12-4', 'debian')), 'no');
  assert.equal(has(kernelOf('6.1.0-28-amd64')), 'no');
});

test('a distribution’s packages decide alone where an entry names them', () => {
  const debian = (version: string) => kernelOf('6.1.0-13-amd64', `#1 SMP Debian ${version}`);
  assert.equal(has(debian('6.1.63-2')), 'yes');
  assert.equal(has(debian('6.1.63-3')), 'no');
  assert.equal(has(kernelOf('5.14.0-427.el9.x86_64')), 'yes');
  assert.equal(has(kernelOf('5.14.0-427.13.1.el9_4.x86_64')), 'no');
  const packagesOnly = { ...TROUBLE, upstream: [] };
  assert.equal(has(kernelOf('6.1.63', '', 'nixos'), packagesOnly), 'no');
  assert.equal(has(kernelOf('6.1.63', '', 'nixos'), { ...packagesOnly, packages: {} }), 'yes');
});

const SUBJECT: TroubleSubject = {
  ...bareSubject('6.1.63'),
  devices: [
    {
      kind: 'nic',
      name: 'eth0',
      driver: 'ice',
      pci: '8086:1593',
      firmware: '4.20 0x8001784e 1.3346.0',
      model: '',
      mtu: 9_000,
    },
    {
      kind: 'disk',
      name: 'nvme0',
      driver: 'nvme',
      pci: '144d:a80a',
      firmware: '3B2QGXA7',
      model: 'Samsung SSD 980 PRO 1TB',
      mtu: undefined,
    },
  ],
  modules: new Map([
    ['zfs', '2.2.0-1'],
    ['bonding', ''],
  ]),
  filesystems: new Set(['ext4']),
  cpu: { vendor: 'GenuineIntel', family: 6, model: 183, microcode: '0x11f' },
  virtualisation: 'vmware',
  features: new Set(['sriov']),
  uptimeDays: 100,
  parameters: new Set(['quiet', 'mitigations=off']),
  hasFirmware: (name) => name === 'a.bin',
};

test('every condition holds of what it is meant for, and of nothing else', () => {
  const cases: readonly (readonly [Conditions, boolean])[] = [
    [{ drivers: ['ice'] }, true],
    [{ drivers: ['i40e'] }, false],
    [{ drivers: ['ice'], pci: ['8086:1593'] }, true],
    [{ drivers: ['ice'], pci: ['144d:a80a'] }, false],
    [{ drivers: ['ice'], firmware: [{ fixed: '4.21' }] }, true],
    [{ drivers: ['ice'], firmware: [{ fixed: '4.20' }] }, false],
    [{ drivers: ['ice'], mtuAbove: 1_500 }, true],
    [{ drivers: ['nvme'], mtuAbove: 1_500 }, false],
    [
      {
        models: ['samsung ssd 980 pro*'],
        drivers: ['nvme'],
        firmware: [{ introduced: '3B2QGXA7', fixed: '5B2QGXA7' }],
      },
      true,
    ],
    [{ models: ['*980 PRO'] }, false],
    [{ models: ['*980*1TB'] }, true],
    [{ modules: ['zfs'], moduleVersions: [{ introduced: '2.2.0', fixed: '2.2.2' }] }, true],
    [{ modules: ['zfs'], moduleVersions: [{ fixed: '2.1.14' }] }, false],
    [{ modules: ['wireguard', 'bonding'] }, true],
    [{ filesystems: ['xfs'] }, false],
    [{ cpu: { vendor: 'intel', family: 6, models: [183], microcodeBefore: '0x12b' } }, true],
    [{ cpu: { vendor: 'intel', family: 6, models: [183], microcodeBefore: '0x11f' } }, false],
    [{ cpu: { vendor: 'amd', family: 6 } }, false],
    [{ virtualisation: ['vmware', 'xen'] }, true],
    [{ virtualisation: ['none'] }, false],
    [{ features: ['sriov'] }, true],
    [{ features: ['crash-kernel'] }, false],
    [{ uptimeDaysAbove: 99 }, true],
    [{ uptimeDaysAbove: 100 }, false],
    [{ firmwareFilesMissing: ['b.bin'] }, true],
    [{ firmwareFilesMissing: ['b.bin', 'a.bin'] }, false],
    [{ parameters: ['mitigations'] }, true],
    [{ parameters: ['mitigations=auto'] }, false],
    [{ filesystems: ['ext4'], drivers: ['r8169'] }, false],
  ];
  for (const [where, expected] of cases) {
    const found = evaluateTroubles(SUBJECT, [{ ...TROUBLE, where }]);
    assert.equal(found.length === 1, expected, JSON.stringify(where));
    if (expected) assert.ok(found[0]?.because.length === 2, JSON.stringify(found[0]?.because));
  }
  assert.equal(evaluateTroubles(SUBJECT, [{ ...TROUBLE, unless: ['quiet'] }]).length, 0);
});

test('what is not known never matches', () => {
  const blind = { ...bareSubject('6.1.63'), modules: undefined, filesystems: undefined };
  for (const where of [
    { modules: ['x'] },
    { filesystems: ['x'] },
    { uptimeDaysAbove: 1 },
    { firmwareFilesMissing: ['x'] },
    { virtualisation: ['kvm'] },
  ])
    assert.equal(evaluateTroubles(blind, [{ ...TROUBLE, where }]).length, 0);
  const unread = { ...SUBJECT, devices: SUBJECT.devices.map((one) => ({ ...one, firmware: undefined })) };
  assert.equal(
    evaluateTroubles(unread, [{ ...TROUBLE, where: { drivers: ['ice'], firmware: [{ fixed: '9' }] } }])
      .length,
    0,
  );
});

test('the kernel of an image is judged on the machine that it is meant for', () => {
  const of = (machine: TroubleSubject, target: Parameters<typeof troublesOfTarget>[1]) =>
    troublesOfTarget(machine, target, [{ ...TROUBLE, where: { drivers: ['ice'] } }]).map(
      ({ certainty }) => certainty,
    );
  const now = { ...SUBJECT, kernel: kernelOf('6.1.62', '', 'nixos') };
  assert.deepEqual(of(now, { release: '6.1.63', distribution: 'nixos' }), ['likely']);
  assert.deepEqual(of(now, { release: '6.1.64', distribution: 'nixos' }), []);
  assert.deepEqual(
    of(now, { release: '6.1.0-13-amd64', distribution: 'debian', packageVersion: '6.1.63-1' }),
    ['likely'],
  );
  assert.deepEqual(of(now, { release: '6.1.0-13-amd64', distribution: 'debian' }), []);
  assert.deepEqual(of(now, { release: '6.1.0-our-build', stable: '6.1.63' }), ['possible']);
  assert.deepEqual(of(now, { release: '5.14.0-362.el9.x86_64', distribution: 'rhel' }), ['likely']);
  // A trouble that the machine has already is none that the upgrade brings.
  assert.deepEqual(of(SUBJECT, { release: '6.1.63', distribution: 'nixos' }), []);
  const files = withKernel(now, { release: '6.1.63', firmwareFiles: new Set(['x.bin']) });
  assert.deepEqual([files.hasFirmware('x.bin'), files.hasFirmware('a.bin')], [true, false]);
});

const DEVICE = 'sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0';
const MACHINE = {
  'proc/sys/kernel/osrelease': '5.10.66\n',
  'etc/os-release': 'ID=nixos\n',
  'proc/mounts': 'proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n',
  'proc/uptime': '864000.5 1.0\n',
  'proc/modules': 'mlx5_core 1 0 - Live 0x0\n',
  'sys/module/zfs/version': '2.2.0-1\n',
  'sys/class/net/lo/mtu': '65536\n',
  'sys/class/net/eth0': `-> ../../${DEVICE.slice(4)}/net/eth0`,
  [`${DEVICE}/net/eth0/mtu`]: '9000\n',
  [`${DEVICE}/net/eth0/type`]: '1\n',
  [`${DEVICE}/net/eth0/device`]: '-> ../../../0000:01:00.0',
  [`${DEVICE}/subsystem`]: '-> ../../../../bus/pci',
  [`${DEVICE}/vendor`]: '0x15b3\n',
  [`${DEVICE}/device`]: '0x1017\n',
  [`${DEVICE}/driver`]: '-> ../../../../bus/pci/drivers/mlx5_core',
  [`${DEVICE}/sriov_numvfs`]: '4\n',
  'sys/class/nvme/nvme0/model': 'Samsung SSD 980 PRO 1TB   \n',
  'sys/class/nvme/nvme0/firmware_rev': '3B2QGXA7\n',
  'sys/class/scsi_host/host0/proc_name': 'megaraid_sas\n',
  'sys/block/sda/size': '1000000\n',
  'sys/block/sda/device/model': 'VK0800GFDKK     \n',
  'sys/block/sda/device/rev': 'HPG5\n',
  'lib/firmware/a.bin.zst': '',
};

test('the machine is read from /sys, and firmware from the driver', async () => {
  const outputs = {
    'ethtool -i eth0': 'driver: mlx5_core\nversion: 5.10.66\nfirmware-version: 16.35.2000 (MT_0000000012)\n',
  };
  const subject = await factsOf({ files: MACHINE, outputs }).get(troubleSubject);
  assert.deepEqual(
    subject.devices.map(({ name, driver, pci, firmware, model, mtu }) => [
      name,
      driver,
      pci,
      firmware,
      model,
      mtu,
    ]),
    [
      ['eth0', 'mlx5_core', '15b3:1017', '16.35.2000 (MT_0000000012)', '', 9_000],
      ['nvme0', 'nvme', '', '3B2QGXA7', 'Samsung SSD 980 PRO 1TB', undefined],
      ['host0', 'megaraid_sas', '', undefined, '', undefined],
      ['sda', 'sd', '', 'HPG5', 'VK0800GFDKK', undefined],
    ],
  );
  assert.equal(subject.modules?.get('zfs'), '2.2.0-1');
  assert.deepEqual([...subject.features], ['sriov']);
  assert.equal(Math.round(subject.uptimeDays ?? 0), 10);
  assert.deepEqual([subject.hasFirmware('a.bin'), subject.hasFirmware('b.bin')], [true, false]);
  assert.ok(subject.filesystems?.has('ext4'));
});

test('the check finds what the table knows, with the device and the reason', async () => {
  const { findings, problems } = await diagnoseFake({ files: MACHINE }, KNOWN_CHECKS);
  const one = findings.find(({ id }) => id === 'known.mlx5-reload');
  assert.ok(one);
  assert.equal(one.check, 'kernel.known-trouble');
  assert.equal(one.subject.hardware, 'mlx5_core 15b3:1017');
  assert.match(
    one.evidence[0] ?? '',
    /Linux 5\.10\.66 is from 5\.10\.65 on and before 5\.10\.69; eth0 is driven by mlx5_core/,
  );
  // That ethtool is missing is told, and does not keep the rest from being judged.
  assert.deepEqual(
    problems.map(({ what, kind }) => `${what} ${kind}`),
    ['nic.drivers missing-tool'],
  );
  const unknown = await diagnoseFake(
    { files: { 'proc/sys/kernel/osrelease': '6.1.0-28-amd64\n' } },
    KNOWN_CHECKS,
  );
  assert.equal(unknown.checks[0]?.status, 'skipped');
});

test('an upgrade is told what the image’s kernel would bring to this machine', async () => {
  const { signal } = new AbortController();
  const machine = fakeMachine({
    files: { ...MACHINE, 'proc/sys/kernel/osrelease': '6.1.62\n', 'lib/firmware/a.bin.zst': '' },
  });
  const ids = async (release: string) =>
    (await troublesOfUpgrade(machine, { release, distribution: 'nixos' }, signal)).map(
      ({ trouble }) => trouble.id,
    );
  assert.ok((await ids('6.1.64')).includes('known.ext4-odirect-corruption'));
  assert.ok(!(await ids('6.1.66')).includes('known.ext4-odirect-corruption'));
  assert.ok((await ids('5.10.66')).includes('known.mlx5-reload'));
  const image = { release: '6.1.62', distribution: 'nixos', firmwareFiles: new Set<string>() };
  assert.deepEqual(await troublesOfUpgrade(machine, image, signal), [], 'what it has already is nothing new');
});
