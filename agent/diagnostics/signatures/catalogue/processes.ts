/** Processes that crash, the audit log, virtual machines. Sources: mm, fs/coredump.c, kernel/audit.c, virt. */

import { group } from '../signature.ts';

/** Processes that crash. */
export const PROCESSES = group(
  {
    family: 'segfault',
    severity: 'info',
    about: 'A program crashed. That is its own defect, or bad memory where many different ones do.',
    remedy: {
      text: 'Look at its log and core dump (coredumpctl); where many programs crash, test the memory.',
      risk: 'none',
    },
  },
  [
    {
      name: 'segfault',
      title: 'A program crashed',
      lines: [
        '{*}[{n}]: segfault at {x} ip {x} sp {x}',
        '{*}[{n}]: segfault ({n}) at {x} nip',
        '^segfault at {x} ip {x} sp {x} error {x}',
        'traps: {*}[{n}] general protection {fault |}ip:{x} sp:{x}',
        'traps: {*}[{n}] trap {invalid opcode|divide error|int3|stack segment|bounds|alignment check} ip:{x}',
        '{*}[{n}] general protection fault ip:{x} sp:{x}',
        '{*}[{n}]: unhandled {*}{translation fault|exception}',
        '{*}[{n}]: unhandled signal {n} code {x} at {x}',
        '{*}[{n}]: bad frame in {*}',
        'potentially unexpected fatal signal {n}.',
        'potentially unexpected fatal signal {n}',
        '{*}[{n}]: undefined instruction: pc={x}',
        "process '{*}' started with executable stack",
        '{*}[{n}]: segfault at {x} ip {x}',
        'traps: {*}[{n}] {general protection|trap} ',
        '{*}[{n}]: segfault at {x}',
        'User process fault: interruption code {x}',
        '{*}[{n}] control protection ip:{x} sp:{x}',
        '^{*}: unhandled page fault ({n}) at {x}',
        'Alignment trap: not handling instruction',
        'umip: {*}[{n}] ip:{x} sp:{x}: {w} instruction cannot be used',
      ],
      except: ['started with executable stack'],
    },
    {
      name: 'coredump-failed',
      title: 'The core dump of a program could not be written',
      lines: [
        'Core dump to {*} pipe failed',
        'Core dump to |{*} pipe failed',
        'Pid {n}({*}) over core_pipe_limit',
        'Skipping core dump',
        'coredump: {n}({*}): {coredump has not been created|Core dump|core_pattern|over core_pipe_limit|aborting}',
        'Core dump to {*} aborted',
      ],
    },
  ],
);

/** What the first process says of itself and of a start that did not come through, where it writes into the kernel's log. */
export const INIT = group(
  {
    family: 'filesystem',
    severity: 'warning',
    about:
      'A file system that the machine is to have was not mounted, or its device did not appear; services that need it were not started.',
    remedy: {
      text: 'Look at the unit that is named (systemctl status), at /etc/fstab, and whether the disk behind it is there.',
      risk: 'none',
    },
  },
  [
    {
      name: 'init-died',
      family: 'segfault',
      severity: 'critical',
      title: 'The first process has crashed',
      about:
        'systemd starts and ends nothing any more and does not reap what ends; the machine runs on until somebody restarts it.',
      remedy: {
        text: 'Sync the disks and restart the machine; test its memory, and update systemd.',
        risk: 'reboot',
      },
      lines: ['systemd[1]: Freezing execution', 'systemd[1]: Caught <'],
    },
    {
      name: 'initramfs-damaged',
      title: 'The initramfs could not be unpacked in full',
      about:
        'Its archive is damaged, or the memory was too small for it; drivers and programs of the start may be missing.',
      remedy: {
        text: 'Make it anew (update-initramfs -u, dracut -f), and look at the space on /boot and at the memory.',
        risk: 'none',
      },
      // That decoding failed, or of a wrong beginning, is said of archives that are sound.
      lines: [
        'Initramfs unpacking failed: {write error|incomplete write|no cpio magic|broken padding|junk within|compression method|out of memory}',
        'Initramfs unpacking failed: {*}data is corrupt',
      ],
    },
    {
      name: 'init-mount',
      title: 'A file system was not mounted when the machine started',
      lines: [
        'systemd[1]: Failed to mount ',
        'systemd[1]: Timed out waiting for device ',
        'systemd[1]: Dependency failed for {Local File Systems|local-fs.target|Remote File Systems|remote-fs.target|Initrd Root}',
        'systemd[1]: {*}Mount process exited, code={exited|killed}, status=',
        'systemd[1]: Started {*}Emergency Shell',
        'dracut-initqueue timeout - starting timeout scripts',
        'You are in emergency mode. After logging in',
      ],
    },
  ],
);

/** The audit log. */
export const AUDIT = group(
  {
    family: 'audit',
    severity: 'warning',
    about: 'Records of the audit system were lost, since they came faster than they could be written.',
    remedy: {
      text: 'Raise the backlog (auditctl -b; audit_backlog_limit= on the command line), or record less.',
      risk: 'none',
    },
  },
  [
    {
      name: 'log-lost',
      severity: 'info',
      title: 'Messages of the kernel were lost',
      about:
        'More was logged than the console, the ring buffer or the journal could take: what is missing is not known.',
      remedy: {
        text: 'Find what logs so much; raise log_buf_len=, or lower the level of a slow serial console (loglevel=).',
        risk: 'none',
      },
      lines: [
        'printk: {n} messages dropped',
        '** {n} printk messages dropped **',
        'systemd-journald[{n}]: /dev/kmsg buffer overrun, some messages lost.',
        'systemd-journald[{n}]: Missed {n} kernel messages',
      ],
    },
    {
      name: 'seccomp-killed',
      severity: 'info',
      device: 'process',
      title: 'A program was ended for a system call that its filter forbids',
      about:
        'Its own sandbox, or that of its service or container, does not know the call: often a library or a kernel that is newer than the filter.',
      remedy: {
        text: 'Look the number at syscall= up (ausyscall), and update the program or its filter (SystemCallFilter=, the seccomp profile).',
        risk: 'none',
      },
      lines: ['type=1326 audit({*} comm="{dev}" {*}sig={31|9} '],
    },
    {
      name: 'audit-overflow',
      title: 'Audit records are being lost',
      lines: [
        'audit: backlog limit exceeded',
        'audit: audit_backlog={n} > audit_backlog_limit={n}',
        'audit: audit_lost={n} audit_rate_limit={n} audit_backlog_limit={n}',
        'audit: kauditd hold queue overflow',
        'audit: kauditd retry queue overflow',
        'audit: rate limit exceeded',
        'audit: {*}queue overflow',
        'perf: interrupt took too long ({n} > {n}), lowering kernel.perf_event_max_sample_rate',
      ],
      except: ['perf: interrupt took'],
    },
  ],
);

/** Hypervisors and their guests. */
export const VIRTUAL = group(
  {
    family: 'virtualisation',
    severity: 'warning',
    about: 'Something between this kernel and its hypervisor, or between it and its guests, went wrong.',
    remedy: { text: 'Look at the host and at the version of the hypervisor.', risk: 'none' },
  },
  [
    {
      name: 'kvm-error',
      title: 'KVM met an error in a guest',
      lines: [
        'kvm [{n}]: {*}Guest access before enabled',
        'kvm_set_msr_common: {*}MSR',
        'KVM: entry failed, hardware error {x}',
        'KVM internal error. Suberror: {n}',
        'kvm [{n}]: {*}unexpected exit reason {x}',
        'KVM: FAILED VMRUN WITH VMCB',
        '{VMCS|VMCB} {x}, last attempted {VM-entry|VMRUN} on CPU {n}',
        'dump_invalid_{vmcs|vmcb}=1 to dump internal KVM state',
        'vmwrite error: reg {x} value {x}',
        'vcpu restore failed for cpu={n} err={n}',
        'kvm: {*}emulation failed',
        'kvm_intel: {*}VMX outside TXT disabled',
        'kvm: disabled by bios',
        'kvm: {*}disabled by BIOS',
        '*** Guest State ***',
        'kvm_amd: {*}SEV: failed',
        'vhost-{n}: {*}fault',
        'vmbus_{w}: {*}failed',
        'hv_vmbus: {*}timed out',
        'hv_vmbus: {*}probe failed',
        'hv_utils: {*}TimeSync {*}failed',
        'hv_balloon: {*}failed',
        'vmw_balloon: {*}failed',
        'VMware vmxnet3 {*}hang',
        'xen:balloon: {*}Cannot add additional memory',
        'xen:balloon: {*}failed',
        'xenbus_probe_frontend: Waiting for devices to initialise',
        'xen_netfront: {*}failed',
        'xenwatch: {*}failed',
        'virtio_balloon {*}: Out of puff!',
        'virtio{n}: id {n} is not a head!',
        'virtio_{w} {dev}: {*}id {n} is not a head!',
        'virtio_{w} {*}: {*}output:id {n} is not a head!',
        'clocksource: {*}kvm-clock{*}unstable',
        'hv_balloon: {*}hot_add memory failed',
        'Memory hot add failed',
        'hv_vmbus: {*}probe failed for device',
        'kvm [{n}]: nVHE hyp BUG at',
        'kvm: nVHE hyp panic at',
        'kvm [{n}]: Invalid host exception to nVHE hyp',
      ],
      except: [
        'disabled by bios',
        'disabled by BIOS',
        'TXT disabled',
        'kvm_set_msr_common',
        'Guest access before enabled',
      ],
    },
  ],
);
