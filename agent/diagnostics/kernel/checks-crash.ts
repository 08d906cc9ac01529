/** Checks of what happens when the kernel crashes: whether it dumps, restarts, and notices that it hangs. */

import { type Check, check, NotApplicable } from '../check.ts';
import { corePattern, crash } from './crash.ts';
import { hardware } from './identity.ts';

const SYSCTL = 'https://docs.kernel.org/admin-guide/sysctl/kernel.html';
const KDUMP = 'https://docs.kernel.org/admin-guide/kdump/kdump.html';

const notLoaded = check({
  id: 'kernel.kdump-not-loaded',
  area: 'kernel',
  title: 'A crash kernel that is set up and not loaded',
  about:
    'kdump is enabled, but no crash kernel is in memory: the next panic leaves no dump. Mostly no memory is reserved for it, or the reservation is too small.',
  needs: { crash },
  links: [KDUMP],
  evaluate: ({ crash: { enabledBy, loaded, reservedBytes, crashkernel } }) => {
    if (loaded === undefined) return new NotApplicable('the kernel cannot load a crash kernel');
    if (enabledBy === '' || loaded) return [];
    const reserved = reservedBytes === undefined ? 'unknown' : `${Math.round(reservedBytes / 1_048_576)} MiB`;
    return [
      {
        severity: 'warning',
        title: 'kdump is enabled and no crash kernel is loaded',
        parameters: { reserved },
        evidence: [
          `${enabledBy} is enabled, /sys/kernel/kexec_crash_loaded is 0, ${reserved} reserved, crashkernel=${crashkernel ?? '(not set)'}`,
        ],
        remedy: {
          text: `See systemctl status ${enabledBy}; set crashkernel= as the distribution recommends, and reboot.`,
          risk: 'reboot',
        },
      },
    ];
  },
});

const reservedUnused = check({
  id: 'kernel.crashkernel-unused',
  area: 'kernel',
  title: 'Memory that is reserved for a crash kernel and used by none',
  about:
    'crashkernel= takes memory away from the system at the boot. Without a crash kernel in it, it is lost for nothing.',
  needs: { crash },
  links: [KDUMP],
  evaluate: ({ crash: { enabledBy, loaded, reservedBytes = 0 } }) => {
    if (loaded === undefined) return new NotApplicable('the kernel cannot load a crash kernel');
    // Where kdump is enabled, kernel.kdump-not-loaded tells it.
    if (loaded || reservedBytes === 0 || enabledBy !== '') return [];
    return [
      {
        severity: 'info',
        title: 'Memory is reserved for a crash kernel and none is loaded',
        parameters: { reservedMiB: Math.round(reservedBytes / 1_048_576) },
        evidence: [`/sys/kernel/kexec_crash_size is ${reservedBytes}, /sys/kernel/kexec_crash_loaded is 0`],
        remedy: {
          text: 'Enable kdump, or give the memory back: echo 0 > /sys/kernel/kexec_crash_size.',
          risk: 'none',
        },
      },
    ];
  },
});

const notReserved = check({
  id: 'kernel.crashkernel-not-reserved',
  area: 'kernel',
  title: 'A reservation for a crash kernel that the kernel did not make',
  about:
    'crashkernel= is on the command line, but nothing is reserved: the amount does not fit, or its form is not understood by this kernel.',
  needs: { crash },
  links: [KDUMP],
  evaluate: ({ crash: { crashkernel, reservedBytes } }) => {
    if (crashkernel === undefined || reservedBytes === undefined)
      return new NotApplicable('no crashkernel= is on the command line');
    // "auto" and ranges may well give nothing on a small machine.
    if (reservedBytes > 0 || crashkernel === '' || /^(?:auto|no|0)|-/.test(crashkernel)) return [];
    return [
      {
        severity: 'warning',
        title: 'crashkernel= is set and nothing is reserved',
        evidence: [`crashkernel=${crashkernel}, /sys/kernel/kexec_crash_size is 0`],
        remedy: { text: 'Look for "crashkernel" in the kernel log, and correct the amount.', risk: 'reboot' },
        explains: ['kernel.kdump-not-loaded'],
      },
    ];
  },
});

const noReboot = check({
  id: 'kernel.panic-hangs',
  area: 'kernel',
  title: 'Nodes that hang for ever after a panic',
  about:
    'With kernel.panic = 0 a node that panics stands still until somebody resets it. Where a crash kernel is loaded, that one restarts the machine. With panic_on_oops the same is true of every oops.',
  needs: { crash },
  links: [SYSCTL],
  evaluate: ({ crash: { panicSeconds, panicOnOops, loaded } }) => {
    if (panicSeconds === undefined || loaded === true || panicSeconds !== 0) return [];
    return [
      {
        // Of a captured machine it may not be known.
        severity: panicOnOops && loaded === false ? 'warning' : 'info',
        title: panicOnOops
          ? 'The node stands still for ever after an oops'
          : 'The node stands still for ever after a panic',
        evidence: [
          `kernel.panic is 0${panicOnOops ? ' and kernel.panic_on_oops is 1' : ''}${loaded === false ? ', and no crash kernel is loaded' : ''}`,
        ],
        remedy: {
          text: 'Set kernel.panic = 10 in /etc/sysctl.d, unless a watchdog resets the machine.',
          risk: 'none',
        },
      },
    ];
  },
});

const hungTasks = check({
  id: 'kernel.hung-task-detection-off',
  area: 'kernel',
  title: 'Hung tasks that nobody is told of',
  about:
    'The kernel tells of tasks that wait without a break for longer than kernel.hung_task_timeout_secs. At 0 it says nothing: a hung disk or NFS server then shows only as load.',
  needs: { crash },
  links: [SYSCTL],
  evaluate: ({ crash: { hungTaskSeconds } }) => {
    if (hungTaskSeconds === undefined)
      return new NotApplicable('the kernel is built without the detection of hung tasks');
    if (hungTaskSeconds !== 0) return [];
    return [
      {
        severity: 'info',
        title: 'The detection of hung tasks is switched off',
        evidence: ['kernel.hung_task_timeout_secs is 0'],
        remedy: { text: 'Set kernel.hung_task_timeout_secs = 120 in /etc/sysctl.d.', risk: 'none' },
      },
    ];
  },
});

const lockups = check({
  id: 'kernel.lockup-detection-off',
  area: 'kernel',
  title: 'Lockups that nobody is told of',
  about:
    'The soft watchdog tells of processors that are stuck in the kernel, the NMI watchdog of such that do not even take interrupts. Virtual machines mostly have no performance counters for the latter, so there it is not judged.',
  needs: { crash, hardware },
  links: ['https://docs.kernel.org/admin-guide/lockup-watchdogs.html'],
  evaluate: ({ crash: { softWatchdog, nmiWatchdog }, hardware: { virtualisation } }) => {
    if (softWatchdog === undefined && nmiWatchdog === undefined)
      return new NotApplicable('the kernel is built without the detection of lockups');
    const off = [
      ...(softWatchdog === false ? ['kernel.soft_watchdog is 0'] : []),
      ...(nmiWatchdog === false && virtualisation === 'none' ? ['kernel.nmi_watchdog is 0'] : []),
    ];
    if (off.length === 0) return [];
    return [
      {
        severity: 'info',
        title: 'The detection of lockups is switched off',
        evidence: off,
        remedy: {
          text: 'Set them to 1 in /etc/sysctl.d, or take nowatchdog or nmi_watchdog=0 off the command line.',
          risk: 'none',
        },
      },
    ];
  },
});

const core = check({
  id: 'kernel.core-handler-missing',
  area: 'kernel',
  title: 'A program for core dumps that is not there',
  about:
    'kernel.core_pattern sends core dumps to a program. Where that is not installed any more, they are lost, and the kernel says so with every crash.',
  needs: { core: corePattern },
  links: ['https://man7.org/linux/man-pages/man5/core.5.html'],
  evaluate: ({ core: { pattern, program, programExists } }) =>
    programExists
      ? []
      : [
          {
            severity: 'info',
            title: 'The program that takes core dumps is not installed',
            evidence: [`kernel.core_pattern is ${pattern.slice(0, 200)}; there is no ${program}`],
            remedy: {
              text: 'Install it, or set kernel.core_pattern otherwise in /etc/sysctl.d.',
              risk: 'none',
            },
          },
        ],
});

/** Checks of the readiness for a crash. */
export const CRASH_CHECKS: readonly Check[] = [
  notLoaded,
  reservedUnused,
  notReserved,
  noReboot,
  hungTasks,
  lockups,
  core,
];
