/** The kernel has met a state that must not be: oops, BUG, warning, panic. Sources: arch/{x86,arm64}/mm/fault.c, kernel/panic.c, lib/bug.c. */

import { group, type Signature } from '../signature.ts';

const CAPTURE =
  'Keep the whole trace (nodectl dmesg; nodectl diag bundle), look the function at RIP or pc up in the kernel’s bug tracker, and boot a ' +
  'newer kernel of the same series; reboot soon, since the kernel goes on with locks and memory in an unknown state.';
const OOPS_LINK = 'https://docs.kernel.org/admin-guide/bug-hunting.html';

const PANICS = group(
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
        'Kernel panic - not syncing: VFS: Unable to mount root fs',
        'Kernel panic - not syncing: No working init found',
        'Kernel panic - not syncing: Requested init {*} failed',
        'VFS: Cannot open root device {*}',
      ],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic-init-killed',
      title: 'The kernel panicked: the first process has ended',
      lines: [
        'Kernel panic - not syncing: Attempted to kill init!',
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
      lines: ['Kernel panic - not syncing', 'Kernel panic: {*}'],
      except: ['---[ end Kernel panic'],
    },
    {
      name: 'panic-end',
      title: 'The kernel stopped after a panic',
      lines: ['---[ end Kernel panic - not syncing', '^Rebooting in {n} seconds..'],
      explains: [],
    },
  ],
);

const OOPSES = group(
  {
    family: 'oops',
    severity: 'critical',
    about:
      'The kernel used memory that it must not, or an instruction that it cannot run, and killed the task that was running. Locks ' +
      'that the task held are never released, so more may hang later.',
    remedy: { text: CAPTURE, risk: 'reboot' },
    links: [OOPS_LINK],
    explains: ['kernel-log.oops-die', 'kernel.tainted*'],
  },
  [
    {
      name: 'oops-page-fault',
      title: 'The kernel crashed on a bad memory access',
      lines: [
        'BUG: unable to handle page fault for address: {x}',
        'BUG: unable to handle kernel paging request at {x}',
        'BUG: unable to handle kernel {*}at {x}',
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
      ],
      except: ['NULL pointer dereference'],
    },
    {
      name: 'oops-null',
      title: 'The kernel crashed on a null pointer',
      lines: [
        'BUG: kernel NULL pointer dereference, address: {x}',
        'kernel NULL pointer dereference at {x}',
        'Unable to handle kernel NULL pointer dereference',
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
        'general protection fault, {probably|maybe|kernel} {*}0x',
        'divide error: {x} [#{n}]',
        'invalid opcode: {x} [#{n}]',
        'stack segment: {x} [#{n}]',
        'segment not present: {x} [#{n}]',
        'alignment check: {x} [#{n}]',
        'invalid TSS: {x} [#{n}]',
        'bounds: {x} [#{n}]',
        'coprocessor segment overrun: {x} [#{n}]',
        'control protection fault: {x} [#{n}]',
        'traps: PANIC: double fault',
        'double fault: {x} [#{n}]',
        'Bad mode in {*} handler detected',
        'Missing ENDBR: {*}',
        'CFI failure at {*}',
        'SError Interrupt on CPU{n}, code {x}',
        'Unhandled exception in kernel mode',
        'kernel stack overflow {*}',
        'Insufficient stack space to handle exception!',
        'Kernel stack overflow in process',
        'BUG: stack guard page was hit at',
        'BUG: {TASK|IRQ|#DF|NMI|#MC|DF|EXCEPTION|ENTRY|unknown} stack guard page was hit at',
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
      ],
      except: ['Internal error: Oops - BUG: '],
    },
  ],
);

const BUGS = group(
  {
    family: 'bug',
    severity: 'critical',
    about: 'The kernel found a contradiction in its own state. What it was about to do has been broken off.',
    remedy: { text: CAPTURE, risk: 'reboot' },
    links: [OOPS_LINK],
    explains: ['kernel-log.oops-die', 'kernel-log.oops-protection'],
  },
  [
    {
      name: 'kernel-bug',
      title: 'The kernel stopped at a failed assertion',
      lines: [
        'kernel BUG at {*}!',
        'kernel BUG at {*}:{n}',
        'Kernel BUG at {*}',
        'Kernel BUG [#{n}]',
        'Internal error: Oops - BUG: {x} [#{n}]',
      ],
    },
    {
      name: 'bug-bad-page',
      family: 'bug',
      title: 'The state of a page of memory is wrong',
      about:
        'A page’s own record was overwritten: by bad memory, or by a driver that writes where it must not.',
      remedy: {
        text: 'Look for corrected memory errors (nodectl diag memory), test the memory, and boot a newer kernel if it comes again.',
        risk: 'reboot',
      },
      lines: [
        'BUG: Bad page state in process {w}',
        'BUG: Bad page map in process {w}',
        'BUG: Bad page cache in process {w}',
        'BUG: Bad rss-counter state mm:',
        'BUG: non-zero pgtables_bytes on freeing mm:',
        'swap_info_get: Bad swap file entry {x}',
        'get_swap_device: Bad swap file entry {x}',
        'swap_free: Unused swap {offset|file} entry {x}',
        'BUG: Bad page state: {n} messages suppressed',
      ],
    },
    {
      name: 'bug-atomic',
      severity: 'warning',
      title: 'The kernel slept where it must not',
      lines: [
        'BUG: scheduling while atomic: {*}',
        'BUG: sleeping function called from invalid context at',
        'BUG: using {smp_processor_id()|__this_cpu_} in preemptible',
        'BUG: using {*} in preemptible [{x}] code',
        'bad: scheduling from the idle thread!',
        'BUG: workqueue leaked {lock or atomic|atomic, lock or RCU}: {*}',
        'BUG: spinlock {*} on CPU#{n}',
        'BUG: rwlock {*} on CPU#{n}',
      ],
    },
    {
      name: 'bug-sanitizer',
      title: 'A sanitizer of the kernel found a bad memory access',
      lines: [
        'BUG: KASAN: {*}',
        'BUG: KFENCE: {*}',
        'BUG: KCSAN: {*}',
        'BUG: KMSAN: {*}',
        'UBSAN: {*} in {*}:{n}',
      ],
      severity: 'warning',
    },
    {
      name: 'bug-slab',
      title: 'Memory of the kernel is corrupt',
      about: 'An object of the kernel was written to after it was freed, or beyond its end.',
      lines: [
        '^BUG {w} (Not tainted): {*}',
        '^BUG {w} (Tainted: {*}): {*}',
        'kmem_cache_destroy {w}: Slab cache still has objects',
        'list_{add|del} corruption{.|,}',
        'slab error in {*}: cache `{*}',
        'slab: double free detected in cache',
        'Single bit error detected. Probably bad RAM.',
        'usercopy: Kernel memory {exposure|overwrite} attempt detected',
        'Slab corruption{*} start={x}',
        'refcount_t: {*}; use-after-free',
        'refcount_t: {underflow|saturated|addition on 0}',
        'Corrupted page table at address {x}',
        'stack-protector: Kernel stack is corrupted in',
      ],
    },
    {
      name: 'bug-locking',
      severity: 'warning',
      title: 'The kernel may lock itself up',
      about:
        'The lock checker saw an order of locks that can end in a deadlock. Kernels for production do not have it.',
      lines: [
        'WARNING: possible circular locking dependency detected',
        'WARNING: possible recursive locking detected',
        'WARNING: possible irq lock inversion dependency detected',
        'WARNING: inconsistent lock state',
        'WARNING: bad unlock balance detected!',
        'WARNING: suspicious RCU usage',
        'WARNING: lock held when returning to user space!',
        'WARNING: {SOFTIRQ|HARDIRQ}-safe -> {SOFTIRQ|HARDIRQ}-unsafe lock order detected',
        'INFO: possible circular locking dependency detected',
        'INFO: possible recursive locking detected',
        'INFO: inconsistent lock state',
        'BUG: MAX_{*} too low!',
        'DEBUG_LOCKS_WARN_ON({*})',
      ],
    },
    {
      name: 'bug',
      title: 'The kernel reports a bug of its own',
      lines: ['^BUG: {*}'],
      except: ['BUG: soft lockup', 'BUG: workqueue lockup', 'BUG: Bad page state: {n} messages'],
    },
  ],
);

const WARNINGS = group(
  {
    family: 'warn',
    severity: 'warning',
    about:
      'The kernel came upon something that its authors held to be impossible, and went on. The trace says where.',
    remedy: {
      text: 'Look up the function and the file that the line names; if the node works, it can wait for the next kernel of its series.',
      risk: 'none',
    },
    links: [OOPS_LINK],
    explains: ['kernel.tainted*'],
  },
  [
    {
      name: 'warning',
      title: 'The kernel warned about an unexpected state',
      lines: [
        'WARNING: CPU: {n} PID: {n} at {*}',
        'WARNING: {*} at {w}+{x}/{x}{*}, CPU#{n}: {*}',
        'WARNING: [{*}] {w}:{n} at {*}, CPU#{n}',
        'WARNING: at {w}:{n} {w}',
        'irq {n}: nobody cared (try booting with the "irqpoll" option)',
        'Disabling IRQ #{n}',
        'do_IRQ: {n}.{n} No irq handler for vector',
        'No irq handler for vector',
      ],
    },
  ],
);

/** Oops, BUG, warning, panic. Panics come first: their line repeats what led to them. */
export const CRASHES: readonly Signature[] = [...PANICS, ...OOPSES, ...BUGS, ...WARNINGS];
