/** Tasks and processors that do not get on. Sources: kernel/hung_task.c, kernel/watchdog*.c, kernel/rcu/tree_stall.h, kernel/workqueue.c. */

import { group, type Signature } from '../signature.ts';

const LOCKUP_LINK = 'https://docs.kernel.org/admin-guide/lockup-watchdogs.html';
const RCU_LINK = 'https://docs.kernel.org/RCU/stallwarn.html';

const HUNG = group(
  {
    family: 'hung-task',
    severity: 'warning',
    about:
      'A task waited in the kernel for minutes without being interruptible: usually for a disk, a network file system or a lock that ' +
      'a crashed task held.',
    remedy: {
      text: 'Look at what its trace waits for (io_schedule: the disk; nfs, ceph: the server; mutex: another task) and at I/O errors before it; only a reboot frees the task.',
      risk: 'reboot',
    },
    links: ['https://docs.kernel.org/admin-guide/sysctl/kernel.html#hung-task-timeout-secs'],
    explains: ['kernel-log.hung-task-blocker', 'system.load-high'],
  },
  [
    {
      name: 'hung-task',
      title: 'A task is blocked in the kernel',
      lines: [
        'INFO: task {*} blocked for more than {n} seconds',
        'INFO: task {*} blocked in I/O wait for more than {n} seconds',
        'INFO: task {*} blocked for',
        "INFO: task {*} can't die for more than",
      ],
    },
    {
      name: 'hung-task-blocker',
      severity: 'info',
      title: 'A blocked task waits for a lock of another task',
      lines: [
        'INFO: task {*} is blocked on a {mutex|semaphore|rw-semaphore|rwsem} {likely owned by|, but} {*}',
        'INFO: task {*} is blocked on {a|an} {*}',
        'Future hung task reports are suppressed',
        '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message',
      ],
    },
  ],
);

const LOCKUPS = group(
  {
    family: 'soft-lockup',
    severity: 'critical',
    device: 'cpu',
    about:
      'A processor ran kernel code for so long that nothing else could run on it. On a virtual machine the host may have taken the ' +
      'processor away; on hardware it is a defect of a driver or a lock that everybody waits for.',
    remedy: {
      text: 'On a virtual machine look at its steal time and its host first; else look up the function in the trace, and boot a newer kernel or firmware.',
      risk: 'reboot',
    },
    links: [LOCKUP_LINK],
    explains: [
      ...['kernel-log.rcu-stall*', 'kernel-log.hung-task', 'kernel-log.clocksource-*'],
      'kernel.soft-lockup-happened',
    ],
  },
  [
    {
      name: 'soft-lockup',
      title: 'A processor is stuck in the kernel',
      lines: [
        'BUG: soft lockup - CPU#{cpu} stuck for {n}s!',
        'BUG: soft lockup detected on CPU#{cpu}',
        'soft lockup - CPU#{cpu} stuck for {n}s',
      ],
    },
    {
      name: 'hard-lockup',
      family: 'hard-lockup',
      title: 'A processor no longer answers interrupts',
      about:
        'A processor did not even take timer interrupts for about ten seconds: a spin lock, a hardware fault or firmware.',
      lines: [
        'watchdog: CPU {cpu} Hard LOCKUP',
        'watchdog: CPU {cpu} {self-detected|detected} hard LOCKUP',
        'Watchdog detected hard LOCKUP on cpu {cpu}',
        'NMI watchdog: Watchdog detected hard LOCKUP on cpu {cpu}',
        'CPU {cpu} detected hard LOCKUP on other CPUs {*}',
        'CPU {cpu} self-detected hard LOCKUP @',
        'Watchdog CPU:{cpu} Hard LOCKUP',
        'Watchdog CPU:{cpu} detected Hard LOCKUP other CPUS:',
      ],
      explains: [
        'kernel-log.soft-lockup',
        'kernel-log.rcu-stall*',
        'kernel-log.hung-task',
        'kernel-log.clocksource-*',
        'kernel.soft-lockup-happened',
      ],
    },
    {
      name: 'csd-lock',
      title: 'A processor does not answer calls of the others',
      severity: 'warning',
      lines: [
        'csd: {|Detected }non-responsive CSD lock ({*}) on CPU#{cpu}',
        'csd: Continued non-responsive CSD lock ({*}) on CPU#{cpu}',
        'csd: CSD lock ({*}) got unstuck on CPU#{cpu}',
        'csd: Re-sending CSD lock ({*}) IPI from CPU#{cpu}',
      ],
    },
    {
      name: 'workqueue-lockup',
      severity: 'warning',
      title: 'Deferred work of the kernel is stuck',
      lines: ['BUG: workqueue lockup - pool cpus={*} stuck for {n}s!', 'BUG: workqueue lockup - pool'],
    },
    {
      name: 'workqueue-report',
      severity: 'info',
      title: 'The kernel listed its deferred work',
      device: 'node',
      lines: [
        'Showing busy workqueues and worker pools:',
        'Showing backtraces of running workers in stalled CPU-bound worker pools:',
        'CPU#{n} Utilization every {n}s during lockup',
      ],
      explains: [],
    },
    {
      name: 'workqueue-hog',
      severity: 'info',
      device: 'node',
      title: 'Deferred work of the kernel takes a processor for long',
      about:
        'A piece of the kernel’s own work ran for milliseconds at a time. Others wait for that processor meanwhile; nothing is lost.',
      remedy: {
        text: 'Nothing, unless latency suffers; a newer kernel may have the work moved.',
        risk: 'none',
      },
      lines: ['workqueue: {*} hogged CPU for >{n}us {n} times, consider switching to WQ_UNBOUND'],
      explains: [],
    },
    {
      name: 'rt-throttling',
      family: 'soft-lockup',
      severity: 'warning',
      title: 'A real-time task took the processor until the kernel held it back',
      device: 'node',
      about: 'A real-time task used more than 95 % of a second, so that the kernel kept it from running.',
      remedy: {
        text: 'Find the real-time task that spins: ps -eo pid,cls,rtprio,pcpu,comm --sort=-pcpu.',
        risk: 'none',
      },
      lines: [
        'sched: RT throttling activated',
        'sched: DL replenish lagged too much',
        'sched: {*} DL replenish lagged too much',
      ],
      explains: [],
    },
  ],
);

const RCU = group(
  {
    family: 'rcu-stall',
    severity: 'warning',
    about:
      'A processor did not pass a quiet state for more than 20 seconds, so memory cannot be freed and everything that waits for it hangs.',
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
      title: 'A processor holds up the kernel’s memory reclaim',
      lines: [
        'INFO: {w} self-detected stall on CPU',
        'INFO: {w} detected stalls on CPUs/tasks',
        'INFO: {w} detected expedited stalls on CPUs/tasks',
        'INFO: {w} detected stall, but suppressed full report due to a stuck CSD-lock',
        'INFO: rcu_tasks detected stalls on tasks',
        'INFO: rcu_tasks_{w} detected stalls on',
        'INFO: {w} detected stall on CPU {n}',
        'INFO: {w} detected stalls',
      ],
    },
    {
      name: 'rcu-stall-detail',
      severity: 'warning',
      title: 'The thread that reclaims the kernel’s memory does not run',
      lines: [
        '{w} kthread starved for {n} jiffies!',
        "{w} kthread timer wakeup didn't happen for {n} jiffies!",
        'INFO: Stall ended before state dump start',
        'Unless {w} kthread gets sufficient CPU time, OOM is now expected behavior.',
        'All QSes seen, last {w} kthread activity {n}',
        'Possible timer handling issue on cpu={n} timer-softirq=',
        'rcu_tasks{|_rude|_trace} grace period number {n} (since boot)',
        'All QSes seen, last {w} kthread activity',
        'RCU GP kthread last ran on offline CPU',
        'Offline CPU {n} blocking current GP',
        '{w} grace-period kthread, OOM is now expected',
        'Kicking {w} grace-period kthread',
        'INFO: rcu_tasks_trace detected stalls?',
        'IPI outstanding to CPU {n}',
      ],
    },
    {
      name: 'rcu-stall-report',
      severity: 'info',
      title: 'The kernel described what holds up its memory reclaim',
      lines: [
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

const NMIS = group(
  {
    family: 'nmi',
    severity: 'warning',
    about:
      'An interrupt that cannot be masked came, and nobody in the kernel knows what for: often hardware that reports a fault.',
    remedy: {
      text: 'Read the event log of the management controller (ipmitool sel list) and the machine checks; update the firmware.',
      risk: 'none',
    },
    links: ['https://docs.kernel.org/admin-guide/sysctl/kernel.html#unknown-nmi-panic'],
  },
  [
    {
      name: 'nmi-unknown',
      title: 'The hardware raised an interrupt that nobody knows',
      lines: [
        'Uhhuh. NMI received for unknown reason {x} on CPU {n}',
        'Dazed and confused, but trying to continue',
        'Do you have a strange power saving mode enabled?',
        'NMI: PCI system error (SERR) for reason {x} on CPU {n}',
        'NMI: IOCK error (debug interrupt?) for reason {x} on CPU {n}',
        'NMI: memory parity error',
        'An NMI occurred. Depending on your system the reason for the NMI is logged in any one of the following resources',
      ],
    },
    {
      name: 'nmi-slow',
      severity: 'info',
      title: 'Handling of an interrupt that cannot be masked took long',
      about:
        'The handler took more than a millisecond: on a virtual machine often the host’s doing; it delays everything else.',
      remedy: {
        text: 'Nothing, unless it comes often; on a virtual machine look at its steal time.',
        risk: 'none',
      },
      lines: ['INFO: NMI handler ({*}) took too long to run: {n}'],
    },
  ],
);

const WATCHDOGS = group(
  {
    family: 'watchdog',
    severity: 'warning',
    about:
      'A watchdog restarts the node when nobody feeds it. Its messages tell that it did, or that it could.',
    remedy: {
      text: 'Find out why the feeding program stopped (systemd, or the watchdog daemon); look for hung tasks and memory shortage before it.',
      risk: 'none',
    },
  },
  [
    {
      name: 'watchdog-not-stopped',
      title: 'A hardware watchdog was left running when its program closed it',
      lines: [
        'watchdog: {dev}: watchdog did not stop!',
        '{dev}: Unexpected close, not stopping watchdog!',
        'Unexpected close, not stopping watchdog',
        'watchdog: {dev}: nowayout prevents watchdog being stopped',
      ],
      device: 'service',
      severity: 'info',
    },
    {
      name: 'watchdog-timeout',
      severity: 'critical',
      title: 'A hardware watchdog ran out',
      lines: [
        'watchdog: {*} pretimeout event',
        'watchdog pretimeout event',
        'IPMI Watchdog: Timeout',
        'IPMI message handler: BMC returned {*} watchdog',
        'hpwdt: Unexpected NMI',
        'hpwdt: An NMI occurred',
        'iTCO_wdt: Unexpected close',
        'softdog: Initiating {system reboot|panic}',
        '{dev}: pretimeout event',
      ],
      except: ['Kernel panic'],
    },
    {
      name: 'ipmi-bmc',
      title: 'The management controller does not answer',
      about:
        'Sensors, fans and the remote console of the machine cannot be seen while its management controller is away.',
      remedy: {
        text: 'Reset it: ipmitool mc reset cold (the machine goes on running); update its firmware.',
        risk: 'none',
      },
      lines: [
        'ipmi_si {*}: Interface detection failed',
        'ipmi_si {*}: IPMI kcs interface claims to return {*}',
        'IPMI message handler: BMC returned incorrect response',
        'ipmi_si {*}: There appears to be no BMC at this location',
        'ipmi_si {*}: hardware returned error',
        'ipmi_si {*}: KCS in invalid state',
        'ipmi_ssif: {*}: command response timeout',
        'IPMI: BMC returned incorrect response',
        'ipmi_si {*}: BMC returned incorrect response',
      ],
      severity: 'info',
    },
  ],
);

/** Hung tasks, lock-ups, RCU stalls, unknown interrupts, watchdogs. */
export const LOCKUP_SIGNATURES: readonly Signature[] = [...HUNG, ...LOCKUPS, ...RCU, ...NMIS, ...WATCHDOGS];
