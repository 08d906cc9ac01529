/** Which check tells the troubles of which families of kernel-log signatures, and in which area. */

import type { Area } from '../check.ts';
import type { Family } from '../signatures/signature.ts';

/** Families that are told by one check. */
export interface LogGroup {
  readonly id: string;
  readonly area: Area;
  readonly title: string;
  readonly about: string;
  readonly families: readonly Family[];
}

/** Every family is in one of them. */
export const LOG_GROUPS: readonly LogGroup[] = [
  {
    id: 'kernel.log-crashes',
    area: 'kernel',
    title: 'Oopses, bugs, panics and warnings in the kernel’s log',
    about:
      'After an oops or a bug the kernel runs on with whatever the dead task held: locks, references, half-written structures.',
    families: ['oops', 'bug', 'warn', 'panic'],
  },
  {
    id: 'kernel.log-hangs',
    area: 'kernel',
    title: 'Hung tasks, lockups and stalls in the kernel’s log',
    about:
      'The kernel watches itself: tasks that are blocked for minutes, processors that do not get out of the kernel, RCU grace periods that do not end, interrupts that nobody knows.',
    families: ['hung-task', 'soft-lockup', 'hard-lockup', 'rcu-stall', 'nmi', 'watchdog'],
  },
  {
    id: 'kernel.log-modules',
    area: 'kernel',
    title: 'Modules and firmware files that the kernel could not load',
    about:
      'A module that is refused, or a firmware file that is missing, leaves a device without its driver, or with a poorer one.',
    families: ['firmware-load', 'module'],
  },
  {
    id: 'kernel.log-processes',
    area: 'kernel',
    title: 'Crashing programs, a full audit log, and virtual machines in the kernel’s log',
    about:
      'The kernel logs programs that access memory which is not theirs, audit records that it had to drop, and what its hypervisor cannot do for a guest.',
    families: ['segfault', 'audit', 'virtualisation'],
  },
  {
    id: 'clock.log-jumps',
    area: 'clock',
    title: 'Clock sources given up, and jumps of the time, in the log',
    about:
      'When the kernel marks the time-stamp counter unstable it reads a slower clock from then on. Time services say when they step the clock.',
    families: ['clocksource', 'time-jump'],
  },
  {
    id: 'nic.log-resets',
    area: 'nic',
    title: 'Interfaces that hang or are reset, in the kernel’s log',
    about:
      'Drivers say when a queue stands still, when they reset an adapter, and what its firmware reports. Packets are lost each time.',
    families: ['netdev-watchdog', 'nic-reset'],
  },
  {
    id: 'nic.log-links',
    area: 'nic',
    title: 'Links that came up slower than they should, or left a bond, in the kernel’s log',
    about:
      'Drivers say when the ends of a cable agreed on less than their full speed, and the bonding driver when a member has no link.',
    families: ['link-flap'],
  },
  {
    id: 'nic.log-network',
    area: 'nic',
    title: 'Full tables, floods, loops and doubled addresses in the kernel’s log',
    about:
      'The network stack says when it has to drop what is well-formed, and when the network is set up wrongly.',
    families: ['conntrack-full', 'neighbour-overflow', 'network-stack'],
  },
  {
    id: 'disk.log-errors',
    area: 'disk',
    title: 'Failed and late requests to disks in the kernel’s log',
    about:
      'Media errors, time-outs, resets and disks that are given up: the log has them before a disk’s own health says anything.',
    families: ['io-error', 'nvme-timeout', 'scsi-timeout', 'ata'],
  },
  {
    id: 'disk.log-arrays',
    area: 'disk',
    title: 'Arrays and mapped devices that lost a member, in the kernel’s log',
    about: 'Software RAID, multipath and thin pools say when a member, a path or the room is lost.',
    families: ['md-degraded', 'device-mapper'],
  },
  {
    id: 'disk.log-file-systems',
    area: 'disk',
    title: 'File systems with errors in the kernel’s log',
    about:
      'A file system that finds damage logs it, and some then stop or become read-only. Servers of network file systems that do not answer are logged too.',
    families: ['ext4', 'xfs', 'btrfs', 'filesystem', 'readonly-remount', 'network-filesystem'],
  },
  {
    id: 'memory.log-errors',
    area: 'memory',
    title: 'Memory and machine check errors in the kernel’s log',
    about:
      'Processors, memory controllers and the firmware report errors of the hardware. Those that were corrected announce others that will not be.',
    families: ['mce', 'edac', 'memory-failure'],
  },
  {
    id: 'memory.log-shortage',
    area: 'memory',
    title: 'Kills and failed requests for want of memory in the kernel’s log',
    about:
      'When memory runs out the kernel ends a process, in the whole machine or in one control group, and says which, and who asked for memory.',
    families: ['oom', 'page-allocation-failure'],
  },
  {
    id: 'system.log-buses',
    area: 'system',
    title: 'Errors of PCI Express, IOMMU, USB and graphics in the kernel’s log',
    about: 'Buses and devices on them report bad signals, lost devices and accesses that were refused.',
    families: ['aer', 'pcie', 'iommu', 'usb', 'gpu'],
  },
  {
    id: 'system.log-heat-power',
    area: 'system',
    title: 'Heat, power and firmware tables in the kernel’s log',
    about:
      'Processors that are slowed down by heat, supplies that fail, and tables of the firmware that are wrong.',
    families: ['thermal', 'power', 'acpi'],
  },
];
