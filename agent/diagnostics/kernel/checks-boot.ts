/** Checks of what the next boot will bring, and of how the last one ended. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { crashDumps, pstore } from './crash.ts';
import { kernelIdentity } from './identity.ts';
import { dkmsModules, installedKernels, livePatches } from './installed.ts';
import { previousBoot } from './previous-boot.ts';
import { rebootReasons } from './state.ts';

const rebootPending = check({
  id: 'kernel.reboot-pending',
  area: 'kernel',
  title: 'An installed kernel that does not run yet',
  about:
    'A newer kernel of the same flavour is installed than the one that runs, or the package manager asks for a reboot. Fixes that are installed are not in force until then. That the next boot takes another kernel than this one is also worth knowing when a node is looked into.',
  needs: { kernel: kernelIdentity, installed: installedKernels },
  evaluate: ({ kernel, installed }) => {
    const { newer, newest, rebuilt, requiredBy } = installed;
    const packages = requiredBy?.filter((name) => name !== '') ?? [];
    const evidence = rebootReasons(kernel, installed);
    if (evidence.length === 0) return [];
    const aboutKernel = newer || rebuilt !== '' || packages.some((name) => /^linux-|kernel/.test(name));
    return [
      {
        severity: 'info',
        title: aboutKernel
          ? 'A newer kernel is installed and waits for a reboot'
          : 'The package manager asks for a reboot',
        parameters: { running: kernel.package || kernel.release, installed: newer ? newest : rebuilt },
        evidence,
        remedy: { text: 'Drain the node and reboot it.', risk: 'reboot' },
      },
    ];
  },
});

const modulesGone = check({
  id: 'kernel.own-modules-gone',
  area: 'kernel',
  title: 'The running kernel’s modules are gone from the disk',
  about:
    'An upgrade removed the folder of the running kernel. What is loaded goes on; anything that needs another module fails: a new file system, an iptables rule, a VPN, a device that is plugged in.',
  needs: { kernel: kernelIdentity, installed: installedKernels },
  evaluate: ({ kernel, installed }) => {
    if (installed.ownModules === undefined)
      return new NotApplicable('the kernel has no modules that could be loaded');
    if (installed.ownModules) return [];
    return [
      {
        severity: 'warning',
        title: 'The modules of the running kernel are not on the disk any more',
        evidence: [
          `there is no /lib/modules/${kernel.release}; there is ${installed.releases.join(', ') || 'none at all'}`.slice(
            0,
            400,
          ),
        ],
        remedy: { text: 'Reboot into the installed kernel.', risk: 'reboot' },
        explains: ['kernel.reboot-pending'],
      },
    ];
  },
});

const dkms = check({
  id: 'kernel.dkms-not-built',
  area: 'kernel',
  title: 'Modules of DKMS that are missing for the kernel that will boot next',
  about:
    'DKMS builds modules such as zfs, nvidia or a vendor’s NIC driver anew for every kernel. Where that failed for the newest installed one, the next boot comes up without them: without its pool, its graphics card, or its network.',
  needs: { installed: installedKernels, dkms: dkmsModules },
  links: ['https://github.com/dkms-project/dkms'],
  evaluate: ({ installed: { newest }, dkms: kept }) => {
    if (newest === '') return new NotApplicable('no kernel is installed here that DKMS could build for');
    const names = [...new Set(kept.map(({ name }) => name))];
    return names
      .filter((name) => !kept.some((one) => one.name === name && one.builtFor.includes(newest)))
      .map(
        (name): FindingDraft => ({
          severity: 'warning',
          title: 'A module of DKMS is not built for the newest installed kernel',
          subject: { kind: 'module', name: '', hardware: name },
          parameters: { module: name, kernel: newest },
          evidence: [
            `${kept
              .filter((one) => one.name === name)
              .map(
                ({ version, builtFor }) => `${name} ${version} is built for ${builtFor.join(', ') || 'none'}`,
              )
              .join('; ')}; ${newest} boots next`,
          ],
          remedy: {
            text: `Install the headers of ${newest} and run dkms autoinstall -k ${newest} before the reboot.`,
            risk: 'none',
          },
        }),
      );
  },
});

const stuckPatch = check({
  id: 'kernel.live-patch-stuck',
  area: 'kernel',
  title: 'Live patches that never come into force',
  about:
    'A live patch is in force when every task has passed a safe point. One that stays in transition keeps tasks on the old code.',
  needs: { patches: livePatches },
  links: ['https://docs.kernel.org/livepatch/livepatch.html'],
  evaluate: ({ patches }) =>
    patches
      .filter(({ inTransition }) => inTransition)
      .map(({ name }) => ({
        severity: 'info',
        title: 'A live patch is in transition',
        subject: { kind: 'live patch', name },
        evidence: [`/sys/kernel/livepatch/${name}/transition is 1`],
        remedy: {
          text: 'If it stays so, look in /proc/*/patch_state for tasks that hold it up (kpatch list, klp tasks).',
          risk: 'none',
        },
      })),
});

const leftBehind = check({
  id: 'kernel.crash-left-behind',
  area: 'kernel',
  title: 'Records of a crash that the firmware or a crash kernel kept',
  about:
    'When the kernel dies, pstore keeps the end of its log in the firmware’s memory (EFI variables, ERST, reserved RAM), and kdump writes a dump to /var/crash. They are the only witnesses of a crash that the journal did not live to write.',
  needs: { pstore },
  wants: { dumps: crashDumps },
  links: [
    'https://docs.kernel.org/admin-guide/pstore-blk.html',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd-pstore.service.html',
  ],
  evaluate: ({ pstore: records, dumps = [] }) => {
    const findings: FindingDraft[] = [];
    const panics = records.filter(({ kind }) => kind === 'panic' || kind === 'oops' || kind === 'emergency');
    const first = panics[0];
    if (first)
      findings.push({
        severity: 'warning',
        title: 'The log of a crashed kernel is kept in pstore',
        parameters: { records: panics.length },
        evidence: [
          `${first.folder}/${first.name}${first.kind ? ` (${first.kind})` : ''}`,
          ...first.excerpt.slice(0, 2),
        ],
        remedy: {
          text: 'Read and keep it (nodectl kernel -n NODE), then remove it: firmware has little room, and a full one keeps no next crash.',
          risk: 'none',
        },
        count: panics.length,
      });
    const dump = dumps.at(-1);
    if (dump)
      findings.push({
        id: 'kernel.crash-dump',
        severity: 'warning',
        title: 'There is a crash dump of the kernel',
        parameters: { dumps: dumps.length },
        evidence: [`/var/crash/${dump} is the newest of ${dumps.length}`],
        remedy: {
          text: 'Have it looked into (crash, or the vmcore-dmesg.txt beside it), then remove it: dumps fill /var.',
          risk: 'none',
        },
        count: dumps.length,
      });
    return findings;
  },
});

const unclean = check({
  id: 'kernel.unclean-previous-boot',
  area: 'kernel',
  title: 'A previous boot that ended without a shutdown',
  about:
    'The last lines of the previous boot’s journal show whether the system shut down in order. Where they stop in the middle of work, the node crashed, hung, was reset or lost its power.',
  needs: { previous: previousBoot },
  evaluate: ({ previous }) => {
    const { clean, tail, trouble, lastMs } = previous;
    if (clean === undefined) return new NotApplicable('the journal of the previous boot is empty');
    if (clean) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'The previous boot ended without a shutdown',
        evidence: [`the last line was: ${tail.at(-1) ?? ''}`, ...trouble.slice(-2)],
        remedy: {
          text: 'Look at its last messages (nodectl logs -b previous), at pstore, at the board’s event log and at the power supply.',
          risk: 'none',
        },
        ...(lastMs === undefined ? {} : { firstMs: lastMs, lastMs }),
      },
    ];
  },
});

const troubledEnd = check({
  id: 'kernel.previous-boot-trouble',
  area: 'kernel',
  title: 'Kernel trouble at the end of the previous boot',
  about:
    'Panics, oopses, lockups, hung tasks, failing disks and hardware errors among the last messages of the previous boot tell why somebody, or the kernel itself, restarted the node. They are recognised by the same signatures as in the log of this boot.',
  needs: { previous: previousBoot },
  evaluate: ({ previous: { trouble, recognised, lastMs } }) =>
    trouble.length === 0
      ? []
      : [
          {
            severity: 'warning',
            certainty: 'likely',
            title: 'The previous boot ended amid kernel trouble',
            parameters: { signatures: recognised.join(' ') },
            evidence: trouble.slice(-3),
            remedy: {
              text: 'Look at the kernel messages of the previous boot: nodectl dmesg -b previous.',
              risk: 'none',
            },
            explains: ['kernel-log.previous-boot-*'],
            ...(lastMs === undefined ? {} : { lastMs }),
            count: trouble.length,
          },
        ],
});

/** Checks around the boots before and after this one. */
export const BOOT_CHECKS: readonly Check[] = [
  rebootPending,
  modulesGone,
  dkms,
  stuckPatch,
  leftBehind,
  unclean,
  troubledEnd,
];
