/** Memory that is short. Sources: mm/{oom_kill,page_alloc}.c. */

import { group } from '../signature.ts';

/** Kills for want of memory. */
export const OOM = group(
  {
    family: 'oom',
    severity: 'critical',
    device: 'process',
    about:
      'Memory ran out, and the kernel ended a process to go on. The process did nothing wrong but to be large.',
    remedy: {
      text: 'Find what took the memory (the table of tasks before it); limit that service (MemoryMax=), give it less work, or give the node more memory.',
      risk: 'restart',
    },
    links: ['https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer'],
    explains: ['kernel-log.oom-detail', 'kernel-log.oom-reaped', 'kernel-log.page-allocation-failure'],
  },
  [
    {
      name: 'oom-cgroup',
      severity: 'warning',
      title: 'A service ran into its memory limit and was killed',
      about:
        'A control group (a service, a container, a pod) used all the memory that it may, and the kernel ended a process in it.',
      remedy: {
        text: 'Raise the limit of that service or container (MemoryMax=, resources.limits.memory), or find its leak; the line oom-kill names it.',
        risk: 'restart',
      },
      lines: [
        'Memory cgroup out of memory: Kill{|ed} process {n} ({task})',
        'Memory cgroup out of memory: Kill{|ed} process {n}',
        'Memory cgroup out of memory: OOM victim {n} ({task}) is already exiting',
        'Tasks in {*} are going to be killed due',
        'Task in {*} killed as a result of',
        'oom-kill:constraint=CONSTRAINT_MEMCG,',
        'Memory cgroup out of memory',
        'Memory limit reached of cgroup {*}',
      ],
      explains: ['kernel-log.oom-detail', 'kernel-log.oom-reaped'],
    },
    {
      name: 'oom',
      title: 'Memory ran out and a process was killed',
      lines: [
        'Out of memory: Kill{|ed} process {n} ({task})',
        'Out of memory: Kill{|ed} process {n}',
        'Out of memory (oom_kill_allocating_task): Kill{|ed} process {n}',
        'Out of memory: OOM victim {n} ({task}) is already exiting',
        'Out of memory and no killable processes',
        'oom-kill:constraint={w}',
        'Out of memory{ | (}{*}: Killed process {n}',
        '^Killed process {n} ({task}) total-vm:',
        // Red Hat's 6 and 7, and Linux 2.6.
        'Killed process {n} ({task}), UID {n}, total-vm:{n}kB',
        'Killed process {n}, UID {n}, ({task}) total-vm:{n}kB',
        'Killed process {n} ({task}) vsz:{n}kB',
        "lowmemorykiller: Killing '{*}' ({n})",
      ],
    },
    {
      name: 'oom-detail',
      severity: 'warning',
      title: 'The kernel looked for a process to kill, since memory ran out',
      lines: [
        '^{task} invoked oom-killer',
        'invoked oom-killer',
        'oom_reaper: unable to reap pid:{n} ({task})',
        'oom killer {n} ({*}) has mm pinned by {n}',
        'Huh VM_FAULT_OOM leaked out to the #PF handler',
        'PID {n} killed due to inadequate hugepage pool',
      ],
      explains: [],
    },
    {
      name: 'oom-reaped',
      severity: 'info',
      title: 'The memory of a process that was killed was given back',
      about: 'A detail of the kill, which lines before it tell.',
      lines: ['oom_reaper: reaped process {n} ({task})'],
      explains: [],
    },
  ],
);

/** Requests for memory that failed. */
export const SHORTAGE = group(
  {
    family: 'page-allocation-failure',
    severity: 'warning',
    about:
      'The kernel could not get memory at once. What asked for it may have dropped packets or failed; order above 3 tells of fragmentation.',
    remedy: {
      text: 'Keep more memory free (vm.min_free_kbytes) and look at what fills it; update the driver that asks for high orders.',
      risk: 'none',
    },
    links: ['https://docs.kernel.org/admin-guide/sysctl/vm.html#min-free-kbytes'],
  },
  [
    {
      name: 'page-allocation-failure',
      device: 'process',
      title: 'The kernel could not allocate memory',
      lines: [
        '^{task}: page allocation failure: order:{n}, mode:{x}',
        '^{task}: page allocation failure. order:{n}, mode:{x}',
        'page allocation failure: order:{n}, mode:{x}',
        'page allocation failure. order:{n}, mode:{x}',
        'page allocation stalls for {n}ms, order:{n}',
        'vmalloc error: size {n}',
        'allocation failed: out of vmalloc',
        'vmalloc: allocation failure: {n} bytes',
        'vmalloc: allocation failure, allocated {n} of',
        'vmap allocation for size {n} failed',
        'SLUB: Unable to allocate memory on {node|CPU} {n}',
        'SLAB: Unable to allocate memory on node {n}',
        'SLUB: Unable to allocate memory from node {n}',
        'workqueue: Failed to {allocate|create} a ',
        "{dev}: Can not allocate SWIOTLB buffer earlier and can't now provide you",
        '{dev}: Buffer overflow detected. Allocation size:',
        'cgroup: fork rejected by pids controller',
        'percpu: allocation failed, size={n}',
        'DMA: Out of SW-IOMMU space for {n} bytes',
        '{dev}: swiotlb buffer is full',
        'swiotlb buffer is full',
        'Unable to handle swap header version {n}',
        'Write-error on swap-device ({*})',
        'VFS: file-max limit {*}reached',
        'kmemleak: {n} new suspected memory leaks',
        'page allocation failure',
        'vmemmap alloc failure: order:{n}',
        'kmemleak: {n} new suspected memory',
        'execmem: unable to allocate memory',
        'HugeTLB: allocating {n} of page size {*} failed',
        '__vm_enough_memory: pid: {n}, comm: {*}not enough memory for the allocation',
        'Write error {n} on dio swapfile ({n})',
        'Write error on dio swapfile ({n})',
        'altmap block allocation failed',
        'percpu: limit reached, disable warning',
        'warn_alloc: {n} callbacks suppressed',
        'kmem {dev}: {*}{failed|could not reserve}',
      ],
    },
    {
      name: 'swap-unreadable',
      severity: 'critical',
      title: 'Memory that was moved to swap cannot be read back',
      about: 'What was in those pages is lost, and the processes that they belong to are ended.',
      remedy: {
        text: 'Look at the disk below the swap space (nodectl diag disk), and take it out of use.',
        risk: 'data',
      },
      lines: ['Read-error on swap-device'],
    },
    {
      name: 'cma-full',
      severity: 'info',
      title: 'The memory that is kept for devices has no such piece free',
      about: 'Drivers ask for contiguous memory there first and take other memory where there is none.',
      remedy: {
        text: 'Enlarge it with cma= on the kernel’s command line, where a device does not work.',
        risk: 'reboot',
      },
      lines: [
        'cma: {*}: alloc failed, req-size: {n} pages, ret: {n}',
        'cma: {Failed to reserve|Failed to allocate} ',
      ],
    },
  ],
);
