/** Processors that hold up the kernel's reclaim of memory (RCU). Sources: kernel/rcu/tree_stall.h, kernel/rcu/tree_exp.h, kernel/rcu/tasks.h. */

import { group } from '../signature.ts';

const RCU_LINK = 'https://docs.kernel.org/RCU/stallwarn.html';

/** Stalls, and what the kernel says of them. */
export const RCU_STALLS = group(
  {
    family: 'rcu-stall',
    severity: 'warning',
    device: 'cpu',
    about:
      'A processor did not pass a quiet state for more than 20 seconds (read-copy-update, RCU), so what waits for that hangs, and memory that is to be freed behind it is not.',
    remedy: {
      text: 'Look at the trace of the processor that the next lines name; on a virtual machine look at its host and steal time first.',
      risk: 'reboot',
    },
    links: [RCU_LINK],
    explains: ['kernel-log.rcu-stall-detail', 'kernel-log.rcu-stall-report'],
  },
  [
    {
      name: 'rcu-stall',
      title: 'A processor stalls RCU',
      lines: [
        'INFO: {w} self-detected stall on CPU {lb} {cpu}',
        'INFO: {w} self-detected stall on CPU',
        'INFO: {w} detected stalls on CPUs/tasks: {lb} {cpu}',
        'INFO: {w} detected stalls on CPUs/tasks: {lb}{cpu}',
        'INFO: {w} detected stalls on CPUs/tasks',
        'INFO: {w} detected expedited stalls',
        'INFO: {w} detected stall, but suppressed',
        'INFO: rcu_tasks detected stalls on tasks',
        'INFO: rcu_tasks_{w} detected stalls on',
        'INFO: {w} detected stall on CPU {cpu}',
        'INFO: {w} detected stalls',
      ],
    },
    {
      name: 'rcu-stall-detail',
      severity: 'warning',
      title: 'A thread of RCU does not run',
      lines: [
        '{w} kthread starved for {n} jiffies!',
        "{w} kthread timer wakeup didn't happen",
        'INFO: Stall ended {before|during} ',
        'Unless {w} kthread gets sufficient CPU time',
        'All QSes seen, last {w} kthread activity {n}',
        'Possible timer handling issue on cpu={cpu} timer-softirq=',
        'rcu_tasks{|_rude|_trace} grace period number {n} (since boot)',
        'All QSes seen, last {w} kthread activity',
        'RCU GP kthread last ran on offline CPU',
        'Offline CPU {cpu} blocking current GP',
        '{w} grace-period kthread, OOM is now expected',
        'Kicking {w} grace-period kthread',
        'INFO: rcu_tasks_trace detected stalls?',
        'IPI outstanding to CPU {cpu}',
      ],
    },
    {
      name: 'rcu-stall-report',
      severity: 'info',
      title: 'The kernel described what stalls RCU',
      lines: [
        '^{|rcu: }{cpu}-{w}: ({n} {ticks this GP|GPs behind}) idle=',
        '({n} {ticks this GP|GPs behind}) idle=',
        '(detected by {n}, t={n} jiffies, g=',
        '(t={n} jiffies g=',
        'blocking rcu_node structures',
        'Tasks blocked on level-{n} rcu_node',
        'RCU grace-period kthread stack dump:',
        'Stack dump where RCU GP kthread last ran',
        '({n} {ticks this GP|GPs behind})',
      ],
      explains: [],
    },
  ],
);
