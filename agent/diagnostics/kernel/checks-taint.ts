/** Checks of what tainted the kernel: one for what happened to it, one for what was loaded into it, one for what only says something. */

import { type Check, check, Skipped } from '../check.ts';
import type { FindingDraft, Remedy, Severity } from '../finding.ts';
import { commandLine, parameter } from './command-line.ts';
import { kernelIdentity } from './identity.ts';
import { forbiddenModules, modules } from './modules.ts';
import { decodeTaint, foreignModules, taint } from './taint.ts';

const LINKS = ['https://docs.kernel.org/admin-guide/tainted-kernels.html'];

interface Meaning {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly remedy: Remedy;
  readonly explains?: readonly string[];
}

const EVENTS: Readonly<Record<number, Meaning>> = {
  7: {
    id: 'kernel.died-before',
    severity: 'critical',
    title: 'The kernel had an oops and runs on in an unknown state',
    remedy: {
      text: 'Find the oops (nodectl dmesg, or nodectl logs -b this), move the load away and reboot: locks and memory that the dead task held stay lost.',
      risk: 'reboot',
    },
    explains: ['kernel.warned'],
  },
  4: {
    id: 'kernel.machine-check',
    severity: 'warning',
    title: 'The processor raised a machine check exception',
    remedy: {
      text: 'Look at the hardware errors in the kernel log and at the board’s event log; have the part replaced.',
      risk: 'none',
    },
  },
  5: {
    id: 'kernel.bad-page',
    severity: 'critical',
    title: 'The kernel found a page of memory in an impossible state',
    remedy: { text: 'Move the load away and reboot; test the memory where it comes again.', risk: 'reboot' },
  },
  14: {
    id: 'kernel.soft-lockup-happened',
    severity: 'warning',
    title: 'A processor was stuck in the kernel since the boot',
    remedy: {
      text: 'Look for "soft lockup" in the kernel log: the trace names the driver or the hypervisor that took the time.',
      risk: 'none',
    },
  },
  9: {
    id: 'kernel.warned',
    severity: 'info',
    title: 'The kernel warned since the boot',
    remedy: {
      text: 'Look for "WARNING:" in the kernel log: the first one after the boot tells where.',
      risk: 'none',
    },
  },
  2: {
    id: 'kernel.out-of-specification',
    severity: 'warning',
    title: 'The kernel says that it runs on hardware or with settings that it is not made for',
    remedy: {
      text: 'Look in the kernel log for what it says of the processor, its microcode or its settings.',
      risk: 'none',
    },
  },
  1: {
    id: 'kernel.forced-module',
    severity: 'warning',
    title: 'A module was loaded by force',
    remedy: { text: 'Install the module that was built for this kernel and reboot.', risk: 'reboot' },
  },
  3: {
    id: 'kernel.forced-unload',
    severity: 'warning',
    title: 'A module was unloaded by force',
    remedy: { text: 'Reboot: what still pointed into the module may crash at any time.', risk: 'reboot' },
  },
};

const events = check({
  id: 'kernel.tainted-by-event',
  area: 'kernel',
  title: 'Oopses, machine checks, bad pages, lockups and forced modules since the boot',
  about:
    'The kernel remembers in its taint what happened to it since the boot, also where the log has long been overwritten. After an oops it runs on with whatever the dead task held; a bad page means corrupted memory.',
  needs: { taint },
  wants: { kernel: kernelIdentity },
  links: LINKS,
  evaluate: (facts) =>
    decodeTaint(facts.taint, facts.kernel?.distribution).flatMap(
      ({ bit, letter, meaning }): FindingDraft[] => {
        const known = EVENTS[bit];
        if (!known) return [];
        const { id, severity, title, remedy, explains = [] } = known;
        return [
          {
            id,
            severity,
            title,
            remedy,
            explains,
            links: LINKS,
            evidence: [`the kernel’s taint has bit ${bit} (${letter}): ${meaning}`],
          },
        ];
      },
    ),
});

/** Letters of /proc/modules that tell that a module is not the distribution's. */
const foreign = check({
  id: 'kernel.foreign-modules',
  area: 'kernel',
  title: 'Proprietary, out-of-tree and unsigned modules',
  about:
    'A module that is not part of the kernel is built against one version of it, is not fixed with it, and is where a crash is looked for first. It is worth knowing, no more.',
  needs: { foreign: foreignModules },
  links: LINKS,
  evaluate: ({ foreign: { mask, modules: found } }) => {
    const bits = decodeTaint(mask).filter(({ bit }) => [0, 10, 12, 13].includes(bit));
    if (bits.length === 0) return [];
    return [
      {
        severity: 'info',
        title: 'Modules that are not part of the kernel are loaded',
        parameters: {
          taint: bits.map(({ letter }) => letter).join(''),
          ...(!found?.length ? {} : { modules: found.map(({ name }) => name).join(' ') }),
        },
        evidence: [
          !found?.length
            ? `${found ? 'loaded and gone again since the boot' : 'which they are was not captured'}`
            : found.map(({ name, taints }) => `${name} (${taints})`).join(', '),
        ],
        remedy: {
          text: 'Check before every kernel upgrade that they are built for the new kernel.',
          risk: 'none',
        },
        links: LINKS,
      },
    ];
  },
});

const NOTES: readonly number[] = [6, 8, 11, 15, 16, 17, 18, 19];
const FIRMWARE = 11;

const notes = check({
  id: 'kernel.taint-notes',
  area: 'kernel',
  title:
    'Taints that say something of the machine: firmware bugs, overridden ACPI tables, live patches, tests',
  about: 'These taints are no trouble in themselves; they matter when another trouble is looked into.',
  needs: { taint },
  wants: { kernel: kernelIdentity },
  links: LINKS,
  evaluate: (facts) =>
    decodeTaint(facts.taint, facts.kernel?.distribution)
      // A live patch and the distribution's own bits are the usual state of many systems.
      .filter(({ bit }) => NOTES.includes(bit) && ![15, 16, 17].includes(bit))
      .map(({ bit, letter, meaning }) => ({
        id: bit === FIRMWARE ? 'kernel.firmware-workaround' : 'kernel.taint-notes',
        severity: 'info',
        title:
          bit === FIRMWARE
            ? 'The kernel works around a bug of the firmware'
            : `The kernel is tainted: ${meaning}`,
        evidence: [`the kernel’s taint has bit ${bit} (${letter}): ${meaning}`],
        remedy: {
          text:
            bit === FIRMWARE
              ? 'Look for "[Firmware Bug]" in the kernel log and for a newer BIOS.'
              : 'Nothing is to be done unless something else is wrong.',
          risk: 'none',
        },
        links: LINKS,
      })),
});

const blacklisted = check({
  id: 'kernel.blacklisted-module-loaded',
  area: 'kernel',
  title: 'Modules that are blacklisted and loaded all the same',
  about:
    'A blacklist only keeps a module from being loaded for a device by its alias; another module, the initramfs or a program can still load it. Whoever blacklisted it believes that it is not there.',
  needs: { modules, forbidden: forbiddenModules },
  links: ['https://man7.org/linux/man-pages/man5/modprobe.d.5.html'],
  evaluate: ({ modules: loaded, forbidden }) =>
    forbidden
      .filter(
        ({ name }, index, all) => loaded.has(name) && all.findIndex((one) => one.name === name) === index,
      )
      .map(({ name, where }) => ({
        severity: 'info',
        title: 'A blacklisted module is loaded',
        subject: { kind: 'module', name },
        evidence: [`${name} is in /proc/modules and forbidden in ${where}`],
        remedy: {
          text: `Rebuild the initramfs so that it has the blacklist, or forbid it with "install ${name} /bin/false".`,
          risk: 'none',
        },
      })),
});

/** Parameters that a kernel understands and that are often misspelt; dashes are underscores. */
const PARAMETERS =
  'acpi amd_iommu amd_pstate apparmor audit cgroup_disable cgroup_enable clocksource console consoleblank crashkernel debug default_hugepagesz efi elevator fips hpet hugepages hugepagesz hung_task_panic idle ignore_loglevel init initrd intel_iommu intel_idle.max_cstate intel_pstate iommu ipv6.disable isolcpus kvm_intel.nested kvm_amd.nested lockdown loglevel lsm maxcpus mce mem memmap mitigations module_blacklist netconsole nmi_watchdog no_timer_check nohz nohz_full nokaslr nomodeset nosmt nosoftlockup nospectre_v2 noswap nowatchdog nr_cpus numa numa_balancing nvme_core.default_ps_max_latency_us oops panic panic_on_oops pci pcie_aspm pcie_port_pm preempt processor.max_cstate psi pti quiet rcu_nocbs reboot retbleed ro root rootdelay rootflags rootfstype rootwait rw sched_debug security selinux skew_tick slab_nomerge spectre_v2 swapaccount sysrq_always_enabled transparent_hugepage tsc usbcore.autosuspend vga workqueue.power_efficient zswap.enabled'.split(
    ' ',
  );

const misspelt = check({
  id: 'kernel.unknown-parameter',
  area: 'kernel',
  title: 'Parameters of the command line that nothing takes',
  about:
    'The kernel hands what it does not know to the first process without a word to anybody. A parameter that differs by one letter from one that the kernel knows is most likely a mistake: the setting is not in force.',
  needs: { commandLine },
  links: ['https://docs.kernel.org/admin-guide/kernel-parameters.html'],
  evaluate: (facts) => {
    if (facts.commandLine.text === '') return new Skipped('the kernel’s command line is not known');
    const known = new Set(PARAMETERS);
    return facts.commandLine.parameters.flatMap(({ name }): FindingDraft[] => {
      // Names with a dot or short ones are modules' and other programs'.
      if (known.has(name) || name.length < 6 || name.includes('.')) return [];
      const meant = PARAMETERS.find((one) => isOneEditApart(one, name));
      if (meant === undefined || parameter(facts.commandLine, meant) !== undefined) return [];
      return [
        {
          severity: 'info',
          certainty: 'likely',
          title: 'A kernel parameter looks misspelt',
          parameters: { parameter: name, meant },
          evidence: [`"${name}" is on the command line; "${meant}" is what the kernel knows`],
          remedy: {
            text: `Correct the boot loader’s configuration to ${meant}, or take the parameter out.`,
            risk: 'reboot',
          },
        },
      ];
    });
  },
});

/** Whether two names differ by one letter that is added, left out, changed or swapped with its neighbour. */
function isOneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const left = [a.length - start - end, b.length - start - end];
  if (Math.max(...left) <= 1) return true;
  return left[0] === 2 && left[1] === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}

/** Checks of the taint, of modules and of the command line. */
export const TAINT_CHECKS: readonly Check[] = [events, foreign, notes, blacklisted, misspelt];
