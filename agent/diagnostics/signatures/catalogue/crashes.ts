/** Panics and oopses. Sources: kernel/panic.c, and kernel/{traps,dumpstack}.c and mm/fault.c of the architectures. */

import { group } from '../signature.ts';

/** What to do about a kernel that crashed. */
export const CAPTURE =
  'Keep the whole trace (nodectl dmesg; nodectl diag bundle), look the function at RIP or pc up in the kernel’s bug tracker, and boot a ' +
  'newer kernel of the same series; reboot soon, since the kernel goes on with locks and memory in an unknown state.';

/** How to read an oops. */
export const OOPS_LINK = 'https://docs.kernel.org/admin-guide/bug-hunting.html';

/** Panics. */
export const PANICS = group(
  {
    family: 'panic',
    severity: 'critical',
    about: 'The kernel has stopped for good; nothing on the node runs until it is restarted.',
    remedy: {
      text: 'Restart the node, keep what pstore or the console has of it, and look up the reason that stands behind “not syncing”.',
      risk: 'reboot',
    },
    links: ['https://docs.kernel.org/admin-guide/kdump/kdump.html'],
    explains: ['kernel-log.panic-end', 'kernel-log.oops*', 'kernel-log.kernel-bug'],
  },
  [
    {
      name: 'panic-no-root',
      title: 'The kernel panicked: it could not mount its root file system',
      about:
        'The boot ended because the root device or its driver was not found, or init could not be started.',
      remedy: {
        text: 'Check root= on the command line and that the initramfs has the driver of the disk; boot the image before.',
        risk: 'reboot',
      },
      lines: [
        'Kernel {p|P}anic - not syncing: VFS: Unable to mount root fs',
        'Kernel panic - not syncing: No working init found',
        'Kernel panic - not syncing: Requested init {*} failed',
        'VFS: Cannot open root device {*}',
        'Failed to execute {w} (error {n})',
        'Kernel panic - not syncing: {*}unable to mount root',
      ],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic-init-killed',
      title: 'The kernel panicked: the first process has ended',
      lines: [
        'Kernel {p|P}anic - not syncing: Attempted to kill init!',
        'Kernel panic - not syncing: Attempted to kill the idle task!',
      ],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic-machine-check',
      title: 'The kernel panicked: the hardware reported an error that cannot be corrected',
      remedy: {
        text: 'Read the machine-check lines before it (processor, bank, address) and have that part checked or replaced.',
        risk: 'reboot',
      },
      lines: [
        'Kernel panic - not syncing: {Fatal |}{M|m}achine check',
        'Kernel panic - not syncing: Timeout: Not all CPUs entered broadcast exception handler',
        'Kernel panic - not syncing: Fatal {local |}machine check',
        'Kernel panic - not syncing: Fatal hardware error',
        'Kernel panic - not syncing: NMI IOCK error',
        'Kernel panic - not syncing: NMI: Not continuing',
        'Kernel panic - not syncing: Asynchronous SError Interrupt',
        'Kernel panic - not syncing: GHES: Fatal hardware error',
      ],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic-lockup',
      title: 'The kernel panicked because a task or processor hung, as it is configured to',
      lines: [
        'Kernel panic - not syncing: hung_task: blocked tasks',
        'Kernel panic - not syncing: softlockup: hung tasks',
        'Kernel panic - not syncing: Hard LOCKUP',
        'Kernel panic - not syncing: Watchdog detected hard LOCKUP',
        'Kernel panic - not syncing: RCU Stall',
      ],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic-oom',
      title: 'The kernel panicked because memory ran out',
      remedy: {
        text: 'Find what took the memory in the table of tasks before it; give the node more, or limit the service (MemoryMax=).',
        risk: 'restart',
      },
      lines: [
        'Kernel panic - not syncing: Out of memory',
        'Kernel panic - not syncing: out of memory',
        'Kernel panic - not syncing: System is deadlocked on memory',
      ],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic',
      title: 'The kernel panicked',
      lines: ['Kernel {p|P}anic - not syncing', 'Kernel panic: {*}'],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'crash-dump-missing',
      severity: 'info',
      title: 'The kernel has no memory set aside for a dump of its next crash',
      about: 'What crashkernel= asks for could not be had, so a panic leaves no dump behind.',
      remedy: { text: 'Ask for less, or for it above 4 GB (crashkernel=256M,high).', risk: 'reboot' },
      explains: [],
      lines: ['crashkernel reservation failed', 'cannot allocate crashkernel'],
    },
    {
      name: 'panic-end',
      title: 'The kernel stopped after a panic',
      lines: ['---[ end Kernel panic - not syncing', '^Rebooting in {n} seconds..'],
      explains: [],
    },
  ],
);

/** Oopses. */
export const OOPSES = group(
  {
    family: 'oops',
    severity: 'critical',
    about:
      'The kernel used memory that it must not, or an instruction that it cannot run, and killed the task that was running. Locks ' +
      'that the task held are never released, so more may hang later.',
    remedy: { text: CAPTURE, risk: 'reboot' },
    links: [OOPS_LINK],
    explains: ['kernel-log.oops-die', 'kernel-log.warning', 'kernel.died-before', 'kernel.warned'],
  },
  [
    {
      name: 'oops-page-fault',
      title: 'The kernel crashed on a bad memory access',
      lines: [
        'BUG: unable to handle page fault for address: {x}',
        'BUG: unable to handle kernel paging request at {x}',
        'BUG: unable to handle kernel {*}at {x}',
        'BUG: unable to handle kernel {*}at virtual address {x}',
        'BUG: unable to handle page fault for address',
        'Unable to handle kernel paging request {at|for}',
        'Unable to handle kernel access to user memory outside uaccess routines at',
        'Unable to handle kernel read from unreadable memory at virtual address',
        'Unable to handle kernel write to read-only memory at virtual address',
        'Unable to handle kernel execution of {user|non-executable} memory at virtual address',
        'Unable to handle kernel execute from non-executable memory at virtual address',
        'Unable to handle kernel pointer dereference in virtual kernel address space',
        'Unable to handle kernel {instruction fetch|data access} {|on write |on read }at',
        'BUG: Unable to handle kernel {*}at 0x',
        'Kernel attempted to {read|write|execute} user page ({x}) - exploit attempt?',
        'kernel tried to execute {NX-protected|exec-protected} page - exploit attempt?',
        'unable to execute userspace code (SMEP?)',
        'supervisor access of user address {*} from kernel',
        'Fault in {home|primary|secondary|supervisor|user} space mode while using kernel ASCE',
        'Bug: {Read |Write |Exec |}fault blocked by {KUAP|AP}',
        '^Unable to handle kernel ',
        'BUG: unable to handle kernel paging',
        'Fault in {home|primary|secondary|access register} space mode while using {kernel|user} ASCE',
      ],
      except: ['NULL pointer dereference', 'kernel NULL'],
    },
    {
      name: 'oops-abort-info',
      severity: 'info',
      title: 'The kernel described a bad memory access',
      lines: [
        'Mem abort info:$',
        'Data abort info:$',
        'Faulting instruction address: {x}',
        'Failing address: {x} TEID',
        '#PF: {supervisor|user} {read access|write access|instruction fetch} in {kernel|user} mode',
        '#PF: error_code({x})',
        'probably dereferencing non-canonical address',
        'kasan: GPF could be caused by NULL-ptr deref',
        '[{x}] address between user and kernel address ranges',
      ],
      explains: [],
    },
    {
      name: 'oops-null',
      title: 'The kernel crashed on a null pointer',
      lines: [
        'BUG: kernel NULL pointer dereference, address: {x}',
        'kernel NULL pointer dereference at {x}',
        'Unable to handle kernel NULL',
        'BUG: unable to handle kernel NULL pointer dereference',
        'BUG: kernel NULL pointer dereference',
        'BUG: Kernel NULL pointer dereference',
      ],
    },
    {
      name: 'oops-protection',
      title: 'The kernel crashed on a processor exception',
      lines: [
        'general protection fault{*} [#{n}]',
        'general protection fault, {probably|maybe|kernel}',
        'divide error: {x} [#{n}]',
        'divide_error: {x} [#{n}]',
        'invalid opcode: {x} [#{n}]',
        'stack segment: {x} [#{n}]',
        'segment not present: {x} [#{n}]',
        'alignment check: {x} [#{n}]',
        'invalid TSS: {x} [#{n}]',
        'bounds: {x} [#{n}]',
        'coprocessor segment overrun: {x} [#{n}]',
        'control protection fault: {x} [#{n}]',
        'PANIC: double fault',
        'double fault: {x} [#{n}]',
        'Bad mode in {*} handler detected',
        'Unhandled fault: {*} ({x}) at {x}',
        'Missing ENDBR: {*}',
        'CFI failure at {*}',
        'SError Interrupt on CPU{cpu}, code {x}',
        'Unhandled exception in kernel mode',
        'kernel stack overflow {*}',
        'Overflow stack: [{x}',
        'Insufficient stack space to handle exception!',
        'Kernel stack overflow in process',
        'has overflown the kernel stack (',
        'do_IRQ: stack overflow: {n}',
        'BUG: stack guard page was hit at',
        'BUG: {TASK|IRQ|#DF|NMI|#MC|DF|EXCEPTION|ENTRY|unknown} stack guard page was hit at',
        'Unhandled fault: {*} ({x}) at',
        'CPU{cpu}: SError: mpidr={x}',
        'CPU{cpu}: SError detected, ',
        'CFI failure ',
      ],
    },
    {
      name: 'oops-die',
      title: 'The kernel oopsed',
      lines: [
        'Oops: {x} [#{n}]',
        'Oops: {*} [#{n}]',
        'Oops [#{n}]',
        'Oops[#{n}]:',
        'Internal error: Oops',
        'Internal error: {*} [#{n}]',
        'Fixing recursive fault but reboot is needed!',
        'Kernel access of bad area, sig: {n} [#{n}]',
        'Unable to handle kernel {*} [#{n}]',
        'Fatal exception in interrupt',
        'note: {*} exited with preempt_count {n}',
        'note: {*} exited with irqs disabled',
        'int3: {x} [#{n}]',
        'Unhandled fault at {x}$',
        'Oops - {*} [#{n}]',
        'rust_kernel: panicked at',
        'Oops: {Exception|Kernel}{*}',
        '^Oops: {*}',
        '^Internal error: ',
        'Unexpected kernel {BRK|single-step} exception at EL1',
        '{w}: {x} ilc:{n} [#{n}]',
        'Bad pagetable: {x} [#{n}]',
        'iret exception: {x} [#{n}]',
        'Kernel bug detected[#{n}]',
        'in kernel code[#{n}]',
        'kernel unaligned access[#{n}]',
      ],
      except: ['Internal error: Oops - BUG: '],
    },
  ],
);
