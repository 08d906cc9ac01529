/** Memory and processors that are broken. Sources: arch/x86/kernel/cpu/mce, drivers/{edac,ras}, drivers/acpi/apei, mm/memory-failure.c. */

import { group } from '../signature.ts';

const RAS_LINK = 'https://docs.kernel.org/admin-guide/RAS/main.html';

/** Errors that the memory controller counts. */
export const EDAC = group(
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
    explains: ['kernel-log.mce'],
  },
  [
    {
      name: 'edac-uncorrected',
      severity: 'critical',
      title: 'A memory module has an error that cannot be corrected',
      about: 'Data in memory was lost. What used it was ended, or the node stopped.',
      remedy: { text: 'Move the work away and replace the module that the label names.', risk: 'restart' },
      explains: ['kernel-log.edac-corrected', 'kernel-log.mce*'],
      lines: [
        'EDAC {dev}: {n} UE {*}',
        'EDAC {dev}: UE {*}',
        'EDAC {dev}: INTERNAL ERROR: {*}',
        'EDAC DEVICE{n}: {*} UE: {*}',
        'EDAC PCI{n}: {*}Uncorrectable',
        'EDAC DEVICE{n}: UE: {*}',
        'xgene-edac {dev}: {*}uncorrectable error',
      ],
    },
    {
      name: 'edac-corrected',
      title: 'Memory errors are being corrected',
      few: 10,
      lines: [
        'EDAC {dev}: {n} CE {*}',
        'EDAC {dev}: CE {*}',
        'EDAC DEVICE{n}: {*} CE: {*}',
        'EDAC DEVICE{n}: CE: {*}',
        'EDAC sbridge MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC skx MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC {w} MC{n}: HANDLING {w} MEMORY ERROR',
        'EDAC {w} MC{n}: CPU {n}: Machine Check {Event|Exception}: ',
        'EDAC PCI{n}: {*}Parity Error',
        'EDAC PCI: {*}Parity Error',
        'EDAC PCI: {*}Error',
        'xgene-edac {dev}: {*}{ correctable|parity|ECC|tag|data} error',
        'EDAC {w} MC{n}: Faulty {Data|ECC|address} bit',
      ],
    },
  ],
);

/** Machine checks. */
export const MCE = group(
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
    explains: ['kernel-log.mce-detail', 'kernel.machine-check'],
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
        'mce: Not all CPUs ({*}) entered the broadcast exception handler',
        'CPUs not responding to MCE broadcast',
        'mce: Unable to init MCE device',
        'Unexpected int18 (Machine Check)',
        'Kernel accessed poison in user space',
        'MCE: CPU{cpu}: machine check ({Severe|Unrecoverable}',
        'Machine check interrupt {unrecoverable|is fatal}',
        '{Fatal|Severe} Machine check interrupt [',
        'Fatal hardware error detected. Check RTAS',
        'MCE: Killing {*} due to hardware',
        'Uncorrected hardware memory error in user-access',
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
      explains: ['kernel-log.mce', 'kernel.machine-check', 'system.cpu-throttled'],
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
        'MCE: CPU{cpu}: machine check ({*}',
        'Harmless Machine check interrupt [',
        'mce: [Hardware Error]: Machine check events logged',
        '[Hardware Error]: Machine check events logged',
        'mce: [Hardware Error]: CPU {cpu}: Machine Check: {n} Bank {n}',
        '[Hardware Error]: CPU {cpu}: Machine Check: {n} Bank {n}',
        '[Hardware Error]: Corrected error, no action required',
        '[Hardware Error]: CPU:{cpu} ({*}) MC{n}_STATUS[',
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
      explains: ['kernel-log.mce-detail', 'kernel.machine-check'],
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

/** Hardware errors that the firmware reports. */
export const GHES = group(
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
        '[Hardware Error]: {*}aer_uncor_{status|severity}: {x}',
        '[Hardware Error]: {*}section type: {*}',
        '[Hardware Error]: {*}TLP Header: ',
        '[Hardware Error]: {*}: {fru_|FRU |node:|card:|module:|rank:|device:|vendor_id:|port_type:|version:}',
        'BERT: {Truncated|Invalid|get table failed|table invalid}{*}',
        '[Hardware Error]: {*}',
      ],
      except: ['injector initialized'],
    },
  ],
);

/** Pages that were taken out of use. */
export const POISON = group(
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
        '{s|S}oft offline: {x}: {*}',
        'Soft offlining {pfn|page} {x}',
        'Soft-offlining page {x}',
        'Soft offlining pfn {x} at process virtual address',
        'Injecting memory failure {for|at} pfn {x}',
        'RAS: Soft-offlining pfn: {x}',
        'Disabled page {x}',
        'HWPOISON: {*}',
        'Corrupted low memory at {x}',
        '{s|S}oft offline: {x}',
      ],
    },
  ],
);
