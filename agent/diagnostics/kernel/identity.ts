/** What a machine is: its kernel, system, hardware and whether it is a virtual one. */

import { line } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { type OsRelease, readOsRelease } from './os-release.ts';
import { identifyKernel, type KernelIdentity } from './release.ts';
import { dmiValue, parseUname, savedOutput } from './saved.ts';

/** The kernel and the system that it runs. */
export interface KernelFact extends KernelIdentity {
  readonly os: OsRelease;
  /** "PREEMPT_DYNAMIC", "PREEMPT_RT", "PREEMPT", "voluntary or none"; empty where the build is not known. */
  readonly preemption: string;
}

/** The running kernel. */
export const kernelIdentity = fact({
  id: 'kernel.identity',
  reads: [
    '/proc/sys/kernel/osrelease',
    '/proc/sys/kernel/version',
    '/proc/version',
    '/proc/version_signature',
    '/etc/os-release',
  ],
  limitMs: 1_000,
  read: async ({ machine }): Promise<KernelFact> => {
    const os = readOsRelease(machine);
    // A captured machine may have /proc/version alone: "Linux version RELEASE (builder) (compiler) BUILD".
    const version = line(machine, 'proc/version') ?? '';
    const saved = parseUname((await savedOutput(machine, ['uname', '-a'], ['uname', '-r'], ['uname'])) ?? '');
    const release =
      line(machine, 'proc/sys/kernel/osrelease') ??
      /^Linux version (\S+)/.exec(version)?.[1] ??
      saved?.release;
    if (!release) throw nothing(machine, 'kernel release in /proc');
    const build =
      line(machine, 'proc/sys/kernel/version') ?? /#\d.*$/.exec(version)?.[0] ?? saved?.build ?? '';
    const signature = line(machine, 'proc/version_signature') ?? '';
    const preemption = /PREEMPT(?:_\w+)?/.exec(build)?.[0].replace('PREEMPT RT', 'PREEMPT_RT');
    return {
      ...identifyKernel({ release, build, signature, os: os.id }),
      os,
      preemption: preemption ?? (build === '' ? '' : 'voluntary or none'),
    };
  },
});

/** The hardware by its DMI table, and the virtual machine that it is, if any. */
export interface Hardware {
  readonly vendor: string;
  readonly product: string;
  readonly biosVersion: string;
  /** As the firmware writes it: MM/DD/YYYY. */
  readonly biosDate: string;
  /** "kvm", "vmware", "microsoft", "xen", "amazon", "google" …; "none" on bare metal; empty where that cannot be told. */
  readonly virtualisation: string;
}

/** Values that vendors leave unfilled. */
const UNFILLED =
  /^(?:to be filled by o\.?e\.?m\.?|default string|not specified|system (?:product name|manufacturer|version)|none|n\/a|o\.e\.m\.|unknown|0+)$/i;

// By vendor and product of the DMI table, as systemd-detect-virt does; the cloud before the hypervisor under it.
const VIRTUAL: readonly [RegExp, string][] = [
  [/^amazon ec2/i, 'amazon'],
  [/^google( compute engine)?$/i, 'google'],
  [/vmware/i, 'vmware'],
  [/virtualbox|innotek|oracle vm/i, 'oracle'],
  [/microsoft corporation virtual machine/i, 'microsoft'],
  [/\bxen\b/i, 'xen'],
  [/bochs|bhyve/i, 'other'],
  [
    /qemu|\bkvm\b|openstack|rhev|ovirt|nutanix|digitalocean|hetzner vserver|alibaba cloud|tencent cloud|scaleway/i,
    'kvm',
  ],
  [/parallels/i, 'parallels'],
];

/** What kind of virtual machine it is by its DMI names and processor flags. */
export function detectVirtualisation(words: {
  vendor: string;
  product: string;
  cpuFlags?: string;
  hypervisor?: string;
}): string {
  const { vendor, product, cpuFlags = '', hypervisor = '' } = words;
  const name = `${vendor} ${product}`.trim();
  // EC2's bare metal has the vendor of its virtual machines and "metal" in the name of the type.
  if (/\.metal/i.test(product)) return 'none';
  const guest = /(?:^|\s)hypervisor(?:\s|$)/.test(cpuFlags);
  const found = VIRTUAL.find(([pattern]) => pattern.test(name) || pattern.test(vendor))?.[1];
  // Google and Microsoft sell hardware too: a guest is one whose processor says so.
  if (found && (guest || cpuFlags === '' || !/google|microsoft/.test(found))) return found;
  if (hypervisor !== '') return /xen/i.test(hypervisor) ? 'xen' : 'other';
  if (guest) return 'other';
  return cpuFlags === '' && name === '' ? '' : 'none';
}

/** The hardware. */
export const hardware = fact({
  id: 'kernel.hardware',
  reads: ['/sys/class/dmi/id', '/proc/cpuinfo', '/sys/hypervisor/type'],
  limitMs: 1_000,
  read: async ({ machine }): Promise<Hardware> => {
    const known = machine.has('sys/class/dmi/id');
    const table = known
      ? undefined
      : await savedOutput(machine, ['dmidecode'], ['dmidecode', '-t', 'system']);
    const dmi = (name: string, section: string, words: string) => {
      const value = line(machine, `sys/class/dmi/id/${name}`) ?? dmiValue(`\n${table ?? ''}`, section, words);
      return UNFILLED.test(value) ? '' : value;
    };
    const vendor = dmi('sys_vendor', 'System Information', 'Manufacturer');
    const product = dmi('product_name', 'System Information', 'Product Name');
    const cpuFlags = /^flags\s*:(.*)$/m.exec(machine.text('proc/cpuinfo')?.slice(0, 16_384) ?? '')?.[1] ?? '';
    const hypervisor = line(machine, 'sys/hypervisor/type') ?? '';
    return {
      vendor,
      product,
      biosVersion: dmi('bios_version', 'BIOS Information', 'Version'),
      biosDate: dmi('bios_date', 'BIOS Information', 'Release Date'),
      virtualisation: detectVirtualisation({ vendor, product, cpuFlags, hypervisor }),
    };
  },
});
