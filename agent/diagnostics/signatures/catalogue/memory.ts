/** Memory that is short, and memory that is broken. Sources: mm/oom_kill.c, mm/page_alloc.c, mm/memory-failure.c, arch/x86/kernel/cpu/mce, drivers/edac, drivers/acpi/apei. */

import { group, type Signature } from '../signature.ts';

const RAS_LINK = 'https://docs.kernel.org/admin-guide/RAS/main.html';

const OOM = group(
  {
    family: 'oom',
    severity: 'critical',
    about:
      'Memory ran out, and the kernel ended a process to go on. The process did nothing wrong but to be large.',
    remedy: {
      text: 'Find what took the memory (the table of tasks before it); limit that service (MemoryMax=), give it less work, or give the node more memory.',
      risk: 'restart',
    },
    links: ['https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer'],
    explains: ['kernel-log.oom-detail', 'kernel-log.page-allocation-failure', 'memory.oom*'],
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
        'Memory cgroup out of memory: Kill{|ed} process {n}',
        'Memory cgroup out of memory: OOM victim {n} ({*}) is already exiting',
        'Tasks in {*} are going to be killed due to memory.oom.group set',
        'Task in {*} killed as a result of limit of {*}',
        'oom-kill:constraint=CONSTRAINT_MEMCG,',
        'Memory cgroup out of memory',
        'Memory limit reached of cgroup {*}',
      ],
      explains: ['kernel-log.oom-detail', 'memory.oom*'],
    },
    {
      name: 'oom',
      title: 'Memory ran out and a process was killed',
      lines: [
        'Out of memory: Kill{|ed} process {n}',
        'Out of memory (oom_kill_allocating_task): Kill{|ed} process {n}',
        'Out of memory: OOM victim {n} ({*}) is already exiting',
        'Out of memory and no killable processes',
        'oom-kill:constraint={w}',
        'Out of memory{ | (}{*}: Killed process {n}',
        '^Killed process {n} ({*}) total-vm:',
        'Killed process {n} ({*}), UID {n}, total-vm:{n}kB',
        "lowmemorykiller: Killing '{*}' ({n})",
      ],
    },
    {
      name: 'oom-detail',
      severity: 'warning',
      title: 'The kernel looked for a process to kill, since memory ran out',
      lines: [
        '{w} invoked oom-killer: gfp_mask={x}',
        'invoked oom-killer: gfp_mask={x}',
        'oom_reaper: reaped process {n} ({*})',
        'oom_reaper: unable to reap pid:{n} ({*})',
        'oom killer {n} ({*}) has mm pinned by {n}',
        'Huh VM_FAULT_OOM leaked out to the #PF handler',
      ],
      explains: [],
    },
  ],
);

const SHORTAGE = group(
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
      title: 'The kernel could not allocate memory',
      lines: [
        'page allocation failure: order:{n}, mode:{x}',
        'page allocation failure. order:{n}, mode:{x}',
        'page allocation stalls for {n}ms, order:{n}',
        'vmalloc error: size {n}',
        'vmalloc: allocation failure: {n} bytes',
        'vmap allocation for size {n} failed',
        'SLUB: Unable to allocate memory on {node|CPU} {n}',
        'SLAB: Unable to allocate memory on node {n}',
        'cgroup: fork rejected by pids controller in {*}',
        'percpu: allocation failed, size={n}',
        'DMA: Out of SW-IOMMU space for {n} bytes',
        'swiotlb buffer is full (sz: {n} bytes)',
        'Unable to handle swap header version {n}',
        'Write-error on swap-device ({*})',
        'Read-error on swap-device ({*})',
        'VFS: file-max limit {*}reached',
        'kmemleak: {n} new suspected memory leaks',
      ],
    },
  ],
);

const MCE = group(
  {
    family: 'mce',
    severity: 'warning',
    device: 'cpu',
    about: 'The processor itself reported a fault of hardware: memory, cache, bus or core.',
    remedy: {
      text: 'Decode it (rasdaemon: ras-mc-ctl --errors) and look which part it names; corrected errors that grow ask for that part to be replaced.',
      risk: 'none',
    },
    links: [RAS_LINK],
    explains: ['kernel-log.mce-detail', 'memory.mce*'],
  },
  [
    {
      name: 'mce-fatal',
      severity: 'critical',
      title: 'The processor reported a hardware error that cannot be corrected',
      lines: [
        'mce: [Hardware Error]: CPU {cpu}: Machine Check Exception: {x} Bank {n}',
        'CPU {cpu}: Machine Check Exception: {x} Bank {n}',
        'CPU{cpu}: Machine Check Exception: {x}',
        'mce: Uncorrected hardware memory error in user-access at',
        'Uncorrected hardware memory error in user-access at {x}',
        '[Hardware Error]: {Uncorrected|Deferred|Fatal} error, no action required',
        '[Hardware Error]: System Fatal error.',
        '[Hardware Error]: Uncorrected, software restartable error',
        '[Hardware Error]: Uncorrected, software containable error',
        '[Hardware Error]: {|Fatal |}Machine check: {*}',
        'Machine check from unknown source',
        "mce: [Hardware Error]: Some CPUs didn't answer in synchronization",
        'mce: [Hardware Error]: Fatal machine check',
        'mce: [Hardware Error]: Machine check: {*}',
        'MCE: Killing {*} due to hardware memory corruption fault at',
        'mce: CPUs not responding to MCE broadcast',
        'Disabling lock debugging due to machine check',
        'Memory error not recovered',
        'Kernel does not know page size to handle {*}machine check',
      ],
    },
    {
      name: 'mce-thermal',
      family: 'thermal',
      title: 'A processor is too hot and runs slower',
      about: 'The processor reached its temperature limit and lowered its clock.',
      remedy: {
        text: 'Check fans, air flow and heat sinks (nodectl diag system), and the temperature of the room.',
        risk: 'none',
      },
      links: ['https://docs.kernel.org/admin-guide/thermal/intel_powerclamp.html'],
      explains: ['kernel-log.mce', 'system.thermal*'],
      lines: [
        'CPU{cpu}: {Core|Package} temperature above threshold, cpu clock throttled',
        'CPU{cpu}: {Core|Package} temperature is above threshold, cpu clock is throttled',
        'CPU{cpu}: Temperature above threshold',
        'CPU{cpu}: {Core|Package} power limit notification',
      ],
    },
    {
      name: 'mce',
      title: 'The processor reported a hardware error',
      lines: [
        'mce: [Hardware Error]: Machine check events logged',
        '[Hardware Error]: Machine check events logged',
        'mce: [Hardware Error]: CPU {cpu}: Machine Check: {n} Bank {n}',
        '[Hardware Error]: CPU {cpu}: Machine Check: {n} Bank {n}',
        '[Hardware Error]: Corrected error, no action required',
        '[Hardware Error]: CPU:{cpu} ({*}) MC{n}_STATUS[{*}]: {x}',
        '[Hardware Error]: MC{n} Error: {*}',
        '[Hardware Error]: {w} Error: {*}',
        '[Hardware Error]: {*} Ext. Error Code: {n}',
        "[Hardware Error]: Run the above through 'mcelog --ascii'",
        'CMCI storm detected: switching to poll mode',
        'CMCI storm subsided: switching to interrupt mode',
        'CPU{cpu} BANK{n} CMCI storm {detected|subsided}',
        'CPU {cpu}: Machine Check: {n} Bank {n}: {x}',
        'Machine check events logged',
        'mce_notify_irq: {n} callbacks suppressed',
      ],
      explains: ['kernel-log.mce-detail', 'memory.mce*'],
    },
    {
      name: 'mce-detail',
      title: 'The processor described a hardware error',
      lines: [
        '[Hardware Error]: TSC {*}ADDR {x}',
        '[Hardware Error]: PROCESSOR {n}:{x} TIME {n}',
        '[Hardware Error]: RIP {*}:<{x}>',
        '[Hardware Error]: Error Addr: {x}',
        '[Hardware Error]: cache level: {*}',
        '[Hardware Error]: SOCKET {n} APIC {x}',
        '[Hardware Error]: IPID: {x}',
        '[Hardware Error]: PPIN: {x}',
        '[Hardware Error]: cpuid: {*}',
        '[Hardware Error]: {*}, mem-tx: {*}',
        '[Hardware Error]: {*}, mem/io: {*}',
      ],
      explains: [],
    },
  ],
);

const GHES = group(
  {
    family: 'mce',
    severity: 'warning',
    device: 'node',
    about: 'The firmware saw a hardware error and told the kernel (APEI). The lines after it name the part.',
    remedy: {
      text: 'Read the section lines behind it and the event log of the management controller; replace the part when it comes again.',
      risk: 'none',
    },
    links: [RAS_LINK],
    explains: ['kernel-log.ghes-detail'],
  },
  [
    {
      name: 'ghes-fatal',
      severity: 'critical',
      title: 'The firmware reported a hardware error that cannot be corrected',
      lines: [
        '[Hardware Error]: event severity: {fatal|recoverable}',
        '[Hardware Error]:  Error {n}, type: {fatal|recoverable}',
        '[Hardware Error]: type: {fatal|recoverable}',
        'BERT: [Hardware Error]: Skipped {n} error records',
        'BERT: Error records from previous boot',
        'BERT: [Hardware Error]: Error records from previous boot',
      ],
    },
    {
      name: 'ghes',
      title: 'The firmware reported a hardware error',
      lines: [
        '[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: {n}',
        '[Hardware Error]: event severity: {corrected|info}',
        '[Hardware Error]:  Error {n}, type: {corrected|info}',
        'Hardware error from APEI Generic Hardware Error Source: {n}',
        'GHES: Failed to read error status block address for hardware error source',
      ],
    },
    {
      name: 'ghes-detail',
      title: 'The firmware described a hardware error',
      lines: [
        '[Hardware Error]: It has been corrected by h/w and requires no further action',
        '[Hardware Error]:   section_type: {*}',
        '[Hardware Error]: section_type: {*}',
        'section_type: {memory error|PCIe error|general processor error|ARM processor error}',
        '[Hardware Error]: {*}DIMM location: {*}',
        '[Hardware Error]: {*}physical_address: {x}',
        '[Hardware Error]: {*}error_type: {n}',
        '[Hardware Error]: {*}device_id: {*}',
        '[Hardware Error]: {*}aer_uncor_status: {x}',
      ],
    },
  ],
);

const EDAC = group(
  {
    family: 'edac',
    severity: 'warning',
    device: 'memory',
    about:
      'The memory controller corrected a bit error. A few are normal; many from one module announce its end.',
    remedy: {
      text: 'Watch whether it grows (nodectl diag memory) and replace the module that the label names; reseat it first.',
      risk: 'none',
    },
    links: [RAS_LINK],
    explains: ['kernel-log.mce', 'memory.edac*'],
  },
  [
    {
      name: 'edac-uncorrected',
      severity: 'critical',
      title: 'A memory module has an error that cannot be corrected',
      about: 'Data in memory was lost. What used it was ended, or the node stopped.',
      remedy: { text: 'Move the work away and replace the module that the label names.', risk: 'restart' },
      explains: ['kernel-log.edac-corrected', 'kernel-log.mce*', 'memory.edac*'],
      lines: [
        'EDAC {dev}: {n} UE {*}',
        'EDAC {dev}: UE {*}',
        'EDAC {dev}: INTERNAL ERROR: {*}',
        'EDAC DEVICE{n}: {*} UE: {*}',
        'EDAC PCI{n}: {*}Uncorrectable',
        'EDAC DEVICE{n}: UE: {*}',
      ],
    },
    {
      name: 'edac-corrected',
      title: 'Memory errors are being corrected',
      lines: [
        'EDAC {dev}: {n} CE {*}',
        'EDAC {dev}: CE {*}',
        'EDAC DEVICE{n}: {*} CE: {*}',
        'EDAC DEVICE{n}: CE: {*}',
        'EDAC sbridge MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC skx MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC {w} MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC PCI{n}: {*}Parity Error',
        'EDAC PCI: {*}Parity Error',
        'EDAC PCI: {*}Error',
      ],
    },
  ],
);

const POISON = group(
  {
    family: 'memory-failure',
    severity: 'critical',
    about: 'A page of memory is broken and was taken out of use; data in it is lost unless it was clean.',
    remedy: {
      text: 'Replace the memory module (its EDAC or machine-check lines name it); processes that used the page were ended.',
      risk: 'restart',
    },
    links: ['https://docs.kernel.org/mm/hwpoison.html'],
  },
  [
    {
      name: 'memory-failure',
      title: 'A page of broken memory was taken out of use',
      lines: [
        'Memory failure: {x}: {*}',
        'MCE {x}: {*}page recovery: {Recovered|Failed|Delayed|Ignored}',
        'MCE: {x}: {*} recovery action for {*}',
        'Uncorrectable memory error {*}',
        'soft offline: {x}: {*}',
        'Soft offlining {pfn|page} {x}',
        'Soft-offlining page {x}',
        'Soft offlining pfn {x} at process virtual address',
        'Injecting memory failure for pfn {x}',
        'RAS: Soft-offlining pfn: {x}',
        'Disabled page {x}',
        'HWPOISON: {*}',
      ],
    },
  ],
);

/** Out of memory, allocation failures, machine checks, memory errors. */
export const MEMORY_SIGNATURES: readonly Signature[] = [
  ...OOM,
  ...SHORTAGE,
  ...EDAC,
  ...MCE,
  ...GHES,
  ...POISON,
];
