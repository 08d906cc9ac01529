/** The kernel of a simulated server: Debian 12's. A planted fault is a warning's taint and a hung task. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

const RELEASE = '6.1.0-56-amd64';
const BUILD = '#1 SMP PREEMPT_DYNAMIC Debian 6.1.159-1 (2026-10-11)';
/** Bit 9 of Documentation/admin-guide/tainted-kernels.rst: the kernel has issued a warning. */
const TAINT_WARN = 512;
/** How long it is up when the lab starts: two months. */
const UPTIME_SECONDS = 5_270_000;

/** Vulnerabilities that a Linux 6.1 lists, as an up-to-date machine has them. */
const MITIGATED: Readonly<Record<string, string>> = {
  gather_data_sampling: 'Mitigation: Microcode',
  itlb_multihit: 'KVM: Mitigation: VMX disabled',
  l1tf: 'Not affected',
  mds: 'Not affected',
  meltdown: 'Not affected',
  mmio_stale_data: 'Not affected',
  retbleed: 'Mitigation: Enhanced IBRS',
  spec_store_bypass: 'Mitigation: Speculative Store Bypass disabled via prctl',
  spectre_v1: 'Mitigation: usercopy/swapgs barriers and __user pointer sanitization',
  spectre_v2:
    'Mitigation: Enhanced / Automatic IBRS; IBPB: conditional; RSB filling; PBRSB-eIBRS: SW sequence',
  srbds: 'Not affected',
  tsx_async_abort: 'Not affected',
};

/** An identifier of 32 hexadecimal digits that is the node's own. */
function identifier(index: number): string {
  return `5e${(index + 1).toString(16).padStart(30, '0')}`;
}

/** Files. */
export function kernelParts({ name, index, faults }: SimulatedServer): MachineParts {
  const sick = faults.includes('kernel');
  const boot = identifier(index + 0x1000);
  const bootedAt = Date.now() - UPTIME_SECONDS * 1_000;
  const files = new Map<string, string | (() => string)>([
    ['proc/version', `Linux version ${RELEASE} (debian-kernel@lists.debian.org) (gcc-12) ${BUILD}\n`],
    [
      'proc/cmdline',
      `BOOT_IMAGE=/boot/vmlinuz-${RELEASE} root=UUID=0c8a2c4e-6f1b-4d4e-9a39-0b1c2d3e4f50 ro quiet\n`,
    ],
    ['proc/uptime', () => `${((Date.now() - bootedAt) / 1_000).toFixed(2)} 300000000.00\n`],
    [
      'proc/modules',
      'mlx5_core 1847296 0 - Live 0x0000000000000000\nbonding 237568 0 - Live 0x0000000000000000\n',
    ],
    ['proc/sys/kernel/osrelease', `${RELEASE}\n`],
    ['proc/sys/kernel/version', `${BUILD}\n`],
    ['proc/sys/kernel/arch', 'x86_64\n'],
    ['proc/sys/kernel/hostname', `${name}\n`],
    ['proc/sys/kernel/tainted', `${sick ? TAINT_WARN : 0}\n`],
    ['proc/sys/kernel/panic', '10\n'],
    ['proc/sys/kernel/panic_on_oops', '1\n'],
    ['proc/sys/kernel/hung_task_timeout_secs', '120\n'],
    ['proc/sys/kernel/nmi_watchdog', '1\n'],
    ['proc/sys/kernel/pid_max', '4194304\n'],
    ['proc/sys/kernel/threads-max', '1030000\n'],
    ['proc/sys/kernel/random/boot_id', `${boot.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}\n`],
    ['etc/machine-id', `${identifier(index)}\n`],
    [
      'etc/os-release',
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\nIMAGE_ID=lab\nIMAGE_VERSION=2026.11\n',
    ],
    [`lib/modules/${RELEASE}/modules.dep`, '\n'],
    [`boot/vmlinuz-${RELEASE}`, ''],
    ['sys/class/dmi/id/sys_vendor', 'Example Computer\n'],
    ['sys/class/dmi/id/product_name', 'Example R1\n'],
    ['sys/class/dmi/id/bios_version', '2.14\n'],
    ['sys/class/dmi/id/bios_date', '05/20/2026\n'],
  ]);
  for (const [file, text] of Object.entries(MITIGATED))
    files.set(`sys/devices/system/cpu/vulnerabilities/${file}`, `${text}\n`);
  return { files };
}
