/** Parsers of the area "kernel" over texts of many machines, and over nonsense. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from '../known/version.ts';
import { parameter, parseCommandLine } from './command-line.ts';
import { parsePstore } from './crash.ts';
import { factsOf } from './fake-machine.ts';
import { detectVirtualisation, kernelIdentity } from './identity.ts';
import { newestOf } from './installed.ts';
import { branchEnd, daysLeft } from './lifetimes.ts';
import { limits, parseKeyUsers } from './limits.ts';
import { judgeVulnerability } from './mitigations.ts';
import { parseBlacklist, parseModules } from './modules.ts';
import { parseOsRelease } from './os-release.ts';
import { judgeTail } from './previous-boot.ts';
import { parseCpuinfo } from './processor.ts';
import { bootSecurity, kernelConfig, parseConfig } from './security.ts';
import { sameValue } from './sysctl.ts';
import { parseSysctlFile, resolveSysctls, sysctlPath } from './sysctl-files.ts';
import { decodeTaint } from './taint.ts';

test('secrets on the command line are masked, quotes hold words together, "--" ends the kernel’s own', () => {
  const line = parseCommandLine(
    'root=/dev/vda1 console=ttyS0,115200 dyndbg="file x +p" talos.token=abc rd.luks.key=x ipxe=http://me:pw@host/x netroot=iscsi:u:hidden@10.0.0.1::::iqn nvme-core.x=1 mitigations=off mitigations=auto -- init-arg password=b',
  );
  assert.equal(parameter(line, 'mitigations'), 'auto');
  assert.equal(parameter(line, 'dyndbg'), 'file x +p');
  assert.equal(parameter(line, 'nvme_core.x'), '1');
  assert.equal(parameter(line, 'init_arg'), undefined);
  assert.doesNotMatch(line.text, /abc|pw@|=b$|hidden/);
  assert.match(line.text, /http:\/\/me:\*\*\*@host/);
  assert.deepEqual(parseCommandLine('').parameters, []);
});

test('all bits of the taint have their letters', () => {
  const letters = decodeTaint((1n << 20n) - 1n).map(({ letter }) => letter);
  assert.equal(letters.join(''), 'PFSRMBUDAWCIOELKXTNJ');
  assert.deepEqual(decodeTaint(0n), []);
  assert.equal(
    decodeTaint(12288n)
      .map(({ letter }) => letter)
      .join(''),
    'OE',
  );
  assert.match(decodeTaint(1n << 29n, 'rhel')[0]?.meaning ?? '', /technology preview/);
  assert.equal(decodeTaint(1n << 40n)[0]?.letter, '?');
});

test('/proc/modules with and without taints', () => {
  const found = parseModules(
    'zfs 6602752 6 - Live 0x0000000000000000 (POE)\nnvidia 1 0 - Loading 0x0 (OE+)\nbr_netfilter 32768 0 - Live 0xffffffffc0a21000\n\nrubbish\nx y z\n',
  );
  assert.deepEqual(
    found.map(({ name, taints, state }) => `${name}:${taints}:${state}`),
    ['zfs:POE:Live', 'nvidia:OE:Loading', 'br_netfilter::Live'],
  );
  assert.deepEqual(
    parseBlacklist(
      '# blacklist a\nblacklist nouveau\ninstall cramfs /bin/false\ninstall x /sbin/modprobe y\nblacklist i-b # why\n',
      'f',
    ).map(({ name }) => name),
    ['nouveau', 'cramfs', 'i_b'],
  );
});

test('os-release with quotes, without, with CRLF', () => {
  const os = parseOsRelease(
    'ID=flatcar\r\nID_LIKE="coreos gentoo"\r\nPRETTY_NAME="A \\"B\\""\r\nIMAGE_VERSION=\'7\'\r\n#ID=x\r\n',
  );
  assert.deepEqual([os.id, os.like.length, os.name, os.imageVersion], ['flatcar', 2, 'A "B"', '7']);
  assert.equal(parseOsRelease('\0\xff').id, '');
});

test('sysctl files: separators, wildcards, "-", and which value wins', () => {
  assert.equal(sysctlPath('net.ipv4.conf.eth0/100.rp_filter'), 'net/ipv4/conf/eth0.100/rp_filter');
  assert.equal(sysctlPath('net/ipv4/conf/eth0.100/rp_filter'), 'net/ipv4/conf/eth0.100/rp_filter');
  const lines = parseSysctlFile(
    '; c\n# c\nnet.ipv4.ip_forward = 1\n-net.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.lo.rp_filter\nnet.ipv4.conf.all.rp_filter=1\nnonsense\nnet.ipv4.ip_forward=0\na/../x=1\n',
    'f',
  );
  const wanted = resolveSysctls(lines, () => [
    'net/ipv4/conf/all/rp_filter',
    'net/ipv4/conf/lo/rp_filter',
    'net/ipv4/conf/eth0/rp_filter',
  ]);
  assert.deepEqual(
    [...wanted].map(([path, { value }]) => `${path}=${value}`),
    ['net/ipv4/ip_forward=0', 'net/ipv4/conf/eth0/rp_filter=2', 'net/ipv4/conf/all/rp_filter=1'],
  );
  assert.ok(sameValue('4096 131072  6291456', '4096\t131072\t6291456\n'));
  assert.ok(sameValue('0x10', '16'));
  assert.ok(!sameValue('1', '0') && !sameValue('bbr', 'cubic') && !sameValue('', '1'));
});

test('what the kernel says of processor faults', () => {
  const cases: readonly [string, string][] = [
    ['Not affected', 'unaffected'],
    ['Mitigation: Retpolines; STIBP: disabled; RSB filling', 'mitigated'],
    ['Mitigation: Clear CPU buffers; SMT vulnerable', 'partly'],
    ['Mitigation: Clear CPU buffers; SMT Host state unknown', 'mitigated'],
    ['Vulnerable: Clear CPU buffers attempted, no microcode', 'open'],
    ['Vulnerable', 'open'],
    ['Processor vulnerable', 'open'],
    ['KVM: Vulnerable', 'partly'],
    ['KVM: Mitigation: VMX disabled', 'mitigated'],
    ['Unknown: Dependent on hypervisor status', 'unknown'],
  ];
  for (const [text, state] of cases) assert.equal(judgeVulnerability('x', text).state, state, text);
});

test('/proc/cpuinfo of x86, arm64 and s390x', () => {
  const x86 = (cpu: number, microcode: string) =>
    `processor\t: ${cpu}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 106\nmodel name\t: Xeon 8352Y\nstepping\t: 6\nmicrocode\t: ${microcode}\nflags\t\t: fpu hypervisor\n\n`;
  const xeon = parseCpuinfo(x86(0, '0xd0003a5') + x86(1, '0x0d0003A5') + x86(2, '0xd000280'));
  assert.deepEqual(
    xeon.microcode.map(({ revision, cpus }) => `${revision}:${cpus}`),
    ['0xd0003a5:0,1', '0xd000280:2'],
  );
  assert.deepEqual(
    [xeon.count, xeon.vendor, xeon.family, xeon.model, xeon.stepping],
    [3, 'GenuineIntel', 6, 106, 6],
  );
  const arm = parseCpuinfo(
    'processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\nprocessor\t: 1\n',
  );
  assert.deepEqual([arm.count, arm.vendor, arm.microcode.length], [2, 'ARM', 0]);
  assert.equal(
    parseCpuinfo('vendor_id       : IBM/S390\nprocessor 0: version = FF,  identification = 0\n').count,
    1,
  );
  assert.equal(parseCpuinfo('').count, 0);
});

test('virtual machines by their names', () => {
  const of = (vendor: string, product: string, cpuFlags = 'fpu hypervisor') =>
    detectVirtualisation({ vendor, product, cpuFlags });
  assert.equal(of('QEMU', 'Standard PC (Q35 + ICH9, 2009)'), 'kvm');
  assert.equal(of('VMware, Inc.', 'VMware Virtual Platform'), 'vmware');
  assert.equal(of('Amazon EC2', 'm5.large'), 'amazon');
  assert.equal(of('Amazon EC2', 'm5.metal', 'fpu'), 'none');
  assert.equal(of('Microsoft Corporation', 'Virtual Machine'), 'microsoft');
  assert.equal(of('Google', 'Google Compute Engine'), 'google');
  assert.equal(of('Dell Inc.', 'PowerEdge R650', 'fpu vme'), 'none');
  assert.equal(of('', '', ''), '');
  assert.equal(of('', ''), 'other');
});

test('versions compare as package tools have it', () => {
  const order = ['6.1.64-1~bpo', '6.1.64-1', '6.1.64-2', '6.1.64-10', '6.6.3', '6.10.0', '5:1.0'];
  assert.deepEqual([...order].reverse().sort(compareVersions), order);
  assert.equal(compareVersions('4.18.0-477.13.1.el8_8', '4.18.0-477.el8') > 0, true);
  assert.equal(compareVersions('20.05.0012', '20.5.12'), 0);
  assert.ok(compareVersions('9'.repeat(40), '1') > 0);
});

test('the newest kernel is looked for among those of the same flavour', () => {
  assert.equal(
    newestOf('6.1.0-28-amd64', ['6.1.0-28-amd64', '6.1.0-30-amd64', '6.1.0-31-cloud-amd64', '6.1.0-9-amd64']),
    '6.1.0-30-amd64',
  );
  assert.equal(
    newestOf('5.14.0-427.13.1.el9_4.x86_64', [
      '5.14.0-427.13.1.el9_4.x86_64',
      '5.14.0-503.11.1.el9_5.x86_64',
    ]),
    '5.14.0-503.11.1.el9_5.x86_64',
  );
  assert.equal(
    newestOf('6.8.0-60-generic', ['6.8.0-60-generic', '6.11.0-26-lowlatency']),
    '6.8.0-60-generic',
  );
  assert.equal(newestOf('6.6.3-arch1-1', ['6.6.4-arch1-1']), '6.6.4-arch1-1');
  assert.equal(
    newestOf('5.15.0-1.el8uek.x86_64', ['5.15.0-2.el8uek.x86_64', '5.14.0-9.el9.x86_64']),
    '5.15.0-2.el8uek.x86_64',
  );
  assert.equal(newestOf('9'.repeat(400), ['9'.repeat(400)]), '9'.repeat(400));
  assert.equal(
    newestOf('6.12.38+deb13-amd64', ['6.12.38+deb13-amd64', '6.12.41+deb13-amd64']),
    '6.12.41+deb13-amd64',
  );
});

test('ends of branches', () => {
  assert.equal(branchEnd('5.4.302')?.day, '2025-12-03');
  assert.equal(branchEnd('6.17.13')?.longTerm, false);
  assert.equal(branchEnd('4.18.20')?.longTerm, false);
  assert.equal(branchEnd('9.9.9'), undefined);
  assert.equal(branchEnd('x'), undefined);
  const end = branchEnd('5.10.1');
  assert.ok(end);
  assert.equal(daysLeft(end, Date.UTC(2026, 11, 31)), 0);
  assert.equal(daysLeft(end, Date.UTC(2027, 0, 2)), -2);
});

const NOW = Date.UTC(2026, 10, 28);

test('the end of a boot', () => {
  const clean = judgeTail(
    '2026-11-01T10:00:00+0000 web-1 systemd[1]: Reached target reboot.target - System Reboot.\n2026-11-01T10:00:01+0000 web-1 systemd-shutdown[1]: Syncing filesystems and block devices.\n2026-11-01T10:00:01+0000 web-1 systemd-journald[300]: Journal stopped\n',
    NOW,
  );
  assert.equal(clean.clean, true);
  assert.equal(clean.lastMs, Date.UTC(2026, 10, 1, 10, 0, 1));
  const dead = judgeTail(
    '-- Journal begins at x --\nNov 01 10:00:00 web-1 kernel: watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker:1]\nNov 01 10:00:01 web-1 cron[1]: x\n',
    NOW,
  );
  assert.deepEqual([dead.clean, dead.trouble.length, dead.recognised.length], [false, 1, 1]);
  assert.equal(judgeTail('', NOW).clean, undefined);
  // A service that names a kernel trouble is none.
  assert.equal(judgeTail('Nov 01 10:00:01 web-1 app[1]: Kernel panic avoided\n', NOW).trouble.length, 0);
});

test('pstore records, keys, configurations', () => {
  const record = parsePstore(
    'dmesg-efi-1',
    'sys/fs/pstore',
    'Panic#1 Part1\n<0>[ 1.0] Kernel panic - not syncing: x\n',
  );
  assert.deepEqual([record.kind, record.excerpt.length], ['panic', 1]);
  assert.deepEqual(
    parseKeyUsers('    0:   105 104/104 98/1000000 2226/25000000\n 1000:    3 3/3 190/200 100/20000\n'),
    {
      uid: 1000,
      what: 'keys',
      used: 190,
      limit: 200,
    },
  );
  assert.equal(parseKeyUsers('rubbish'), undefined);
  assert.equal(
    parseConfig('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_LOCALVERSION="-x"\n').get('LOCALVERSION'),
    '-x',
  );
});

test('facts of a machine that has little, and of one that has the unexpected', async () => {
  const kernel = await factsOf({
    files: {
      'proc/version':
        'Linux version 6.1.0-28-amd64 (debian-kernel@lists) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)\n',
    },
  }).get(kernelIdentity);
  assert.deepEqual([kernel.package, kernel.preemption], ['6.1.119-1', 'PREEMPT_DYNAMIC']);
  await assert.rejects(factsOf({ files: {} }).get(kernelIdentity), /no kernel release/);
  const found = await factsOf({
    files: {
      'proc/loadavg': 'x',
      'proc/sys/fs/file-nr': '1216\t0\t9223372036854775807\n',
      'proc/sys/kernel/pid_max': '',
    },
  }).get(limits);
  assert.equal(found.pids, undefined);
  assert.equal(found.files?.used, 1216);
});

test('secure boot, lockdown and the build configuration', async () => {
  const facts = factsOf({
    files: {
      'proc/sys/kernel/osrelease': '6.1.0-x\n',
      'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': '\x06\0\0\0\x01',
      'sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
      'boot/config-6.1.0-x': 'CONFIG_KEXEC=y\n',
    },
  });
  assert.deepEqual(await facts.get(bootSecurity), { efi: true, secureBoot: true, lockdown: 'integrity' });
  assert.equal((await facts.get(kernelConfig)).get('KEXEC'), 'y');
  const gz = factsOf({
    files: { 'proc/sys/kernel/osrelease': '6.1.0-x\n', 'proc/config.gz': 'x' },
    outputs: { 'gzip -d -c /proc/config.gz': 'CONFIG_A=m\n' },
  });
  assert.equal((await gz.get(kernelConfig)).get('A'), 'm');
  await assert.rejects(
    factsOf({ files: { 'proc/sys/kernel/osrelease': '6.1\n' } }).get(kernelConfig),
    /not kept/,
  );
});
