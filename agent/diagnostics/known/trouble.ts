/**
 * Known troubles: which kernels fight with which drivers, devices, firmware or settings. They are data (troubles.yaml), each
 * with the public place that tells of it; this file says what an entry consists of.
 */

import type { Remedy, Severity } from '../finding.ts';

/**
 * Versions from `introduced` on and before `fixed`. Of upstream, both are of one branch ("6.1.63" and "6.1.64"), and a branch
 * alone ("6.1") means its first release; without `introduced` every version of the branch before `fixed`, without `fixed`
 * every one from `introduced` on.
 */
export interface Range {
  readonly introduced?: string | undefined;
  readonly fixed?: string | undefined;
}

/** What a machine must be like beside its kernel. All that is given must hold, one of each list. */
export interface Conditions {
  /** A device that is driven by one of these. */
  readonly drivers?: readonly string[] | undefined;
  /** "VENDOR:DEVICE" in hexadecimal of the same device. */
  readonly pci?: readonly string[] | undefined;
  /** Models of the same device, with "*". */
  readonly models?: readonly string[] | undefined;
  /** Firmware of the same device. */
  readonly firmware?: readonly Range[] | undefined;
  /** The same device has an MTU above this. */
  readonly mtuAbove?: number | undefined;
  /** A module that is loaded or built in. */
  readonly modules?: readonly string[] | undefined;
  /** Versions that one of the modules tells of itself (/sys/module/NAME/version). */
  readonly moduleVersions?: readonly Range[] | undefined;
  /** A file system that is mounted. */
  readonly filesystems?: readonly string[] | undefined;
  readonly cpu?:
    | {
        readonly vendor: 'intel' | 'amd';
        readonly family?: number | undefined;
        readonly models?: readonly number[] | undefined;
        /** The microcode is one of these. */
        readonly microcode?: readonly string[] | undefined;
        /** The microcode is older than this. */
        readonly microcodeBefore?: string | undefined;
      }
    | undefined;
  /** "kvm", "vmware", "amazon", "none" … */
  readonly virtualisation?: readonly string[] | undefined;
  readonly features?: readonly Feature[] | undefined;
  /** Days since the boot. */
  readonly uptimeDaysAbove?: number | undefined;
  /** Firmware below /lib/firmware of which none is there. */
  readonly firmwareFilesMissing?: readonly string[] | undefined;
  /** Parameters that are on the command line ("NAME" or "NAME=VALUE"). */
  readonly parameters?: readonly string[] | undefined;
}

/** What a machine may be made to do. */
export const FEATURES = ['sriov', 'crash-kernel', 'containers', 'cgroup-v1'] as const;
/** What a machine may be made to do. */
export type Feature = (typeof FEATURES)[number];

/** A known trouble. */
export interface Trouble {
  /** "known.r8169-multicast-filter": the id of its findings. */
  readonly id: string;
  /** One line without numbers of versions. */
  readonly title: string;
  readonly severity: Severity;
  /** likely: who meets the conditions has it; possible: only some do. */
  readonly certainty: 'likely' | 'possible';
  /** What one sees. */
  readonly symptom: string;
  readonly remedy: Remedy;
  /** Upstream's stable releases that have it; empty where the kernel makes no difference or only packages are named. */
  readonly upstream: readonly Range[];
  /** Versions of distributions' packages that have it, by the distribution's id ("debian", "ubuntu", "rhel"). */
  readonly packages: Readonly<Record<string, readonly Range[]>>;
  readonly where: Conditions;
  /** Parameters of the command line that keep it away. */
  readonly unless: readonly string[];
  readonly links: readonly string[];
  /** How the entry was verified. */
  readonly reviewed: string;
}
