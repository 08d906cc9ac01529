/** The checks of the area "kernel" on made-up machines: one that is well, and such with one trouble each. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { diagnose } from '../diagnose.ts';
import { KERNEL_CHECKS } from './checks.ts';
import { diagnoseFake, type FakeParts } from './fake-machine.ts';
import { kernelTraits } from './traits.ts';

const RELEASE = '6.6.3-arch1-1';
const CPU = (n: number, microcode: string) =>
  `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nmicrocode\t: ${microcode}\nflags\t\t: fpu vme\n\n`;

/** A bare-metal machine without trouble. */
const HEALTHY: FakeParts['files'] = {
  'proc/sys/kernel/osrelease': `${RELEASE}\n`,
  'proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC\n',
  'proc/sys/kernel/tainted': '0\n',
  'proc/sys/kernel/panic': '10\n',
  'proc/sys/kernel/panic_on_oops': '0\n',
  'proc/sys/kernel/hung_task_timeout_secs': '120\n',
  'proc/sys/kernel/soft_watchdog': '1\n',
  'proc/sys/kernel/nmi_watchdog': '1\n',
  'proc/sys/kernel/pid_max': '4194304\n',
  'proc/sys/kernel/threads-max': '100000\n',
  'proc/sys/kernel/printk': '4\t4\t1\t7\n',
  'proc/sys/kernel/core_pattern': 'core\n',
  'proc/sys/fs/file-nr': '1000\t0\t100000\n',
  'proc/loadavg': '0.1 0.1 0.1 1/500 12345\n',
  'proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=UUID=x ro quiet console=ttyS0\n',
  'proc/cpuinfo': CPU(0, '0x1') + CPU(1, '0x1'),
  'proc/modules': 'ext4 1 1 - Live 0x0\n',
  'sys/class/dmi/id/sys_vendor': 'Dell Inc.\n',
  'sys/class/dmi/id/product_name': 'PowerEdge R650\n',
  'sys/class/dmi/id/bios_version': '1.2.3\n',
  'sys/devices/system/cpu/vulnerabilities/mds': 'Mitigation: Clear CPU buffers; SMT disabled\n',
  'sys/kernel/kexec_crash_loaded': '0\n',
  'sys/kernel/kexec_crash_size': '0\n',
  'etc/os-release': 'ID=arch\nPRETTY_NAME="Arch Linux"\nIMAGE_ID=web\nIMAGE_VERSION=7\n',
  [`usr/lib/modules/${RELEASE}/kernel`]: '',
};
const OUTPUTS = { journalctl: '2026-10-31T10:00:01+0000 web-1 systemd-journald[300]: Journal stopped\n' };
const now = Date.UTC(2023, 10, 15);

/** Severity and id of what is found when files are as given (undefined takes one away). */
async function found(
  change: Record<string, string | undefined>,
  more: Partial<FakeParts> = {},
): Promise<string[]> {
  const files = Object.fromEntries(
    Object.entries({ ...HEALTHY, ...change }).filter((one): one is [string, string] => one[1] !== undefined),
  );
  const { findings } = await diagnoseFake({ files, outputs: OUTPUTS, now, ...more }, KERNEL_CHECKS);
  for (const { title } of findings) assert.doesNotMatch(title, /\d|[a-z]+0\b/, 'titles fold over a fleet');
  return findings.map(({ severity, id }) => `${severity} ${id}`);
}

test('a healthy machine has no findings, and every check ends as ok or not applicable', async () => {
  assert.deepEqual(await found({}), []);
  const report = await diagnoseFake({ files: HEALTHY, outputs: OUTPUTS, now }, KERNEL_CHECKS, [kernelTraits]);
  assert.deepEqual(
    report.checks.filter(({ status }) => status === 'skipped'),
    [],
  );
  assert.deepEqual(report.problems, []);
  assert.deepEqual(
    report.traits.map(({ name, value }) => `${name}=${value}`),
    [
      `kernel=${RELEASE}`,
      `kernel.package=${RELEASE}`,
      'kernel.parameters=ro quiet console=ttyS0',
      'os=Arch Linux',
      'image=web 7',
      'cpu=Xeon',
      'microcode=0x1',
      'model=Dell Inc. PowerEdge R650',
      'bios=1.2.3',
      'virtualisation=none',
    ],
  );
});

test('ids are unique, every check explains itself, every threshold has a source', () => {
  assert.ok(KERNEL_CHECKS.length >= 30, `${KERNEL_CHECKS.length} checks`);
  assert.equal(new Set(KERNEL_CHECKS.map(({ id }) => id)).size, KERNEL_CHECKS.length);
  for (const { id, area, about, title, thresholds } of KERNEL_CHECKS) {
    assert.match(id, /^kernel\.[a-z0-9-]+$/);
    assert.equal(area, 'kernel');
    assert.ok(about.length > 60 && title.length < 110, id);
    for (const { source } of Object.values(thresholds)) assert.ok(source.length > 10, id);
  }
});

test('an empty captured machine is never "ok" where something should have been read', async () => {
  const { checks, findings } = await diagnoseFake({ files: {}, live: false }, KERNEL_CHECKS);
  assert.deepEqual(findings, []);
  const byId = new Map(checks.map(({ id, status }) => [id, status]));
  assert.equal(byId.get('kernel.sysctl-not-in-force'), 'skipped');
  assert.equal(byId.get('kernel.unclean-previous-boot'), 'skipped');
  assert.equal(byId.get('kernel.tainted-by-event'), 'skipped');
});

test('taints', async () => {
  const taint = (value: number) => ({ 'proc/sys/kernel/tainted': `${value}\n` });
  assert.deepEqual(await found(taint(1 << 7)), ['critical kernel.died-before']);
  assert.deepEqual(await found(taint((1 << 5) | (1 << 9))), [
    'critical kernel.bad-page',
    'info kernel.warned',
  ]);
  assert.deepEqual(await found(taint((1 << 4) | (1 << 14))), [
    'warning kernel.machine-check',
    'warning kernel.soft-lockup-happened',
  ]);
  assert.deepEqual(await found(taint((1 << 1) | (1 << 2) | (1 << 3))), [
    'warning kernel.forced-module',
    'warning kernel.out-of-specification',
    'warning kernel.forced-unload',
  ]);
  assert.deepEqual(await found({ ...taint(12289), 'proc/modules': 'zfs 1 0 - Live 0x0 (POE)\n' }), [
    'info kernel.foreign-modules',
  ]);
  assert.deepEqual(await found(taint(1 << 11)), ['info kernel.firmware-workaround']);
  assert.deepEqual(await found(taint(1 << 15)), []);
});

test('modules and the command line', async () => {
  assert.deepEqual(await found({ 'etc/modprobe.d/x.conf': 'blacklist ext4\nblacklist nouveau\n' }), [
    'info kernel.blacklisted-module-loaded',
  ]);
  assert.deepEqual(await found({ 'proc/cmdline': 'root=x mitgations=auto systemd.unit=x rhgb splash' }), [
    'info kernel.unknown-parameter',
  ]);
  assert.deepEqual(
    await found({
      'proc/cmdline': 'quiet splash rhgb intel_iommu=on amd_iommu=on hugepages=4 hugepagesz=2M',
    }),
    [],
  );
});

test('mitigations and microcode', async () => {
  const open = {
    'sys/devices/system/cpu/vulnerabilities/mds': 'Vulnerable: Clear CPU buffers attempted, no microcode\n',
  };
  assert.deepEqual(await found(open), ['warning kernel.mitigations-missing']);
  const threads = {
    'sys/devices/system/cpu/vulnerabilities/mds': 'Mitigation: Clear CPU buffers; SMT vulnerable\n',
  };
  assert.deepEqual(await found(threads), ['info kernel.smt-vulnerable']);
  assert.deepEqual(await found({ ...threads, 'sys/class/dmi/id/sys_vendor': 'QEMU\n' }), []);
  assert.deepEqual(await found({ ...open, 'proc/cmdline': 'mitigations=off' }), [
    'info kernel.mitigations-off',
  ]);
  assert.deepEqual(await found({ ...open, 'sys/class/dmi/id/sys_vendor': 'QEMU\n' }), [
    'info kernel.mitigations-missing',
  ]);
  assert.deepEqual(await found({ 'sys/devices/system/cpu/vulnerabilities/old_microcode': 'Vulnerable\n' }), [
    'warning kernel.microcode-old',
  ]);
  assert.deepEqual(await found({ 'proc/cpuinfo': CPU(0, '0x1') + CPU(1, '0x2') }), [
    'warning kernel.microcode-mixed',
  ]);
});

test('parameters that are configured and not in force', async () => {
  const forward = { 'proc/sys/net/ipv4/ip_forward': '0\n' };
  assert.deepEqual(await found({ ...forward, 'etc/sysctl.d/9.conf': 'net.ipv4.ip_forward=1\n' }), [
    'warning kernel.sysctl-not-in-force',
  ]);
  assert.deepEqual(await found({ ...forward, 'usr/lib/sysctl.d/9.conf': 'net.ipv4.ip_forward=1\n' }), [
    'info kernel.sysctl-defaults-not-in-force',
  ]);
  const comment = { 'proc/sys/kernel/panic': '10\n', 'etc/sysctl.d/9.conf': 'kernel.panic = 10 # why\n' };
  assert.deepEqual(await found(comment), []);
  // A file of the same name hides it, a link to /dev/null too, and the later name wins.
  const hidden = { ...forward, 'usr/lib/sysctl.d/9.conf': 'net.ipv4.ip_forward=1\n' };
  assert.deepEqual(await found({ ...hidden, 'etc/sysctl.d/9.conf': '\n' }), []);
  assert.deepEqual(await found({ ...hidden, 'etc/sysctl.d/9.conf': '-> /dev/null' }), []);
  assert.deepEqual(await found({ ...hidden, 'run/sysctl.d/91.conf': 'net.ipv4.ip_forward = 0' }), []);
  assert.deepEqual(await found({ 'etc/sysctl.d/9.conf': 'net.bridge.bridge-nf-call-iptables=1\n' }), [
    'warning kernel.sysctl-unknown',
  ]);
  assert.deepEqual(await found({ 'etc/sysctl.d/9.conf': '-net.bridge.bridge-nf-call-iptables=1\n' }), []);
});

test('the life of a branch', async () => {
  assert.deepEqual(await found({}, { now: Date.UTC(2028, 0, 2) }), ['warning kernel.end-of-life']);
  assert.deepEqual(await found({}, { now: Date.UTC(2027, 11, 1) }), ['info kernel.end-of-life']);
  const rhel = {
    'proc/sys/kernel/osrelease': '3.10.0-1160.el7.x86_64\n',
    [`usr/lib/modules/${RELEASE}/kernel`]: undefined,
    'lib/modules/3.10.0-1160.el7.x86_64/kernel': '',
  };
  assert.deepEqual(await found(rhel, { now: Date.UTC(2030, 0, 1) }), []);
});

test('what the next boot brings', async () => {
  assert.deepEqual(await found({ 'usr/lib/modules/6.6.4-arch1-1/kernel': '' }), [
    'info kernel.reboot-pending',
  ]);
  assert.deepEqual(await found({ 'run/reboot-required': '', 'run/reboot-required.pkgs': 'libc6\n' }), [
    'info kernel.reboot-pending',
  ]);
  assert.deepEqual(
    await found({
      [`usr/lib/modules/${RELEASE}/kernel`]: undefined,
      'usr/lib/modules/6.6.4-arch1-1/kernel': '',
    }),
    ['info kernel.reboot-pending', 'warning kernel.own-modules-gone'],
  );
  const debian = {
    'proc/sys/kernel/osrelease': '6.1.0-28-amd64\n',
    'proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)\n',
    'lib/modules/6.1.0-28-amd64/kernel': '',
    'var/lib/dpkg/status': '',
  };
  const query = (version: string) => ({ outputs: { ...OUTPUTS, 'dpkg-query': `ii  ${version}\n` } });
  assert.deepEqual(await found(debian, query('6.1.119-1')), []);
  assert.deepEqual(await found(debian, query('6.1.119-2')), ['info kernel.reboot-pending']);
  assert.deepEqual(
    await found({
      'usr/lib/modules/6.6.4-arch1-1/kernel': '',
      'var/lib/dkms/zfs/2.2.2/source/x': '',
      [`var/lib/dkms/zfs/2.2.2/${RELEASE}/x86_64/module/zfs.ko`]: '',
    }),
    ['info kernel.reboot-pending', 'warning kernel.dkms-not-built'],
  );
  assert.deepEqual(
    await found({
      'sys/kernel/livepatch/klp_1/enabled': '1\n',
      'sys/kernel/livepatch/klp_1/transition': '1\n',
    }),
    ['info kernel.live-patch-stuck'],
  );
});

test('what the last boot left behind', async () => {
  assert.deepEqual(
    await found({ 'sys/fs/pstore/dmesg-efi_pstore-1': 'Panic#1 Part1\nKernel panic - not syncing\n' }),
    ['warning kernel.crash-left-behind', 'warning kernel.crashed'],
  );
  assert.deepEqual(await found({ 'var/lib/systemd/pstore/1700000000/dmesg.txt': 'Oops#1 Part1\n' }), [
    'warning kernel.crash-left-behind',
  ]);
  assert.deepEqual(await found({ 'sys/fs/pstore/console-ramoops-0': 'x' }), []);
  assert.deepEqual(await found({ 'var/crash/127.0.0.1-2026-10-01-10:00:00/vmcore': '' }), [
    'warning kernel.crash-dump',
  ]);
  const journal = 'Oct 31 10:00:00 web-1 kernel: BUG: unable to handle page fault for address: 0\n';
  const all = 'journalctl --no-pager -q -b -1 -n 400 -o short-iso';
  assert.deepEqual(await found({}, { outputs: { [all]: journal } }), [
    'warning kernel.unclean-previous-boot',
    'warning kernel.previous-boot-trouble',
  ]);
  const kernels = 'journalctl -k -b -1 -n 3000 -o short-iso-precise --no-pager';
  assert.deepEqual(await found({}, { outputs: { [all]: journal, [kernels]: journal } }), [
    'warning kernel.unclean-previous-boot',
    'warning kernel.previous-boot-trouble',
    'warning kernel.crashed',
    'warning kernel-log.previous-boot-oops-page-fault',
  ]);
});

test('readiness for a crash', async () => {
  const kdump = { 'etc/systemd/system/multi-user.target.wants/kdump.service': '' };
  assert.deepEqual(await found(kdump), ['warning kernel.kdump-not-loaded']);
  assert.deepEqual(await found({ ...kdump, 'sys/kernel/kexec_crash_loaded': '1\n' }), []);
  const debian = {
    'etc/systemd/system/multi-user.target.wants/kdump-tools.service': '',
    'etc/default/kdump-tools': 'USE_KDUMP=0\n',
  };
  assert.deepEqual(await found(debian), []);
  assert.deepEqual(await found({ ...debian, 'etc/default/kdump-tools': 'USE_KDUMP=1\n' }), [
    'warning kernel.kdump-not-loaded',
  ]);
  assert.deepEqual(await found({ 'sys/kernel/kexec_crash_size': '268435456\n' }), [
    'info kernel.crashkernel-unused',
  ]);
  assert.deepEqual(await found({ 'proc/cmdline': 'crashkernel=256M' }), [
    'warning kernel.crashkernel-not-reserved',
  ]);
  assert.deepEqual(await found({ 'proc/cmdline': 'crashkernel=1G-4G:192M' }), []);
  assert.deepEqual(await found({ 'proc/sys/kernel/panic': '0\n' }), ['info kernel.panic-hangs']);
  assert.deepEqual(await found({ 'proc/sys/kernel/panic': '0\n', 'proc/sys/kernel/panic_on_oops': '1\n' }), [
    'warning kernel.panic-hangs',
  ]);
  assert.deepEqual(await found({ 'proc/sys/kernel/hung_task_timeout_secs': '0\n' }), [
    'info kernel.hung-task-detection-off',
  ]);
  assert.deepEqual(await found({ 'proc/sys/kernel/nmi_watchdog': '0\n' }), [
    'info kernel.lockup-detection-off',
  ]);
  assert.deepEqual(
    await found({ 'proc/sys/kernel/nmi_watchdog': '0\n', 'sys/class/dmi/id/sys_vendor': 'QEMU\n' }),
    [],
  );
  assert.deepEqual(await found({ 'proc/sys/kernel/core_pattern': '|/usr/share/apport/apport %p\n' }), [
    'info kernel.core-handler-missing',
  ]);
});

test('limits', async () => {
  assert.deepEqual(await found({ 'proc/loadavg': '1 1 1 1/85000 2\n' }), ['warning kernel.tasks-near-limit']);
  assert.deepEqual(await found({ 'proc/loadavg': '1 1 1 1/99000 2\n' }), [
    'critical kernel.tasks-near-limit',
  ]);
  assert.deepEqual(await found({ 'proc/sys/fs/file-nr': '75000\t0\t100000\n' }), [
    'warning kernel.files-near-limit',
  ]);
  assert.deepEqual(await found({ 'proc/key-users': '1000: 190 190/190 190/200 1/20000\n' }), [
    'critical kernel.keys-near-quota',
  ]);
  const containers = { 'var/lib/kubelet/config.yaml': '', 'sys/fs/cgroup/cgroup.controllers': 'cpu\n' };
  assert.deepEqual(await found({ ...containers, 'proc/sys/fs/inotify/max_user_instances': '128\n' }), [
    'info kernel.inotify-limits-low',
  ]);
  assert.deepEqual(await found({ ...containers, 'proc/sys/fs/inotify/max_user_instances': '512\n' }), []);
  assert.deepEqual(await found({ 'run/containerd/x': '', 'sys/fs/cgroup/memory/x': '' }), [
    'info kernel.cgroup-v1',
  ]);
  assert.deepEqual(await found({ 'proc/sys/kernel/printk': '8\t4\t1\t7\n' }), ['info kernel.console-chatty']);
  const old = {
    'proc/sys/kernel/osrelease': '4.19.0-custom\n',
    [`usr/lib/modules/${RELEASE}/kernel`]: undefined,
    'lib/modules/4.19.0-custom/x': '',
  };
  assert.deepEqual(await found({ ...old, 'proc/sys/kernel/random/entropy_avail': '50\n' }), [
    'info kernel.entropy-low',
  ]);
});

test('this machine, for real: nothing is thrown, and what could not be read is told', async () => {
  const report = await diagnose({
    machine: new LiveMachine(),
    signal: new AbortController().signal,
    checks: KERNEL_CHECKS,
    traits: [kernelTraits],
  });
  assert.equal(report.checks.length, KERNEL_CHECKS.length);
  assert.ok(report.traits.some(({ name }) => name === 'kernel'));
  for (const { status, reason, id } of report.checks)
    if (status === 'skipped') assert.notEqual(reason, '', id);
});
