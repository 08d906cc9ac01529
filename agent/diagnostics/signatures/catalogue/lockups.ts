/** Tasks and processors that do not get on. Sources: kernel/{hung_task,workqueue,smp}.c, kernel/watchdog*.c, kernel/sched. */

import { group, type Signature } from '../signature.ts';

const LOCKUP_LINK = 'https://docs.kernel.org/admin-guide/lockup-watchdogs.html';

const HUNG = group(
  {
    family: 'hung-task',
    severity: 'warning',
    device: 'process',
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
        'INFO: task {task} blocked for more than {n} seconds',
        '^{task} blocked for more than {n} sec',
        'INFO: task {task} blocked in I/O wait',
        'INFO: task {task} blocked for',
        'INFO: task {task} blocked$',
        "INFO: task {task} can't die for more than",
      ],
    },
    {
      name: 'hung-task-blocker',
      severity: 'info',
      title: 'A blocked task waits for a lock of another task',
      lines: [
        'INFO: task {task} is blocked on ',
        'INFO: task {task} blocked on {a|an} {mutex|semaphore|rw-semaphore|rwsem}',
        'Blocked by coredump.',
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
        'BUG: soft lockup - CPU#{cpu}',
        'BUG: {spinlock|rwlock|write-lock} {lockup|lockup suspected|recursion} on CPU#{cpu}',
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
        'NMI Watchdog detected LOCKUP on CPU{ |}{cpu}',
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
        'csd: CSD lock ({*}) {unresponsive|handling prior}',
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
        'CPU#{n} Detect HardIRQ Time exceeds {n}%',
        '^pool {n}: cpus={*} hung={n}s',
        'watchdog: CPU {n} became unstuck',
      ],
      explains: [],
    },
    {
      name: 'workqueue-hog',
      severity: 'info',
      device: 'node',
      title: 'Work of the kernel takes a processor for long',
      about:
        'A piece of the kernel’s own work, or of the scheduler’s, ran for milliseconds at a time. Others wait for that processor meanwhile; nothing is lost.',
      remedy: {
        text: 'Nothing, unless latency suffers; a newer kernel may have the work moved.',
        risk: 'none',
      },
      lines: [
        'CPU {n} need_resched set for > {n} ns',
        'long duration of IRQ[',
        'cfs_period_timer[cpu{n}]: period too short',
        'workqueue: {*} hogged CPU for >',
      ],
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

/** Hung tasks and lock-ups. */
export const LOCKUP_SIGNATURES: readonly Signature[] = [...HUNG, ...LOCKUPS];
