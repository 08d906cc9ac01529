/** Lines that tell the kernel's taint and the modules that cause it, alone: headers of oopses, rows of /proc/modules. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const DIED = ['critical kernel.died-before', 'info kernel.warned'];
const HEADER = 'CPU: 3 PID: 812 Comm: foo Tainted: G      D W         5.10.0-28-amd64 #1 Debian 5.10.209-2';

for (const [what, text, expected] of [
  ['the header of an oops', `${HEADER}\n`, DIED],
  ['a header with the time since boot', `[ 1234.567890] ${HEADER}\n`, DIED],
  ['a header in syslog', `Mar  3 10:11:12 host7 kernel: [ 1234.567890] ${HEADER}\n`, DIED],
  ['a header of an old kernel', 'Pid: 812, comm: foo Tainted: G      D W  2.6.32-754.el6.x86_64 #1\n', DIED],
  [
    'words of a new kernel',
    'CPU: 3 UID: 0 PID: 812 Comm: foo Tainted: G   M              6.12.1 #1\nTainted: [M]=MACHINE_CHECK\n',
    ['warning kernel.machine-check'],
  ],
  [
    'letters that stand far apart',
    'CPU: 3 PID: 812 Comm: foo Tainted: G           O    L 5.15.0-91-generic #101-Ubuntu\n',
    ['info kernel.foreign-modules', 'warning kernel.soft-lockup-happened'],
  ],
  ['a header that says nothing', HEADER.replace(/Tainted.*W {2,}/, 'Not tainted '), []],
  [
    'the header of a warning that is there itself',
    `WARNING: CPU: 3 PID: 812 at net/core/dev.c:12 foo+0x1/0x2\nModules linked in: vendor_net(OE) ext4\n${HEADER}\n`,
    ['warning kernel-log.warning'],
  ],
  [
    'the header of another host',
    `root@node1:~# dmesg | grep Comm\nCPU: 3 PID: 81 Comm: foo Not tainted 5.10.0 #1\nroot@node2:~# dmesg | grep Comm\n${HEADER}\n`,
    [],
  ],
  [
    'what a guide says of it',
    'With "Tainted: G      D" an oops came before; Tainted: P is a closed module.\n',
    [],
  ],
  [
    'rows of /proc/modules',
    'vendor_gpu 62365696 24 vendor_mode,vendor_uvm, Live 0x0000000000000000 (POE)\next4 1000000 2 - Live 0x0000000000000000\n',
    ['info kernel.foreign-modules'],
  ],
  [
    'rows of modules of the kernel itself',
    'ext4 1000000 2 - Live 0xffffffffc0a12000\njbd2 131072 1 ext4, Live 0xffffffffc0a00000\n',
    [],
  ],
  [
    'modules linked in, by an oops',
    'Modules linked in: vendor_gpu(POE) ext4 jbd2 vendor_net(OE) [last unloaded: foo]\n',
    ['info kernel.foreign-modules'],
  ],
  [
    'modules linked in of the kernel itself',
    'Modules linked in: ext4 jbd2 mbcache [last unloaded: foo]\n',
    [],
  ],
  ['its number', '# cat /proc/sys/kernel/tainted\n640\n', DIED],
  ['its number, of a kernel without taint', '$ cat /proc/sys/kernel/tainted\n0\n', []],
  [
    'an oops before',
    'Tainted: G      D W         6.1.0-18-amd64 #1 Debian 6.1.76-1\n',
    ['critical kernel.died-before', 'info kernel.warned'],
  ],
  [
    'modules from elsewhere',
    'Tainted: P           OE      5.15.0-91-generic\n',
    ['info kernel.foreign-modules'],
  ],
  ['a patch while it ran', 'Tainted: G              K    6.1.0-18-amd64\n', []],
] as const)
  test(`taint by letters: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.endsWith('kernel.taint-notes')),
      expected,
    );
  });
