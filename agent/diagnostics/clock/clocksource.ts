/** What the kernel counts time with. */

import { line, type Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** What the kernel counts time with. */
export interface Clocksource {
  /** "tsc", "kvm-clock", "hpet", "acpi_pm", "arch_sys_counter" … */
  readonly current: string;
  /** Those that it could use. The TSC is not among them once the kernel has found it unstable. */
  readonly available: readonly string[];
  /** The hypervisor below, as far as the machine tells: "kvm", "hyperv", "vmware", "xen"; else empty. */
  readonly hypervisor: string;
  /** Whether the processor says that its TSC never stops and always runs at one rate; undefined where that was not looked at. */
  readonly steadyTsc: boolean | undefined;
}

const FOLDER = 'sys/devices/system/clocksource/clocksource0';
/** Clocks that are read without leaving the processor or its guest. */
const FAST = new Set(['tsc', 'kvm-clock', 'arch_sys_counter', 'timebase', 'riscv_clocksource', 'stp']);

/** Whether a clock source is read in tens of nanoseconds, not in microseconds by way of a chip. */
export function isFast(name: string): boolean {
  return FAST.has(name) || name.startsWith('hyperv_clocksource_tsc') || name === 'tsc-early';
}

/** What the kernel counts time with. */
export const clocksource = fact({
  id: 'clock.clocksource',
  reads: [`/${FOLDER}/current_clocksource`, `/${FOLDER}/available_clocksource`, '/proc/cpuinfo'],
  limitMs: 1_000,
  read: ({ machine }): Clocksource => {
    const current = line(machine, `${FOLDER}/current_clocksource`);
    if (current === undefined || current === '') throw nothing(machine, `/${FOLDER}`);
    const available = (line(machine, `${FOLDER}/available_clocksource`) ?? current)
      .split(/\s+/)
      .filter((name) => name !== '');
    return {
      current,
      available,
      hypervisor: hypervisorOf(machine, available),
      // A long file on many processors: it is looked at where it makes a difference.
      steadyTsc: isFast(current) ? undefined : steady(machine),
    };
  },
});

function steady(machine: Machine): boolean | undefined {
  const flags = /^flags\s*:(.*)$/m.exec((machine.text('proc/cpuinfo') ?? '').slice(0, 20_000))?.[1];
  if (flags === undefined) return undefined;
  const words = new Set(flags.split(/\s+/));
  return words.has('constant_tsc') && words.has('nonstop_tsc');
}

function hypervisorOf(machine: Machine, available: readonly string[]): string {
  if (available.includes('kvm-clock')) return 'kvm';
  if (available.some((name) => name.startsWith('hyperv_clocksource'))) return 'hyperv';
  if (available.includes('xen') || line(machine, 'sys/hypervisor/type') === 'xen') return 'xen';
  const maker = `${line(machine, 'sys/class/dmi/id/sys_vendor') ?? ''} ${line(machine, 'sys/class/dmi/id/product_name') ?? ''}`;
  if (/qemu|kvm|google compute|amazon ec2|openstack/i.test(maker)) return 'kvm';
  if (/vmware/i.test(maker)) return 'vmware';
  return /microsoft corporation virtual/i.test(maker) ? 'hyperv' : '';
}
