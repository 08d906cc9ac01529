/** What is held against the known troubles: a machine, or a machine as it will be with the kernel of another image. */

import type { KernelIdentity } from '../kernel/release.ts';
import type { Feature } from './trouble.ts';

/** A device that matters to a known trouble: a network interface, a disk, a controller. */
export interface SubjectDevice {
  readonly kind: 'nic' | 'disk' | 'controller';
  /** "eth0", "nvme0", "0000:01:00.0". */
  readonly name: string;
  /** Empty where none drives it. */
  readonly driver: string;
  /** "15b3:1017"; empty where it is on no PCI bus. */
  readonly pci: string;
  /** Undefined where it could not be read. */
  readonly firmware: string | undefined;
  readonly model: string;
  readonly mtu: number | undefined;
}

/** A machine as far as known troubles look at it. Undefined means not known: a condition on it then never holds. */
export interface TroubleSubject {
  readonly kernel: KernelIdentity;
  readonly devices: readonly SubjectDevice[];
  /** Modules that are loaded or built in, with the version that they tell or an empty text. */
  readonly modules: ReadonlyMap<string, string> | undefined;
  readonly filesystems: ReadonlySet<string> | undefined;
  readonly cpu:
    | {
        /** As /proc/cpuinfo has it: "GenuineIntel". */
        readonly vendor: string;
        readonly family: number | undefined;
        readonly model: number | undefined;
        /** "0xd0003a5". */
        readonly microcode: string | undefined;
      }
    | undefined;
  readonly virtualisation: string | undefined;
  readonly features: ReadonlySet<Feature>;
  readonly uptimeDays: number | undefined;
  /** Words of the command line, with underscores for dashes in their names. */
  readonly parameters: ReadonlySet<string>;
  /** Whether a file is below /lib/firmware, packed or not; undefined where that is not known. */
  readonly hasFirmware: (name: string) => boolean | undefined;
}
