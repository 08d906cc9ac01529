/** Whatever the files and programs of a machine hold, checks end, and nothing of it is a defect of ours. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KERNEL_CHECKS } from './checks.ts';
import { diagnoseFake } from './fake-machine.ts';
import { kernelTraits } from './traits.ts';

const PATHS = [
  'proc/sys/kernel/osrelease',
  'proc/sys/kernel/version',
  'proc/sys/kernel/tainted',
  'proc/sys/kernel/panic',
  'proc/sys/kernel/pid_max',
  'proc/sys/kernel/printk',
  'proc/sys/kernel/core_pattern',
  'proc/sys/fs/file-nr',
  'proc/version',
  'proc/version_signature',
  'proc/cmdline',
  'proc/cpuinfo',
  'proc/modules',
  'proc/mounts',
  'proc/uptime',
  'proc/loadavg',
  'proc/key-users',
  'etc/os-release',
  'etc/sysctl.d/x.conf',
  'etc/modprobe.d/x.conf',
  'etc/default/kdump-tools',
  'sys/devices/system/cpu/vulnerabilities/mds',
  'sys/kernel/kexec_crash_size',
  'sys/kernel/kexec_crash_loaded',
  'sys/kernel/security/lockdown',
  'sys/fs/pstore/dmesg-efi-1',
  'sys/class/dmi/id/sys_vendor',
  'sys/class/nvme/nvme0/model',
  'sys/class/scsi_host/host0/proc_name',
  'sys/kernel/livepatch/x/enabled',
  'run/reboot-required.pkgs',
  'lib/modules/x/y',
  'boot/vmlinuz-..',
  'var/lib/dkms/m/1/source',
];
const NASTY = [
  '',
  '\n',
  '\0\0\0',
  '\r\n\r\n',
  '\uFFFD\uFFFD',
  '9'.repeat(400),
  '-1\n',
  '18446744073709551615\n',
  'NaN Infinity 1e999\n',
  `${'a'.repeat(50_000)}\n`,
  '='.repeat(20_000),
  '"'.repeat(10_001),
  `${'x = y\n'.repeat(5_000)}`,
  '../../../etc/passwd\n',
  '*/*/*/*.*=1\n-**\n[[[=1\n',
  `${'['.repeat(2_000)}=1\n`,
  ' : : : \n::::\n',
  '1.2.3.4.5.6-7-8.9.el9_4uek+debug\n',
];

test('nonsense in every file ends in results, and never in a defect of ours', async () => {
  for (const text of NASTY) {
    const files = Object.fromEntries(PATHS.map((path) => [path, text]));
    for (const live of [true, false]) {
      const { checks, problems } = await diagnoseFake(
        {
          files,
          live,
          outputs: {
            journalctl: text,
            'uname -a': text,
            'sysctl -a': text,
            lsmod: text,
            dmidecode: text,
            'dpkg-query': text,
            'ethtool -i x': text,
          },
        },
        KERNEL_CHECKS,
        [kernelTraits],
      );
      assert.equal(checks.length, KERNEL_CHECKS.length);
      const defects = problems.filter(({ why }) => why.startsWith('it could not be understood'));
      assert.deepEqual(defects, [], JSON.stringify(text.slice(0, 40)));
    }
  }
});

test('nonsense in one file leaves the checks of the others as they are', async () => {
  for (const path of PATHS)
    for (const text of ['\0', '9'.repeat(100), 'x '.repeat(10_000)]) {
      const { checks, problems } = await diagnoseFake(
        { files: { 'proc/sys/kernel/osrelease': '6.6.3\n', [path]: text } },
        KERNEL_CHECKS,
      );
      assert.equal(checks.length, KERNEL_CHECKS.length);
      assert.deepEqual(
        problems.filter(({ why }) => why.startsWith('it could not be understood')),
        [],
        path,
      );
    }
});
