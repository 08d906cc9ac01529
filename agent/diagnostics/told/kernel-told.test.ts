/** What dkms, kdump's tools, crash and hwclock told, as people save it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const CRASH = (panic: string, dump = '/var/crash/202401070010/dump.202401070010  [PARTIAL DUMP]') =>
  `      KERNEL: /usr/lib/debug/boot/vmlinux-5.15.0-53-generic  [TAINTED]
    DUMPFILE: ${dump}
        CPUS: 8
        DATE: Sun Jan  7 00:10:35 UTC 2024
      UPTIME: 2 days, 00:00:39
LOAD AVERAGE: 3.01, 9.14, 5.45
    NODENAME: db1
     RELEASE: 5.15.0-53-generic
${panic === '' ? '' : `       PANIC: "${panic}"\n`}`;

for (const [what, text, expected] of [
  [
    'a module that differs from the built one',
    'i915-sriov-dkms/2025.03.26, 6.11.11-1-pve, x86_64: installed\ni915-sriov-dkms/2025.03.26, 6.11.11-2-pve, x86_64: installed (WARNING! Diff between built and installed module!)\n',
    ['info kernel.dkms i915-sriov-dkms'],
  ],
  [
    'a module that is not built for the kernel that runs',
    '# uname -a\nLinux web1 5.15.0-101-generic #111-Ubuntu SMP Tue Mar 5 20:16:58 UTC 2024 x86_64 GNU/Linux\n# dkms status\nzfs/2.1.5, 5.15.0-97-generic, x86_64: installed\nzfs/2.1.5, 5.15.0-101-generic, x86_64: built\n',
    ['warning kernel.dkms zfs'],
  ],
  [
    'as dkms 2 wrote it, of no kernel',
    '$ dkms status\nnvidia, 470.82.01: added\n',
    ['info kernel.dkms nvidia'],
  ],
  ['broken', 'r8125/9.011.01, 6.1.0-18-amd64, x86_64: broken\n', ['warning kernel.dkms r8125']],
  [
    'a build that failed',
    'Error! Bad return status for module build on kernel: 6.8.0-31-generic (x86_64)\nConsult /var/lib/dkms/r8125/9.011.01/build/make.log for more information.\n',
    ['warning kernel.dkms'],
  ],
  [
    'all modules built, an older version beside them',
    '# uname -r\n5.15.0-101-generic\n# dkms status\nzfs/2.1.5, 5.15.0-101-generic, x86_64: installed\nzfs/2.1.4: added\nnvidia/535.161.07, 5.15.0-101-generic, x86_64: installed (original_module exists)\n',
    [],
  ],
  [
    'what somebody writes of a change',
    'kernel, 5.15: added support for a board\nmodule: built by hand\n',
    [],
  ],
  [
    'kdump that is not operational',
    '# kdumpctl status\nkdump: Kdump is not operational\n',
    ['info kernel.kdump-told'],
  ],
  [
    'kdump without memory',
    'kdump: No memory reserved for crash kernel\nkdump: Starting kdump: [FAILED]\n',
    ['warning kernel.kdump-told'],
  ],
  [
    'kdump-config of Debian',
    '# kdump-config show\nDUMP_MODE:        kdump\nUSE_KDUMP:        1\nKDUMP_COREDIR:    /var/crash\ncrashkernel addr: 0x\ncurrent state:    Not ready to kdump\n',
    ['warning kernel.kdump-told'],
  ],
  [
    'kdump-config where it is switched off',
    'DUMP_MODE:        kdump\nUSE_KDUMP:        0\ncurrent state:    Not ready to kdump\n',
    [],
  ],
  ['kdump that is ready', '# kdumpctl status\nkdump: Kdump is operational\n', []],
  ['a dump', CRASH('Kernel panic - not syncing: hung_task: blocked tasks'), ['warning kernel.crash-told']],
  [
    'a dump of a crash that was asked for',
    CRASH('sysrq: SysRq : Trigger a crash'),
    ['info kernel.crash-told'],
  ],
  ['a database that stops', 'PANIC:  could not locate a valid checkpoint record\n', []],
  ['the kernel that runs', CRASH('', '/proc/kcore'), []],
  [
    'a hardware clock that is not there',
    '# hwclock --verbose\nhwclock from util-linux 2.34\nSystem Time: 1570439840.340120\nTrying to open: /dev/rtc0\nNo usable clock interface found.\nhwclock: Cannot access the Hardware Clock via any known method.\n',
    ['info clock.rtc-unreadable'],
  ],
  [
    'a hardware clock without a valid time',
    'hwclock: ioctl(RTC_RD_TIME) to /dev/rtc0 to read the time failed: Invalid argument\n',
    ['warning clock.rtc-unreadable'],
  ],
  [
    'a hardware clock that does not tick',
    'hwclock: select() to /dev/rtc0 to wait for clock tick timed out\n',
    ['warning clock.rtc-unreadable'],
  ],
  [
    'timedatectl that cannot read it',
    '$ timedatectl status\nFailed to query server: Failed to read RTC: Invalid argument\n',
    ['warning clock.rtc-unreadable'],
  ],
  [
    'hwclock of one who is not root',
    '$ hwclock\nhwclock: Cannot access the Hardware Clock via any known method.\nhwclock: cannot open /dev/rtc0: Permission denied\n',
    [],
  ],
] as const)
  test(`What tools of the kernel told is judged: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
