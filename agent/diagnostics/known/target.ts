/**
 * The known troubles of a kernel that a machine does not run yet: what an upgrade asks before it installs an image. The
 * machine's devices, file systems and processors stay, the kernel and the firmware files are those of the image.
 */

import type { Machine } from '../../host/machine.ts';
import { FactStore } from '../fact-store.ts';
import { identifyKernel, type KernelIdentity } from '../kernel/release.ts';
import { evaluateTroubles, type TroubleMatch } from './evaluate.ts';
import type { TroubleSubject } from './subject.ts';
import { troubleSubject } from './subject-fact.ts';
import type { Trouble } from './trouble.ts';
import { TROUBLES } from './troubles.ts';

/** The kernel of an image. */
export interface TargetKernel {
  /** `uname -r` of it, which is the name of its folder in /lib/modules: "6.1.0-28-amd64", "6.6.46-talos". */
  readonly release: string;
  /** ID of the image's os-release. */
  readonly distribution?: string;
  /** The version of the kernel's package: "6.1.119-1". Without it, a kernel of Debian's, Ubuntu's or Red Hat's cannot be judged. */
  readonly packageVersion?: string;
  /** The upstream stable release, where the image's builder says it: "6.6.46". */
  readonly stable?: string;
  /** Paths below /lib/firmware of the image, packed ones without ".xz" or ".zst"; without it nothing is said of missing ones. */
  readonly firmwareFiles?: ReadonlySet<string>;
}

/**
 * Troubles that the machine would have with another kernel, and does not have with its own.
 * @param machine the machine as it is (see subject-fact.ts)
 * @returns matches with the reasons in words; an empty list means that none is known, not that there is none
 */
export function troublesOfTarget(
  machine: TroubleSubject,
  target: TargetKernel,
  troubles: readonly Trouble[] = TROUBLES,
): TroubleMatch[] {
  const now = new Set(evaluateTroubles(machine, troubles).map(({ trouble }) => trouble.id));
  return evaluateTroubles(withKernel(machine, target), troubles).filter(
    ({ trouble }) => !now.has(trouble.id),
  );
}

/** The machine with another kernel. */
export function withKernel(machine: TroubleSubject, target: TargetKernel): TroubleSubject {
  const { firmwareFiles } = target;
  return {
    ...machine,
    kernel: targetIdentity(target),
    uptimeDays: 0,
    ...(firmwareFiles ? { hasFirmware: (name: string) => firmwareFiles.has(name) } : {}),
  };
}

/** What a kernel that does not run here is, by what is said of it. */
export function targetIdentity({
  release,
  distribution = '',
  packageVersion = '',
  stable,
}: TargetKernel): KernelIdentity {
  const build = distribution === 'debian' && packageVersion !== '' ? `#1 SMP Debian ${packageVersion}` : '';
  const kernel = identifyKernel({ release, build, os: distribution });
  // Nothing but numbers is how one speaks of upstream's own releases.
  const plain = distribution === '' && /^\d+\.\d+(?:\.\d+)?$/.test(release);
  return {
    ...kernel,
    ...(plain ? { basis: 'upstream' } : {}),
    package: kernel.package || packageVersion,
    distribution: kernel.distribution || distribution,
    ...(stable === undefined ? {} : { stable, basis: kernel.basis === 'unknown' ? 'patched' : kernel.basis }),
  };
}

/**
 * The same for a machine as it is read now: what an upgrade calls before it installs an image.
 * @throws Unavailable where not even the machine's own kernel can be told
 */
export async function troublesOfUpgrade(
  machine: Machine,
  target: TargetKernel,
  signal: AbortSignal,
): Promise<TroubleMatch[]> {
  return troublesOfTarget(await new FactStore(machine, signal).get(troubleSubject), target);
}
