/** A captured machine of which little but outputs of programs was kept, as in a report of sosreport. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KERNEL_CHECKS } from './checks.ts';
import { diagnoseFake, type FakeParts } from './fake-machine.ts';
import { dmiValue, parseSysctlOutput, parseUname } from './saved.ts';
import { kernelTraits } from './traits.ts';

test('uname of several distributions', () => {
  const of = (text: string) => {
    const found = parseUname(text);
    return found && [found.release, found.build];
  };
  assert.deepEqual(
    of(
      'Linux web-1 5.14.0-427.13.1.el9_4.x86_64 #1 SMP PREEMPT_DYNAMIC Wed Apr 10 10:29:16 EDT 2024 x86_64 x86_64 x86_64 GNU/Linux\n',
    ),
    ['5.14.0-427.13.1.el9_4.x86_64', '#1 SMP PREEMPT_DYNAMIC Wed Apr 10 10:29:16 EDT 2024'],
  );
  assert.deepEqual(
    of('Linux db 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22) x86_64 GNU/Linux\n'),
    ['6.1.0-28-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)'],
  );
  assert.deepEqual(of('6.6.43-talos\n'), ['6.6.43-talos', '']);
  assert.equal(of('Darwin x 23.0'), undefined);
  assert.equal(of(''), undefined);
});

test('sysctl -a and dmidecode', () => {
  const values = parseSysctlOutput(
    'kernel.panic = 0\nnet.ipv4.tcp_rmem = 4096\t131072\t6291456\nnet.ipv4.conf.eth0/1.x = 1\nempty =\nsysctl: reading key "x"\n',
  );
  assert.deepEqual(
    [...values.keys()],
    ['kernel.panic', 'net.ipv4.tcp_rmem', 'net.ipv4.conf.eth0/1.x', 'empty'],
  );
  const table =
    '\nHandle 0x0001, DMI type 1\nSystem Information\n\tManufacturer: HPE\n\tProduct Name: ProLiant DL360 Gen10\n\nHandle 0x0002\nBase Board Information\n\tManufacturer: X\n';
  assert.equal(dmiValue(table, 'System Information', 'Product Name'), 'ProLiant DL360 Gen10');
  assert.equal(dmiValue(table, 'BIOS Information', 'Version'), '');
});

const REPORT: FakeParts = {
  live: false,
  files: {
    'etc/os-release': 'ID="rhel"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4"\n',
    'etc/sysctl.d/99-x.conf': 'net.ipv4.ip_forward = 1\nvm.nr_hugepages = 4\n',
  },
  outputs: {
    'uname -a':
      'Linux web-1 5.14.0-427.el9.x86_64 #1 SMP PREEMPT_DYNAMIC Wed Apr 10 2024 x86_64 x86_64 x86_64 GNU/Linux\n',
    'sysctl -a':
      'kernel.tainted = 4225\nkernel.panic = 0\nkernel.panic_on_oops = 1\nnet.ipv4.ip_forward = 0\nkernel.hung_task_timeout_secs = 120\n',
    lsmod:
      'Module                  Size  Used by\nnvidia              56000000  2\nxfs                  2000000  1\n',
    dmidecode: 'System Information\n\tManufacturer: HPE\n\tProduct Name: ProLiant DL360 Gen10\n',
    'journalctl --no-pager --boot -1':
      'Oct 31 10:00:00 web-1 kernel: sysrq: This sysrq operation is disabled.\n',
  },
};

test('what was saved of programs stands in for files that were not captured', async () => {
  const report = await diagnoseFake(REPORT, KERNEL_CHECKS, [kernelTraits]);
  assert.deepEqual(
    report.findings.map(({ severity, id }) => `${severity} ${id}`),
    [
      'critical kernel.died-before',
      'info kernel.foreign-modules',
      'warning kernel.sysctl-not-in-force',
      'warning kernel.unclean-previous-boot',
      'info kernel.panic-hangs',
    ],
  );
  // vm.nr_hugepages was not saved: that says nothing of the machine.
  assert.equal(report.findings.filter(({ subject }) => subject.kind === 'sysctl').length, 1);
  const traits = report.traits.map(({ name, value }) => `${name}=${value}`);
  assert.ok(traits.includes('kernel=5.14.0-427.el9.x86_64'), traits.join());
  assert.ok(traits.includes('model=HPE ProLiant DL360 Gen10'), traits.join());
});
