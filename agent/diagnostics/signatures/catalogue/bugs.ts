/** Bugs that the kernel finds in itself, and its warnings. Sources: lib/bug.c, mm, kernel/{sched,locking}, lib/{kasan,ubsan}. */

import { group } from '../signature.ts';
import { CAPTURE, OOPS_LINK } from './crashes.ts';

/** Bugs. */
export const BUGS = group(
  {
    family: 'bug',
    severity: 'critical',
    about: 'The kernel found a contradiction in its own state. What it was about to do has been broken off.',
    remedy: { text: CAPTURE, risk: 'reboot' },
    links: [OOPS_LINK],
    explains: ['kernel-log.oops-die', 'kernel-log.oops-protection', 'kernel.died-before', 'kernel.warned'],
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
      name: 'bug-processor-lost',
      family: 'bug',
      title: 'A processor does not start or does not stop',
      about:
        'The kernel waited in vain for a processor that it had told to come up or to go down. It has fewer of them now, or is about to hang.',
      remedy: {
        text: 'Update the board’s firmware; restart the node when it can be spared.',
        risk: 'reboot',
      },
      lines: [
        "smpboot: CPU {cpu} didn't die",
        'smpboot: CPU{cpu} is stuck in {w}',
        'smpboot: do_boot_cpu failed({n}) to wakeup CPU#{cpu}',
        "CPU{cpu}: {cpu didn't die|died during early boot|failed to come online|is stuck in kernel|may not have shut down cleanly}",
        'CPU{cpu} failed to {die|report alive state}',
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
        'page dumped because: {*}',
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
        'KASAN: {null-ptr-deref|maybe wild-memory-access|probably user-memory-access} in range [',
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
      lines: ['^BUG: {*}', 'Thread overran stack, or stack corrupted'],
      except: ['BUG: soft lockup', 'BUG: workqueue lockup', 'BUG: Bad page state: {n} messages'],
    },
  ],
);

/** Warnings with a trace. */
export const WARNINGS = group(
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
    explains: ['kernel.warned'],
  },
  [
    {
      name: 'warning',
      title: 'The kernel warned about an unexpected state',
      lines: [
        'WARNING: CPU: {n} PID: {n} at {*}',
        'WARNING: {*} at {w}+{x}/{x}{*}, CPU#{n}: {*}',
        'WARNING: [{*}] {w}:{n} at {*}, CPU#{n}',
        'WARNING: at {w}:{n}',
        'irq {n}: nobody cared (try booting with the "irqpoll" option)',
        'Disabling IRQ #{n}',
        'do_IRQ: {n}.{n} No irq handler for vector',
        'No irq handler for vector',
      ],
    },
  ],
);
