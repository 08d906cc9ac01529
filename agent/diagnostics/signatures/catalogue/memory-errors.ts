/** Memory that is broken. Sources: drivers/{edac,ras}, mm/memory-failure.c. */

import { group } from '../signature.ts';
import { HARMLESS, TROUBLE } from './trouble-words.ts';

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
      explains: ['kernel-log.edac-corrected*', 'kernel-log.mce*'],
      lines: [
        'EDAC {w}: {n} UE{*} on {task} (',
        'EDAC {w}: {n} UE{*} on {task}$',
        'EDAC {dev}: {n} UE {*}',
        'EDAC {dev}: UE {*}',
        'EDAC {w} {dev}: UE {*}',
        'EDAC {dev}: INTERNAL ERROR: {*}',
        'EDAC DEVICE{n}: {*} UE: {*}',
        'EDAC PCI{n}: {*}Uncorrectable',
        'EDAC DEVICE{n}: UE: {*}',
        'xgene-edac {dev}: {*}uncorrectable error',
        'EDAC {w}: {*}{ncorrectable error|ncorrectable memory|[Fatal DBE on}',
        'EDAC {w}: {*}[Uncorrectable errors @',
      ],
    },
    {
      name: 'edac-corrected-many',
      title: 'A memory module has many corrected errors at once',
      about:
        'The memory controller corrected ten errors and more since it was asked last, or more than it could keep. The module wears out.',
      lines: [
        'EDAC {w}: {1|2|3|4|5|6|7|8|9}{n} CE{*} on {task} (',
        'EDAC {w}: {n} CE{*} on {task} ({*}OVERFLOW',
      ],
      explains: ['kernel-log.edac-corrected', 'kernel-log.mce'],
    },
    {
      name: 'edac-corrected',
      title: 'Memory errors are being corrected',
      few: 5,
      lines: [
        'EDAC {w}: {n} CE{*} on {task} (',
        'EDAC {w}: {n} CE{*} on {task}$',
        'EDAC {dev}: {n} CE {*}',
        'EDAC {dev}: CE {*}',
        'EDAC {w} {dev}: CE {*}',
        'EDAC DEVICE{n}: {*} CE: {*}',
        'EDAC DEVICE{n}: CE: {*}',
        'EDAC sbridge MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC skx MC{n}: HANDLING MCE MEMORY ERROR',
        'EDAC {w} {dev}: HANDLING {w} MEMORY ERROR',
        'EDAC PCI{n}: {*}Parity Error',
        'EDAC PCI: {*}Parity Error',
        'EDAC PCI: {*}Error',
        'xgene-edac {dev}: {*}{ correctable|parity|ECC|tag|data} error',
        'EDAC {w} MC{n}: Faulty {Data|ECC|address} bit',
        'EDAC {w} MC{n}: HANDLING',
      ],
    },
    {
      name: 'edac-driver',
      severity: 'info',
      title: 'Memory errors cannot be counted',
      about:
        'The driver of the memory controller could not be set up, or could not tell which module had an error.',
      remedy: { text: 'Update the kernel; look whether ECC is on in the firmware’s setup.', risk: 'none' },
      explains: [],
      lines: [
        `EDAC {w}: {*}${TROUBLE}`,
        'EDAC {w} MC{n}: {ADDR|TSC|MISC} {x}',
        'EDAC {w} MC{n}: PROCESSOR {n}:',
        'EDAC {w} MC{n}: CPU {n}: Machine Check {Event|Exception}: ',
      ],
      except: HARMLESS,
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
      name: 'memory-recovered',
      severity: 'warning',
      title: 'A page of broken memory was taken out of use before anything was lost',
      about: 'The page was free, or what was in it could be read again from the disk or be done without.',
      lines: [
        'Memory failure: {x}: recovery action for {free|clean|already}{*}: {Recovered|Delayed}',
        'Memory failure: {x}: recovery action for {*}: Recovered',
        'Memory failure: {x}: corrupted page was clean: dropped without side effects',
        'Memory failure: {x}: {free buddy|clean LRU|clean swapcache}{*}page recovery: {Recovered|Delayed}',
        '{Memory failure:|MCE} {x}: {*}page recovery: Recovered',
      ],
      // What had been written to it and was not yet on the disk is lost.
      except: ['recovery action for dirty', ': dirty {*}page recovery'],
    },
    {
      name: 'memory-failure',
      title: 'A page of broken memory was taken out of use',
      lines: [
        'Memory failure: {x}: {*}',
        'MCE {x}: {*}page recovery: {Recovered|Failed|Delayed|Ignored}',
        'MCE: {x}: {*} recovery action for {*}',
        'Uncorrectable memory error {*}',
        'Injecting memory failure {for|at} pfn {x}',
        'Disabled page {x}',
        'HWPOISON: {*}',
        'Corrupted low memory at {x}',
        'Sending SIGBUS to {*} due to hardware memory corruption',
        'Uncorrected memory error in page {x} ignored',
        'Memory failure: {*}',
      ],
      except: ['Memory failure: soft', 'disabled by /proc/sys/vm/enable_soft_offline'],
    },
    {
      name: 'memory-soft-offline',
      severity: 'warning',
      title: 'A page of memory with many corrected errors was taken out of use',
      about: 'Nothing was lost: its contents were moved. The module that it is in wears out.',
      remedy: {
        text: 'Replace the memory module that the EDAC or machine-check lines name, when the node can be stopped.',
        risk: 'restart',
      },
      lines: [
        '{soft offline|Soft offline|soft_offline}: {x}',
        'Memory failure: soft{*}offline',
        'Soft offlining {pfn|page} {x}',
        'Soft-offlining page {x}',
        'RAS: Soft-offlining pfn: {x}',
      ],
    },
  ],
);
